"""How dunning notices are written."""

from typing import Self
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from faktura.domain.dunning_notices import DunningNotice, RemindedDocument
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Day, Moment


class DunningNoticeSummary(Answer):
    """A notice in a list."""

    notice_id: UUID = Field(description="What names the notice in addresses.")
    run_id: UUID = Field(description="The dunning run that wrote it.")
    customer_number: str = Field(description="Who is reminded.")
    customer_name: str = Field(description="The customer's name of today.")
    dunned_on: Day = Field(description="The notice's date.")
    level: int = Field(description="The highest level that one of its documents reached with it.")
    pay_by: Day = Field(description="The last day to pay, inclusive.")
    currency: Currency
    open: AmountText = Field(description="What was overdue.")
    credit: AmountText = Field(description="What the customer had to its credit then.")
    fee: AmountText = Field(description="Charged for the notice; no VAT on any charge.")
    flat: AmountText = Field(description="Lump sums of § 288 Abs. 5 BGB.")
    interest: AmountText = Field(description="Default interest up to the notice's date.")
    total: AmountText = Field(description="What the notice asks for.")
    charges: str | None = Field(
        description="The number that fee, lump sum and interest are owed by."
    )
    charges_open: AmountText | None = Field(description="What of these is not settled today.")
    recorded_at: Moment = Field(description="When it was written.")

    @classmethod
    def of(cls, notice: DunningNotice) -> Self:
        """The answer."""
        return cls.model_validate(_head(notice))


class RemindedDocumentAnswer(Answer):
    """A document that a notice reminds of, as it stood then."""

    number: str = Field(description="The document's number.")
    issued_on: Day = Field(description="The document's date.")
    due_on: Day = Field(description="The last day on which it was to be paid.")
    level: int = Field(description="How far it was dunned then; 0: not at its first level yet.")
    gross: AmountText = Field(description="What it asked for.")
    open: AmountText = Field(description="What of it was open.")
    interest: AmountText = Field(description="Interest that the notice charges for it.")
    interest_from: Day | None = Field(description="The first day of that interest.")
    interest_until: Day | None = Field(description="The last day of it, inclusive.")
    flat: AmountText = Field(description="The lump sum that the notice charges for it.")

    @classmethod
    def of(cls, one: RemindedDocument) -> Self:
        """The answer."""
        return cls(
            number=one.number,
            issued_on=one.issued_on,
            due_on=one.due_on,
            level=one.level,
            gross=one.gross,
            open=one.open,
            interest=one.interest,
            interest_from=one.interest_from,
            interest_until=one.interest_until,
            flat=one.flat,
        )


class DunningNoticeAnswer(DunningNoticeSummary):
    """A notice with every document that it reminds of."""

    text: str | None = Field(description="The text of its level, as it was written.")
    documents: tuple[RemindedDocumentAnswer, ...] = Field(description="Oldest due date first.")

    @classmethod
    @override
    def of(cls, notice: DunningNotice) -> Self:
        """The answer."""
        documents = tuple(RemindedDocumentAnswer.of(one) for one in notice.items)
        return cls.model_validate(
            {**_head(notice), "text": notice.snapshot.get("text"), "documents": documents}
        )


def _head(notice: DunningNotice) -> dict[str, object]:
    return {
        "notice_id": notice.id,
        "run_id": notice.run_id,
        "customer_number": notice.customer_number,
        "customer_name": notice.customer_name,
        "dunned_on": notice.dunned_on,
        "level": notice.level,
        "pay_by": notice.pay_by,
        "currency": notice.total.currency,
        "open": notice.open,
        "credit": notice.credit,
        "fee": notice.fee,
        "flat": notice.flat,
        "interest": notice.interest,
        "total": notice.total,
        "charges": notice.charges,
        "charges_open": notice.charges_open,
        "recorded_at": notice.recorded_at,
    }
