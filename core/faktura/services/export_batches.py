"""What becomes of a batch afterwards: it is voided, or a file of it refused; entries are free again."""

from dataclasses import dataclass

from faktura.domain.events import EventType
from faktura.domain.exports import Ranges, ranges_of
from faktura.kernel.accounting_terms import BatchState
from faktura.kernel.errors import FieldMissing, TransitionRefused
from faktura.services.accounting_events import accounting_event
from faktura.services.imports.text_fields import checked_line
from faktura.services.outbox import announce
from faktura.store.export_entries import free_entries
from faktura.store.exports import (
    StoredBatch,
    StoredFile,
    lock_batch,
    note_freed,
    note_void,
    read_batch,
)
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

# The other side has it, or may have it.
_HANDED_OVER = frozenset({BatchState.SENT, BatchState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class VoidedBatch:
    """The batch as it stands now, and how many entries can go out again.

    `handed_over` says that the other side has it, or may have it: a person must delete it there.
    """

    batch: StoredBatch
    freed: int
    handed_over: bool


@dataclass(frozen=True, slots=True)
class Voiding:
    """Why a batch is voided, and by whom; `handed_over` says that it is known to be elsewhere."""

    reason: str
    by: str
    handed_over: bool = False


def void_batch(tx: Tx, target: str, number: int, given: Voiding) -> VoidedBatch:
    """Take a batch back: its entries go out with a later one, its number and its files stay.

    Raises FieldMissing without a reason, NotFound, and TransitionRefused for a batch that is voided
    already, and for one that the other side has or may have unless `handed_over` says so as well.
    """
    why = checked_line(given.reason)
    if not why:
        raise FieldMissing("why the batch is voided is not said", place="reason")
    lock_tenant(tx)
    batch = lock_batch(tx, target, number)
    place = f"batch {number} for {target}"
    if batch.state is BatchState.VOIDED:
        raise TransitionRefused("it is voided already", place=place)
    if batch.state in _HANDED_OVER and not given.handed_over:
        raise TransitionRefused(
            f"it is {batch.state}: the other side has it, or may have it",
            place=place,
            mend="Have it deleted there, then say that it was handed over (--handed-over)",
        )
    freed = _freed(tx, batch, None)
    note_void(tx, batch, why)
    data: dict[str, object] = {"voidedExport": target, "no": number, "reason": why, "by": given.by}
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
    was_there = batch.state in _HANDED_OVER
    return VoidedBatch(read_batch(tx, target, number), freed, was_there)


def free_file(tx: Tx, batch: StoredBatch, file: StoredFile) -> int:
    """Free the entries of one file that the other side refused; returns how many.

    The caller holds the batch's lock and says where the batch stands from now on.
    """
    return _freed(tx, batch, file.entries)


def _freed(tx: Tx, batch: StoredBatch, within: Ranges | None) -> int:
    freed = free_entries(tx, batch.target, batch.number, within)
    # Read afresh: another file of the batch may have been refused before.
    before = read_batch(tx, batch.target, batch.number).freed
    numbers = [n for first, last in (*before, *freed) for n in range(first, last + 1)]
    note_freed(tx, batch, ranges_of(numbers))
    return sum(last - first + 1 for first, last in freed)
