"""A small company, built contract by contract, for tests of the billing run."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.articles import Article, Price, ProductGroup
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.numbering import NumberFormat
from faktura.domain.sealing import GENESIS
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.domain.tax import DatedRate, TaxGroup
from faktura.domain.tenants import Seller, Tenant
from faktura.flows.billing import RunReceipt, run_billing
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
from faktura.plugin import DocumentFormat
from faktura.store import tables
from faktura.store.activities import write_open
from faktura.store.catalogue import (
    Project,
    write_articles,
    write_product_groups,
    write_projects,
    write_tax_groups,
)
from faktura.store.codec import to_json
from faktura.store.contracts import write_contracts
from faktura.store.customers import write_customers
from faktura.store.database import Database, open_database
from faktura.store.migrations import upgrade
from faktura.store.numbers import INVOICE, start_range
from faktura.store.subscriptions import write_items, write_subscriptions

MONTHLY = Interval(1, IntervalUnit.MONTH)
START = date(2026, 9, 15)

TENANT = Tenant(
    1,
    "werk",
    Seller(
        "Werk GmbH",
        Address("Am Werk 1", "10115", "Berlin"),
        ContactPerson("Mia Werk", "+49 30 111222", "mia@werk.example"),
        vat_id="DE123456788",
        iban="DE02120300000000202051",
    ),
)
STANDARD = TaxGroup("standard", TaxCase.STANDARD, (DatedRate(date(2007, 1, 1), Decimal(19)),))


class NoFormats:
    """The tenant's customers ask for no document format."""

    offered: frozenset[str] = frozenset()

    def format_of(self, format_id: str) -> DocumentFormat:
        raise LookupError(format_id)


@dataclass
class Scene:
    """One database with one tenant, one project and one article at 30.00 a month."""

    database: Database
    tenant: Tenant = TENANT
    project: Project = field(init=False)
    article: Article = field(init=False)
    _customers: int = 0

    def __post_init__(self) -> None:
        with self.database.write(self.tenant.id) as tx:
            tx.connection.execute(
                tables.tenant.insert().values(
                    id=self.tenant.id,
                    key=self.tenant.key,
                    data=to_json(self.tenant, Tenant),
                    created_at=tx.now(),
                )
            )
            tx.connection.execute(
                tables.chain_head.insert().values(
                    tenant_id=self.tenant.id, seal_seq=0, seal_hash=GENESIS, entry_seq=0
                )
            )
            start_range(
                tx, INVOICE, valid_from=date(2020, 1, 1), number_format=NumberFormat("RE-", 4)
            )
            self.project = Project(tx.new_id(), "main", "Main")
            group = ProductGroup("software", "Software", STANDARD)
            self.article = Article(
                tx.new_id(),
                "A-1",
                "Membership",
                ArticleUnit.MONTH,
                Supply.DIGITAL,
                group,
                (Price(Decimal("30.00"), "EUR"),),
                recurring=True,
            )
            write_projects(tx, [self.project])
            write_tax_groups(tx, [STANDARD])
            write_product_groups(tx, [group])
            write_articles(tx, [self.article], {self.article.id: self.project.id})

    def customer(self, **changes: object) -> Customer:
        """A new customer with everything an invoice needs."""
        self._customers += 1
        no = self._customers
        new = Customer(
            self.database.new_id(),
            f"K-{no}",
            f"Kunde {no} GmbH",
            is_business=True,
            address=Address("Hauptstr. 1", "20095", "Hamburg"),
            debtor_account=str(10_000 + no),
            email=f"kunde{no}@example.com",
        )
        new = replace(new, **changes)  # type: ignore[arg-type]
        with self.database.write(self.tenant.id) as tx:
            write_customers(tx, [new])
        return new

    def contract(
        self,
        customer: Customer | None = None,
        *,
        quantity: str = "1",
        special_price: str | None = None,
        **changes: object,
    ) -> Contract:
        """A new active contract with one item, due from its start."""
        owner = customer or self.customer()
        new = Contract(
            self.database.new_id(),
            f"V-{owner.number}-{self.database.new_id().hex[-6:]}",
            owner.id,
            self.project.id,
            ContractKind.SUBSCRIPTION,
            ContractState.ACTIVE,
            START,
            MONTHLY,
            START,
        )
        new = replace(new, **changes)  # type: ignore[arg-type]
        subscription = Subscription(self.database.new_id(), new.start)
        special = () if special_price is None else (Price(Decimal(special_price), new.currency),)
        item = SubscriptionItem(
            self.database.new_id(),
            subscription,
            self.article,
            Decimal(quantity),
            new.start,
            new.start,
            special_prices=special,
        )
        with self.database.write(self.tenant.id) as tx:
            write_contracts(tx, [(new, new.start)])
            write_subscriptions(tx, [(new.id, subscription)])
            write_items(tx, [(new.id, item)])
        return new

    def activity(self, contract: Contract, activity: OpenActivity) -> None:
        """A one-off or usage that waits on the contract."""
        with self.database.write(self.tenant.id) as tx:
            write_open(tx, contract.id, [activity])

    def bill(self, on: date) -> RunReceipt:
        """Run the billing of that day."""
        return run_billing(self.database, self.tenant, NoFormats(), on)

    def documents(self) -> list[tuple[str, str, str, int]]:
        """Number, service start, service end (exclusive) and gross of all documents, by number."""
        d = tables.document.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                tables.document.select()
                .with_only_columns(d.number, d.service_start, d.service_end, d.gross)
                .order_by(d.number)
            ).all()
        return [(row[0], str(row[1]), str(row[2]), row[3]) for row in rows]

    def count(self, name: str) -> int:
        """Rows of a table."""
        with self.database.read(self.tenant.id) as tx:
            return len(tx.connection.execute(tables.metadata.tables[name].select()).all())

    def ids(self, name: str) -> list[UUID]:
        """The ids in a table."""
        table = tables.metadata.tables[name]
        with self.database.read(self.tenant.id) as tx:
            return [row.id for row in tx.connection.execute(table.select())]


def open_scene(url: str) -> Database:
    """An empty database with the schema, its clock at 31 October 2026."""
    clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    upgrade(database)
    return database
