"""Whatever people are called: a file that the strict reader takes, or a refusal (invariant 14)."""

import logging
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import Chart
from faktura.plugin import DebtorData, ExportBatch, ExportFile, JournalEntryData, Runtime
from faktura.testing.export_sources import GivenSource
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.document_field import to_number
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.layouts import DEBTORS, POSTINGS
from faktura_datev.reader import Record, read
from faktura_datev.settings import DatevSettings

NOW = datetime(2026, 12, 1, tzinfo=UTC)
CLIENT = Client(29098, 55003, Functions(Chart.SKR03))
BATCH = ExportBatch(
    number=1,
    start=date(2026, 11, 1),
    end=date(2026, 11, 30),
    created_at=NOW,
    time_zone="Europe/Berlin",
    currency="EUR",
    chart=Chart.SKR03,
)
ACCOUNTS = {0: ("8120", ""), 7: ("8300", "1771"), 19: ("8400", "1776")}
CASES = {0: "EXPORT", 7: "REDUCED", 19: "STANDARD"}


class NoState:
    def get(self, key: str) -> object | None:
        raise AssertionError(key)

    def put(self, key: str, value: object) -> None:
        raise AssertionError(key, value)


def exported(source: GivenSource) -> list[ExportFile]:
    runtime = Runtime(FixedClock(NOW), logging.getLogger("datev"), NoState())
    settings = DatevSettings(consultant=29098, client=55003)
    return list(DatevFileExporter(settings, runtime).export(BATCH, source))


def invoice(net_cents: int, rate: int, name: str, text: str, number: str) -> JournalEntryData:
    revenue, vat_account = ACCOUNTS[rate]
    net = Decimal(net_cents) / 100
    vat = (net * rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    taxed = {"tax_case": CASES[rate], "tax_rate": rate, "side": "C"}
    legs = [
        {"account": "1400", "slot": "RECEIVABLES", "side": "D", "amount": net + vat,
         "debtor": "10001"},
        {"account": revenue, "slot": "REVENUE", "amount": net} | taxed,
        {"account": vat_account, "slot": "VAT", "amount": vat} | taxed,
    ]  # fmt: skip
    return JournalEntryData.model_validate(
        {
            "seq": 1, "key": "inv:1", "kind": "INVOICE", "value_date": date(2026, 11, 15),
            "booked_on": date(2026, 11, 15), "recorded_at": NOW, "currency": "EUR", "text": text,
            "customer_name": name, "document_number": number,
            "legs": [{"no": n} | leg for n, leg in enumerate(legs, 1) if leg["amount"]],
        }
    )  # fmt: skip


@given(
    st.integers(1, 99_999_999),
    st.sampled_from(sorted(ACCOUNTS)),
    st.text(max_size=80),
    st.text(max_size=80),
    st.from_regex(r"[A-Za-z0-9._-]{1,36}", fullmatch=True),
)
def test_any_name_text_amount_and_number_is_read_back(net_cents, rate, name, text, number):
    """No fault; the number can be had back from the field, and nothing changed without a note."""
    (file,) = exported(GivenSource([invoice(net_cents, rate, name, text, number)]))

    (record,) = read(file.content, CLIENT, POSTINGS)
    assert isinstance(record, Record)
    assert to_number(record.cells[11]) == number
    meant = text if name in text else f"{name} {text}"
    assert bool(file.notes) == (record.cells.get(14, "") != meant)


@given(st.text(min_size=37, max_size=45) | st.text(max_size=20).map(lambda text: f"RE {text}"))
def test_a_number_without_place_is_refused(number):
    """Never cut: open items are cleared by it."""
    with pytest.raises(ExportRefused, match=r"entry inv:1: document number .* has no place"):
        exported(GivenSource([invoice(100, 19, "", "", number)]))


@given(st.builds(
    DebtorData,
    account=st.sampled_from(["10001", "69999"]),
    customer_number=st.text(max_size=20),
    company=st.text(max_size=60),
    first_name=st.text(max_size=40),
    last_name=st.text(max_size=40),
    street=st.text(max_size=40),
    city=st.text(max_size=40),
    country=st.text(max_size=3),
    vat_id=st.sampled_from(["", "DE133546770", "GR123456789", "CHE1", "x"]),
    email=st.text(max_size=70),
    mandate=st.text(max_size=40),
    due_days=st.none() | st.integers(0, 2000),
))  # fmt: skip
def test_any_customer_is_read_back_and_every_change_is_noted(debtor: DebtorData):
    """One without any name goes by number."""
    (file,) = exported(GivenSource(debtors=[debtor]))

    (record,) = read(file.content, CLIENT, DEBTORS)
    assert isinstance(record, Record)
    written = set(record.cells.values())
    given_texts = (debtor.street, debtor.city, debtor.country, debtor.email, debtor.mandate)
    changed = [text for text in given_texts if text and text not in written]
    assert len(file.notes) >= len(changed)
