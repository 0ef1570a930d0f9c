"""Money that a person records because no imported statement says it: checked, and recorded once (F106)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from faktura.domain.account import AccountTransaction
from faktura.domain.bank_accounts import BankAccount
from faktura.domain.journal import Entry
from faktura.domain.numbering import checked_number
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, CurrencyMismatch, OutOfRange
from faktura.kernel.money import Money, total
from faktura.kernel.terms import AccountFact, Slot
from faktura.services.bank_accounts import bank_account_of
from faktura.services.imports.payment_fields import MoneyFields
from faktura.services.ledger import BY_HAND, Source
from faktura.store.bank_accounts import lock_bank_account
from faktura.store.manual_bookings import transactions_of
from faktura.store.movement_bookings import entries_of_keys
from faktura.store.simulated_dates import simulated_dates
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

# Banks take orders for a month ahead; a year ahead is a slip.
_FARTHEST = timedelta(days=31)
# More entries one recording cannot have: a refund has one for each correction of a document.
_MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: each document's part, what counts for none, and account keys it waits for.

    `repeated` says that it was there already and nothing was written.
    """

    reference: str
    amount: Money
    parts: tuple[tuple[str, Money], ...]
    credit: Money
    missing: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person says, checked, under the tenant whose accounts nobody changes meanwhile."""

    tenant: Tenant
    account: BankAccount
    amount: Money
    reference: str
    source: Source


def by_hand(tx: Tx, tenant: Tenant, given: MoneyFields, currency: str | None = None) -> ByHand:
    """The money with the bank account of now; `currency` is the document's, if one is named.

    Raises NotFound, OutOfRange for a day far ahead, CurrencyMismatch.
    """
    today = local_date(tx.clock, tenant.time_zone)
    if tenant.sandbox:
        # The money of customers who live on a later day moves on that day (O23).
        today = max(today, *simulated_dates(tx).values(), today)
    if given.value_date > today + _FARTHEST:
        raise OutOfRange(
            f"{given.value_date} is more than a month ahead of today, {today}",
            place="valueDate",
            mend="Record money when it has moved",
        )
    tenant = holding_accounts(tx, tenant)
    account = bank_account_of(tx, given.account)
    # One recording of an account after the other: a reference that comes twice at once is one.
    lock_bank_account(tx, account.id)
    if currency is not None and currency != account.currency:
        raise CurrencyMismatch(
            f"the bank account is in {account.currency}, the document in {currency}",
            place="account",
            mend=f"Choose a bank account in {currency}",
        )
    reference = given.reference or str(tx.new_id())
    amount = Money.from_decimal(given.amount, account.currency, field="amount")
    source = Source(
        None,
        given.value_date,
        given.value_date,
        account.iban,
        account.ledger_account,
        given.text or None,
        None,
        None,
        booked_as=booking_of(reference),
    )
    return ByHand(tenant, account, amount, reference, source)


def booking_of(reference: str) -> str:
    """What the bookings of a reference are called; raises FieldInvalid."""
    return f"{BY_HAND}:{checked_number(reference, field='reference')}"


def recorded_entries(tx: Tx, booking: str) -> tuple[AccountFact, list[Entry]] | None:
    """What was recorded under that name: a payment or a refund; None for nothing."""
    for fact in (AccountFact.PAYMENT, AccountFact.REFUND):
        source = Source.named(booking).key(fact)
        entries = entries_of_keys(tx, [f"{source}:{no}" for no in range(1, _MOST_ENTRIES)])
        if entries:
            return fact, entries
    return None


def recorded_before(
    tx: Tx, hand: ByHand, fact: AccountFact, customer_id: UUID, documents: Mapping[UUID, str]
) -> Recorded | None:
    """What the reference stands for already; None where it is new. The customer is locked.

    Raises Conflict where that is anything but what is said now, or was taken back (F106).
    """
    found = recorded_entries(tx, hand.source.booking)
    if found is None:
        return None
    rows = transactions_of(tx, customer_id, [hand.source.key(fact)])
    if found[0] is not fact or not _same(hand, found[1], rows, documents):
        raise _taken(hand, "stands for something else")
    if transactions_of(tx, customer_id, [hand.source.key(AccountFact.SET_UNPAID)]):
        raise _taken(hand, "was recorded and taken back")
    parts = tuple(
        (documents[row.document_id], abs(row.amount)) for row in rows if row.document_id is not None
    )
    whole = total([abs(row.amount) for row in rows], hand.amount.currency)
    credit = whole - total([part for _, part in parts], whole.currency)
    missing = tuple(dict.fromkeys(key for entry in found[1] for key in entry.missing))
    return Recorded(hand.reference, whole, parts, credit, missing, repeated=True)


def _same(
    hand: ByHand,
    entries: list[Entry],
    rows: list[AccountTransaction],
    documents: Mapping[UUID, str],
) -> bool:
    said = (hand.amount, hand.source.value_on, hand.source.remittance)
    stored = {(row.value_date, row.remittance) for row in rows}
    named = {row.document_id for row in rows} - {None}
    banks = [leg for entry in entries for leg in entry.legs if leg.slot is Slot.BANK]
    return (
        total([abs(row.amount) for row in rows], hand.amount.currency) == said[0]
        and stored == {said[1:]}
        and named <= documents.keys()
        and all(
            leg.bank_iban == hand.account.iban
            if leg.account is None
            else leg.account == hand.account.ledger_account
            for leg in banks
        )
    )


def _taken(hand: ByHand, why: str) -> Conflict:
    return Conflict(
        f"the reference {hand.reference} {why}",
        place="reference",
        mend="Give each recording a reference of its own",
    )
