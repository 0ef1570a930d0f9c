"""The double-entry journal: balanced entries, or drafts while an account is missing (F106).

Invariants: at least two legs, every amount positive, debits equal credits, one currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.kernel.errors import IntegrityBroken
from faktura.kernel.terms import EntryKind, Side, Slot, TaxCase


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of one account; `minor` > 0 in the entry's currency.

    `account` is None while it is missing; `debtor` is the customer's personal account on the
    receivables leg; `bank_iban` names the bank account of a bank leg. `group` is the product group
    of a revenue leg whose account is missing.
    """

    slot: Slot
    account: str | None
    side: Side
    minor: int
    debtor: str | None = None
    tax_case: TaxCase | None = None
    tax_rate: Decimal | None = None
    tax_country: str | None = None
    cost_centre: str | None = None
    bank_iban: str | None = None
    cost_object: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry; `key` is unique per tenant, so that posting twice is posting once.

    `service_month` is the first day of the month whose share a release is (F108); `created_by` says
    who wrote a manual entry.
    """

    key: str
    kind: EntryKind
    value_date: date
    currency: str
    text: str
    legs: tuple[Leg, ...]
    document_id: UUID | None = None
    customer_id: UUID | None = None
    reverses_key: str | None = None
    service_month: date | None = None
    created_by: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Slots without an account, as account keys; empty for an entry that can be posted."""
        return tuple(missing_key(leg) for leg in self.legs if leg.account is None)


def missing_key(leg: Leg) -> str:
    """The account key a person has to configure for this leg."""
    if leg.bank_iban is not None:
        return f"{leg.slot}:{leg.bank_iban}"
    if leg.tax_case is None or leg.tax_rate is None:
        return leg.slot.value
    return f"{leg.slot}:{leg.tax_case}:{leg.tax_rate.normalize():f}"


def checked(entry: Entry) -> Entry:
    """The entry if it is balanced and its amounts are positive; raises IntegrityBroken."""
    if len(entry.legs) < 2:
        raise IntegrityBroken("an entry has at least two legs", place=entry.key)
    if any(leg.minor <= 0 for leg in entry.legs):
        raise IntegrityBroken("a leg's amount is positive", place=entry.key)
    difference = balance(entry.legs)
    if difference:
        raise IntegrityBroken(f"debits and credits differ by {difference}", place=entry.key)
    return entry


def balance(legs: Iterable[Leg]) -> int:
    """Debits minus credits in minor units."""
    return sum(leg.minor if leg.side is Side.DEBIT else -leg.minor for leg in legs)
