"""Accounting exports: which entries a batch takes, and its record once its files are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldInvalid, PluginBroken, shortened
from faktura.plugin import ExportBatch, JournalEntryData
from faktura.store.exports import StoredBatch, next_batch_number, write_batch
from faktura.store.journal import JournalFilter, read_drafts, read_entries
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """A batch before its files are made; `drafts` are entries of the period that miss an account."""

    batch: ExportBatch
    entries: tuple[JournalEntryData, ...]
    drafts: int


def plan_batch(tx: Tx, tenant: Tenant, target: str, start: date, end: date) -> PlannedBatch:
    """The posted entries of these value dates (both inclusive) that never went to the target."""
    if end < start:
        raise FieldInvalid(f"{end} lies before {start}", place="field --to")
    wanted = JournalFilter(start, end, unexported=target)
    batch = ExportBatch(
        number=next_batch_number(tx, target),
        start=start,
        end=end,
        created_at=tx.now(),
        time_zone=tenant.time_zone,
        currency=tenant.currency,
        chart=tenant.chart,
        fiscal_year_month=tenant.fiscal_year_month,
    )
    drafts = sum(1 for draft in read_drafts(tx) if start <= draft.entry.value_date <= end)
    return PlannedBatch(batch, tuple(read_entries(tx, wanted)), drafts)


def record_batch(tx: Tx, batch: StoredBatch, entries: Iterable[JournalEntryData]) -> None:
    """Record a batch whose files are durable; raises Conflict when another export was faster."""
    write_batch(tx, batch, [entry.seq for entry in entries])


def check_complete(target: str, entries: Sequence[JournalEntryData], keys: Sequence[str]) -> None:
    """Raise PluginBroken unless the files hold every entry exactly once."""
    wanted = sorted(entry.key for entry in entries)
    if sorted(keys) != wanted:
        wrong = sorted({*wanted} ^ {*keys}) or [key for key in keys if keys.count(key) > 1]
        raise PluginBroken(
            f"the files do not hold every entry exactly once: {shortened(', '.join(wrong))}",
            place=f"exporter {target}",
            mend="Nothing was handed over; report it to the plugin's maker",
        )
