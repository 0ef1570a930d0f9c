"""The page of a collective invoice: each contract's lines under its own heading (F053)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from tests.services.company import bill
from tests.web.company import company_app
from tests.web.test_pages import NORD, text_of
from tests.web.visits import visiting

from faktura.bootstrap import App
from faktura.services.imports.contract_file import ContractFields
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.tenants import change_tenant
from faktura.store.tenants import lock_tenant


@pytest.fixture
def joined(tmp_path) -> Iterator[App]:
    """Nordwind with collective invoices, and a second contract of K-1 from November on."""
    app = company_app(f"sqlite:///{tmp_path / 'faktura.db'}", tmp_path)
    fields = {
        "customerNumber": "K-1",
        "start": "2026-11-01",
        "contractNumber": "V-9",
        "internalIdentifier": "Filiale",
        "billingInterval": {"count": 1, "unit": "MONTH"},
        "extraTextInvoiceHeader": "Wie besprochen",
        "extraTextInvoiceFooter": "Bis bald",
        "subscriptions": [{"items": [{"articleNumber": "A-2", "quantity": "1"}]}],
        "activate": True,
    }
    with app.database.write(app.tenant_id("nord")) as tx:
        tenant = replace(lock_tenant(tx), collective_invoices=True)
        change_tenant(tx, tenant)
        create_contract(tx, tenant, fields_of(ContractFields, fields, Form.REST))
    bill(app.database, tenant, date(2026, 11, 1))
    yield app
    app.close()


async def test_each_contract_stands_with_its_texts_around_its_lines(joined: App):
    """F053: header and footer of each contract; both numbers stand in the head."""
    with joined.database.read(joined.tenant_id("nord")) as tx:
        number = tx.connection.exec_driver_sql(
            "SELECT number FROM document WHERE contract_id IS NULL"
        ).scalar_one()

    async with visiting(joined) as browser:
        shown = await text_of(browser, f"{NORD}/invoices/{number}")

    assert "Verträge V-1, V-9" in shown
    first, second = shown.index("Vertrag V-1 1 Membership"), shown.index("Vertrag V-9 · Filiale")
    assert first < second < shown.index("Wie besprochen") < shown.index("Magazine")
    assert shown.index("Magazine") < shown.index("Bis bald") < shown.index("Summe netto")
