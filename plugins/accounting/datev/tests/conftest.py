"""Builders of journal entries, and a reading of the files that is not the plugin's own."""

import csv
import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from faktura.kernel.clock import FixedClock
from faktura.plugin import ExportBatch, ExportFile, JournalEntryData, LegData, Runtime
from faktura.testing.export_sources import GivenSource
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.settings import DatevSettings

# DATEV's own sample files are not ours to ship: their tests run where somebody names the folder.
collect_ignore = [] if "FAKTURA_CONFORMANCE_DATA" in os.environ else ["samples"]

NOW = datetime(2026, 12, 1, 8, 30, 15, 123456, tzinfo=UTC)


class NoState:
    """The exporter keeps no state."""

    def get(self, key: str) -> object | None:
        """Nothing is ever there."""
        raise AssertionError(key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing may be put."""
        raise AssertionError(key, value)


@pytest.fixture
def leg() -> Callable[..., dict[str, object]]:
    """Build a leg: account, slot, side, amount."""

    def build(account: str, slot: str, side: str, amount: str, **more: object) -> dict[str, object]:
        taxed = (
            {"tax_case": "STANDARD", "tax_rate": Decimal(19)}
            if slot in ("REVENUE", "VAT", "DEPOSITS_RECEIVED")
            else {}
        )
        return {"account": account, "slot": slot, "side": side, "amount": amount} | taxed | more

    return build


@pytest.fixture
def entry() -> Callable[..., JournalEntryData]:
    """Build an entry of 15 November 2026 out of legs."""

    def build(*legs: dict[str, object], **more: object) -> JournalEntryData:
        fields: dict[str, object] = {
            "seq": 1,
            "key": "inv:RE-1001",
            "kind": "INVOICE",
            "value_date": date(2026, 11, 15),
            "recorded_at": NOW,
            "currency": "EUR",
            "text": "Rechnung RE-1001",
            "document_number": "RE-1001",
            "legs": [LegData.model_validate({"no": n} | one) for n, one in enumerate(legs, 1)],
        }
        fields |= more
        fields.setdefault("booked_on", fields["value_date"])
        return JournalEntryData.model_validate(fields)

    return build


@pytest.fixture
def batch() -> Callable[..., ExportBatch]:
    """Build a batch of November 2026 in SKR03."""

    def build(**more: object) -> ExportBatch:
        fields: dict[str, object] = {
            "number": 7,
            "start": date(2026, 11, 1),
            "end": date(2026, 11, 30),
            "created_at": NOW,
            "time_zone": "Europe/Berlin",
            "currency": "EUR",
            "chart": "SKR03",
        }
        return ExportBatch.model_validate(fields | more)

    return build


@pytest.fixture
def exporter() -> Callable[..., DatevFileExporter]:
    """Build the exporter of client 29098 / 55003."""

    def build(**settings: object) -> DatevFileExporter:
        own = DatevSettings.model_validate({"consultant": 29098, "client": 55003} | settings)
        return DatevFileExporter(
            own, Runtime(FixedClock(NOW), logging.getLogger("datev"), NoState())
        )

    return build


@pytest.fixture
def export(
    exporter: Callable[..., DatevFileExporter], batch: Callable[..., ExportBatch]
) -> Callable[..., list[ExportFile]]:
    """Export entries as November 2026; keyword arguments change the batch."""

    def run(*entries: JournalEntryData, **more: object) -> list[ExportFile]:
        return list(exporter().export(batch(**more), GivenSource(entries)))

    return run


@pytest.fixture
def records() -> Callable[[ExportFile], list[dict[str, str]]]:
    """Read a file's records by heading with the standard library, filled columns only."""

    def read(file: ExportFile) -> list[dict[str, str]]:
        lines = file.content.decode("cp1252").split("\r\n")[1:-1]
        rows = csv.DictReader(lines, delimiter=";")
        return [{heading: value for heading, value in row.items() if value} for row in rows]

    return read


@pytest.fixture
def postings(
    export: Callable[..., list[ExportFile]],
    records: Callable[[ExportFile], list[dict[str, str]]],
) -> Callable[..., list[str]]:
    """Export entries and show their rows as `Umsatz S/H Konto/Gegenkonto BU`."""

    def run(*entries: JournalEntryData, **more: object) -> list[str]:
        (file,) = export(*entries, **more)
        return [
            f"{row['Umsatz (ohne Soll/Haben-Kz)']} {row['Soll/Haben-Kennzeichen']} {row['Konto']}/"
            f"{row['Gegenkonto (ohne BU-Schlüssel)']} {row.get('BU-Schlüssel', '-')}"
            for row in records(file)
        ]

    return run
