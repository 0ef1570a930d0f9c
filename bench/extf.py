"""Writing DATEV's booking batches against joining and encoding the very same fields in a bare loop."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from time import process_time
from typing import cast

from figure import Figure, at_least, at_most, interleaved, run_alone

from faktura.kernel.clock import FixedClock
from faktura.kernel.terms import Chart
from faktura.plugin import (
    ExportBatch,
    ExportOptions,
    ExportSource,
    JournalEntryData,
    Runtime,
    StateStore,
)
from faktura.testing.export_sources import GivenSource
from faktura_datev.accounts import Functions
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.record import lines_of
from faktura_datev.row import Row
from faktura_datev.rows import rows_of
from faktura_datev.settings import DatevSettings

_ENTRIES = 20_000
_MONTH = 10_000
_START = date(2026, 1, 1)
_NOW = datetime(2027, 1, 1, 8, tzinfo=UTC)
_END = "\r\n"


def measure() -> list[Figure]:
    """Rows to bytes; the whole export, its proof included; memory at two and at eight months."""
    two, eight = (run_alone("extf", "export", str(months)).above_imports_mb for months in (2, 8))
    return [
        _writing(),
        _exporting(),
        at_most("extf_memory_8_months", eight, "MB", two, 1.2),
    ]


def _writing() -> Figure:
    rows = [rows_of(entry, Functions(Chart.SKR03)) for entry in map(entry_of, range(_ENTRIES))]
    fields = [line.split(";") for each in rows for line in lines_of(each, lock=False)]
    ours, bare = interleaved(lambda: _written(rows), lambda: _joined(fields))
    return at_least("extf_write", len(fields) / ours, "rows/s", len(fields) / bare, 0.3)


def _exporting() -> Figure:
    """Only shown: choosing the rows, writing, reading back, and comparing with the journal."""
    source = GivenSource(entry_of(n) for n in range(_ENTRIES))
    began = process_time()
    rows = _exported(source)
    speed = rows / (process_time() - began)
    return Figure("extf_export", speed, "rows/s", None, None, "-", ok=True)


def _written(rows: list[tuple[Row, ...]]) -> int:
    return sum(
        len("".join(f"{line}{_END}" for line in lines_of(each, lock=False)).encode("cp1252"))
        for each in rows
    )


def _joined(fields: list[list[str]]) -> int:
    return sum(len((";".join(each) + _END).encode("cp1252")) for each in fields)


def export(months: str) -> None:
    """Export that many months of 10,000 entries, which come one by one."""
    rows = _exported(cast("ExportSource", _Streamed(int(months))))
    assert rows == int(months) * _MONTH, rows


def _exported(source: ExportSource) -> int:
    # The exporter is pure: it asks its runtime for the clock at most.
    runtime = Runtime(FixedClock(_NOW), logging.getLogger("bench"), cast("StateStore", None))
    exporter = DatevFileExporter(DatevSettings(consultant=29098, client=55003), runtime)
    batch = ExportBatch(
        number=1,
        start=_START,
        end=date(2026, 12, 31),
        created_at=_NOW,
        time_zone="Europe/Berlin",
        currency="EUR",
        chart=Chart.SKR03,
        options=ExportOptions(debtors=False),
    )
    return sum(file.rows for file in exporter.export(batch, source))


class _Streamed:
    """The entries of some months, made when they are asked for."""

    def __init__(self, months: int) -> None:
        self._months = months

    def entries(self) -> Iterator[JournalEntryData]:
        """One month after the other."""
        return map(entry_of, range(self._months * _MONTH))


def entry_of(number: int) -> JournalEntryData:
    """By turns an invoice of 119.00 and the payment of one; 10,000 a month."""
    on = _START + timedelta(days=number // _MONTH * 31)
    on = on.replace(day=1 + number % _MONTH * 28 // _MONTH)
    paid = number % 2
    return JournalEntryData.model_validate(
        {
            "seq": number + 1,
            "key": f"{'pay' if paid else 'inv'}:{number}",
            "kind": "PAYMENT" if paid else "INVOICE",
            "value_date": on,
            "booked_on": on,
            "recorded_at": _NOW,
            "currency": "EUR",
            "text": f"Rechnung RE-{number}",
            "document_number": f"RE-{number}",
            "document_kind": "INVOICE",
            "due_on": on + timedelta(days=14),
            "customer_number": str(10_000 + number),
            "customer_name": "Müller & Söhne GmbH",
            "legs": _payment() if paid else _invoice(),
        }
    )


@cache
def _invoice() -> tuple[dict[str, object], ...]:
    taxed = {"side": "C", "tax_case": "STANDARD", "tax_rate": "19"}
    return (
        {"no": 1, "account": "1400", "slot": "RECEIVABLES", "side": "D", "amount": "119.00",
         "debtor": "10001"},
        {"no": 2, "account": "8400", "slot": "REVENUE", "amount": "100.00", "cost_centre": "100"}
        | taxed,
        {"no": 3, "account": "1776", "slot": "VAT", "amount": "19.00"} | taxed,
    )  # fmt: skip


@cache
def _payment() -> tuple[dict[str, object], ...]:
    return (
        {"no": 1, "account": "1200", "slot": "BANK", "side": "D", "amount": "119.00"},
        {"no": 2, "account": "1400", "slot": "RECEIVABLES", "side": "C", "amount": "119.00",
         "debtor": "10001"},
    )  # fmt: skip


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
