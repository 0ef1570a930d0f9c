"""Accounting exports: which entries a batch takes, and its record once its files are kept."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from faktura.domain.exports import ExportPart, Ranges, exported_kinds, ranges_of
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import (
    ExportRefused,
    FieldInvalid,
    PluginBroken,
    TransitionRefused,
    shortened,
)
from faktura.kernel.terms import EntryKind
from faktura.plugin import ExportBatch, ExportFile, ExportOptions
from faktura.store.codec import from_json
from faktura.store.export_entries import (
    Selection,
    deferrals_due,
    keys_of_seqs,
    late_entries,
    options_used,
    selected_seqs,
    seqs_of_keys,
)
from faktura.store.exports import StoredBatch, next_batch_number, write_batch
from faktura.store.journal import read_drafts
from faktura.store.period_locks import locked_to
from faktura.store.transaction import Tx

_NAMED = 10


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What somebody asks for: accounting dates `start`..`end` (both inclusive) and options.

    `without_drafts` says that entries which wait for an account may stay out.
    """

    start: date
    end: date
    options: ExportOptions = field(default_factory=ExportOptions)
    without_drafts: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an export does not hold though somebody may expect it.

    `drafts` are entries of the period that miss an account, `missing` those accounts' keys with the
    number of drafts that need each. `late` are entries of other days that came in after their
    days' batch was made. `deferrals` are those of which a month of the period is not posted yet.
    """

    drafts: int = 0
    missing: tuple[tuple[str, int], ...] = ()
    late: int = 0
    deferrals: int = 0


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """A batch before its files are made; `seqs` are the numbers of its entries in the journal."""

    batch: ExportBatch
    selection: Selection
    seqs: frozenset[int]
    waiting: Waiting


def plan_batch(
    tx: Tx, tenant: Tenant, target: str, request: ExportRequest, *, whole: bool = False
) -> PlannedBatch:
    """The posted entries that the request asks for and that are in no live batch of the target.

    `whole` takes them wherever they went out before.

    Raises FieldInvalid for days in the wrong order, and ExportRefused where entries of these days
    wait for an account and nobody said that they may stay out (F106).
    """
    if request.end < request.start:
        raise FieldInvalid(
            f"{request.end} lies before {request.start}", place="until", mend="It is the last day"
        )
    kinds = kinds_of(request.options)
    wanted = Selection(target, request.start, request.end, kinds, whole=whole)
    drafts, missing = _drafts(tx, wanted)
    if drafts and not request.without_drafts:
        raise _drafts_refused(request, drafts, missing)
    batch = batch_of(tenant, next_batch_number(tx, target), tx.now(), request)
    return PlannedBatch(
        batch,
        wanted,
        frozenset(selected_seqs(tx, wanted)),
        Waiting(
            drafts,
            missing,
            0 if whole else _late(tx, target, request),
            deferrals_due(tx, request.end) if request.options.deferrals else 0,
        ),
    )


def batch_of(
    tenant: Tenant, number: int, created_at: datetime, request: ExportRequest
) -> ExportBatch:
    """What an exporter is told about a batch."""
    return ExportBatch(
        number=number,
        start=request.start,
        end=request.end,
        created_at=created_at,
        time_zone=tenant.time_zone,
        currency=tenant.currency,
        chart=tenant.chart,
        fiscal_year_month=tenant.fiscal_year_month,
        company=tenant.seller.legal_name,
        options=request.options,
    )


def _late(tx: Tx, target: str, request: ExportRequest) -> int:
    return late_entries(tx, target, request.start, request.end, _kinds_used(tx, target))


def selection_again(batch: StoredBatch, *, whole: bool) -> Selection:
    """The entries of a batch, `whole` if it held all of its days; TransitionRefused if some were freed."""
    if batch.freed:
        raise TransitionRefused(
            "it holds its entries no more",
            place=f"batch {batch.number} for {batch.target}",
            mend="Its files are kept: write them with --again",
        )
    kinds = kinds_of(batch.options)
    if not whole:
        return Selection(batch.target, batch.start, batch.end, kinds, batch.number)
    # Numbers are given in the order of commits: what came later has a higher one.
    last = max(last for file in batch.files for _, last in file.entries)
    return Selection(batch.target, batch.start, batch.end, kinds, whole=True, up_to=last)


def record_batch(tx: Tx, batch: StoredBatch, seqs: Collection[int]) -> None:
    """Record a batch whose files are durable; raises Conflict when another export was faster."""
    write_batch(tx, batch, seqs)


def kinds_of(options: ExportOptions) -> frozenset[EntryKind]:
    """The kinds of entries that an export with these options takes."""
    return exported_kinds(part for part in ExportPart if not getattr(options, part))


@dataclass(slots=True)
class Completeness:
    """Counts that the files of a batch hold every entry exactly once; the core does not trust."""

    target: str
    left: set[int]
    names: set[str] = field(default_factory=set)

    def take(self, tx: Tx, file: ExportFile) -> Ranges:
        """The numbers of the file's entries; raises PluginBroken for one too many.

        So it does for a second file of one name: it would be written over the first.
        """
        if file.name in self.names:
            raise PluginBroken(f"two files are called {file.name}", place=f"exporter {self.target}")
        self.names.add(file.name)
        taken: list[int] = []
        wrong: list[str] = []
        for key, seq in seqs_of_keys(tx, file.entry_keys):
            if seq is None or seq not in self.left:
                wrong.append(key)
            else:
                self.left.remove(seq)
                taken.append(seq)
        if wrong:
            raise self._broken(wrong)
        return ranges_of(taken)

    def finish(self, tx: Tx) -> None:
        """Raise PluginBroken where an entry is in no file."""
        if self.left:
            raise self._broken(keys_of_seqs(tx, sorted(self.left)[:_NAMED]))

    def _broken(self, keys: Iterable[str]) -> PluginBroken:
        return PluginBroken(
            f"the files do not hold every entry exactly once: {shortened(', '.join(keys))}",
            place=f"exporter {self.target}",
            mend="Nothing was handed over; report it to the plugin's maker",
        )


def _kinds_used(tx: Tx, target: str) -> list[tuple[str, frozenset[EntryKind]]]:
    return [
        (stored, kinds_of(from_json(stored, ExportOptions) if stored else ExportOptions()))
        for stored in options_used(tx, target)
    ]


def _drafts(tx: Tx, wanted: Selection) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Drafts that the selection would hold, and the accounts they miss, most missed first."""
    closed = locked_to(tx)
    missing: Counter[str] = Counter()
    count = 0
    for draft in read_drafts(tx):
        day = draft.entry.value_date
        if closed is not None and day <= closed:
            # It will be booked on the first open day (P24).
            day = closed + timedelta(days=1)
        if draft.entry.kind in wanted.kinds and wanted.start <= day <= wanted.end:
            count += 1
            missing.update(set(draft.missing))
    return count, tuple(sorted(missing.items(), key=lambda found: (-found[1], found[0])))


def _drafts_refused(
    request: ExportRequest, drafts: int, missing: Iterable[tuple[str, int]]
) -> ExportRefused:
    wait = "1 entry waits" if drafts == 1 else f"{drafts} entries wait"
    accounts = ", ".join(f"{key} ({count})" for key, count in missing)
    return ExportRefused(
        f"{wait} for an account that nobody set: {accounts}",
        place=f"{request.start} to {request.end}",
        mend="Set it with `faktura accounting accounts set KEY ACCOUNT`, or export without drafts",
    )
