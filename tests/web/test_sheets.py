"""The sheets of documents that are no plain invoices: deposits, final invoices, credits, openings."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.services.company import XRechnung, bill, settle
from tests.web.company import company_app
from tests.web.test_pages import NORD, text_of
from tests.web.visits import Browser, visiting

from faktura.bootstrap import App
from faktura.domain.addresses import ContactPerson
from faktura.domain.customers import Mandate
from faktura.domain.line_parts import LinePart
from faktura.kernel.terms import PaymentMethod
from faktura.services.cancelling import Cancelling
from faktura.services.credit_notes import (
    CorrectingCredit,
    correct_credit_note,
    create_credit_note,
)
from faktura.services.deposits import request_deposit
from faktura.services.final_invoices import issue_final
from faktura.services.imports.credit_note_file import CreditNoteFields
from faktura.services.imports.deposit_fields import DepositFields, FinalInvoiceFields
from faktura.services.imports.opening_file import OpeningItemFields
from faktura.services.issuing import Desk
from faktura.services.opening_items import create_opening_item
from faktura.services.rebilling import rebill_invoice
from faktura.store.customers import read_customer, replace_customers
from faktura.store.tenants import read_tenant

OPENING = {
    "customerNumber": "K-2",
    "number": "ALT-17",
    "issuedOn": "2026-08-15",
    "dueOn": "2026-09-14",
    "amount": "119.00",
    "text": "Wartung August",
}
CONTACT = ContactPerson("Pia Partner", "+49 40 333444", "pia@partner.example")
CREDIT = {
    "partnerNumber": "K-2",
    "contractNumber": "V-2",
    "positions": [
        {
            "articleNumber": "A-1",
            "quantity": "2",
            "unitPrice": "50.00",
            "text": "Provision",
            "from": "2026-10-01",
            "until": "2026-11-01",
        }
    ],
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Nordwind and its two tenants, looked at on 31 October 2026."""
    opened = company_app(f"sqlite:///{tmp_path / 'faktura.db'}", tmp_path)
    yield opened
    opened.close()


@pytest.fixture
async def browser(app: App) -> AsyncIterator[Browser]:
    """Of Berta."""
    async with visiting(app) as client:
        yield client


def pay_deposit(app: App, gross: str, minor: int) -> str:
    """Ask for a deposit on the machine of V-1, and be paid."""
    given = DepositFields.model_validate({"positions": [{"articleNumber": "A-4", "gross": gross}]})
    with app.database.write(app.tenant_id("nord")) as tx:
        tenant = read_tenant(tx)
        number = request_deposit(tx, Desk(tenant, XRechnung()), "V-1", given).number
    settle(app.database, tenant, number, minor)
    return number


def finish(app: App, net: str) -> str:
    """The final invoice over one machine at that price."""
    position = {"articleNumber": "A-4", "quantity": "1", "unitPrice": net}
    given = FinalInvoiceFields.model_validate({"positions": [position]})
    with app.database.write(app.tenant_id("nord")) as tx:
        return issue_final(tx, Desk(read_tenant(tx), XRechnung()), "V-1", given).number


def credit(app: App) -> tuple[str, str]:
    """A credit note over 2 × 50.00 to Zahlt AG, and its correction by half."""
    with app.database.write(app.tenant_id("nord")) as tx:
        partner = replace(read_customer(tx, "K-2"), eu_tax_id="DE136695976", contact=CONTACT)
        replace_customers(tx, [partner])
        desk = Desk(read_tenant(tx), XRechnung())
        note = create_credit_note(tx, desk, CreditNoteFields.model_validate(CREDIT)).number
        half = CorrectingCredit("Falscher Monat", (LinePart(1, percent=Decimal(50)),))
        return note, correct_credit_note(tx, desk, note, half).number


def take_over(app: App, amount: str = "119.00") -> None:
    """An opening item of Zahlt AG."""
    with app.database.write(app.tenant_id("nord")) as tx:
        fields = OpeningItemFields.model_validate({**OPENING, "amount": amount})
        create_opening_item(tx, read_tenant(tx), fields)


async def test_a_final_invoice_deducts_its_deposits_below_its_total(app, browser):
    """F061: 1190.00 less 249.50 (209.66 + 39.84) are 940.50 (790.34 + 150.16)."""
    deposit = pay_deposit(app, "249.50", 24_950)
    number = finish(app, "1000.00")

    shown = await text_of(browser, f"{NORD}/invoices/{number}")
    english = await text_of(browser, f"{NORD}/invoices/{number}", "en")

    assert (
        f"Rechnungsbetrag 1.190,00 € abzüglich Anzahlung {deposit} vom 31.10.2026"
        " netto 209,66 €, USt 19 % 39,84 € erhalten am 20.10.2026 −249,50 €"
        " Verbleibender Betrag netto 790,34 €, USt 150,16 € 940,50 €"
    ) in shown
    assert "Es verbleiben 940,50 €, zahlbar ohne Abzug bis zum 14.11.2026." in shown
    assert "Preis vereinbart" in shown
    assert (
        f"Total €1,190.00 less deposit {deposit} of 31 Oct 2026 net €209.66, VAT 19% €39.84"
        " received on 20 Oct 2026 −€249.50 Remaining amount net €790.34, VAT €150.16 €940.50"
    ) in english
    assert "€940.50 remain, payable without deduction by 14 Nov 2026." in english


async def test_a_final_invoice_that_is_paid_by_its_deposits_asks_for_nothing(app, browser):
    """F061: 119.00 less 119.00; no account is named to pay to."""
    pay_deposit(app, "119.00", 11_900)
    number = finish(app, "100.00")

    shown = await text_of(browser, f"{NORD}/invoices/{number}")

    assert "Verbleibender Betrag netto 0,00 €, USt 0,00 € 0,00 €" in shown
    assert "Es bleibt nichts zu zahlen." in shown
    assert "IBAN" not in shown


async def test_what_a_direct_debit_collects_is_the_rest(app, browser):
    """The mandate's customer pays 940.50, not 1190.00."""
    with app.database.write(app.tenant_id("nord")) as tx:
        mandate = Mandate("M-1", "DE75512108001245126199", date(2026, 9, 1))
        customer = read_customer(tx, "K-1")
        debited = replace(customer, payment_method=PaymentMethod.SEPA_DEBIT, mandate=mandate)
        replace_customers(tx, [debited])
    pay_deposit(app, "249.50", 24_950)
    number = finish(app, "1000.00")

    shown = await text_of(browser, f"{NORD}/invoices/{number}")

    terms = "Es verbleiben 940,50 €; sie werden zum 14.11.2026 per SEPA-Lastschrift eingezogen."
    assert terms in shown


async def test_a_deposit_says_its_gross_amount_and_that_it_was_agreed(app, browser):
    """A German text has a decimal comma; nobody has a special price."""
    number = pay_deposit(app, "249.50", 24_950)

    shown = await text_of(browser, f"{NORD}/invoices/{number}")

    assert "249,50 EUR brutto" in shown
    assert "Preis vereinbart Preis vom" in shown
    assert "Anzahlungsbetrag 249,50 €" in shown


async def test_a_credit_note_and_its_correction_print_their_signs(app, browser):
    """F066, P18: 100.00 + 19 % credited, 50.00 + 19 % of it taken back."""
    note, correction = credit(app)

    credited = await text_of(browser, f"{NORD}/invoices/{note}")
    corrected = await text_of(browser, f"{NORD}/invoices/{correction}")

    assert "50,00 € × 2 = 100,00 € Preis vereinbart" in credited
    assert "Gutschriftsbetrag 119,00 €" in credited
    assert "Datum 31.10.2026" in credited
    assert f"zur Gutschrift {note} vom 31.10.2026" in corrected
    assert "50,00 € × −1 = −50,00 €" in corrected
    assert "Korrekturbetrag −59,50 €" in corrected
    assert f"Korrektur einer Gutschrift {correction} verrechnet" in corrected


async def test_an_invoice_that_was_issued_anew_names_the_one_it_replaces(app, browser):
    """BG-3: RE-000001 is cancelled and billed again."""
    with app.database.write(app.tenant_id("nord")) as tx:
        desk = Desk(read_tenant(tx), XRechnung())
        _cancelled, again = rebill_invoice(tx, desk, "RE-000001", Cancelling(reason="Adresse"))

    shown = await text_of(browser, f"{NORD}/invoices/{again.number}")

    assert f"Rechnung {again.number} ersetzt Rechnung RE-000001 vom 01.10.2026" in shown
    assert "Rechnungsdatum 31.10.2026" in shown


async def test_an_opening_item_is_shown_as_no_invoice(app, browser):
    """P54: another system issued it; neither lines nor service nor files are known here."""
    take_over(app)

    shown = await text_of(browser, f"{NORD}/invoices/ALT-17")
    english = await text_of(browser, f"{NORD}/invoices/ALT-17", "en")

    assert "Saldovortrag ALT-17 Wartung August Betrag 119,00 €" in shown
    assert "Datum 15.08.2026 Fällig am 14.09.2026 Kundennummer K-2" in shown
    for word in ("Leistung", "Summe netto", "Rechnungsbetrag", "Zahlbar", "IBAN", "E-Rechnung"):
        assert word not in shown
    assert "Opening item ALT-17 Wartung August Amount €119.00" in english


async def test_each_discount_of_a_line_names_its_reason(app, browser):
    """V-5 from 5 November on: 30.00 less 10 %."""
    bill_november(app)

    shown = await text_of(browser, f"{NORD}/invoices?q=K-5")
    number = shown.partition("RE-")[2][:6]
    invoice = await text_of(browser, f"{NORD}/invoices/RE-{number}")

    assert "Nachlass 3,00 €: Treue" in invoice


def bill_november(app: App) -> None:
    """The run of 5 November."""
    with app.database.read(app.tenant_id("nord")) as tx:
        tenant = read_tenant(tx)
    bill(app.database, tenant, date(2026, 11, 5))
