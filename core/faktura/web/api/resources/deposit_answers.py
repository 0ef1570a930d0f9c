"""Deposits and final invoices as the API shows them."""

from typing import Self

from pydantic import Field

from faktura.kernel.money import Money
from faktura.store.deposits import DepositState
from faktura.store.facts import FrozenDocument
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Day


class DepositAnswer(Answer):
    """A deposit invoice; `GET Invoices/{number}` has all of it."""

    number: str = Field(description="The document's number.")
    date: Day = Field(description="The document's date.")
    currency: Currency
    net: AmountText = Field(description="What is asked for without VAT, as it was issued.")
    tax: AmountText = Field(description="VAT; it falls due with the money.")
    gross: AmountText = Field(description="Net and VAT.")
    paid: AmountText = Field(description="What was received for it and not given back.")
    deducted_by: str | None = Field(
        description="The final invoice that deducts it; null: none, or that was cancelled."
    )

    @classmethod
    def of(cls, state: DepositState) -> Self:
        """The answer."""
        record = state.record
        return cls(
            number=record.number,
            date=record.issued_on,
            currency=record.currency,
            net=record.net,
            tax=record.tax,
            gross=record.gross,
            paid=state.received,
            deducted_by=state.deducted_by,
        )


class DepositsAnswer(Answer):
    """The deposits of a contract."""

    contract_number: str = Field(description="The contract.")
    deposits: tuple[DepositAnswer, ...] = Field(description="By number.")


class DeductedDepositAnswer(Answer):
    """A deposit as the final invoice deducts it."""

    number: str = Field(description="The deposit invoice.")
    date: Day = Field(description="The deposit invoice's date.")
    received_on: Day = Field(description="Value date of the last money for it.")
    net: AmountText = Field(description="Deducted without VAT.")
    tax: AmountText = Field(description="VAT that was due with the money.")
    gross: AmountText = Field(description="Deducted of what is owed.")


class FinalInvoiceAnswer(Answer):
    """A final invoice as it was issued."""

    number: str = Field(description="The document's number.")
    issued_on: Day = Field(description="The document's date.")
    due_on: Day = Field(description="The last day on which the rest is paid in time.")
    currency: Currency
    net: AmountText = Field(description="The whole service without VAT.")
    tax: AmountText = Field(description="The whole VAT.")
    gross: AmountText = Field(description="Net and VAT.")
    deposits: tuple[DeductedDepositAnswer, ...] = Field(description="What is deducted, in order.")
    due: AmountText = Field(description="The rest that is owed (BT-115).")

    @classmethod
    def of(cls, document: FrozenDocument) -> Self:
        """The answer."""
        draft = document.draft
        deducted = sum(one.gross for one in draft.deposits)
        return cls(
            number=document.number,
            issued_on=draft.issued_on,
            due_on=draft.due_on,
            currency=draft.currency,
            net=draft.net,
            tax=draft.tax,
            gross=draft.gross,
            deposits=tuple(
                DeductedDepositAnswer(
                    number=one.number,
                    date=one.issued_on,
                    received_on=one.received_on,
                    net=Money(sum(share.net for share in one.shares), draft.currency),
                    tax=Money(sum(share.tax for share in one.shares), draft.currency),
                    gross=Money(one.gross, draft.currency),
                )
                for one in draft.deposits
            ),
            due=Money(draft.gross.minor - deducted, draft.currency),
        )
