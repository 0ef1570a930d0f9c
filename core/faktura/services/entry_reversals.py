"""Taking an entry by hand back: by its reversal, once; nothing is deleted (P24, P25)."""

from dataclasses import dataclass, replace
from datetime import date

from faktura.domain.posting import reversing_entry
from faktura.kernel.errors import (
    Conflict,
    FieldMissing,
    NotFound,
    OutOfRange,
    TransitionRefused,
    shortened,
)
from faktura.kernel.terms import EntryKind
from faktura.services.imports.text_fields import checked_line
from faktura.services.manual_entries import BY_HAND, PostedByHand, check_day, posted_entry
from faktura.store.facts import Facts, write_facts
from faktura.store.journal import read_entry
from faktura.store.movement_bookings import entries_of_keys
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

_DOCUMENTS = "Correct or cancel the document"
_PAYMENTS = "Set the document unpaid, or assign the movement that takes it back"
_MENDS = {
    EntryKind.INVOICE: _DOCUMENTS,
    EntryKind.CORRECTION: _DOCUMENTS,
    EntryKind.DEPOSIT: _DOCUMENTS,
    EntryKind.CREDIT_NOTE: _DOCUMENTS,
    EntryKind.PAYMENT: _PAYMENTS,
    EntryKind.RETURN: _PAYMENTS,
    EntryKind.REVERSAL: "Post what was taken back once more, under a reference of its own",
}
_OTHERS = "It follows the fact that it books: take that back"


@dataclass(frozen=True, slots=True)
class Reversing:
    """The day from which the reversal counts, why, and who says so."""

    on: date
    reason: str
    by: str


def reverse_entry(tx: Tx, key: str, given: Reversing) -> PostedByHand:
    """Take an entry by hand back, by its key or its reference, with its legs on the other sides.

    Raises NotFound, TransitionRefused for an entry that an act of its own takes back, Conflict for
    one that is taken back already, FieldMissing without a reason, and OutOfRange for a day before it
    or more than a year ahead.
    """
    reason = checked_line(given.reason)
    if not reason:
        raise FieldMissing("why it is taken back is not said", place="reason")
    tenant = lock_tenant(tx)
    found = entries_of_keys(tx, [key]) or entries_of_keys(tx, [f"{BY_HAND}{key}"])
    if not found:
        raise NotFound(
            f"there is no entry {shortened(key)}",
            place="key",
            mend="faktura accounting journal --kind MANUAL shows the keys",
        )
    entry = found[0]
    if entry.kind is not EntryKind.MANUAL:
        raise TransitionRefused(
            f"{key} was not posted by hand",
            place="key",
            mend=_MENDS.get(entry.kind, _OTHERS),
        )
    own = f"rev:{entry.key}"
    before = read_entry(tx, own)
    if before is not None:
        raise Conflict(f"{key} is taken back already, on {before.value_date}", place="key")
    if given.on < entry.value_date:
        raise OutOfRange(f"{given.on} is before the entry, {entry.value_date}", place="on")
    check_day(tx, tenant, given.on, field="on")
    text = f"Storno: {reason}"
    reversal = reversing_entry(entry, own, given.on, EntryKind.REVERSAL, text)
    write_facts(tx, Facts(entries=[replace(reversal, created_by=given.by)]))
    return PostedByHand(posted_entry(tx, own), is_new=True)
