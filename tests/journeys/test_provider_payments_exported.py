"""A month of money at a provider in the books of others: DATEV's file and hledger's journal."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.journeys.hledger_program import RUNTIME, balances, refused
from tests.services.company import opened
from tests.services.payments.refunds import Refunds

from faktura.flows.exports import export_entries
from faktura.kernel.terms import Chart
from faktura.plugin import AccountingExporter, RefundAnswer
from faktura.services.exports import ExportRequest
from faktura.store.blobs import DirectoryStore
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.reader import Record, read
from faktura_datev.settings import DatevSettings
from faktura_journal.hledger import HledgerExporter
from faktura_journal.settings import BooksSettings

NOVEMBER = ExportRequest(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def month(tmp_path: Path) -> Iterator[Refunds]:
    """Everything that a provider can do with money, all on 10 November.

    RE-000001 35.70 is paid with a fee of 0.78, cancelled, and 35.70 are refunded. RE-000002 100.00 is
    paid, charged back with a fee of 20.00, and won. Of RE-000003 297.50 is paid, 40.00 are taken back.
    """
    database = opened(f"sqlite:///{tmp_path / 'faktura.sqlite3'}")
    scene = Refunds(database, tmp_path / "scene" / "content")
    first = scene.attempt("RE-000001")
    scene.succeed(first, fee="0.78")
    scene.cancel("RE-000001")
    scene.said(scene.open_one(scene.now(first), "35.70"), RefundAnswer.SUCCEEDED)
    second = scene.paid("RE-000002")
    scene.dispute(second, "double:dp_1", fee="20.00")
    scene.won(second, "double:dp_1")
    scene.dispute(scene.paid("RE-000003"), "double:dp_2", "40.00")
    yield scene
    database.close()


def exported(scene: Refunds, exporter: AccountingExporter, folder: Path) -> bytes:
    """November's entries; DATEV's comes with a file of the debtors."""
    contents = DirectoryStore(folder / "exports")
    receipt = export_entries(scene.database, contents, scene.tenant, exporter, NOVEMBER)
    assert receipt.batch is not None
    file = min(receipt.batch.files, key=lambda one: "Debitoren" in one.name)
    return contents.get(scene.tenant.id, file.digest)


def test_datev_reads_money_at_a_provider_as_money_in_transit(month: Refunds, tmp_path: Path):
    """1360 against each debtor, 4970 against 1360; no row has a VAT key, none is at fault."""
    settings = DatevSettings.model_validate({"consultant": 29098, "client": 55003})
    content = exported(month, DatevFileExporter(settings, RUNTIME), tmp_path)

    found = list(read(content, Client(29098, 55003, Functions(Chart.SKR03))))

    rows = [one for one in found if isinstance(one, Record)]
    assert len(rows) == len(found)
    assert [
        f"{row.cells[1]} {row.cells[2]} {row.cells[7]}/{row.cells[8]} {row.cells[11]}"
        for row in rows
        if "1360" in (row.cells[7], row.cells[8])
    ] == [
        "35,70 S 1360/10001 RE-000001",
        "0,78 S 4970/1360 RE-000001",
        "35,70 S 10001/1360 RK-000001",
        "100,00 S 1360/10002 RE-000002",
        "100,00 S 10002/1360 RE-000002",
        "20,00 S 4970/1360 RE-000002",
        "100,00 S 1360/10002 RE-000002",
        "297,50 S 1360/10003 RE-000003",
        "40,00 S 10003/1360 RE-000003",
    ]
    assert all(9 not in row.cells for row in rows)


def test_hledger_finds_what_lies_at_the_provider(month: Refunds, tmp_path: Path):
    """Transit 0.00 - 0.78 + 100.00 - 20.00 + 257.50 = 336.72; fees 20.78; K-3 owes 40.00."""
    journal = tmp_path / "month.journal"
    journal.write_bytes(exported(month, HledgerExporter(BooksSettings(), RUNTIME), tmp_path))

    assert refused(journal) == ""
    found = {account: amount for account, amount in balances(journal).items() if amount}
    assert (found["1360"], found["4970"]) == (Decimal("336.72"), Decimal("20.78"))
    assert {name: amount for name, amount in found.items() if name.startswith("1400:")} == {
        "1400:10003": Decimal("40.00")
    }
