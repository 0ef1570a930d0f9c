"""A small company with one contract of each kind that matters to documents, books and proofs.

Every price is chosen so that an expected amount can be worked out by hand.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from faktura.domain.account import recorded
from faktura.domain.activities import OpenActivity
from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.articles import Article, Price, ProductGroup
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer, Mandate
from faktura.domain.discounts import Discount
from faktura.domain.events import Event, EventType
from faktura.domain.posting import Settlement, payment_entry
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.domain.tax import DatedRate, OssRates, TaxGroup
from faktura.domain.tenants import Seller, Tenant
from faktura.flows.billing import RunReceipt, run_billing
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.money import Money
from faktura.kernel.periods import Interval, Period
from faktura.kernel.terms import (
    AccountFact,
    ArticleUnit,
    ContractKind,
    ContractState,
    IntervalUnit,
    Origin,
    PaymentMethod,
    Supply,
    TaxCase,
)
from faktura.plugin import DocumentFormat, Runtime
from faktura.store.accounts import Allocation, account_heads, read_allocations
from faktura.store.activities import write_open
from faktura.store.catalogue import (
    Project,
    write_articles,
    write_product_groups,
    write_projects,
    write_tax_groups,
)
from faktura.store.contracts import write_contracts
from faktura.store.customers import lock_customers, read_customers_by_id, write_customers
from faktura.store.database import Database, open_database
from faktura.store.documents import read_document
from faktura.store.facts import Facts, write_facts
from faktura.store.migrations import upgrade
from faktura.store.subscriptions import write_items, write_subscriptions
from faktura.store.tenants import create_tenant
from faktura_xrechnung.formats import XRechnungCii

MONTHLY = Interval(1, IntervalUnit.MONTH)
START = date(2026, 10, 1)
RUN = date(2026, 10, 1)

TENANT = Tenant(
    0,
    "werk",
    Seller(
        "Werk GmbH",
        Address("Am Werk 1", "10115", "Berlin"),
        ContactPerson("Mia Werk", "+49 30 111222", "mia@werk.example"),
        vat_id="DE123456788",
        tax_number="27/123/45678",
        register_number="HRB 4711",
        iban="DE02120300000000202051",
        creditor_id="DE98ZZZ09999999999",
    ),
    tax_cases=frozenset(TaxCase) - {TaxCase.SMALL_BUSINESS},
    oss_from=date(2021, 7, 1),
    oss_rates={"FR": OssRates((DatedRate(date(2014, 1, 1), Decimal(20)),))},
    document_format="xrechnung-cii",
)

_GROUPS = {
    "standard": TaxGroup(
        "standard",
        TaxCase.STANDARD,
        (DatedRate(date(2007, 1, 1), Decimal(19)),),
    ),
    "reduced": TaxGroup("reduced", TaxCase.REDUCED, (DatedRate(date(1983, 7, 1), Decimal(7)),)),
    # No chart knows 16 per cent: its entries are drafts until a person sets the accounts.
    "odd": TaxGroup("odd", TaxCase.STANDARD, (DatedRate(date(2007, 1, 1), Decimal(16)),)),
    "exempt": TaxGroup("exempt", TaxCase.EXEMPT, (), "Steuerfrei nach § 4 Nr. 21 UStG"),
}


class NoState:
    """An adapter's state that is never asked."""

    def get(self, key: str) -> object | None:
        raise LookupError(key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        raise LookupError(key)


class XRechnung:
    """The formats of the company: XRechnung alone."""

    offered = frozenset({"xrechnung-cii"})

    def __init__(self) -> None:
        clock = FixedClock(datetime(2026, 10, 1, 6, tzinfo=UTC))
        runtime = Runtime(clock, logging.getLogger("test"), NoState())
        self.cii = XRechnungCii(XRechnungCii.Settings(), runtime)

    def format_of(self, format_id: str) -> DocumentFormat:
        if format_id != self.cii.format_id:
            raise LookupError(format_id)
        return self.cii


def opened(url: str) -> Database:
    """The database with its schema, on the morning of the first run."""
    clock = FixedClock(datetime(2026, 10, 1, 6, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    upgrade(database)
    return database


@dataclass
class Company:
    """Builds contracts into a database; numbers count from 1."""

    database: Database
    tenant: Tenant = TENANT
    project: Project = field(init=False)
    articles: dict[str, Article] = field(init=False, default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        with self.database.write(0) as tx:
            self.tenant = create_tenant(tx, self.tenant)
        with self.database.write(self.tenant.id) as tx:
            self.project = Project(tx.new_id(), "main", "Main")
            groups = {key: ProductGroup(key, key.title(), tax) for key, tax in _GROUPS.items()}
            for number, name, supply, group, price in (
                ("A-1", "Membership", Supply.SERVICE, "standard", "30.00"),
                ("A-2", "Magazine", Supply.GOODS, "reduced", "9.90"),
                ("A-3", "Course", Supply.SERVICE, "exempt", "100.00"),
                ("A-4", "Machine", Supply.GOODS, "standard", "250.00"),
                ("A-5", "App", Supply.DIGITAL, "standard", "12.00"),
                ("A-6", "Relic", Supply.SERVICE, "odd", "50.00"),
            ):
                self.articles[number] = Article(
                    tx.new_id(),
                    number,
                    name,
                    ArticleUnit.MONTH,
                    supply,
                    groups[group],
                    (Price(Decimal(price), "EUR", date(2020, 1, 1)),),
                    f"{name} by the month",
                    recurring=True,
                )
            write_projects(tx, [self.project])
            write_tax_groups(tx, _GROUPS.values())
            write_product_groups(tx, groups.values())
            write_articles(
                tx, self.articles.values(), {a.id: self.project.id for a in self.articles.values()}
            )

    def customer(self, country: str = "DE", **changes: object) -> Customer:
        """A new business customer with everything an invoice needs."""
        self._count += 1
        no = self._count
        new = Customer(
            self.database.new_id(),
            f"K-{no}",
            f"Kunde {no} GmbH",
            is_business=True,
            address=Address("Hauptstr. 1", "20095", "Hamburg", country=country),
            debtor_account=str(10_000 + no),
            email=f"kunde{no}@example.com",
        )
        new = replace(new, **changes)  # type: ignore[arg-type]
        with self.database.write(self.tenant.id) as tx:
            write_customers(tx, [new])
        return new

    def contract(
        self, customer: Customer, *articles: str, start: date = START, **changes: object
    ) -> Contract:
        """An active monthly contract, due on its start; `changes` are those of its items."""
        new = Contract(
            self.database.new_id(),
            f"V{customer.number[1:]}",
            customer.id,
            self.project.id,
            ContractKind.SUBSCRIPTION,
            ContractState.ACTIVE,
            start,
            MONTHLY,
            start,
        )
        subscription = Subscription(self.database.new_id(), start)
        items = [
            replace(
                SubscriptionItem(
                    self.database.new_id(),
                    subscription,
                    self.articles[number],
                    Decimal(1),
                    start,
                    start,
                ),
                **changes,  # type: ignore[arg-type]
            )
            for number in articles
        ]
        with self.database.write(self.tenant.id) as tx:
            write_contracts(tx, [(new, start)])
            write_subscriptions(tx, [(new.id, subscription)])
            write_items(tx, [(new.id, item) for item in items])
        return new

    def one_off(self, contract: Contract, article: str, **changes: object) -> None:
        """A one-off of one piece that goes with the contract's next invoice."""
        waiting = OpenActivity(
            self.database.new_id(),
            self.articles[article],
            Origin.ONE_OFF,
            Decimal(1),
            Period(START, date(2026, 10, 2)),
        )
        with self.database.write(self.tenant.id) as tx:
            write_open(tx, contract.id, [replace(waiting, **changes)])  # type: ignore[arg-type]


def small_company(database: Database) -> Tenant:
    """A tenant with nine contracts of as many kinds, none of them billed."""
    company = Company(database)
    fill(company)
    return company.tenant


def fill(company: Company) -> None:
    """One contract of each kind: tax cases, payment methods, parts, discounts, one-offs."""
    company.contract(company.customer(), "A-1", quantity=Decimal(2))
    company.contract(
        company.customer(is_business=False, name="Jo Muster"),
        "A-1",
        "A-2",
        discount=Discount(percent=Decimal(10), reason="Treue"),
    )
    company.contract(company.customer("FR", eu_tax_id="FR40303265045"), "A-1")
    company.contract(company.customer("AT", eu_tax_id="ATU12345675"), "A-4")
    company.contract(company.customer("CH"), "A-1")
    company.contract(company.customer("CH"), "A-4")
    mandate = Mandate("M-1", "DE75512108001245126199", date(2026, 9, 1))
    # Ends on 16.10. (until is exclusive): 17 of 31 days.
    company.contract(
        company.customer(payment_method=PaymentMethod.SEPA_DEBIT, mandate=mandate),
        "A-1",
        "A-3",
        until=date(2026, 10, 18),
    )
    company.contract(company.customer(payment_method=PaymentMethod.CARD), "A-5")
    credited = company.contract(company.customer(), "A-4")
    company.one_off(credited, "A-4", unit_price=Decimal("-50.00"), text="Gutschein")


def bill(database: Database, tenant: Tenant, on: date = RUN) -> RunReceipt:
    """Bill the company on that day."""
    return run_billing(database, tenant, XRechnung(), on)


def settle(
    database: Database, tenant: Tenant, number: str, minor: int, account: str | None = "1200"
) -> None:
    """A payment of that many cents for a document; negative when an earlier one is returned."""
    with database.write(tenant.id) as tx:
        document = read_document(tx, number)
        (owner,) = read_customers_by_id(tx, [document.customer_id]).values()
        lock_customers(tx, [owner.id])
        amount, before = Money(minor, "EUR"), read_allocations(tx, document.id)
        key = f"pay:{number}:{len(before) + 1}"
        posted, _ = recorded(
            account_heads(tx, [owner.id])[owner.id, "EUR"],
            owner.id,
            AccountFact.PAYMENT if minor > 0 else AccountFact.RETURN,
            -amount,
            value_date=date(2026, 10, 20),
            text=f"Zahlung {number}",
            source=key,
            remittance=f"Rechnung {number}",
        )
        settlement = Settlement(
            key,
            document.id,
            number,
            owner.id,
            owner.debtor_account,
            amount,
            date(2026, 10, 20),
            account,
            "DE02120300000000202051",
        )
        allocation = Allocation(
            document.id, len(before) + 1, owner.id, posted.no, amount, tx.new_id(), key
        )
        paid = Event(
            EventType.INVOICE_PAYMENT_RECEIVED,
            "invoice",
            document.id,
            len(before) + 2,
            {"number": number},
        )
        entry = payment_entry(tenant, settlement)
        write_facts(tx, Facts([], [posted], [allocation], [entry], [paid]))
