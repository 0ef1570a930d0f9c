"""Facts about the books, and about what leaves the house."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field, JsonValue

from faktura.kernel.outbox_terms import BounceKind, MailUse
from faktura.web.api.events.envelope import Told
from faktura.web.api.shapes import DecimalText


class PeriodLocked(Told):
    """Months were locked, for good."""

    about: ClassVar[tuple[str, ...]] = ("ledger",)

    no: int
    locked_to: date = Field(description="The last day that is locked.")
    by: str
    reason: str
    recorded_at: datetime


class AccountingChanged(Told):
    """A setting of the books changed (GoBD); what is there says which."""

    about: ClassVar[tuple[str, ...]] = ("ledger",)

    by: str
    old: JsonValue = Field(default=None, description="As it was, in the shape of the setting.")
    new: JsonValue = Field(default=None, description="As it is, of a setting of one value.")
    account_key: str | None = None
    account_name: str | None = Field(default=None, description="The account that was named.")
    bank_account: str | None = Field(default=None, description="IBAN of our own account.")
    notifications: str | None = None
    bank: dict[str, JsonValue] | None = None
    payments: dict[str, JsonValue] | None = None
    deferral: dict[str, JsonValue] | None = None
    dunning: dict[str, JsonValue] | None = None
    mail: dict[str, JsonValue] | None = None
    vat_checks: dict[str, JsonValue] | None = None
    base_rate: DecimalText | None = Field(
        default=None, description="A base rate that was added (§ 247 BGB), per cent."
    )
    valid_from: date | None = Field(default=None, description="From when the base rate counts.")
    voided_export: str | None = Field(default=None, description="The target of a voided export.")
    no: int | None = None
    reason: str | None = None


class VatIdCheckFailed(Told):
    """A check of a customer's VAT id found it not valid, or its data different (F118)."""

    about: ClassVar[tuple[str, ...]] = ("customer",)

    customer_number: str
    check: UUID
    result: str
    differs: tuple[str, ...] = Field(description="What is registered otherwise.")
    checked_on: date


class MailBounced(Told):
    """A mail did not arrive at an address."""

    about: ClassVar[tuple[str, ...]] = ("mail",)

    mail: UUID
    use: MailUse
    kind: BounceKind
    status: str = Field(description="Enhanced status code.")
    customer_number: str | None = None


class EndpointPinged(Told):
    """Somebody tries the endpoint out: no fact, so that nothing is to be done but to answer 2xx."""

    about: ClassVar[tuple[str, ...]] = ("webhook_endpoint",)


class WebhookDisabled(Told):
    """An endpoint of webhooks was switched off: nobody answered for days."""

    about: ClassVar[tuple[str, ...]] = ("webhook_endpoint",)

    endpoint: UUID
    host: str
    failing_since: datetime
    failures: int
    problem: str
