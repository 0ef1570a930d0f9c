"""A company of any size for the figures: contracts of 1 to 3 items, all due on one day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.articles import Article, Price, ProductGroup
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.numbering import NumberFormat
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.domain.tax import DatedRate, TaxGroup
from faktura.domain.tenants import Seller, Tenant
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.periods import Interval
from faktura.kernel.terms import (
    ArticleUnit,
    ContractKind,
    ContractState,
    IntervalUnit,
    Supply,
    TaxCase,
)
from faktura.store.catalogue import (
    Project,
    write_articles,
    write_product_groups,
    write_projects,
    write_tax_groups,
)
from faktura.store.contracts import write_contracts
from faktura.store.customers import write_customers
from faktura.store.database import Database, open_database
from faktura.store.migrations import upgrade
from faktura.store.numbers import INVOICE
from faktura.store.subscriptions import write_items, write_subscriptions
from faktura.store.tenants import create_tenant
from faktura.store.transaction import Tx

RUN_DATE = date(2026, 11, 1)
_START = date(2026, 11, 1)
_MONTHLY = Interval(1, IntervalUnit.MONTH)
_BATCH = 2000

TENANT = Tenant(
    1,
    "bench",
    Seller(
        "Messwerk GmbH",
        Address("Prüfweg 1", "10115", "Berlin"),
        ContactPerson("Maria Maß", "+49 30 1234567", "rechnung@messwerk.example"),
        vat_id="DE123456788",
        tax_number="27/123/45678",
        iban="DE02120300000000202051",
    ),
)


def open_empty(url: str) -> Database:
    """A database with the schema, its triggers and nothing in it."""
    clock = FixedClock(datetime(2026, 11, 1, 6, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    upgrade(database)
    return database


def fill(database: Database, contracts: int) -> None:
    """Put the company with that many contracts into the database."""
    with database.write(TENANT.id) as tx:
        _write_frame(tx)
        articles, project = _write_catalogue(tx)
    for first in range(0, contracts, _BATCH):
        with database.write(TENANT.id) as tx:
            _write_batch(tx, articles, project, range(first, min(first + _BATCH, contracts)))


def _write_frame(tx: Tx) -> None:
    created = create_tenant(tx, TENANT, {INVOICE: NumberFormat("RE-", 7)})
    if created.id != TENANT.id:
        raise ValueError("the bench starts from an empty database")


def _write_catalogue(tx: Tx) -> tuple[list[Article], Project]:
    project = Project(tx.new_id(), "main", "Main")
    rates = (DatedRate(date(2007, 1, 1), Decimal(19)),)
    standard = TaxGroup("standard", TaxCase.STANDARD, rates)
    reduced = TaxGroup("reduced", TaxCase.REDUCED, (DatedRate(date(1983, 7, 1), Decimal(7)),))
    software = ProductGroup("software", "Software", standard)
    print_ = ProductGroup("print", "Print", reduced)
    articles = [
        Article(
            tx.new_id(),
            f"A-{no}",
            f"Service number {no}",
            ArticleUnit.MONTH,
            Supply.DIGITAL,
            print_ if no % 5 == 0 else software,
            (Price(Decimal(10 + no) + Decimal("0.90"), "EUR", date(2020, 1, 1)),),
            f"What service number {no} is good for",
            recurring=True,
        )
        for no in range(1, 21)
    ]
    write_projects(tx, [project])
    write_tax_groups(tx, [standard, reduced])
    write_product_groups(tx, [software, print_])
    write_articles(tx, articles, {article.id: project.id for article in articles})
    return articles, project


def _write_batch(tx: Tx, articles: list[Article], project: Project, numbers: range) -> None:
    customers = [_customer(tx, no) for no in numbers]
    contracts = [
        Contract(
            tx.new_id(),
            f"V-{no:07d}",
            customer.id,
            project.id,
            ContractKind.SUBSCRIPTION,
            ContractState.ACTIVE,
            _START,
            _MONTHLY,
            _START,
        )
        for no, customer in zip(numbers, customers, strict=True)
    ]
    subscriptions = [(contract.id, Subscription(tx.new_id(), _START)) for contract in contracts]
    write_customers(tx, customers)
    write_contracts(tx, [(contract, _START) for contract in contracts])
    write_subscriptions(tx, subscriptions)
    write_items(tx, list(_items(tx, articles, numbers, subscriptions)))


def _items(
    tx: Tx,
    articles: list[Article],
    numbers: range,
    subscriptions: list[tuple[UUID, Subscription]],
) -> Iterator[tuple[UUID, SubscriptionItem]]:
    for no, (contract_id, subscription) in zip(numbers, subscriptions, strict=True):
        for extra in range(no % 3 + 1):
            article = articles[(no + 7 * extra) % len(articles)]
            yield (
                contract_id,
                SubscriptionItem(
                    tx.new_id(), subscription, article, Decimal(1 + no % 4), _START, _START
                ),
            )


def _customer(tx: Tx, no: int) -> Customer:
    return Customer(
        tx.new_id(),
        f"K-{no:07d}",
        f"Kundin {no} GmbH",
        is_business=True,
        address=Address(f"Hauptstraße {no % 200 + 1}", f"{10000 + no % 80000}", "Musterstadt"),
        debtor_account=str(10_000_000 + no),
        email=f"kundin{no}@example.com",
    )
