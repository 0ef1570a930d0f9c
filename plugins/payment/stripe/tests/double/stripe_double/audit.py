"""What was really charged, counted in the double's own store: the judge of every test."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from stripe_double.store import Store

_TAKEN = frozenset({"succeeded", "processing"})


@dataclass(frozen=True)
class Audit:
    """Payments that took money or are about to, by invoice; amounts in Stripe's minor units."""

    charges: dict[str, tuple[str, ...]]
    amounts: dict[str, int]
    refunded: dict[str, int]

    @property
    def doubles(self) -> dict[str, tuple[str, ...]]:
        """Invoices that were charged more than once."""
        return {invoice: found for invoice, found in self.charges.items() if len(found) > 1}


def audit_of(store: Store) -> Audit:
    """The audit of a store: invoices are told by the payments' metadata."""
    charges: dict[str, list[str]] = defaultdict(list)
    amounts: dict[str, int] = defaultdict(int)
    refunded: dict[str, int] = defaultdict(int)
    for payment in store.of("payment_intent"):
        if payment["status"] in _TAKEN:
            invoice = payment["metadata"].get("faktura_invoice", "")
            charges[invoice].append(payment["id"])
            amounts[invoice] += payment["amount"]
    for refund in store.of("refund"):
        payment = store.any(refund["payment_intent"]) or {}
        if refund["status"] in ("succeeded", "pending"):
            refunded[payment.get("metadata", {}).get("faktura_invoice", "")] += refund["amount"]
    return Audit(
        {invoice: tuple(found) for invoice, found in charges.items()},
        dict(amounts),
        dict(refunded),
    )


def audit_of_file(file: Path) -> Audit:
    """The audit of a double that ran, or still runs, in another process."""
    store = Store(file)
    try:
        return audit_of(store)
    finally:
        store.close()
