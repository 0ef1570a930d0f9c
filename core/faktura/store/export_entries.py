"""Which journal entries an export takes, which went out, and which were freed again."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, exists, func, or_, select

from faktura.domain.exports import Ranges, ranges_of
from faktura.kernel.accounting_terms import BatchState
from faktura.kernel.periods import last_of_month
from faktura.kernel.terms import EntryKind
from faktura.store.batches import in_batches
from faktura.store.journal import BOOKED_ON
from faktura.store.tables import deferral, export_batch, export_entry, journal_entry
from faktura.store.transaction import Tx

_STREAM = {"yield_per": 10_000}


@dataclass(frozen=True, slots=True)
class Selection:
    """Entries of these kinds and accounting dates (both inclusive) that are in no live batch.

    With `batch` it is the entries of that batch, whatever their kinds and dates. `whole` takes
    entries wherever they went out before, with `up_to` those up to that number in the journal.
    """

    target: str
    start: date
    end: date
    kinds: frozenset[EntryKind]
    batch: int | None = None
    whole: bool = False
    up_to: int | None = None


def conditions_of(tx: Tx, wanted: Selection) -> list[ColumnElement[bool]]:
    """The selection as conditions on `journal_entry`."""
    e, x = journal_entry.c, export_entry.c
    # Not NOT IN: PostgreSQL would compare every entry with all that ever went out.
    gone = exists().where(
        x.tenant_id == e.tenant_id, x.target == wanted.target, x.entry_seq == e.seq
    )
    if wanted.batch is not None:
        return [e.tenant_id == tx.tenant_id, gone.where(x.batch_no == wanted.batch)]
    asked: list[ColumnElement[bool]] = [
        e.tenant_id == tx.tenant_id,
        e.kind.in_(sorted(wanted.kinds)),
        BOOKED_ON.between(wanted.start, wanted.end),
    ]
    if not wanted.whole:
        return [*asked, ~gone]
    return asked if wanted.up_to is None else [*asked, e.seq <= wanted.up_to]


def selected_seqs(tx: Tx, wanted: Selection) -> set[int]:
    """The numbers of the selected entries in the journal."""
    query = select(journal_entry.c.seq).where(*conditions_of(tx, wanted))
    return set(tx.connection.execute(query, execution_options=_STREAM).scalars())


def seqs_of_keys(tx: Tx, keys: Iterable[str]) -> Iterator[tuple[str, int | None]]:
    """Each key in its order with the number of its entry, None for a key that none has."""
    e = journal_entry.c
    for batch in in_batches(keys):
        rows = tx.connection.execute(
            select(e.entry_key, e.seq).where(e.tenant_id == tx.tenant_id, e.entry_key.in_(batch))
        )
        known = {row.entry_key: row.seq for row in rows}
        for key in batch:
            yield key, known.get(key)


def keys_of_seqs(tx: Tx, seqs: Collection[int]) -> list[str]:
    """The keys of these entries, in their order."""
    e = journal_entry.c
    query = select(e.entry_key).where(e.tenant_id == tx.tenant_id, e.seq.in_(sorted(seqs)))
    return list(tx.connection.execute(query.order_by(e.seq)).scalars())


def free_entries(tx: Tx, target: str, number: int, within: Ranges | None = None) -> Ranges:
    """Take entries out of a locked batch, so that they can go out again; returns which they were.

    `within` are numbers of entries in the journal, None for all of the batch.
    """
    x = export_entry.c
    own = [x.tenant_id == tx.tenant_id, x.target == target, x.batch_no == number]
    if within is None:
        found = tx.connection.execute(select(x.entry_seq).where(*own)).scalars()
        freed = ranges_of(found)
        tx.connection.execute(delete(export_entry).where(*own))
        return freed
    seqs: list[int] = []
    for first, last in within:
        part = [*own, x.entry_seq.between(first, last)]
        seqs += tx.connection.execute(select(x.entry_seq).where(*part)).scalars()
        tx.connection.execute(delete(export_entry).where(*part))
    return ranges_of(seqs)


def late_entries(
    tx: Tx,
    target: str,
    start: date,
    end: date,
    kinds_of: Iterable[tuple[str, frozenset[EntryKind]]],
) -> int:
    """Entries that never went out though a batch took their day, but for the days `start`..`end`.

    They were posted, or freed, after that batch was made; nobody would look for them. `kinds_of`
    says which kinds a batch took by its options as they are stored: it did not pass the others by.
    """
    e, b, x = journal_entry.c, export_batch.c, export_entry.c
    live = exists().where(
        b.tenant_id == e.tenant_id,
        b.target == target,
        b.state != BatchState.VOIDED,
        BOOKED_ON.between(b.start, b.end),
    )
    passed_by = [
        live.where(func.coalesce(b.options, "") == options) & e.kind.in_(sorted(kinds))
        for options, kinds in kinds_of
    ]
    if not passed_by:
        return 0
    went_out = exists().where(x.tenant_id == e.tenant_id, x.target == target, x.entry_seq == e.seq)
    return tx.connection.execute(
        select(func.count())
        .select_from(journal_entry)
        .where(
            e.tenant_id == tx.tenant_id,
            ~BOOKED_ON.between(start, end),
            or_(*passed_by),
            ~went_out,
        )
    ).scalar_one()


def options_used(tx: Tx, target: str) -> list[str]:
    """Each way in which batches of the target were asked for, as it is stored; "" before options."""
    b = export_batch.c
    query = select(func.coalesce(b.options, "")).where(
        b.tenant_id == tx.tenant_id, b.target == target, b.state != BatchState.VOIDED
    )
    return sorted(set(tx.connection.execute(query.distinct()).scalars()))


def deferrals_due(tx: Tx, until: date) -> int:
    """Deferrals of which a month that ends up to that day (inclusive) is not posted yet."""
    d = deferral.c
    month = until.replace(day=1)
    # They are posted on a month's last day.
    is_due = d.next_month <= month if until == last_of_month(month) else d.next_month < month
    return tx.connection.execute(
        select(func.count()).select_from(deferral).where(d.tenant_id == tx.tenant_id, is_due)
    ).scalar_one()
