"""How chargebacks are written."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.domain.chargebacks import Done, Step
from faktura.domain.return_reasons import reason_of
from faktura.kernel.payment_terms import ChargebackState, FollowUp
from faktura.kernel.terms import PaymentMethod
from faktura.store.chargebacks import ListedChargeback
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Moment


class FollowedAnswer(Answer):
    """What a follow-up did to one contract, or to the customer."""

    number: str = Field(description="The contract's number, or the customer's.")
    done: Done = Field(description="NOTHING says why.")
    why: str | None = Field(description="Why nothing was done; null where something was.")

    @classmethod
    def of(cls, step: Step) -> Self:
        """The answer."""
        return cls(number=step.number, done=step.done, why=step.why or None)


class ChargebackAnswer(Answer):
    """A payment that was taken back."""

    chargeback_id: UUID = Field(description="What names the chargeback in addresses.")
    subject: str = Field(description="The provider's dispute or payment, or our bank's movement.")
    customer_number: str = Field(description="Whose payment it was.")
    invoice_number: str | None = Field(description="What it had paid; null: several documents.")
    attempt_id: UUID | None = Field(description="The attempt that had collected it.")
    method: PaymentMethod = Field(description="How it had been paid.")
    amount: AmountText = Field(description="What was taken back.")
    fee: AmountText = Field(description="What was taken on top: our cost (F095).")
    currency: Currency
    reason: str | None = Field(description="The bank's or the provider's code.")
    reason_text: str | None = Field(description="What the code says, where it is known.")
    state: ChargebackState = Field(description="WON is booked again; LOST is final.")
    follow_up: FollowUp = Field(description="What the method's policy said then (F094).")
    followed: tuple[FollowedAnswer, ...] = Field(description="What was done, each.")
    contract_numbers: tuple[str, ...] = Field(description="The contracts it concerns.")
    booked: bool = Field(description="False: it failed before its money was booked.")
    value_date: date = Field(description="When the money went back.")
    opened_at: Moment = Field(description="Since when we know.")

    @classmethod
    def of(cls, listed: ListedChargeback) -> Self:
        """The answer."""
        one = listed.chargeback
        return cls(
            chargeback_id=one.id,
            subject=one.subject,
            customer_number=listed.customer_number,
            invoice_number=listed.document_number,
            attempt_id=one.attempt_id,
            method=one.method,
            amount=one.amount,
            fee=one.fee,
            currency=one.amount.currency,
            reason=one.reason or None,
            reason_text=reason_of(one.reason).english if one.reason else None,
            state=one.state,
            follow_up=one.follow_up,
            followed=tuple(FollowedAnswer.of(step) for step in one.course.steps),
            contract_numbers=one.course.contracts,
            booked=bool(one.course.booked_as),
            value_date=one.value_date,
            opened_at=one.opened_at,
        )
