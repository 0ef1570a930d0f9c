"""Saved means of payment, as Stripe describes them."""

from calendar import monthrange
from datetime import date

from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansReference, SavedMeans
from faktura_stripe.reading import Json, text, whole

TYPES = {
    PaymentMethod.CARD: "card",
    PaymentMethod.SEPA_DEBIT: "sepa_debit",
    PaymentMethod.PAYPAL: "paypal",
}
"""Our payment methods in Stripe's words."""

_METHODS = {name: method for method, name in TYPES.items()}


def saved_means(means: Json, mandate: Json | None = None) -> SavedMeans | None:
    """A means that is kept with a customer; None for one that is not, or not of a kind of ours."""
    kind = text(means, "type")
    method, customer = _METHODS.get(kind), text(means, "customer") or text(means, "customer", "id")
    if method is None or not customer or not text(means, "id"):
        return None
    return SavedMeans(
        means=MeansReference(
            reference=text(means, "id"), customer=customer, details=_mandate(mandate or {})
        ),
        method=method,
        label=_label(means, kind),
        fingerprint=text(means, kind, "fingerprint"),
        expires_on=_expiry(means),
    )


def _label(means: Json, kind: str) -> str:
    last = text(means, kind, "last4")
    if kind == "card":
        brand = text(means, kind, "display_brand") or text(means, kind, "brand") or "card"
        return f"{brand.replace('_', ' ').title()} •••• {last}".strip()
    if kind == "sepa_debit":
        return f"SEPA {text(means, kind, 'country')} •••• {last}"
    return "PayPal"


def _expiry(means: Json) -> date | None:
    """The last day of the month on the card."""
    year, month = whole(means, "card", "exp_year"), whole(means, "card", "exp_month")
    if year is None or month is None or not (1 <= month <= 12 and 2000 <= year <= 9999):
        return None
    return date(year, month, monthrange(year, month)[1])


def _mandate(mandate: Json) -> dict[str, str]:
    """What a debit's announcement must name: the mandate's reference, and where its text stands."""
    found = {
        "mandate": text(mandate, "id"),
        "mandate_reference": text(mandate, "payment_method_details", "sepa_debit", "reference"),
        "mandate_url": text(mandate, "payment_method_details", "sepa_debit", "url"),
    }
    return {name: value for name, value in found.items() if value}
