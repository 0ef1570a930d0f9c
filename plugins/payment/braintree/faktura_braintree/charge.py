"""Braintree's objects as values of ours: what the SDK hands out has no types and asks again when read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Charge:
    """A transaction: a sale, or a credit that gives one back (`refunded`).

    `order` is the order id that we gave, `rejection` why the gateway did not pass it on, `answer`
    approved, soft_declined or hard_declined. Moments are UTC.
    """

    id: str
    kind: str
    status: str
    amount: Decimal
    currency: str
    order: str = ""
    mark: str = ""
    instrument: str = ""
    answer: str = ""
    code: str = ""
    text: str = ""
    settlement_code: str = ""
    settlement_text: str = ""
    rejection: str = ""
    refunded: str = ""
    token: str = ""
    customer: str = ""
    card_brand: str = ""
    created_at: datetime = _NEVER
    changed_at: datetime = _NEVER

    @property
    def is_paypal(self) -> bool:
        """Whether the money comes over PayPal."""
        return self.instrument.startswith("paypal")


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute: `kind` says whether money was taken back (a retrieval only asks)."""

    id: str
    kind: str
    status: str
    amount: Decimal
    currency: str
    charge: str
    order: str
    reason: str
    reason_code: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Vaulted:
    """A means of payment in the vault; `holder` is the masked PayPal address."""

    token: str
    customer: str
    is_paypal: bool
    is_revoked: bool = False
    brand: str = ""
    last_four: str = ""
    holder: str = ""
    fingerprint: str = ""
    expires: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that was not carried out: codes of its errors, and the charge that tried, if any."""

    codes: tuple[str, ...]
    message: str
    charge: Charge | None = None
    check_code: str = ""
    check_text: str = ""
    check_answer: str = ""


def charge_of(found: object, mark_field: str = "") -> Charge:
    """The SDK's transaction as a value; raises what a missing field raises."""
    card = getattr(found, "credit_card_details", None)
    paypal = getattr(found, "paypal_details", None)
    fields = getattr(found, "custom_fields", None)
    return Charge(
        id=_text(found, "id"),
        kind=_text(found, "type") or "sale",
        status=_text(found, "status"),
        amount=_amount(found, "amount"),
        currency=_text(found, "currency_iso_code"),
        order=_text(found, "order_id"),
        mark=str(fields.get(mark_field) or "") if mark_field and isinstance(fields, dict) else "",
        instrument=_text(found, "payment_instrument_type"),
        answer=_text(found, "processor_response_type"),
        code=_text(found, "processor_response_code"),
        text=_text(found, "processor_response_text"),
        settlement_code=_text(found, "processor_settlement_response_code"),
        settlement_text=_text(found, "processor_settlement_response_text"),
        rejection=_text(found, "gateway_rejection_reason"),
        refunded=_text(found, "refunded_transaction_id"),
        token=_text(card, "token") or _text(paypal, "token"),
        customer=_text(getattr(found, "customer_details", None), "id"),
        card_brand=_text(card, "card_type"),
        created_at=_moment(found, "created_at") or _NEVER,
        changed_at=_moment(found, "updated_at") or _moment(found, "created_at") or _NEVER,
    )


def dispute_of(found: object) -> Dispute:
    """The SDK's dispute as a value; old ones lack some fields."""
    charge = getattr(found, "transaction", None)
    amount = "amount_disputed" if _text(found, "amount_disputed") else "amount"
    return Dispute(
        id=_text(found, "id"),
        kind=_text(found, "kind"),
        status=_text(found, "status"),
        amount=_amount(found, amount),
        currency=_text(found, "currency_iso_code"),
        charge=_text(charge, "id"),
        order=_text(charge, "order_id"),
        reason=_text(found, "reason"),
        reason_code=_text(found, "reason_code"),
        changed_at=_moment(found, "updated_at") or _day(found, "received_date") or _NEVER,
    )


def vaulted_of(found: object) -> Vaulted:
    """The SDK's payment method as a value."""
    is_paypal = hasattr(found, "email")
    return Vaulted(
        token=_text(found, "token"),
        customer=_text(found, "customer_id"),
        is_paypal=is_paypal,
        is_revoked=getattr(found, "revoked_at", None) is not None,
        brand=_text(found, "card_type"),
        last_four=_text(found, "last_4"),
        holder=_masked(_text(found, "email")),
        fingerprint=_text(found, "payer_id" if is_paypal else "unique_number_identifier"),
        expires=_expiry(found),
    )


def refusal_of(result: object, mark_field: str = "") -> Refusal:
    """An SDK result that is no success as a value."""
    charge = getattr(result, "transaction", None)
    check = getattr(result, "credit_card_verification", None)
    errors = getattr(getattr(result, "errors", None), "deep_errors", ())
    return Refusal(
        codes=tuple(str(error.code) for error in errors),
        message=_text(result, "message"),
        charge=None if charge is None else charge_of(charge, mark_field),
        check_code=_text(check, "processor_response_code"),
        check_text=_text(check, "processor_response_text"),
        check_answer=_text(check, "processor_response_type"),
    )


def _text(found: object, name: str) -> str:
    value = getattr(found, name, None)
    return "" if value is None else str(value)


def _amount(found: object, name: str) -> Decimal:
    # The SDK's Decimal(...) refused what is no number; NaN and Infinity are numbers to it.
    value = Decimal(_text(found, name))
    if not value.is_finite():
        raise ValueError(f"{name} is no amount")
    return value


def _moment(found: object, name: str) -> datetime | None:
    # The SDK gives UTC without saying so.
    value = getattr(found, name, None)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


def _day(found: object, name: str) -> datetime | None:
    value = getattr(found, name, None)
    return (
        datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, date)
        else None
    )


def _expiry(found: object) -> tuple[int, int] | None:
    year, month = _text(found, "expiration_year"), _text(found, "expiration_month")
    return (int(year), int(month)) if year.isdecimal() and month.isdecimal() else None


def _masked(address: str) -> str:
    name, at, host = address.partition("@")
    return f"{name[:1]}…@{host}" if at else ""
