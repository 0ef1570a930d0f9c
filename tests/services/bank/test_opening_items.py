"""Open items of another system: taken over once, paid like any document, in no revenue (P54)."""

import json
from datetime import date

import pytest
from tests.services.accounting.paper import keys_of, paper
from tests.services.bank.statement_files import moved, statement
from tests.services.company import XRechnung
from tests.services.verify.books import tampering

from faktura.domain.numbering import NumberFormat
from faktura.domain.violations import Proof
from faktura.flows.document_file import document_file
from faktura.flows.documents import Documents, RenderedFile, render_documents
from faktura.flows.exports import export_entries
from faktura.flows.imports import import_file
from faktura.kernel.errors import (
    AmountUnreadable,
    Conflict,
    NotFound,
    NumberTaken,
    OutOfRange,
    RenderRefused,
    TooPrecise,
)
from faktura.kernel.terms import AccountFact, Chart, DocumentKind
from faktura.services.documents import Selection, check_document
from faktura.services.exports import ExportRequest, Waiting
from faktura.services.imports.contracts import import_contracts, read_contract_file
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.findings import ImportRefused
from faktura.services.opening_items import import_opening_items, read_opening_file
from faktura.services.tenants import start_number_range
from faktura.services.verification import prove
from faktura.store.document_lists import list_documents
from faktura.store.documents import document_id, last_issued_on, read_document
from faktura.store.numbers import INVOICE, RangeFormat
from faktura.store.overview import read_revenue

OLD = {
    "customerNumber": "K-1",
    "number": "ALT-2026.17",
    "issuedOn": "2026-08-15",
    "dueOn": "2026-09-14",
    "amount": "119.00",
    "text": "Wartung August",
}


def take_over(scene, *items: object):
    """Import a file of opening items."""
    content = json.dumps(list(items)).encode()
    return import_file(
        scene.database,
        scene.tenant,
        ImportFile("balances.json", content),
        read_opening_file,
        import_opening_items,
    )


def refused(scene, *items: object):
    """What is wrong with a file: the kind of each error and its field."""
    with pytest.raises(ImportRefused) as error:
        take_over(scene, *items)
    return [(type(part), part.place.rpartition(", ")[2]) for part in error.value.parts]


def test_an_item_stands_on_the_account_and_in_the_books(scene):
    """P54: a claim of the old day, against the opening balances: 9008 in SKR03."""
    before = scene.count("event")

    take_over(scene, OLD)

    posted = scene.account_of(0)[-1]
    assert (posted.fact, posted.text, str(posted.amount), posted.value_date) == (
        AccountFact.OPENING,
        "Saldovortrag ALT-2026.17",
        "119.00 EUR",
        date(2026, 8, 15),
    )
    assert str(posted.balance_after) == "154.70 EUR"
    assert scene.open()["ALT-2026.17"] == "119.00 EUR"
    assert scene.legs("open:ALT-2026.17") == ["D 1400 119.00", "C 9008 119.00"]
    assert scene.count("event") == before
    with scene.database.read(scene.tenant.id) as tx:
        record = read_document(tx, "ALT-2026.17")
    assert (record.kind, record.contract_id, record.lines) == (DocumentKind.OPENING, None, ())
    assert [str(amount) for amount in (record.net, record.tax, record.gross)] == [
        "119.00 EUR",
        "0.00 EUR",
        "119.00 EUR",
    ]
    assert record.snapshot["headerText"] == "Wartung August"
    assert scene.violations() == []


def test_a_credit_is_booked_the_other_way_round(open_scene):
    """A negative amount; SKR04 has 9008 too."""
    scene = open_scene(chart=Chart.SKR04, ledger_account="1800")

    take_over(scene, {**OLD, "amount": "-20.5"})

    assert scene.open()["ALT-2026.17"] == "-20.50 EUR"
    assert scene.legs("open:") == ["C 1200 20.50", "D 9008 20.50"]
    assert scene.violations() == []


def test_a_contract_and_what_is_open_of_it_come_from_another_system(scene):
    """F019, P54: billed until 1 December; the old invoice is paid by its old number."""
    contract = {
        "contractNumber": "V-OLD",
        "customerNumber": "K-1",
        "start": "2025-03-01",
        "billingInterval": {"unit": "MONTH"},
        "activate": True,
        "subscriptions": [
            {"items": [{"articleNumber": "A-1", "quantity": "1", "billedUntil": "2026-12-01"}]}
        ],
    }
    import_file(
        scene.database,
        scene.tenant,
        ImportFile("contracts.json", json.dumps([contract]).encode()),
        read_contract_file,
        import_contracts,
    )
    take_over(scene, OLD)

    report = scene.upload(statement(moved("119.00", "Rechnung ALT-2026.17 vom 15.08.")))

    assert (report.matched.booked, report.matched.open) == (1, 0)
    assert "ALT-2026.17" not in scene.open()
    assert scene.legs("pay:") == ["D 1200 119.00", "C 1400 119.00"]
    assert [str(one.amount) for one in scene.allocations("ALT-2026.17")] == ["119.00 EUR"]
    assert str(scene.account_of(0)[-1].balance_after) == "35.70 EUR"
    assert scene.violations() == []


def test_an_item_is_paid_together_with_an_invoice(scene):
    """F097: 119.00 + 35.70 = 154.70 in one transfer."""
    take_over(scene, OLD)

    scene.upload(statement(moved("154.70", "ALT-2026.17 und RE-000001")))

    assert set(scene.open()) == {"RE-000002", "RE-000003"}
    assert scene.violations() == []


def test_an_item_is_listed_but_is_no_revenue(scene):
    """P54: October brought 30.00 + 100.00 + 250.00 net, August nothing."""
    take_over(scene, {**OLD, "issuedOn": "2026-09-30", "dueOn": "2026-10-30"})

    with scene.database.read(scene.tenant.id) as tx:
        revenue = read_revenue(tx, date(2026, 10, 31), 3)["EUR"]
        listed = {row.number: row.kind for row in list_documents(tx)}
        issued = last_issued_on(tx)

    assert [str(month.net) for month in revenue] == ["0.00 EUR", "0.00 EUR", "380.00 EUR"]
    assert listed["ALT-2026.17"] is DocumentKind.OPENING
    assert issued == date(2026, 10, 1)


def test_an_item_is_never_exported(scene):
    """The accountant has it from the old system already; what pays it goes out."""
    new = {**OLD, "issuedOn": "2026-10-01", "dueOn": "2026-10-15"}
    take_over(scene, new, {**OLD, "number": "ALT-2"})
    scene.upload(statement(moved("119.00", "ALT-2026.17", on=date(2026, 10, 20))))

    receipt = export_entries(
        scene.database,
        scene.bank.content,
        scene.tenant,
        paper(scene.database),
        ExportRequest(date(2026, 10, 1), date(2026, 10, 31)),
    )

    # Three invoices and the payment; the item of August is not late either.
    assert (receipt.entries, receipt.waiting) == (4, Waiting())
    keys = keys_of(scene.bank.content, scene.tenant.id, receipt)
    assert [key.partition(":")[0] for key in keys] == ["inv", "inv", "inv", "pay"]


def test_an_item_is_never_rendered(scene):
    """P54: refused by name where it is asked for, left out where all documents are."""
    take_over(scene, OLD)
    formats = XRechnung()
    documents = Documents(scene.database, scene.bank.content, formats, scene.tenant)
    seen: list[RenderedFile] = []

    named = render_documents(
        documents, Selection(number="ALT-2026.17"), "xrechnung-cii", deliver=seen.append
    )
    every = render_documents(documents, Selection(), "xrechnung-cii", deliver=seen.append)

    assert [str(one.place) for one in named.refused] == ["document ALT-2026.17"]
    assert [file.number for file in seen] == ["RE-000001", "RE-000002", "RE-000003"]
    assert every.refused == ()
    with pytest.raises(RenderRefused, match="P54"):
        document_file(documents, "ALT-2026.17", "xrechnung-cii", None)
    with (
        scene.database.read(scene.tenant.id) as tx,
        pytest.raises(RenderRefused, match="another system"),
    ):
        check_document(tx, formats.cii, "ALT-2026.17")


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"customerNumber": "K-99"}, NotFound, "customerNumber"),
        ({"amount": "0"}, OutOfRange, "amount"),
        ({"amount": "0.00"}, OutOfRange, "amount"),
        ({"amount": "1.005"}, TooPrecise, "amount"),
        ({"amount": "119,00"}, AmountUnreadable, "amount"),
        ({"issuedOn": "2026-10-02", "dueOn": "2026-10-30"}, OutOfRange, "issuedOn"),
        ({"dueOn": "2026-08-14"}, OutOfRange, "dueOn"),
        ({"number": "RE-000001"}, NumberTaken, "number"),
        ({"number": "RE-000004"}, NumberTaken, "number"),
        ({"number": "RE-1000000"}, NumberTaken, "number"),
    ],
)
def test_an_item_that_cannot_be_is_refused(scene, changes, error, field):
    """P22: neither a number that exists, nor one that a range gives one day."""
    assert refused(scene, {**OLD, **changes}) == [(error, field)]
    assert len(scene.open()) == 3


def test_a_number_that_no_range_gives_any_more_may_be_taken_over(scene):
    """RE-4 is written RE-000004 here: it is another number."""
    take_over(scene, {**OLD, "number": "RE-4"}, {**OLD, "number": "RE-000000"})

    assert {"RE-4", "RE-000000"} <= set(scene.open())
    assert scene.violations() == []


def test_the_same_file_again_is_refused_whole(scene):
    """Nothing is taken over twice; of a file with one error nothing is."""
    take_over(scene, OLD)

    assert refused(scene, OLD, {**OLD, "number": "ALT-18"}) == [(NumberTaken, "number")]
    assert refused(scene, {**OLD, "number": "A"}, {**OLD, "number": "A"}) == [
        (NumberTaken, "number")
    ]
    assert "ALT-18" not in scene.open()
    assert scene.violations() == []


def test_an_empty_file_takes_nothing_over(scene):
    """No entry, no seal."""
    seals = scene.count("seal")

    assert take_over(scene) == []
    assert scene.count("seal") == seals


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("net = net - 1900, tax = tax + 1900", "are not one amount"),
        ("service_end = '2026-08-20'", "its service period is not its day of issue"),
        (
            """snapshot = replace(snapshot, '"vat":[]', '"vat":[{"category":"S"}]')""",
            "has neither lines nor VAT",
        ),
    ],
)
def test_what_an_item_cannot_be_is_found(scene, change, problem):
    """O15: one amount without tax, of one day; no VAT table."""
    take_over(scene, OLD)

    with tampering(scene.database, scene.tenant) as tx:
        _change(tx, change)
        found = [str(one) for one in prove(tx, Proof.DOCUMENTS)]

    assert len(found) == 1
    assert "document ALT-2026.17" in found[0]
    assert problem in found[0]


@pytest.mark.parametrize(
    "change",
    [
        "net = net + 1, gross = gross + 1",
        "kind = 'INVOICE'",
        "number = 'ALT-2026.18'",
        "due_on = '2026-12-31'",
        "snapshot = replace(snapshot, 'Wartung', 'Wandern')",
    ],
)
def test_whatever_is_changed_of_an_item_is_found(scene, change):
    """O15: it is sealed as every document is."""
    take_over(scene, OLD)

    with tampering(scene.database, scene.tenant) as tx:
        _change(tx, change)
        found = [one.place for one in prove(tx, Proof.SEALS)]

    assert found != []


def _change(tx, change):
    own = document_id(tx, "ALT-2026.17")
    parameter, mark = (own, "%s") if tx.is_postgresql else (own.bytes, "?")
    tx.connection.exec_driver_sql(
        f"UPDATE document SET {change} WHERE id = {mark}",
        (parameter,),
    )


def test_no_range_is_started_that_would_give_an_items_number(scene):
    """P22: ALT-17 is taken; a range that goes on behind it is free to start."""
    take_over(scene, {**OLD, "number": "ALT-17"})
    written, day = NumberFormat("ALT-", 2), date(2026, 12, 1)

    with pytest.raises(Conflict, match="ALT-17"), scene.database.write(scene.tenant.id) as tx:
        start_number_range(tx, RangeFormat(INVOICE, day, written, 17))
    with scene.database.write(scene.tenant.id) as tx:
        start_number_range(tx, RangeFormat(INVOICE, day, written, 18))

    assert scene.violations() == []
