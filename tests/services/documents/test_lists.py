"""Lists of documents: newest number first, narrowed by what people know; and one with all about it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from tests.services.company import RUN, Company, XRechnung, bill, settle
from tests.services.counting import counted

from faktura.domain.discounts import Discount
from faktura.domain.numbering import NumberFormat
from faktura.domain.payment_state import PaymentState, payment_state
from faktura.flows.billing import run_billing
from faktura.flows.documents import Documents, render_documents
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, DocumentKind, TaxCategory
from faktura.services.documents import Selection
from faktura.store.billing import Scope
from faktura.store.blobs import DirectoryStore
from faktura.store.catalogue import Project, write_projects
from faktura.store.database import Database
from faktura.store.document_lists import PaidAsOf, Wanted, list_documents
from faktura.store.documents import read_document
from faktura.store.invoice_details import InvoiceDetails, TaxRow, invoice_details
from faktura.store.numbers import INVOICE, start_range

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def company(database: Database) -> Company:
    """A company without customers."""
    return Company(database)


@pytest.fixture
def two_months(company: Company) -> Company:
    """Three customers at 35.70, 100.00 and 297.50 a month: RE-000001 to RE-000006."""
    for article in ("A-1", "A-3", "A-4"):
        company.contract(company.customer(), article)
    bill(company.database, company.tenant)
    bill(company.database, company.tenant, NOVEMBER)
    return company


def numbers(
    company: Company, wanted: Wanted, after: str | None = None, limit: int = 9
) -> list[str]:
    """The last digit of each listed number."""
    with company.database.read(company.tenant.id) as tx:
        rows = list_documents(tx, wanted, after=after, limit=limit)
    return [row.number[-1] for row in rows]


def details(company: Company, number: str, projects: set[UUID] | None = None) -> InvoiceDetails:
    """One document."""
    with company.database.read(company.tenant.id) as tx:
        return invoice_details(tx, number, projects)


def split(company: Company) -> UUID:
    """Another project with a contract of its own, billed: RE-000001 of main, RE-000002 of other."""
    other = Project(company.database.new_id(), "other", "Other")
    with company.database.write(company.tenant.id) as tx:
        write_projects(tx, [other])
    main = company.project
    company.contract(company.customer(), "A-1")
    company.project = other
    company.contract(company.customer(), "A-1")
    company.project = main
    bill(company.database, company.tenant)
    return other.id


def test_documents_are_listed_page_by_page_below_the_last_number(two_months):
    """An unknown number is no place to go on from."""
    assert numbers(two_months, Wanted(), limit=4) == ["6", "5", "4", "3"]
    assert numbers(two_months, Wanted(), after="RE-000003") == ["2", "1"]
    with pytest.raises(NotFound, match="there is no document RE-999999"):
        numbers(two_months, Wanted(), after="RE-999999")


def test_the_newest_number_is_first_whatever_its_range_looked_like(company):
    """P22: RE-9 and RE-10 of one run, then a new prefix that sorts before the old one."""
    database, tenant = company.database, company.tenant
    with database.write(tenant.id) as tx:
        narrow = NumberFormat("RE-", 1)
        start_range(tx, INVOICE, valid_from=RUN, number_format=narrow, first=9)
        start_range(tx, INVOICE, valid_from=NOVEMBER, number_format=NumberFormat("A-", 3))
    for _ in range(3):
        company.contract(company.customer(), "A-1")
    bill(database, tenant)
    bill(database, tenant, NOVEMBER)

    def listed(after: str | None) -> list[str]:
        with database.read(tenant.id) as tx:
            return [row.number for row in list_documents(tx, after=after, limit=2)]

    assert listed(None) == ["A-003", "A-002"]
    assert listed("A-002") == ["A-001", "RE-11"]
    assert listed("RE-11") == ["RE-10", "RE-9"]
    assert listed("RE-9") == []


def test_a_row_says_whose_it_is_and_what_is_open(two_months):
    """100.00 and no tax; 40.00 are paid."""
    settle(two_months.database, two_months.tenant, "RE-000002", 4000)

    with two_months.database.read(two_months.tenant.id) as tx:
        (row,) = list_documents(tx, Wanted(search="0002"))

    assert (row.number, row.kind) == ("RE-000002", DocumentKind.INVOICE)
    assert (row.customer_number, row.customer_name) == ("K-2", "Kunde 2 GmbH")
    assert (row.contract_number, row.issued_on, row.due_on) == ("V-2", RUN, date(2026, 10, 15))
    assert (str(row.net), str(row.tax), str(row.gross)) == ("100.00 EUR", "0.00 EUR", "100.00 EUR")
    assert str(row.open) == "60.00 EUR"


def test_a_list_is_narrowed_by_everything_that_is_given(two_months):
    """`from` is inclusive, `until` exclusive; due are 15 October and 15 November."""
    with two_months.database.read(two_months.tenant.id) as tx:
        due = {row.due_on for row in list_documents(tx, Wanted(issued_from=NOVEMBER))}

    assert due == {date(2026, 11, 15)}
    for wanted, found in (
        (Wanted(customer_number="K-2"), ["5", "2"]),
        (Wanted(customer_number="K-9"), []),
        (Wanted(contract_number="V-3"), ["6", "3"]),
        (Wanted(contract_number="V-9"), []),
        (Wanted(customer_number="K-2", contract_number="V-3"), []),
        (Wanted(kind=DocumentKind.CORRECTION), []),
        (Wanted(issued_from=NOVEMBER), ["6", "5", "4"]),
        (Wanted(issued_until=NOVEMBER), ["3", "2", "1"]),
        (Wanted(due_until=date(2026, 11, 15)), ["3", "2", "1"]),
        (Wanted(due_until=date(2026, 10, 15)), []),
        (Wanted(customer_number="K-2", issued_until=NOVEMBER), ["2"]),
        (Wanted(search="kunde 3"), ["6", "3"]),
    ):
        assert numbers(two_months, wanted) == found, wanted


def test_the_documents_of_a_run_are_listed(two_months):
    """A run of one customer's contracts."""
    with two_months.database.read(two_months.tenant.id) as tx:
        owner = read_document(tx, "RE-000001").customer_id
    run = run_billing(
        two_months.database,
        two_months.tenant,
        XRechnung(),
        date(2026, 12, 1),
        scope=Scope(customer_id=owner),
    )

    assert numbers(two_months, Wanted(run_id=run.run_id)) == ["7"]


def test_every_payment_state_is_found_by_the_rule_that_names_it(two_months):
    """Credit, paid, partly paid, open and overdue: each document is in exactly one list."""
    settle(two_months.database, two_months.tenant, "RE-000001", 3570)
    settle(two_months.database, two_months.tenant, "RE-000002", 4000)
    settle(two_months.database, two_months.tenant, "RE-000004", 5000)
    settle(two_months.database, two_months.tenant, "RE-000005", 1)
    settle(two_months.database, two_months.tenant, "RE-000006", -100)

    def listed(state: PaymentState, on: date) -> list[str]:
        return numbers(two_months, Wanted(paid=PaidAsOf(state, on)))

    due, late = date(2026, 10, 15), date(2026, 10, 16)
    assert listed(PaymentState.PAID, late) == ["1"]
    assert listed(PaymentState.CREDIT, late) == ["4"]
    assert listed(PaymentState.OVERDUE, due) == []
    assert listed(PaymentState.OVERDUE, late) == ["3", "2"]
    assert listed(PaymentState.PARTLY_PAID, due) == ["5", "2"]
    assert listed(PaymentState.PARTLY_PAID, late) == ["5"]
    assert listed(PaymentState.OPEN, due) == ["6", "3"]
    assert listed(PaymentState.OPEN, late) == ["6"]
    with two_months.database.read(two_months.tenant.id) as tx:
        rows = list_documents(tx)
    for on in (due, late, NOVEMBER + timedelta(days=30)):
        for row in rows:
            state = payment_state(row.gross, row.open, row.due_on, on)
            assert row.number[-1] in listed(state, on)


def test_documents_of_other_projects_are_not_there(company):
    """Nor in the words of an error."""
    other = split(company)

    assert numbers(company, Wanted(projects={other})) == ["2"]
    assert numbers(company, Wanted(projects={other, company.project.id})) == ["2", "1"]
    assert numbers(company, Wanted(projects=set())) == []
    assert details(company, "RE-000002", {other}).project_key == "other"
    for number in ("RE-000001", "RE-999999"):
        with pytest.raises(NotFound) as refused:
            details(company, number, {other})
        assert refused.value.problem == f"there is no document {number}"


def test_a_document_without_contract_belongs_to_no_project(company):
    """It is for who reaches everything."""
    split(company)
    _forget_contract(company, "RE-000002")

    assert numbers(company, Wanted(projects={company.project.id})) == ["1"]
    assert numbers(company, Wanted()) == ["2", "1"]
    found = details(company, "RE-000002")
    assert (found.contract_number, found.project_key) == (None, None)
    with pytest.raises(NotFound):
        details(company, "RE-000002", {company.project.id})


def _forget_contract(company: Company, number: str) -> None:
    """As documents are that no contract asked for: nothing issues them yet, and facts never change."""
    database = company.database
    with database.engine.begin() as connection:
        if database.is_postgresql:
            connection.exec_driver_sql("ALTER TABLE document DISABLE TRIGGER USER")
        else:
            found = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'document'"
            )
            for (name,) in found.all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(
            f"UPDATE document SET contract_id = NULL WHERE number = '{number}'"
        )
        # Nor does a line of it bill anything.
        connection.exec_driver_sql(
            "UPDATE activity SET document_id = NULL, line_no = NULL WHERE document_id ="
            f" (SELECT id FROM document WHERE number = '{number}')"
        )


def test_a_document_tells_all_that_is_asked_about_it(company, tmp_path):
    """30.00 - 10 % = 27.00 + 19 % 5.13; 9.90 - 10 % = 8.91 + 7 % 0.62: 41.66."""
    database, tenant = company.database, company.tenant
    company.contract(
        company.customer(),
        *("A-1", "A-2"),
        discount=Discount(percent=Decimal(10), reason="Treue"),
    )
    run = bill(database, tenant)
    settle(database, tenant, "RE-000001", 1000)
    settle(database, tenant, "RE-000001", -1000)
    render_documents(
        Documents(database, DirectoryStore(tmp_path), XRechnung(), tenant), Selection()
    )

    found = details(company, "RE-000001")

    with database.read(tenant.id) as tx:
        assert found.record == read_document(tx, "RE-000001")
    assert (found.customer_number, found.contract_number) == ("K-1", "V-1")
    assert (found.project_key, found.run_id) == ("main", run.run_id)
    assert (str(found.record.gross), str(found.open)) == ("41.66 EUR", "41.66 EUR")
    assert found.state(date(2026, 10, 15)) is PaymentState.OPEN
    assert found.state(date(2026, 10, 16)) is PaymentState.OVERDUE
    assert set(found.taxes) == {
        TaxRow(TaxCategory.S, Decimal(19), Money(2700, "EUR"), Money(513, "EUR"), ""),
        TaxRow(TaxCategory.S, Decimal(7), Money(891, "EUR"), Money(62, "EUR"), ""),
    }
    paid, returned = found.settlements
    assert (paid.no, paid.fact, str(paid.amount)) == (1, AccountFact.PAYMENT, "10.00 EUR")
    assert (paid.value_date, paid.reverses_no) == (date(2026, 10, 20), None)
    assert (returned.no, returned.fact) == (2, AccountFact.RETURN)
    assert str(returned.amount) == "-10.00 EUR"
    assert paid.movement_id != returned.movement_id
    assert [(r.format, r.media_type) for r in found.renderings] == [
        ("xrechnung-cii", "application/xml")
    ]


def test_a_document_that_nothing_happened_to_is_read_in_two_statements(two_months):
    """It is asked for often: what is not there is not looked for."""
    with two_months.database.read(two_months.tenant.id) as tx:
        alone, statements = counted(tx)
        found = invoice_details(alone, "RE-000001", None)

    assert (found.settlements, found.renderings) == ((), ())
    assert len(statements) == 2


def test_another_tenants_documents_are_not_there(two_months):
    """The same numbers exist in every tenant."""
    database = two_months.database
    stranger = Company(database, replace(two_months.tenant, id=0, key="fremd"))

    assert numbers(stranger, Wanted()) == []
    with pytest.raises(NotFound):
        details(stranger, "RE-000001")
