"""What was charged: counted from the double's own records, never from the adapter's answers."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from braintree_double.records import Charge

INVOICE = "faktura_invoice"


def charges_by_order(charges: Iterable[Charge]) -> dict[str, int]:
    """How many sales took money, by order id (our attempt's key)."""
    return dict(Counter(one.order_id for one in _taken(charges)))


def charges_by_invoice(charges: Iterable[Charge]) -> dict[str, int]:
    """How many sales took money, by invoice number; needs the custom field `faktura_invoice`."""
    return dict(Counter(one.custom_fields.get(INVOICE, "") for one in _taken(charges)))


def taken(charges: Iterable[Charge]) -> Decimal:
    """What all sales took, without what was given back."""
    return sum((one.amount for one in _taken(charges)), Decimal())


def given_back(charges: Iterable[Charge]) -> Decimal:
    """What all credits gave back."""
    kept = [one for one in charges if one.type == "credit" and one.has_money]
    return sum((one.amount for one in kept), Decimal())


def _taken(charges: Iterable[Charge]) -> list[Charge]:
    return [one for one in charges if one.type == "sale" and one.has_money]
