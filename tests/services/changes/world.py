"""A company whose contracts change their minds; contracts and changes are given as requests give them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.articles import Article, Price, ProductGroup
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.documents import DocumentRecord
from faktura.domain.tax import DatedRate, TaxGroup
from faktura.domain.tenants import Seller, Tenant
from faktura.flows.billing import RunReceipt, run_billing
from faktura.kernel.clock import FixedClock
from faktura.kernel.contract_terms import InvoiceDateReason
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.terms import ArticleUnit, Supply, TaxCase
from faktura.plugin import DocumentFormat
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.contract_discounts import add_contract_discount
from faktura.services.imports.change_fields import (
    AlignFields,
    LargeUpgradeFields,
    SmallUpgradeFields,
    TerminateFields,
    WhatIfStep,
)
from faktura.services.imports.checks import Fields
from faktura.services.imports.contract_file import ContractFields
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.discount_fields import ContractDiscountFields
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.invoice_dates import InvoiceDateMove, move_invoice_date
from faktura.services.issuing import Desk
from faktura.services.large_upgrades import upgrade_large
from faktura.services.tasks import list_tasks
from faktura.services.termination import terminate_contract
from faktura.services.upgrades import Asked, Changed, align_cycle, upgrade_small
from faktura.services.verification import PROOFS, prove
from faktura.store.accounts import read_account, read_open_items
from faktura.store.billable import view_of
from faktura.store.catalogue import (
    Project,
    write_articles,
    write_product_groups,
    write_projects,
    write_tax_groups,
)
from faktura.store.contracts import read_contract
from faktura.store.customers import write_customers
from faktura.store.database import Database, open_database
from faktura.store.documents import document_ids, read_documents
from faktura.store.facts import FrozenDocument
from faktura.store.migrations import upgrade
from faktura.store.tenants import create_tenant
from faktura.store.transaction import Tx

F = TypeVar("F", bound=Fields)

STANDARD = TaxGroup("standard", TaxCase.STANDARD, (DatedRate(date(2007, 1, 1), Decimal(19)),))
SOFTWARE = ProductGroup("software", "Software", STANDARD)
SELLER = Seller(
    "Werk GmbH",
    Address("Am Werk 1", "10115", "Berlin"),
    ContactPerson("Mia Werk", "+49 30 111222", "mia@werk.example"),
    vat_id="DE123456788",
    iban="DE02120300000000202051",
)


class NoFormats:
    """Nobody asks for a document format."""

    offered: frozenset[str] = frozenset()

    def format_of(self, format_id: str) -> DocumentFormat:
        raise LookupError(format_id)


@dataclass
class World:
    """A tenant with one project, one customer, and articles of simple prices."""

    database: Database
    tenant: Tenant = field(init=False)
    customer: Customer = field(init=False)

    def __post_init__(self) -> None:
        with self.database.write(0) as tx:
            self.tenant = create_tenant(tx, Tenant(0, "werk", SELLER))
        with self.database.write(self.tenant.id) as tx:
            project = Project(tx.new_id(), "main", "Main")
            write_projects(tx, [project])
            write_tax_groups(tx, [STANDARD])
            write_product_groups(tx, [SOFTWARE])
            articles = [
                _article(tx, "MEMBER", ArticleUnit.MONTH, "30.00"),
                _article(tx, "SEAT", ArticleUnit.MONTH, "12.50"),
                _article(tx, "BUNDLE", ArticleUnit.MONTH, "99.00"),
                _article(tx, "YEARLY", ArticleUnit.YEAR, "365.00"),
                _article(tx, "USER", ArticleUnit.NONE, "9.99"),
                _article(tx, "WEEKLY", ArticleUnit.WEEK, "7.00"),
            ]
            write_articles(tx, articles, {one.id: project.id for one in articles})
            self.customer = Customer(
                tx.new_id(),
                "K-1",
                "Kunde GmbH",
                is_business=True,
                address=Address("Hauptstr. 1", "20095", "Hamburg"),
                debtor_account="10001",
                email="kunde@example.com",
            )
            write_customers(tx, [self.customer])

    @property
    def desk(self) -> Desk:
        """A desk of the tenant."""
        return Desk(self.tenant, NoFormats())

    def contract(self, **given: object) -> str:
        """An active contract from 1 August 2019, monthly in advance, unless `given` says otherwise."""
        fields = {
            "customerNumber": "K-1",
            "start": "2019-08-01",
            "billingInterval": {"count": 1, "unit": "MONTH"},
            "activate": True,
            **given,
        }
        with self.database.write(self.tenant.id) as tx:
            made = create_contract(tx, self.tenant, fields_of(ContractFields, fields, Form.REST))
        return made.number

    def member(self, quantity: str = "1", **given: object) -> str:
        """A contract with one item at 30.00 a month."""
        return self.contract(
            subscriptions=[{"items": [{"articleNumber": "MEMBER", "quantity": quantity}]}],
            **given,
        )

    def bill(self, on: date) -> RunReceipt:
        """Run the billing of that day."""
        return run_billing(self.database, self.tenant, NoFormats(), on)

    def upgrade(self, number: str, on: date, **given: object) -> Changed:
        """A small upgrade, asked for on that day."""
        fields = _fields(SmallUpgradeFields, given)
        with self.database.write(self.tenant.id) as tx:
            return upgrade_small(tx, self.desk, Asked(number, on), fields)

    def upgrade_large(self, number: str, on: date, **given: object) -> Changed:
        """A large upgrade, asked for on that day."""
        fields = _fields(LargeUpgradeFields, given)
        with self.database.write(self.tenant.id) as tx:
            return upgrade_large(tx, self.desk, Asked(number, on), fields)

    def align(self, number: str, on: date, **given: object) -> Changed:
        """An alignment, asked for on that day."""
        fields = _fields(AlignFields, given)
        with self.database.write(self.tenant.id) as tx:
            return align_cycle(tx, self.desk, Asked(number, on), fields)

    def terminate(self, number: str, on: date, **given: object) -> Changed:
        """A termination, asked for on that day."""
        fields = _fields(TerminateFields, given)
        with self.database.write(self.tenant.id) as tx:
            return terminate_contract(tx, self.desk, Asked(number, on), fields)

    def cancel(self, invoice_number: str, on: date) -> FrozenDocument:
        """An invoice cancelled on that day; what it billed waits to be billed again."""
        with self.database.write(self.tenant.id) as tx:
            return cancel_invoice(tx, self.desk, invoice_number, Cancelling(on))

    def put_off(self, number: str, until: date, on: date) -> None:
        """Let nothing be billed before a day, on somebody's word."""
        move = InvoiceDateMove(until, InvoiceDateReason.INDIVIDUAL, "Zahlungspause")
        with self.database.write(self.tenant.id) as tx:
            move_invoice_date(tx, self.tenant, number, move, on)

    def discount(self, number: str, **given: object) -> None:
        """Add a discount to the contract."""
        fields = _fields(ContractDiscountFields, given)
        with self.database.write(self.tenant.id) as tx:
            add_contract_discount(tx, number, fields)

    def documents(self) -> list[DocumentRecord]:
        """All documents in the order in which they were issued."""
        with self.database.read(self.tenant.id) as tx:
            found = read_documents(tx, list(document_ids(tx)))
        return sorted(found, key=lambda one: one.id)

    def nets(self) -> list[tuple[str, str]]:
        """Kind and net of all documents in the order in which they were issued."""
        return [(one.kind.value, str(one.net.decimal)) for one in self.documents()]

    def lines(self, document: DocumentRecord) -> list[tuple[str, str, str]]:
        """First day, last day and net of a document's lines."""
        return [
            (f"{line.service.start:%d.%m.%Y}", f"{line.service.last_day:%d.%m.%Y}",
             str(line.net.decimal))
            for line in document.lines
        ]  # fmt: skip

    def read(self, number: str) -> Contract:
        """The contract as it is now."""
        with self.database.read(self.tenant.id) as tx:
            return read_contract(tx, number)

    def item_ids(self, number: str) -> list[UUID]:
        """The ids of the contract's items, in the order in which they were added."""
        with self.database.read(self.tenant.id) as tx:
            return [item.id for item in view_of(tx, read_contract(tx, number).id).items]

    def tasks(self) -> list[tuple[str, str]]:
        """Kind and contract number of what waits for a person."""
        with self.database.read(self.tenant.id) as tx:
            return [(one.kind.value, one.contract_number) for one in list_tasks(tx)]

    def balance(self) -> str:
        """What the customer owes, by the account."""
        with self.database.read(self.tenant.id) as tx:
            rows = read_account(tx, self.customer.id, "EUR")
        return str(rows[-1].balance_after.decimal) if rows else "0.00"

    def open_items(self) -> dict[str, str]:
        """What is open, by number."""
        with self.database.read(self.tenant.id) as tx:
            return {one.number: str(one.open.decimal) for one in read_open_items(tx)}

    def violations(self) -> list[str]:
        """What `faktura verify` finds."""
        with self.database.read(self.tenant.id) as tx:
            return [str(one) for proof in PROOFS for one in prove(tx, proof)]

    def with_tenant(self, **changes: Any) -> None:
        """The tenant with other settings."""
        self.tenant = replace(self.tenant, **changes)


def step_of(change: str, **given: object) -> WhatIfStep:
    """One change as a request gives it."""
    return _fields(WhatIfStep, {change: given})


def _fields(kind: type[F], given: Mapping[str, object]) -> F:
    return fields_of(kind, given, Form.REST)


def _article(tx: Tx, number: str, unit: ArticleUnit, price: str) -> Article:
    return Article(
        tx.new_id(),
        number,
        number.capitalize(),
        unit,
        Supply.SERVICE,
        SOFTWARE,
        (Price(Decimal(price), "EUR"),),
        recurring=True,
    )


def open_world(url: str) -> World:
    """The world on an empty database, its clock at 10 August 2019."""
    clock = FixedClock(datetime(2019, 8, 10, 8, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    upgrade(database)
    return World(database)
