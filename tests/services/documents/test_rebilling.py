"""Cancelling an invoice and billing it again at once, on both databases (F053, F064, F067)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.services.company import TENANT
from tests.services.documents.correction_scene import CorrectionScene

from faktura.domain.addresses import Address
from faktura.kernel.errors import Conflict
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.rebilling import rebill_invoice
from faktura.store.billable import view_of
from faktura.store.customers import replace_customers
from faktura.store.database import Database
from faktura.store.subscriptions import end_items

NOV = date(2026, 11, 1)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> CorrectionScene:
    """A company with XRechnung and no contracts."""
    return CorrectionScene(database, tmp_path)


def cancel(scene: CorrectionScene, number: str) -> str:
    """Cancel an invoice; the number of the cancellation."""
    with scene.write() as tx:
        return cancel_invoice(tx, scene.desk, number, Cancelling()).number


def test_rebilling_takes_the_data_of_today_and_pays_with_the_credit(scene: CorrectionScene):
    """F064, F067: the address is mended; the paid 35.70 pay the new invoice, nothing is open."""
    customer = scene.company.customer()
    contract = scene.company.contract(customer, "A-1")
    scene.company.one_off(contract, "A-4", unit_price=Decimal("-10.00"), text="Gutschein")
    scene.bill()
    scene.pay("RE-000001", 2_380)
    mended = replace(customer, address=Address("Neuer Weg 2", "20095", "Hamburg"))
    with scene.write() as tx:
        replace_customers(tx, [mended])

    with scene.write() as tx:
        documents = rebill_invoice(tx, scene.desk, "RE-000001", Cancelling(reason="Anschrift"))

    assert [one.number for one in documents] == ["RK-000001", "RE-000002"]
    assert scene.totals() == {
        "RE-000001": "20.00 3.80 23.80",
        "RE-000002": "20.00 3.80 23.80",
        "RK-000001": "-20.00 -3.80 -23.80",
    }
    assert (scene.open(), scene.balance(customer.id)) == ({}, "0.00")
    new = scene.printed("RE-000002")
    assert (new.type_code, new.buyer.address.line1) == ("380", "Neuer Weg 2")
    assert [one.number for one in new.preceding] == ["RE-000001"]
    assert (scene.waiting(), scene.violations()) == ([], [])
    scene.bill(NOV)
    assert scene.totals()["RE-000003"] == "30.00 5.70 35.70"


def test_nothing_is_left_to_bill_of_an_item_that_never_ran(scene: CorrectionScene):
    """F064: it is cancelled, and no invoice of no lines is issued."""
    contract = scene.company.contract(scene.company.customer(), "A-1")
    scene.bill()
    with scene.write() as tx:
        (item,) = view_of(tx, contract.id).items
        end_items(tx, [replace(item, until=item.start)])

    with scene.write() as tx:
        documents = rebill_invoice(tx, scene.desk, "RE-000001", Cancelling())

    assert [one.number for one in documents] == ["RK-000001"]
    assert scene.violations() == []


def test_a_collective_invoice_is_cancelled_once_and_billed_per_contract(
    database: Database, tmp_path: Path
):
    """F053, F064: one cancellation over both contracts, one new invoice for each of them."""
    scene = CorrectionScene(database, tmp_path, replace(TENANT, collective_invoices=True))
    customer = scene.company.customer()
    scene.company.contract(customer, "A-1")
    scene.company.contract(replace(customer, number="K-B"), "A-2")
    scene.bill()
    assert scene.totals() == {"RE-000001": "39.90 6.39 46.29"}

    with scene.write() as tx:
        documents = rebill_invoice(tx, scene.desk, "RE-000001", Cancelling())

    assert [one.number for one in documents] == ["RK-000001", "RE-000002", "RE-000003"]
    assert scene.totals()["RK-000001"] == "-39.90 -6.39 -46.29"
    assert sorted(scene.totals()[f"RE-00000{no}"] for no in (2, 3)) == [
        "30.00 5.70 35.70",
        "9.90 0.69 10.59",
    ]
    sections = scene.document("RK-000001").snapshot["contracts"]
    assert isinstance(sections, list)
    assert [one["number"] for one in sections] == ["V-1", "V-B"]
    assert scene.violations() == []
    with pytest.raises(Conflict, match="F064"):
        cancel(scene, "RE-000001")
    cancel(scene, "RE-000002")
    assert scene.violations() == []


def test_a_cancellation_names_the_vat_id_under_which_the_original_was_taxed(
    scene: CorrectionScene,
):
    """F064: a consumer gave a wrong id; reverse charge is taken back under it, 19 % are billed."""
    customer = scene.company.customer("FR", eu_tax_id="FR12345678901")
    scene.company.contract(customer, "A-1")
    scene.bill()
    with scene.write() as tx:
        replace_customers(tx, [replace(customer, eu_tax_id="", is_business=False)])

    with scene.write() as tx:
        rebill_invoice(tx, scene.desk, "RE-000001", Cancelling(reason="USt-IdNr. ungültig"))

    assert scene.vat("RK-000001") == ["0 -30.00 0.00"]
    assert scene.vat("RE-000002") == ["19 30.00 5.70"]
    buyers = {number: scene.printed(number).buyer.vat_id for number in scene.totals()}
    assert buyers == {
        "RE-000001": "FR12345678901",
        "RE-000002": None,
        "RK-000001": "FR12345678901",
    }
    assert (scene.findings("RK-000001"), scene.violations()) == ([], [])
