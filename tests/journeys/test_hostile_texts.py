"""hledger reads a journal full of texts that look like its syntax."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from tests.journeys.hledger_program import RUNTIME, balances, hledger, refused

from faktura.kernel.terms import Chart, EntryKind, Side, Slot
from faktura.plugin import ExportBatch, JournalEntryData, LegData
from faktura.testing.export_sources import GivenSource
from faktura_journal.hledger import HledgerExporter
from faktura_journal.settings import BooksSettings

HOSTILE = (
    "", " ", ";", "; date:2020-01-01", "[2020-01-01]", "(code)", "! x", "* x", "=2026-01-01 x",
    "2026-01-01 x", "a | b", "a  b", "x\n2026-01-01 y\n  8400  1 EUR", "\n", "\r\n  ; key:other",
    "comment", "end comment", "account x", "include /etc/passwd", "~ monthly", "= expr:x", "P 2026",
    "{cost}", "@ 3 USD", "1,000.00 EUR = 5", "key:other, kost9:x", "date2:2020-02-30", "\u2028x",
    "\x00\x07", "\u202etxet", "日本 🎉", "Ä" * 300, "\t", '"', "'", "\\", "%(date)", "a:b:c", ":",
    ",", "type:A", "#tag", "[=2020-01-01]", "[2020-13-99]", "(2020-01-01)",
)  # fmt: skip


def test_no_text_of_a_customer_becomes_syntax(tmp_path: Path):
    """Each text as name, text, cost centre, document: as many entries, tags, accounts as given."""
    given = [
        JournalEntryData(
            seq=seq,
            key=f"k:{seq}",
            kind=EntryKind.INVOICE,
            value_date=date(2026, 11, 15),
            booked_on=date(2026, 11, 15),
            recorded_at=datetime(2026, 11, 15, tzinfo=UTC),
            currency="EUR",
            text=text,
            customer_name=HOSTILE[-seq],
            document_number=text,
            customer_number="K",
            legs=(
                LegData(no=1, account="1200", slot=Slot.BANK, side=Side.DEBIT, amount=Decimal(5)),
                LegData(
                    no=2, account="8400", slot=Slot.MANUAL, side=Side.CREDIT, amount=Decimal(5),
                    cost_centre=text, cost_object=HOSTILE[-seq],
                ),
            ),
        )
        for seq, text in enumerate(HOSTILE, 1)
    ]  # fmt: skip
    batch = ExportBatch(
        number=1,
        start=date(2026, 11, 1),
        end=date(2026, 11, 30),
        created_at=datetime(2026, 12, 1, tzinfo=UTC),
        time_zone="Europe/Berlin",
        currency="EUR",
        chart=Chart.SKR03,
    )
    (file,) = HledgerExporter(BooksSettings(), RUNTIME).export(batch, GivenSource(given))
    journal = tmp_path / "hostile.journal"
    journal.write_bytes(file.content)

    assert refused(journal) == ""
    read = json.loads(hledger(journal, "print", "-O", "json").stdout)
    assert [(one["tdate"], one["tcode"], one["tstatus"]) for one in read] == [
        ("2026-11-15", str(seq), "Cleared") for seq in range(1, len(HOSTILE) + 1)
    ]
    names = [{name for name, _ in one["ttags"]} for one in read]
    assert set().union(*names) == {"key", "kind", "customer", "document"}
    assert [dict(one["ttags"])["key"] for one in read] == [entry.key for entry in given]
    postings = [posting for one in read for posting in one["tpostings"]]
    assert {posting["paccount"] for posting in postings} == {"1200", "8400"}
    assert {(posting["pdate"], posting["pdate2"]) for posting in postings} == {(None, None)}
    # `type` is that of the account.
    tags = {name for posting in postings for name, _ in posting["ptags"]}
    assert tags == {"kost1", "kost2", "type"}
    assert balances(journal) == {
        "1200": Decimal(5 * len(HOSTILE)),
        "8400": Decimal(-5 * len(HOSTILE)),
    }
