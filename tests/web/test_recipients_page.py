"""The table of e-mail recipients: rows added, changed in place, saved (F125, F126)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.company import ANNA, company_app
from tests.web.visits import form_token_in, send, visiting

import faktura.web
from faktura.bootstrap import App
from faktura.domain.customers import Recipient
from faktura.kernel.terms import RecipientUse
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.store.contracts import read_contract
from faktura.store.customers import read_customer
from faktura.store.tenants import read_tenant

SHEET = Path(faktura.web.__file__).parent / "static" / "faktura.css"
CUSTOMER = "/admin/t/nord/customers/K-1/recipients"
CONTRACT = "/admin/t/nord/contracts/V-1/recipients"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Of each test alone: these pages change something."""
    opened = company_app(f"sqlite:///{tmp_path / 'faktura.db'}", tmp_path)
    yield opened
    opened.close()


def mark_in(page: str) -> str:
    """What the page says it has seen."""
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


async def save(browser, path: str, page: str, *rows: tuple[str, str], button: str = "save"):
    """Press a button of the page with these rows filled in."""
    fields = {f"email.{no}": email for no, (email, _use) in enumerate(rows)}
    fields |= {f"use.{no}": use for no, (_email, use) in enumerate(rows)}
    fields |= {"form_token": form_token_in(page), "mark": mark_in(page), button: "1"}
    return await send(browser, path, **fields)


def recipients(app, read=read_customer, number: str = "K-1"):
    """As they are kept."""
    with app.database.read(app.tenant_id("nord")) as tx:
        return read(tx, number).recipients


@pytest.mark.parametrize(
    ("path", "read", "number"),
    [(CUSTOMER, read_customer, "K-1"), (CONTRACT, read_contract, "V-1")],
)
async def test_a_table_is_filled_changed_and_emptied(app, browser, path, read, number):
    """F125, F126: a row added, one changed in place, one emptied and so left out."""
    page = await (await browser.get(path)).text()
    saved = await save(
        browser, path, page, ("a@nord.example", "INVOICE"), ("b@nord.example", "DUNNING")
    )
    first = recipients(app, read, number)
    again = await (await browser.get(path)).text()
    await save(browser, path, again, ("", "INVOICE"), ("c@nord.example", "PAYMENT"))

    assert (saved.status, saved.headers["Location"]) == (303, path)
    assert first == (
        Recipient("a@nord.example", RecipientUse.INVOICE),
        Recipient("b@nord.example", RecipientUse.DUNNING),
    )
    assert 'value="b@nord.example"' in again
    assert recipients(app, read, number) == (Recipient("c@nord.example", RecipientUse.PAYMENT),)


async def test_adding_a_row_saves_nothing(app, browser):
    """What was typed stays on the page, with an empty row behind it."""
    page = await (await browser.get(CUSTOMER)).text()

    answer = await save(browser, CUSTOMER, page, ("a@nord.example", "PAYMENT"), button="add")

    shown = await answer.text()
    assert (answer.status, recipients(app)) == (200, ())
    assert 'name="email.0" value="a@nord.example"' in shown
    assert '<option value="PAYMENT" selected>Zahlungen</option>' in shown
    assert 'name="email.1" value=""' in shown


async def test_a_long_table_loses_no_row(app, browser):
    """F126: any number of them, as an import brings them; what the page shows it saves."""
    many = [{"email": f"a{no}@nord.example", "use": "INVOICE"} for no in range(250)]
    with app.database.write(app.tenant_id("nord")) as tx:
        changed_customer(tx, read_tenant(tx), locked_customer(tx, "K-1"), {"recipients": many})
    page = await (await browser.get(CUSTOMER)).text()

    rows = [(one["email"], one["use"]) for one in many]
    answer = await save(browser, CUSTOMER, page, *rows, ("last@nord.example", "PAYMENT"))

    assert answer.status == 303
    assert [one.email for one in recipients(app)] == [
        *(f"a{no}@nord.example" for no in range(250)), "last@nord.example",
    ]  # fmt: skip


async def test_a_wrong_address_is_named_with_its_place(app, browser):
    """And the row stays to be mended."""
    page = await (await browser.get(CUSTOMER)).text()

    answer = await save(browser, CUSTOMER, page, ("a@nord.example", "INVOICE"), ("kein", "INVOICE"))

    shown = await answer.text()
    assert (answer.status, recipients(app)) == (422, ())
    assert "recipients.2.email" in shown
    assert 'value="kein"' in shown


async def test_an_address_no_server_takes_is_refused_when_it_is_saved(app, browser):
    """With the column of the sign, and not months later when a mail is due."""
    page = await (await browser.get(CUSTOMER)).text()

    answer = await save(browser, CUSTOMER, page, ("jö@nord.example", "INVOICE"))

    assert (answer.status, recipients(app)) == (422, ())
    assert "column 2: “jö@nord.example” is no e-mail address: “ö” cannot stand" in (
        await answer.text()
    )


async def test_a_use_nobody_knows_is_refused(app, browser):
    """A form that was tampered with."""
    page = await (await browser.get(CUSTOMER)).text()

    answer = await save(browser, CUSTOMER, page, ("a@nord.example", "SPAM"))

    assert (answer.status, recipients(app)) == (422, ())


async def test_what_somebody_else_changed_is_not_overwritten(app, browser):
    """Two people had the page open; the second one is told."""
    page = await (await browser.get(CUSTOMER)).text()
    with app.database.write(app.tenant_id("nord")) as tx:
        patch = {"recipients": [{"email": "first@nord.example", "use": "INVOICE"}]}
        changed_customer(tx, read_tenant(tx), locked_customer(tx, "K-1"), patch)

    answer = await save(browser, CUSTOMER, page, ("second@nord.example", "INVOICE"))

    assert answer.status == 409
    assert "somebody else has changed the recipients" in await answer.text()
    assert [one.email for one in recipients(app)] == ["first@nord.example"]


@pytest.mark.parametrize("path", [CUSTOMER, CONTRACT])
async def test_another_tenants_table_does_not_exist(app, path):
    """Anna is no member of Süd."""
    async with visiting(app, ANNA) as anna:
        answer = await anna.get(path.replace("/nord/", "/sued/"))

    assert answer.status == 404


async def test_an_unknown_number_is_not_found(browser):
    """Whatever is written into the address."""
    assert (await browser.get(CUSTOMER.replace("K-1", "NOBODY"))).status == 404


async def test_an_invoice_leads_to_both_tables(browser):
    """Customer and contract."""
    shown = await (await browser.get("/admin/t/nord/invoices/RE-000001?lang=en")).text()

    assert re.search(r'href="/admin/t/nord/customers/[^"]+/recipients(\?lang=en)?"', shown)
    assert re.search(r'href="/admin/t/nord/contracts/[^"]+/recipients(\?lang=en)?"', shown)


async def test_both_tables_name_the_customer_and_lead_back(browser):
    """To the customer's invoices; from a contract to the customer's own table as well."""
    customer = await (await browser.get(CUSTOMER.replace("K-1", "K-2"))).text()
    contract = await (await browser.get(CONTRACT.replace("V-1", "V-2"))).text()

    for shown in (customer, contract):
        assert "<p>Zahlt AG" in shown
        assert 'href="/admin/t/nord/invoices?q=K-2"' in shown
        assert "Rechnungen des Kunden K-2" in shown
    assert f'<a href="{CUSTOMER.replace("K-1", "K-2")}">' in contract


def test_on_a_phone_a_table_is_no_wider_than_the_screen():
    """Fields have a width of their own: a table that fits its content would follow it out of the panel."""
    narrow = SHEET.read_text(encoding="utf-8").partition("@media (max-width: 44rem)")[2]

    for rule in (
        "table.stack, table.stack tbody { display: block; }",
        ".stack td input, .stack td select { min-width: 0; }",
        ".stack td.wide input { width: 100%; }",
    ):
        assert rule in narrow
