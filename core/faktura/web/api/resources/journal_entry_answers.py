"""Journal entries as the API shows them."""

from decimal import Decimal
from typing import Self

from pydantic import Field

from faktura.kernel.terms import EntryKind, Side, Slot, TaxCase
from faktura.plugin import JournalEntryData, LegData
from faktura.services.manual_entries import PostedByHand
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Currency, Day, DecimalText, Moment, WrittenAmount


class LegAnswer(Answer):
    """One side of one account; what does not apply is null."""

    account: str = Field(description="The ledger account.")
    slot: Slot = Field(description="What the account is used for.")
    side: Side = Field(description="D is debit, C is credit.")
    amount: WrittenAmount = Field(description="More than 0, in the entry's currency.")
    debtor: str | None = Field(description="The customer's personal account.")
    tax_case: TaxCase | None = Field(description="Why it is taxed as it is.")
    tax_rate: DecimalText | None = Field(description="Per cent.")
    tax_country: str | None = Field(description="Whose rate it is.")
    cost_centre: str | None = Field(description="Its cost centre.")
    cost_object: str | None = Field(description="Its cost object.")

    @classmethod
    def of(cls, leg: LegData) -> Self:
        """The answer."""
        given = leg.model_dump(exclude={"no", "buyer_vat_id", "amount"})
        return cls(**given, amount=_written(leg.amount))


class JournalEntryAnswer(Answer):
    """A posted entry: debits equal credits, and nothing of it ever changes."""

    key: str = Field(description="Its key, of which there is one.")
    seq: int = Field(description="Its place in the journal, from 1 without gaps.")
    kind: EntryKind
    value_date: Day = Field(description="The day of the fact.")
    booked_on: Day = Field(
        description="The accounting date: the value date, or the first open day after a lock."
    )
    recorded_at: Moment = Field(description="When it was posted.")
    currency: Currency
    text: str = Field(description="What is booked.")
    invoice_number: str | None = Field(description="The document that it concerns.")
    customer_number: str | None = Field(description="The customer whom it concerns.")
    reverses_key: str | None = Field(description="The entry that it takes back.")
    service_month: Day | None = Field(
        description="First day of the month whose revenue a release is."
    )
    created_by: str | None = Field(description="Who posted it by hand.")
    sha256: str = Field(description="Its own hash, which the chain of seals covers.")
    legs: tuple[LegAnswer, ...] = Field(description="Its sides, in order.")

    @classmethod
    def of(cls, entry: JournalEntryData) -> Self:
        """The answer."""
        return cls.model_validate(_fields(entry))


class PostedByHandAnswer(JournalEntryAnswer):
    """An entry by hand as it was posted."""

    is_late: bool = Field(
        description="Whether its month was locked, so that it is booked on the first open day."
    )
    is_new: bool = Field(description="False where the same entry was posted before.")

    @classmethod
    def posted(cls, done: PostedByHand) -> Self:
        """The answer."""
        fields = {**_fields(done.entry), "is_late": done.is_late, "is_new": done.is_new}
        return cls.model_validate(fields)


def _fields(entry: JournalEntryData) -> dict[str, object]:
    return {
        "key": entry.key,
        "seq": entry.seq,
        "kind": entry.kind,
        "value_date": entry.value_date,
        "booked_on": entry.booked_on,
        "recorded_at": entry.recorded_at,
        "currency": entry.currency,
        "text": entry.text,
        "invoice_number": entry.document_number,
        "customer_number": entry.customer_number,
        "reverses_key": entry.reverses_key,
        "service_month": entry.service_month,
        "created_by": entry.created_by,
        "sha256": entry.sha256,
        "legs": tuple(LegAnswer.of(leg) for leg in entry.legs),
    }


def _written(amount: Decimal) -> str:
    return f"{amount:f}"
