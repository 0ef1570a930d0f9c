"""The entries of a batch, checked one by one before anything is written of them."""

from collections.abc import Iterator
from decimal import Decimal

from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import Side
from faktura.plugin import ExportBatch, ExportSource, JournalEntryData, LegData


def checked_entries(batch: ExportBatch, source: ExportSource) -> Iterator[JournalEntryData]:
    """The entries by (accounting date, seq), streamed.

    Raises ExportRefused for an entry outside the batch's days, or one that does not balance.
    """
    for entry in source.entries():
        if not batch.start <= entry.booked_on <= batch.end:
            raise ExportRefused(
                f"accounting date {entry.booked_on} lies outside {batch.start} to {batch.end}",
                place=f"entry {entry.key}",
                mend="Make the batch of the period the entry lies in",
            )
        if difference := sum(signed(leg) for leg in entry.legs):
            raise ExportRefused(
                f"debits and credits differ by {difference:f} {entry.currency}",
                place=f"entry {entry.key}",
                mend="Run faktura verify: a posted entry always balances",
            )
        yield entry


def signed(leg: LegData) -> Decimal:
    """The amount of a leg; a credit is negative."""
    return leg.amount if leg.side is Side.DEBIT else -leg.amount
