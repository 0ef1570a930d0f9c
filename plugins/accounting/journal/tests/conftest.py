"""Builders of journal entries and what the exporters make of them."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from faktura.kernel.clock import FixedClock
from faktura.plugin import (
    AccountBalanceData,
    AccountingExporter,
    ExportBatch,
    ExportFile,
    JournalEntryData,
    LegData,
    Runtime,
)
from faktura.testing.export_sources import GivenSource

NOW = datetime(2026, 12, 1, 8, 30, 15, tzinfo=UTC)


class NoState:
    """State that is never asked: an exporter keeps none."""

    def get(self, key: str) -> object | None:
        """Nothing is ever there."""
        raise AssertionError(key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing may be put."""
        raise AssertionError(key, value)


@pytest.fixture
def leg() -> Callable[..., dict[str, object]]:
    """Build a leg: account, side, amount; the slot follows from the first digits (SKR03)."""
    slots = {"14": "RECEIVABLES", "84": "REVENUE", "17": "VAT", "12": "BANK", "09": "MANUAL"}

    def build(account: str, side: str, amount: str, **more: object) -> dict[str, object]:
        slot = slots.get(account[:2], "MANUAL")
        taxed = (
            {"tax_case": "STANDARD", "tax_rate": Decimal(19), "tax_country": "DE"}
            if slot in ("REVENUE", "VAT")
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
        return JournalEntryData.model_validate({"booked_on": fields["value_date"]} | fields)

    return build


@pytest.fixture
def invoice(
    leg: Callable[..., dict[str, object]], entry: Callable[..., JournalEntryData]
) -> Callable[..., JournalEntryData]:
    """1,190.00 EUR of 15 November 2026 to debtor 10001."""

    def build(**more: object) -> JournalEntryData:
        fields: dict[str, object] = {
            "customer_number": "K-1",
            "customer_name": "Müller & Söhne GmbH",
            "document_kind": "INVOICE",
            "due_on": date(2026, 11, 29),
        }
        return entry(
            leg("1400", "D", "1190.00", debtor="10001"),
            leg("8400", "C", "1000.00", cost_centre="100", cost_object="Nord"),
            leg("1776", "C", "190.00"),
            **(fields | more),
        )

    return build


@pytest.fixture
def payment(
    leg: Callable[..., dict[str, object]], entry: Callable[..., JournalEntryData]
) -> Callable[..., JournalEntryData]:
    """1,190.00 EUR of debtor 10001 on the bank on 2 December 2026."""

    def build(**more: object) -> JournalEntryData:
        fields: dict[str, object] = {
            "seq": 2,
            "key": "pay:1",
            "kind": "PAYMENT",
            "value_date": date(2026, 12, 2),
            "text": "Zahlung RE-1001",
        }
        return entry(
            leg("1200", "D", "1190.00"),
            leg("1400", "C", "1190.00", debtor="10001"),
            **(fields | more),
        )

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
            "company": "Werk GmbH",
        }
        return ExportBatch.model_validate(fields | more)

    return build


@pytest.fixture
def balance() -> Callable[..., AccountBalanceData]:
    """Build a balance in euros."""

    def build(
        on: date, account: str, amount: str, debtor: str | None = None, currency: str = "EUR"
    ) -> AccountBalanceData:
        return AccountBalanceData(
            on=on, account=account, currency=currency, balance=Decimal(amount), debtor=debtor
        )

    return build


@pytest.fixture
def runtime() -> Runtime:
    """A clock at the time of the batch, no state."""
    return Runtime(FixedClock(NOW), logging.getLogger("journal"), NoState())


@pytest.fixture
def export(batch: Callable[..., ExportBatch], runtime: Runtime) -> Callable[..., list[ExportFile]]:
    """Export a source by an exporter with these settings; `of` changes the batch."""

    def run(
        exporter: type[AccountingExporter],
        source: GivenSource,
        of: Mapping[str, object] | None = None,
        **settings: object,
    ) -> list[ExportFile]:
        own = exporter.Settings.model_validate(settings)
        return list(exporter(own, runtime).export(batch(**(of or {})), source))

    return run
