"""Accounting exports: which entries a batch takes, and its record once its files are kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldInvalid, PluginBroken, shortened
from faktura.plugin import ExportBatch, JournalEntryData
from faktura.store.exports import StoredBatch, late_entries, next_batch_number, write_batch
from faktura.store.journal import JournalFilter, read_drafts, read_entries
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """A batch before its files are made; `drafts` are entries of the period that miss an account.

    `late` are entries of other days that were posted after their days' batch was made.
    """

    batch: ExportBatch
    entries: tuple[JournalEntryData, ...]
    drafts: int
    late: int


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
    late = late_entries(tx, target, start, end)
    return PlannedBatch(batch, tuple(read_entries(tx, wanted)), drafts, late)


def record_batch(tx: Tx, batch: StoredBatch, entries: Iterable[JournalEntryData]) -> None:
    """Record a batch whose files are durable; raises Conflict when another export was faster."""
    write_batch(tx, batch, [entry.seq for entry in entries])


def check_complete(target: str, entries: Sequence[JournalEntryData], keys: Sequence[str]) -> None:
    """Raise PluginBroken unless the files hold every entry exactly once."""
    wanted, held = Counter(entry.key for entry in entries), Counter(keys)
    if held != wanted:
        wrong = sorted({*wanted} ^ {*held}) or [key for key in held if held[key] != wanted[key]]
        raise PluginBroken(
            f"the files do not hold every entry exactly once: {shortened(', '.join(wrong))}",
            place=f"exporter {target}",
            mend="Nothing was handed over; report it to the plugin's maker",
        )
