"""What of a claim is given up, as a posting of its own: written off, or cash discount (§ 17 UStG).

A claim is read by net and VAT; what is given up of it is spread over both, and reversed leg by leg
when it is taken back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from faktura.domain.deposit_facts import Shares, added, deducted_deposits, negated, record_shares
from faktura.domain.documents import DocumentRecord
from faktura.domain.events import EventType
from faktura.domain.journal import Entry
from faktura.domain.posting import reversing_entry
from faktura.domain.returns import Payment
from faktura.domain.write_offs import GIVEN_UP, WriteOff, write_off_entry, written_off
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, DocumentKind, EntryKind
from faktura.services.ledger import Ledger, Posting, Source
from faktura.store.document_links import correcting
from faktura.store.documents import read_documents
from faktura.store.movement_bookings import entries_of_keys
from faktura.store.transaction import Tx
from faktura.store.written_off import WRITE_OFF_KEYS

_KINDS = frozenset(
    {
        DocumentKind.INVOICE,
        DocumentKind.FINAL,
        DocumentKind.CORRECTION,
        DocumentKind.CANCELLATION,
        DocumentKind.OPENING,
        DocumentKind.DUNNING,
    }
)

_EVENTS = {
    AccountFact.WRITE_OFF: EventType.INVOICE_WRITTEN_OFF,
    AccountFact.CASH_DISCOUNT: EventType.INVOICE_DISCOUNT_TAKEN,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document claims by net and VAT, less its corrections and the deposits it deducts."""

    record: DocumentRecord
    shares: Shares

    @property
    def gross(self) -> Money:
        """All of it."""
        return Money(sum(share.gross for share in self.shares), self.record.currency)


def read_claims(tx: Tx, ledger: Ledger, numbers: Iterable[str]) -> dict[str, Claim]:
    """The claims of documents of the ledger, by number; their customers are locked."""
    ids = [ledger.document(number).id for number in numbers]
    corrections = correcting(tx, ids)
    taking_off = {one for found in corrections.values() for one in found}
    records = {one.id: one for one in read_documents(tx, sorted({*ids, *taking_off}))}
    found = {}
    for document_id in ids:
        record = records[document_id]
        shares = [record_shares(records[one]) for one in corrections.get(document_id, ())]
        deposits = [negated(one.shares) for one in deducted_deposits(record.snapshot)]
        found[record.number] = Claim(record, added(record_shares(record), *shares, *deposits))
    return found


def give_up(
    ledger: Ledger, source: Source, claim: Claim, amount: Money, fact: AccountFact
) -> Money:
    """Give up an amount that is open of a claim, and return the VAT that is corrected.

    `fact` is WRITE_OFF or CASH_DISCOUNT; `source` says since when it counts, and the movement that it
    goes with. Raises TransitionRefused where less is open, or for a kind that is never given up.
    """
    record = claim.record
    _check(record, ledger.document(record.number).open, amount)
    before = ledger.given_up_of(record.number)
    shares = written_off(claim.shares, before.minor, amount.minor)
    _post(ledger, _named(ledger, source, record), record, (amount, shares), fact)
    return Money(sum(share.tax for share in shares), record.currency)


def recover(tx: Tx, ledger: Ledger, shares: Sequence[Payment], on: date, reason: str) -> None:
    """Take back what was given up: it is owed again with its VAT."""
    entries = _entries(tx, ledger, shares)
    for share in shares:
        source = replace(
            Source.named(share.entry_key.partition(":")[2].rpartition(":")[0]),
            movement_id=share.movement_id,
            booked_on=on,
            value_on=on,
            remittance=reason.strip(),
        )
        _recover(ledger, source, share, entries[share.entry_key])


def recover_returned(tx: Tx, ledger: Ledger, source: Source, payments: Iterable[Payment]) -> None:
    """Take back what was given up with payments that a return takes back: all of it is owed again.

    It is booked in the return's name, so that undoing the return finds it: `give_up_again`.
    """
    came = {(one.document_id, one.movement_id) for one in payments if one.movement_id is not None}
    shares = [one for one in ledger.given_up() if (one.document_id, one.movement_id) in came]
    entries = _entries(tx, ledger, shares)
    for share in shares:
        _recover(ledger, source, share, entries[share.entry_key])


def give_up_again(tx: Tx, ledger: Ledger, source: Source, taken: Sequence[Payment]) -> None:
    """Undo what a return recovered, leg by leg: it is given up as it was; `taken` are negative."""
    entries = _entries(tx, ledger, taken)
    for one in taken:
        entry = entries[one.entry_key]
        fact = _fact(entry.reverses_key or "")
        key = ledger.next_key(AccountFact.RECOVERY, source)
        customer_id = ledger.document(one.number).customer_id
        text = f"{GIVEN_UP[fact][2]} {one.number}"
        posting = Posting(AccountFact.RECOVERY, customer_id, one.amount, text, one.document_id)
        ledger.restore(source, one, ledger.record(source, posting), key)
        ledger.post(reversing_entry(entry, key, source.value_on, EntryKind.RECOVERY, text))
        _tell(ledger, one.number, _EVENTS[fact], -one.amount, _since(source, fact, text))


def _recover(ledger: Ledger, source: Source, share: Payment, entry: Entry) -> None:
    key = ledger.next_key(AccountFact.RECOVERY, source)
    customer_id = ledger.document(share.number).customer_id
    text = f"{GIVEN_UP[_fact(share.entry_key)][2]} {share.number} zurückgenommen"
    posting = Posting(AccountFact.RECOVERY, customer_id, share.amount, text, share.document_id)
    ledger.reverse(source, share, ledger.record(source, posting), key)
    ledger.post(reversing_entry(entry, key, source.value_on, EntryKind.RECOVERY, text))
    _tell(ledger, share.number, EventType.INVOICE_SET_UNPAID, share.amount)


def _entries(tx: Tx, ledger: Ledger, shares: Sequence[Payment]) -> dict[str, Entry]:
    """The entries of shares, those that this transaction has still to write as well."""
    if not shares:
        return {}
    kept = entries_of_keys(tx, [one.entry_key for one in shares])
    return {**ledger.unwritten(), **{one.key: one for one in kept}}


def _fact(entry_key: str) -> AccountFact:
    is_write_off = entry_key.startswith(WRITE_OFF_KEYS)
    return AccountFact.WRITE_OFF if is_write_off else AccountFact.CASH_DISCOUNT


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


def _named(ledger: Ledger, source: Source, record: DocumentRecord) -> Source:
    """A name of its own for each time, so that what takes it back names it."""
    booked_as = f"{record.id}:{ledger.times_given_up(record.number) + 1}"
    return replace(source, booked_as=booked_as, times_unpaid=0, end_to_end_id=None)


def _post(
    ledger: Ledger,
    source: Source,
    record: DocumentRecord,
    given: tuple[Money, Shares],
    fact: AccountFact,
) -> None:
    amount, shares = given
    key = ledger.next_key(fact, source)
    text = f"{GIVEN_UP[fact][2]} {record.number}"
    posting = Posting(fact, record.customer_id, -amount, text, record.id)
    posted = ledger.record(source, posting)
    ledger.allocate(source, record.number, posted, key)
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
        fact,
    )
    ledger.post(write_off_entry(ledger.tenant, loss))
    _tell(ledger, record.number, _EVENTS[fact], amount, _since(source, fact, text))


def _since(source: Source, fact: AccountFact, text: str) -> dict[str, str]:
    told = {"valueDate": str(source.value_on)}
    if fact is AccountFact.WRITE_OFF:
        told["reason"] = source.remittance or text
    return told


def _tell(
    ledger: Ledger,
    number: str,
    event: EventType,
    amount: Money,
    more: Mapping[str, str] | None = None,
) -> None:
    told: dict[str, object] = {
        "amount": str(amount.decimal),
        "currency": amount.currency,
        "open": str(ledger.document(number).open.decimal),
        **(more or {}),
    }
    ledger.tell(number, event, told)
