"""Facts about payments that failed, means of payment, and the accounts behind them."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from faktura.domain.feed_status import StatusCode
from faktura.kernel.payment_terms import FailureClass, FollowUp, MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.web.api.events.envelope import Told
from faktura.web.api.shapes import Currency, WrittenAmount


class RecurringPaymentFailed(Told):
    """A payment that is collected in the background failed (F088)."""

    about: ClassVar[tuple[str, ...]] = ("payment_attempt",)

    invoice: str = Field(description="The number of the invoice.")
    customer: str = Field(description="The customer's number.")
    contracts: tuple[str, ...] = Field(description="Numbers of the contracts that it bills.")
    attempt: UUID
    method: PaymentMethod
    amount: WrittenAmount
    currency: Currency
    class_: FailureClass | None = Field(alias="class")
    code: str | None = Field(description="As the provider says.")
    next_retry_at: datetime | None
    action_url: str = Field(description="Path of the page on which the customer can pay.")


class CustomerNotice(Told):
    """A customer is to be told something about a payment."""

    about: ClassVar[tuple[str, ...]] = (
        "payment_attempt",
        "chargeback",
    )

    notice: Literal["ACTION_NEEDED", "PAYMENT_FAILED", "CHARGEBACK"]
    customer_number: str
    invoices: tuple[str, ...]
    contracts: tuple[str, ...]
    method: PaymentMethod
    amount: WrittenAmount
    currency: Currency
    reason: str
    language: str
    next_retry_at: datetime | None = None
    pay_url: str | None = Field(description="Path of the page on which the customer can pay.")
    chargeback: UUID | None = None
    follow_up: FollowUp | None = None
    changed: dict[str, str] | None = Field(
        default=None, description="What was done to whom, by number."
    )


class PaymentMeansChanged(Told):
    """A mandate, card or wallet was saved, changed or is gone."""

    about: ClassVar[tuple[str, ...]] = ("payment_means",)

    customer_number: str
    method: PaymentMethod
    account: str | None = Field(description="The account at a provider that keeps it.")
    state: MeansState
    reason: str | None
    change: str = Field(description="What happened.")


class ProviderAccountChanged(Told):
    """An account at a provider was added, changed, paused or cannot be used."""

    about: ClassVar[tuple[str, ...]] = ("payment_account",)

    account: str
    provider: str
    state: str
    problem: str | None
    change: str = Field(description="What happened.")


class BankConnectionChanged(Told):
    """How a connection to a bank stands is another thing now."""

    about: ClassVar[tuple[str, ...]] = ("bank_connection",)

    connection: UUID
    bank: str
    statuses: tuple[StatusCode, ...]
