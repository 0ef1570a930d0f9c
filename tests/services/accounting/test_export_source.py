"""What an exporter may ask for: entries, accounts, customers, documents, balances."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select, update
from tests.services.company import bill, settle
from tests.services.verify.books import tampering

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.customers import Mandate
from faktura.domain.exports import exported_kinds
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.terms import DocumentKind, IntervalUnit
from faktura.plugin import DebtorData
from faktura.services.export_sources import accounts_amiss, export_source
from faktura.services.exports import ExportRequest, plan_batch
from faktura.services.period_locks import Locking, lock_period
from faktura.store.documents import document_id
from faktura.store.export_entries import Selection
from faktura.store.tables import account_transaction, document, document_upload

OCTOBER = date(2026, 10, 1), date(2026, 10, 31)
GUID = UUID("0199f6ec-0000-7000-8000-000000000001")


@pytest.fixture
def tenant(company):
    """A company owes 71.40 and paid 30.00 of it; a person owes 10.59."""
    address = Address("Am Kai 2", "28195", "Bremen", extra="Hof 3", care_of="Frau Kurz")
    company.contract(
        company.customer(
            eu_tax_id="DE136695976",
            address=address,
            contact=ContactPerson("Eva Lang", "+49 421 55"),
            payment_term=PaymentTerm(2, IntervalUnit.WEEK),
        ),
        "A-1",
        quantity=Decimal(2),
    )
    mandate = Mandate("M-1", "DE75512108001245126199", date(2026, 9, 1))
    company.contract(
        company.customer(
            is_business=False,
            name="Jo Muster",
            mandate=mandate,
            payment_term=PaymentTerm(1, IntervalUnit.MONTH),
        ),
        "A-2",
    )
    company.customer()
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 3000)
    return company.tenant


@contextmanager
def source_of(database, tenant, start=OCTOBER[0], end=OCTOBER[1]):
    """The source of all that never went to `paper`, in a transaction of its own."""
    with database.read(tenant.id) as tx:
        wanted = Selection("paper", start, end, exported_kinds(()))
        with export_source(tx, tenant, wanted) as source:
            yield source


def test_entries_come_in_order_and_as_often_as_they_are_asked_for(database, tenant):
    """Each with the id of its document's image where the target has it."""
    with database.write(tenant.id) as tx:
        for target, guid in (("paper", GUID), ("else", UUID(int=7))):
            tx.connection.execute(
                document_upload.insert().values(
                    tenant_id=tx.tenant_id,
                    target=target,
                    document_id=document_id(tx, "RE-000001"),
                    guid=guid,
                )
            )

    with source_of(database, tenant) as source:
        first, second = source.entries(), source.entries()
        head = next(first)
        entries = list(second)

    assert [(one.seq, one.key, one.document_link) for one in entries] == [
        (1, "inv:RE-000001", GUID),
        (2, "inv:RE-000002", None),
        (3, "pay:RE-000001:1", GUID),
    ]
    assert head == entries[0]


def test_accounts_have_names_and_customers_are_none_of_them(database, tenant):
    """Those of the chart, and those that somebody posts to."""
    with source_of(database, tenant) as source:
        accounts = {one.number: one.name for one in source.accounts()}

    assert list(accounts) == sorted(accounts)
    assert {"1200", "1400", "1776", "8400", "8300"} <= accounts.keys()
    assert accounts["8400"]
    assert "10001" not in accounts


def test_customers_of_the_entries_come_as_their_records_say(database, tenant):
    """A person by the whole name, a company by its own; nobody without an entry."""
    with source_of(database, tenant) as source:
        debtors = list(source.debtors())

    assert debtors == [
        DebtorData(
            account="10001",
            customer_number="K-1",
            company="Kunde 1 GmbH",
            street="Am Kai 2",
            additional="Frau Kurz, Hof 3",
            postcode="28195",
            city="Bremen",
            country="DE",
            vat_id="DE136695976",
            email="kunde1@example.com",
            phone="+49 421 55",
            due_days=14,
        ),
        DebtorData(
            account="10002",
            customer_number="K-2",
            last_name="Jo Muster",
            street="Hauptstr. 1",
            postcode="20095",
            city="Hamburg",
            country="DE",
            email="kunde2@example.com",
            iban="DE75512108001245126199",
            mandate="M-1",
        ),
    ]


def test_documents_of_the_entries_are_listed_once(database, tenant):
    """With the hash that the chain of seals covers."""
    with source_of(database, tenant) as source:
        documents = list(source.documents())
    with database.read(tenant.id) as tx:
        rows = tx.connection.execute(select(document.c.number, document.c.content_hash))
        hashes = {row.number: row.content_hash for row in rows}

    assert [
        (one.number, one.kind, one.customer_number, one.net, one.vat, one.gross)
        for one in documents
    ] == [
        ("RE-000001", DocumentKind.INVOICE, "K-1", Decimal("60.00"), Decimal("11.40"),
         Decimal("71.40")),
        ("RE-000002", DocumentKind.INVOICE, "K-2", Decimal("9.90"), Decimal("0.69"),
         Decimal("10.59")),
    ]  # fmt: skip
    assert [one.sha256 for one in documents] == [
        hashes["RE-000001"].hex(),
        hashes["RE-000002"].hex(),
    ]
    assert (documents[0].issued_on, documents[0].due_on) == (
        date(2026, 10, 1),
        date(2026, 10, 15),
    )


def shown(rows):
    """Balances as `account debtor balance`."""
    return [f"{row.account} {row.debtor or '-'} {row.balance}" for row in rows]


def test_balances_open_and_close_every_month(database, tenant):
    """All entries count, whatever the batch holds; customers stand behind their account."""
    with source_of(database, tenant, date(2026, 11, 1), date(2026, 12, 30)) as source:
        rows = list(source.balances())

    of_october = [row for row in rows if row.on == date(2026, 10, 31)]
    assert shown(of_october) == [
        "1200 - 30.00",
        "1400 - 51.99",
        "1400 10001 41.40",
        "1400 10002 10.59",
        "1771 - -0.69",
        "1776 - -11.40",
        "8300 - -9.90",
        "8400 - -60.00",
    ]
    assert sorted({row.on for row in rows}) == [date(2026, 10, 31), date(2026, 11, 30)]
    assert shown(row for row in rows if row.on == date(2026, 11, 30)) == shown(of_october)
    with source_of(database, tenant) as source:
        assert {row.on for row in source.balances()} == {date(2026, 10, 31)}


def test_a_customers_balance_says_what_their_account_says(database, tenant):
    """The journal says 10.59: the row shows the account, so that the difference is seen."""
    with tampering(database, tenant) as tx:
        tx.connection.execute(
            update(account_transaction)
            .where(account_transaction.c.source == "inv:RE-000002")
            .values(amount=1159)
        )
        wanted = Selection("paper", *OCTOBER, exported_kinds(()))
        with export_source(tx, tenant, wanted) as source:
            rows = shown(source.balances())
        amiss = accounts_amiss(tx)

    assert amiss == {("10002", "EUR"): 100}
    assert "1400 10002 11.59" in rows
    assert "1400 - 51.99" in rows


def test_what_is_posted_into_a_locked_month_counts_from_the_first_open_day(database, tenant):
    """P24: value date 20.10., booked on 1.11.; the customer's account knows value dates only."""
    database.clock.advance(datetime(2026, 11, 3, 6, tzinfo=UTC) - database.clock.now())
    with database.write(tenant.id) as tx:
        lock_period(tx, Locking(date(2026, 10, 1), "Umsatzsteuer", "Eva"))
    settle(database, tenant, "RE-000001", 1000)

    with source_of(database, tenant) as source:
        october = list(source.entries())
    with source_of(database, tenant, date(2026, 11, 1), date(2026, 11, 30)) as source:
        (late,) = source.entries()
        rows = {(row.on.month, row.debtor): row.balance for row in source.balances() if row.debtor}

    assert len(october) == 3
    assert (late.value_date, late.booked_on) == (date(2026, 10, 20), date(2026, 11, 1))
    assert (rows[10, "10001"], rows[11, "10001"]) == (Decimal("41.40"), Decimal("31.40"))


def test_a_draft_of_a_locked_month_waits_in_the_first_open_one(company, tenant):
    """Where it will be booked an export misses it."""
    database = company.database
    company.contract(company.customer(), "A-6")
    bill(database, tenant)
    database.clock.advance(datetime(2026, 11, 3, 6, tzinfo=UTC) - database.clock.now())
    with database.write(tenant.id) as tx:
        lock_period(tx, Locking(date(2026, 10, 1), "Umsatzsteuer", "Eva", with_drafts=True))
    november = date(2026, 11, 1), date(2026, 11, 30)

    with database.read(tenant.id) as tx:
        of_october, of_november = (
            plan_batch(tx, tenant, "paper", ExportRequest(*days, without_drafts=True))
            for days in (OCTOBER, november)
        )
        amiss = accounts_amiss(tx)

    assert (of_october.waiting.drafts, of_november.waiting.drafts) == (0, 1)
    # What waits in a draft is no difference.
    assert amiss == {}
