"""Writing claims off, and taking that back when the money comes after all (§ 17 Abs. 2 Nr. 1 UStG).

What is recovered is owed again with its VAT: the write-off is reversed, then the payment counts as
any other one.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.deposit_facts import Shares, added, deducted_deposits, negated, record_shares
from faktura.domain.documents import DocumentRecord
from faktura.domain.events import EventType
from faktura.domain.posting import reversing_entry
from faktura.domain.returns import Payment
from faktura.domain.tenants import Tenant
from faktura.domain.write_offs import WriteOff, write_off_entry, written_off
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, OutOfRange, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.terms import AccountFact, DocumentKind, DocumentLinkKind, EntryKind
from faktura.services.billing_runs import check_run_date
from faktura.services.imports.payment_fields import TakenBackFields, WriteOffFields
from faktura.services.ledger import Ledger, Posting, Source, open_ledger
from faktura.services.originals import visible_record
from faktura.store.accounts import read_allocations
from faktura.store.document_links import naming
from faktura.store.documents import read_documents
from faktura.store.movement_bookings import entries_of_keys
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx
from faktura.store.written_off import WRITE_OFF_KEYS

_KINDS = frozenset(
    {
        DocumentKind.INVOICE,
        DocumentKind.FINAL,
        DocumentKind.CORRECTION,
        DocumentKind.CANCELLATION,
        DocumentKind.OPENING,
    }
)


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """What was given up of a document, gross with the VAT in it, and what is still open."""

    number: str
    amount: Money
    tax: Money
    open: Money


def write_off(
    tx: Tx,
    tenant: Tenant,
    number: str,
    given: WriteOffFields,
    projects: Collection[UUID] | None = None,
) -> WrittenOff:
    """Give up what is open of a document, or a part of it; its VAT is corrected.

    Raises NotFound, OutOfRange, and TransitionRefused where less is open or the kind is none that
    is written off.
    """
    record = visible_record(tx, number, projects)[0]
    on = _day(tx, tenant, record, given.date)
    tenant = holding_accounts(tx, tenant)
    ledger = open_ledger(tx, tenant, [number])
    rest = ledger.document(number).open
    amount = rest
    if given.amount is not None:
        amount = Money.from_decimal(given.amount, record.currency, field="amount")
    _check(record, rest, amount)
    done = [one for one in read_allocations(tx, record.id) if _is_write_off(one.entry_key)]
    before = sum(share.amount.minor for share in _standing(ledger))
    source = _source(f"{record.id}:{len(done) + 1}", on, given.reason)
    shares = written_off(_claim(tx, record), before, amount.minor)
    after = _give_up(ledger, source, record, amount, shares)
    ledger.write(tx)
    tax = Money(sum(share.tax for share in shares), record.currency)
    return WrittenOff(number, amount, tax, after)


def undo_write_off(
    tx: Tx,
    tenant: Tenant,
    number: str,
    given: TakenBackFields,
    projects: Collection[UUID] | None = None,
) -> Money:
    """Reverse all write-offs of a document that stand; returns what is owed again with its VAT.

    Raises NotFound, OutOfRange, and Conflict where none stands.
    """
    record = visible_record(tx, number, projects)[0]
    on = _day(tx, tenant, record, given.date)
    tenant = holding_accounts(tx, tenant)
    ledger = open_ledger(tx, tenant, [number])
    standing = _standing(ledger)
    if not standing:
        raise Conflict(f"nothing of {number} is written off", place="invoiceNumber")
    for share in standing:
        _recover(tx, ledger, share, on, given.reason)
    ledger.write(tx)
    return total([share.amount for share in standing], record.currency)


def _day(tx: Tx, tenant: Tenant, record: DocumentRecord, given: date | None) -> date:
    today = local_date(tx.clock, tenant.time_zone)
    on = given or max(today, record.issued_on)
    check_run_date(on, today, field="date")
    if on < record.issued_on:
        raise OutOfRange(
            f"{record.number} was issued on {record.issued_on}, after {on}",
            place="date",
            mend=f"Use {record.issued_on} or later",
        )
    return on


def _check(record: DocumentRecord, rest: Money, amount: Money) -> None:
    if record.kind not in _KINDS:
        raise TransitionRefused(
            f"{record.number} is of kind {record.kind} and is not written off",
            place="invoiceNumber",
            mend="Cancel a deposit that nobody pays: it has no VAT yet",
        )
    if rest.minor <= 0 or amount > rest:
        raise TransitionRefused(
            f"{rest} are open of {record.number}, so {amount} cannot be written off"
            if rest.minor > 0
            else f"nothing is owed for {record.number}",
            place="amount",
            mend="Write off at most what is open",
        )


def _claim(tx: Tx, record: DocumentRecord) -> Shares:
    """What the document claims by net and VAT, less its corrections and the deposits it deducts."""
    why = DocumentLinkKind.CORRECTS
    corrections = [one.id for one in naming(tx, record.id) if one.why is why]
    found = [record_shares(one) for one in (record, *read_documents(tx, corrections))]
    deposits = [negated(one.shares) for one in deducted_deposits(record.snapshot)]
    return added(*found, *deposits)


def _is_write_off(entry_key: str) -> bool:
    return entry_key.startswith(WRITE_OFF_KEYS)


def _standing(ledger: Ledger) -> list[Payment]:
    return [share for share in ledger.shares() if _is_write_off(share.entry_key)]


def _source(booked_as: str, on: date, reason: str) -> Source:
    """A name of its own for each write-off of a document, so that what takes it back names it."""
    source = Source.named(booked_as)
    return replace(source, booked_on=on, value_on=on, remittance=reason.strip())


def _give_up(
    ledger: Ledger, source: Source, record: DocumentRecord, amount: Money, shares: Shares
) -> Money:
    key = ledger.next_key(AccountFact.WRITE_OFF, source)
    text = f"Ausbuchung {record.number}"
    posting = Posting(AccountFact.WRITE_OFF, record.customer_id, -amount, text, record.id)
    posted = ledger.record(source, posting)
    after = ledger.allocate(source, record.number, posted, key)
    customer = ledger.customers[record.customer_id]
    loss = WriteOff(
        key,
        record.id,
        record.number,
        customer.id,
        customer.debtor_account,
        amount.currency,
        amount.minor,
        source.value_on,
        shares,
    )
    ledger.post(write_off_entry(ledger.tenant, loss))
    _tell(ledger, record.number, EventType.INVOICE_WRITTEN_OFF, source, amount)
    return after.open


def _recover(tx: Tx, ledger: Ledger, share: Payment, on: date, reason: str) -> None:
    booked_as = share.entry_key.removeprefix(WRITE_OFF_KEYS).rpartition(":")[0]
    source = _source(booked_as, on, reason)
    key = ledger.next_key(AccountFact.RECOVERY, source)
    customer_id = ledger.document(share.number).customer_id
    text = f"Ausbuchung {share.number} zurückgenommen"
    posting = Posting(AccountFact.RECOVERY, customer_id, share.amount, text, share.document_id)
    posted = ledger.record(source, posting)
    ledger.reverse(source, share, posted, key)
    for entry in entries_of_keys(tx, [share.entry_key]):
        ledger.post(reversing_entry(entry, key, on, EntryKind.RECOVERY, text))
    _tell(ledger, share.number, EventType.INVOICE_SET_UNPAID, source, share.amount)


def _tell(ledger: Ledger, number: str, event: EventType, source: Source, amount: Money) -> None:
    told = {
        "amount": str(amount.decimal),
        "currency": amount.currency,
        "open": str(ledger.document(number).open.decimal),
    }
    if event is EventType.INVOICE_WRITTEN_OFF:
        told |= {"valueDate": str(source.value_on), "reason": str(source.remittance)}
    ledger.tell(number, event, {**told})
