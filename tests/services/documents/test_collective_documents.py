"""A collective invoice as formats and people see it: one document, several contracts (F053)."""

from dataclasses import replace
from decimal import Decimal

from tests.services.company import START, TENANT, Company, XRechnung, bill

from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.services.documents import check_document
from faktura.services.invoice_view import invoice_document
from faktura.store.contracts import write_contracts
from faktura.store.documents import read_document
from faktura.store.subscriptions import write_items, write_subscriptions


def collective(database, language="de"):
    """Two contracts of one customer, 30.00 at 19 % and 9.90 at 7 %, with texts of their own."""
    company = Company(database, replace(TENANT, collective_invoices=True))
    owner = company.customer(language=language)
    first = company.contract(owner, "A-1")
    second = replace(
        first,
        id=database.new_id(),
        number="V-2",
        header_text="Für die Filiale",
        footer_text="Danke",
    )
    subscription = Subscription(database.new_id(), START)
    item = SubscriptionItem(
        database.new_id(), subscription, company.articles["A-2"], Decimal(1), START, START
    )
    with database.write(company.tenant.id) as tx:
        write_contracts(tx, [(second, START)])
        write_subscriptions(tx, [(second.id, subscription)])
        write_items(tx, [(second.id, item)])
    bill(database, company.tenant)
    with database.read(company.tenant.id) as tx:
        record = read_document(tx, "RE-000001")
        findings = check_document(tx, XRechnung().cii, "RE-000001")
    return record, invoice_document(record), findings


def test_it_keeps_the_rules_of_xrechnung_and_names_each_contract(database):
    """BT-12 is of one contract and stays empty; notes (BG-1) and lines (BT-127) say whose they are."""
    record, document, findings = collective(database)

    assert findings == ()
    assert document.contract_reference is None
    assert [note.text for note in document.notes] == [
        "Vertrag V-2: Für die Filiale",
        "Vertrag V-2: Danke",
    ]
    assert [line.note for line in document.lines] == ["Vertrag V-1", "Vertrag V-2"]
    assert [(str(row.rate), str(row.taxable), str(row.tax)) for row in document.vat] == [
        ("19", "30.00", "5.70"),
        ("7", "9.90", "0.69"),
    ]
    assert str(document.totals.due) == "46.29"
    assert record.contract_id is None


def test_it_speaks_the_customers_language(database):
    """As the parts of periods do."""
    _record, document, _findings = collective(database, language="en")

    assert document.notes[0].text == "Contract V-2: Für die Filiale"
    assert document.lines[0].note == "Contract V-1"
