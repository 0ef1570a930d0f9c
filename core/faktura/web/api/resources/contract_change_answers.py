"""What a change of mind did, or would do: documents, postings, money."""

from collections.abc import Collection
from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.journal import Entry
from faktura.kernel.money import Money
from faktura.kernel.terms import ArticleUnit, DocumentKind, EntryKind, Side
from faktura.plugin import JournalEntryData
from faktura.services.change_steps import StepsTaken
from faktura.services.contract_view import show_contract
from faktura.services.upgrades import Changed
from faktura.store.transaction import Tx
from faktura.web.api.replies import Answer
from faktura.web.api.resources.contract_answers import ContractAnswer
from faktura.web.api.resources.issued_documents import IssuedDocument
from faktura.web.api.shapes import AmountText, Day, DecimalText


class ContractChangeAnswer(Answer):
    """A contract after a change of mind."""

    contract: ContractAnswer = Field(description="The contract as it is now.")
    successor: ContractAnswer | None = Field(description="The contract that follows it.")
    documents: tuple[IssuedDocument, ...] = Field(
        description="Corrections first, then at most one invoice for each contract."
    )

    @classmethod
    def of(cls, tx: Tx, changed: Changed, projects: Collection[UUID] | None) -> Self:
        """The answer."""
        following = changed.successor
        return cls(
            contract=_contract(tx, changed.contract.number, projects),
            successor=None if following is None else _contract(tx, following.number, projects),
            documents=tuple(IssuedDocument.of(one) for one in changed.documents),
        )


def _contract(tx: Tx, number: str, projects: Collection[UUID] | None) -> ContractAnswer:
    return ContractAnswer.of(show_contract(tx, number, projects).overview)


class WhatIfLine(Answer):
    """A line of a document that would be issued."""

    article_number: str = Field(description="What is billed.")
    name: str = Field(description="Its name.")
    from_: Day = Field(alias="from", description="The first day of the service.")
    until: Day = Field(description="The first day that no longer counts.")
    quantity: DecimalText = Field(description="How many; negative in what is taken back.")
    unit: ArticleUnit = Field(description="What one of it is.")
    price: DecimalText = Field(description="The unit price, without VAT.")
    price_base: DecimalText = Field(description="The price is for so many units.")
    net: AmountText = Field(description="Without VAT, discounts taken off.")
    tax_rate: DecimalText = Field(description="Per cent.")

    @classmethod
    def of(cls, line: LineRecord) -> Self:
        """The answer."""
        return cls(
            article_number=line.article_number,
            name=line.name,
            from_=line.service.start,
            until=line.service.end,
            quantity=line.quantity,
            unit=line.unit,
            price=line.price,
            price_base=line.base,
            net=line.net,
            tax_rate=line.tax_rate,
        )


class WhatIfDocument(Answer):
    """A document that would be issued; it gets its number when it is."""

    kind: DocumentKind = Field(description="A correction takes back, an invoice bills.")
    issued_on: Day = Field(description="The day of the document.")
    due_on: Day = Field(description="The day by which it is to be paid.")
    currency: str = Field(description="ISO 4217.")
    net: AmountText = Field(description="Without VAT.")
    tax: AmountText = Field(description="The VAT.")
    gross: AmountText = Field(description="With VAT; negative for what is taken back.")
    lines: tuple[WhatIfLine, ...] = Field(description="What it bills or takes back.")

    @classmethod
    def of(cls, record: DocumentRecord) -> Self:
        """The answer."""
        return cls(
            kind=record.kind,
            issued_on=record.issued_on,
            due_on=record.due_on,
            currency=record.currency,
            net=record.net,
            tax=record.tax,
            gross=record.gross,
            lines=tuple(WhatIfLine.of(line) for line in record.lines),
        )


class WhatIfLeg(Answer):
    """One side of one account."""

    account: str | None = Field(description="The ledger account; null while none is set (F106).")
    side: Side = Field(description="D for debit, C for credit.")
    amount: AmountText = Field(description="More than 0, in the posting's currency.")


class WhatIfPosting(Answer):
    """A journal entry that would be posted; one without all accounts would wait as a draft."""

    kind: EntryKind = Field(description="What it is about.")
    value_date: Day = Field(description="The day of the fact.")
    legs: tuple[WhatIfLeg, ...] = Field(description="Debits equal credits.")

    @classmethod
    def posted(cls, entry: JournalEntryData) -> Self:
        """The answer of an entry with all its accounts."""
        legs = (
            WhatIfLeg(
                account=one.account,
                side=one.side,
                amount=Money.from_decimal(one.amount, entry.currency),
            )
            for one in entry.legs
        )
        return cls(kind=entry.kind, value_date=entry.value_date, legs=tuple(legs))

    @classmethod
    def waiting(cls, entry: Entry) -> Self:
        """The answer of an entry that lacks an account."""
        legs = (
            WhatIfLeg(account=one.account, side=one.side, amount=Money(one.minor, entry.currency))
            for one in entry.legs
        )
        return cls(kind=entry.kind, value_date=entry.value_date, legs=tuple(legs))


class WhatIfAnswer(Answer):
    """What changes would do; nothing of it is written."""

    contract_number: str = Field(description="The contract.")
    currency: str = Field(description="ISO 4217.")
    difference: AmountText = Field(
        description="How much more the customer would owe; negative: how much less."
    )
    documents: tuple[WhatIfDocument, ...] = Field(description="In the order of their issue.")
    postings: tuple[WhatIfPosting, ...] = Field(description="In the order of the journal.")

    @classmethod
    def of(cls, found: StepsTaken) -> Self:
        """The answer."""
        written = found.written
        return cls(
            contract_number=found.contract.number,
            currency=found.contract.currency,
            difference=found.difference,
            documents=tuple(WhatIfDocument.of(one) for one in written.documents),
            postings=(
                *(WhatIfPosting.posted(one) for one in written.entries),
                *(WhatIfPosting.waiting(one) for one in written.drafts),
            ),
        )
