"""The pages of corrections and of what they correct (F064, F066)."""

from decimal import Decimal

import pytest
from tests.services.company import XRechnung
from tests.web.company import company_app
from tests.web.test_pages import NORD, text_of
from tests.web.visits import visiting

from faktura.domain.line_parts import LinePart
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.issuing import Desk
from faktura.store.tenants import read_tenant


@pytest.fixture
async def browser(tmp_path):
    """Of Berta, on a company of which RE-000001 is cancelled and RE-000002 corrected in part."""
    app = company_app(f"sqlite:///{tmp_path / 'faktura.db'}", tmp_path)
    with app.database.write(app.tenant_id(NORD.rpartition("/")[2])) as tx:
        desk = Desk(read_tenant(tx), XRechnung())
        cancel_invoice(tx, desk, "RE-000001", Cancelling(reason="Falsch"))
        part = Correcting((LinePart(1, percent=Decimal(50)),), "Kulanz")
        correct_invoice(tx, desk, "RE-000002", part)
    async with visiting(app) as client:
        yield client
    app.close()


async def test_a_cancelled_invoice_and_its_cancellation_name_each_other(browser):
    """BG-3: both ways, with what the document is called."""
    invoice = await text_of(browser, f"{NORD}/invoices/RE-000001")
    paper = await text_of(browser, f"{NORD}/invoices/RK-000001")

    assert "storniert" in invoice
    assert "Korrigiert durch: Storno RK-000001" in invoice
    assert "Korrigiert: Rechnung RE-000001 · 01.10.2026" in paper
    assert "−(30,00 € × 2) = −60,00 €" in paper
    assert "Storno RK-000001 zur Rechnung RE-000001 vom 01.10.2026" in paper
    assert "Datum 31.10.2026" in paper
    assert "Stornobetrag −71,40 €" in paper
    assert "Grund: Falsch Der Betrag wird mit dem Kundenkonto verrechnet." in paper


async def test_a_correction_shows_positive_amounts(browser):
    """P18: as it is printed, the derivation too; a correction is no invoice and is not paid."""
    paper = await text_of(browser, f"{NORD}/invoices/RK-000002")
    english = await text_of(browser, f"{NORD}/invoices/RK-000002", "en")

    assert "Rechnungskorrektur RK-000002 verrechnet" in paper
    assert "zur Rechnung RE-000002 vom 01.10.2026" in paper
    assert "15,00 € × 1 = 15,00 €" in paper
    assert "Korrekturbetrag 17,85 €" in paper
    assert "Rechnungsdatum" not in paper
    assert "Invoice correction RK-000002 settled" in english
    assert "to invoice RE-000002 of 1 Oct 2026" in english
    assert "Correction total €17.85" in english
    assert "zurückgenommener Betrag" in paper
    assert "IBAN" not in paper


async def test_the_list_says_settled_of_a_credit(browser):
    """Nobody pays a correction: it is offset."""
    shown = await text_of(browser, f"{NORD}/invoices?q=RK-000002")

    assert "−17,85 € – verrechnet" in shown


async def test_an_allocation_names_what_it_came_from(browser):
    """RE-000002: 10.00 were paid, 17.85 corrected."""
    shown = await text_of(browser, f"{NORD}/invoices/RE-000002")

    assert "1 2 Zahlung RE-000002 10,00 €" in shown
    assert "Rechnungskorrektur RK-000002 17,85 €" in shown
