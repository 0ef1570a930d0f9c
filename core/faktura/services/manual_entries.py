"""Entries by hand: balanced, on known accounts, once for a reference of the caller's own.

Customers' accounts are kept beside the journal: what concerns them is booked by its own act.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from faktura.domain.charts import account_of
from faktura.domain.costs import check_name
from faktura.domain.journal import Entry, Leg, balance, checked
from faktura.domain.numbering import checked_number
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import (
    Conflict,
    EntryUnbalanced,
    FieldInvalid,
    FieldMissing,
    IntegrityBroken,
    OutOfRange,
)
from faktura.kernel.money import Money, minor_digits
from faktura.kernel.terms import EntryKind, Side, Slot
from faktura.plugin import JournalEntryData
from faktura.services.imports.text_fields import checked_line
from faktura.services.ledger_accounts import check_length, known_accounts
from faktura.store.facts import Facts, write_facts
from faktura.store.journal import read_entry
from faktura.store.movement_bookings import entries_of_keys
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

# What the keys of entries by hand begin with; their reference follows.
BY_HAND = "man:"
# A slip of the year must not lie in the books for good. Books are kept for ten years, and § 147 Abs. 4
# AO counts them from the end of a year.
_FARTHEST, _OLDEST = timedelta(days=366), timedelta(days=11 * 366)


@dataclass(frozen=True, slots=True)
class ManualLine:
    """An amount above 0 on one side of a ledger account."""

    account: str
    side: Side
    amount: Decimal
    cost_centre: str | None = None
    cost_object: str | None = None


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """What somebody wants to book; `reference` is theirs, `currency` None the tenant's."""

    reference: str
    value_date: date
    text: str
    lines: Sequence[ManualLine]
    by: str
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class PostedByHand:
    """The entry; `is_new` is False where the same one was posted before."""

    entry: JournalEntryData
    is_new: bool

    @property
    def is_late(self) -> bool:
        """Whether its month was locked, so that it is booked on the first open day (P24)."""
        return self.entry.booked_on != self.entry.value_date


def post_manual(tx: Tx, given: ManualEntry) -> PostedByHand:
    """Post an entry; the same one again is the one that was posted.

    Raises BadInput by the field (unknown accounts, those of wrong length, amounts that are not above
    0), EntryUnbalanced, and Conflict for a reference that stands for another entry.
    """
    # One after the other: whoever repeats a request finds what the first one posted.
    tenant = lock_tenant(tx)
    wanted = _entry(tx, tenant, given)
    before = entries_of_keys(tx, [wanted.key])
    if not before:
        write_facts(tx, Facts(entries=[wanted]))
    elif _content(before[0]) != _content(wanted):
        raise Conflict(
            f"{given.reference} stands for another entry of {before[0].value_date}",
            place="reference",
            mend="Give each entry a reference of its own; take the other one back to correct it",
        )
    return PostedByHand(posted_entry(tx, wanted.key), is_new=not before)


def posted_entry(tx: Tx, key: str) -> JournalEntryData:
    """An entry that was just posted."""
    found = read_entry(tx, key)
    if found is None:
        raise IntegrityBroken("it is not in the journal", place=f"journal_entry {key}")
    return found


def _content(entry: Entry) -> tuple[object, ...]:
    return entry.value_date, entry.currency, entry.text, entry.legs


def _entry(tx: Tx, tenant: Tenant, given: ManualEntry) -> Entry:
    key = f"{BY_HAND}{checked_number(given.reference, field='reference')}"
    currency = given.currency or tenant.currency
    minor_digits(currency)
    text = checked_line(given.text)
    if not text:
        raise FieldMissing("what is booked is not said", place="text")
    check_day(tx, tenant, given.value_date, field="valueDate")
    if len(given.lines) < 2:
        raise FieldInvalid(
            "an entry has at least two lines",
            place="lines",
            mend="Give an account and its amount on each side, debit and credit",
        )
    _check_accounts(tx, tenant, [line.account for line in given.lines])
    legs = tuple(_leg(line, currency, f"lines.{no}") for no, line in enumerate(given.lines, 1))
    _check_balance(legs, currency)
    return checked(
        Entry(key, EntryKind.MANUAL, given.value_date, currency, text, legs, created_by=given.by)
    )


def check_day(tx: Tx, tenant: Tenant, day: date, *, field: str) -> None:
    """Raise OutOfRange for a value date that can only be a slip: what is posted is there for good."""
    today = local_date(tx.clock, tenant.time_zone)
    if day > today + _FARTHEST:
        raise OutOfRange(
            f"{day} is more than a year ahead", place=field, mend="Post it when it has come closer"
        )
    if day < today - _OLDEST:
        raise OutOfRange(
            f"{day} is more than eleven years ago",
            place=field,
            mend="Give the day from which it counts in the books that are kept",
        )


def _leg(line: ManualLine, currency: str, place: str) -> Leg:
    amount = Money.from_decimal(line.amount, currency, field=f"{place}.amount")
    if amount.minor <= 0:
        raise OutOfRange(
            f"{line.amount} is not above 0", place=f"{place}.amount", mend="Turn the side instead"
        )
    leg = Leg(Slot.MANUAL, line.account, line.side, amount.minor)
    for name, value in (("costCentre", line.cost_centre), ("costObject", line.cost_object)):
        if value is not None:
            check_name(value, f"{place}.{name}")
    return replace(leg, cost_centre=line.cost_centre, cost_object=line.cost_object)


def _check_accounts(tx: Tx, tenant: Tenant, accounts: Sequence[str]) -> None:
    known = known_accounts(tx)
    collective = {account_of(tenant.chart, own, Slot.RECEIVABLES) for own in (tenant.accounts, {})}
    for no, account in enumerate(accounts, 1):
        field = f"lines.{no}.account"
        if account in collective:
            raise FieldInvalid(
                f"{account} collects the customers' accounts",
                place=field,
                mend="These move by invoices, payments and write-offs alone",
            )
        if account not in known:
            check_length(tx, account, field=field)
            raise FieldInvalid(
                f"there is no account {account}",
                place=field,
                mend=f"Add it: faktura accounting accounts add {account} NAME",
            )


def _check_balance(legs: Sequence[Leg], currency: str) -> None:
    difference = balance(legs)
    if not difference:
        return
    debit, credit = (
        Money(sum(leg.minor for leg in legs if leg.side is side), currency)
        for side in (Side.DEBIT, Side.CREDIT)
    )
    raise EntryUnbalanced(
        f"debits of {debit} stand against credits of {credit}: they differ by"
        f" {Money(abs(difference), currency)}",
        place="lines",
        mend="Both sides of an entry come to the same",
    )
