"""A company of its own for every life: its catalogue, one customer, and the doors to the services."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel
from tests.lives.day_table import Cycle
from tests.services.billing.scene import NoFormats
from tests.services.company import TENANT

from faktura.domain.addresses import Address
from faktura.domain.articles import Article, Price, ProductGroup
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.pauses import NO_POLICY, PausePolicy
from faktura.domain.tax import DatedRate, TaxGroup
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.terms import ArticleUnit, Supply, TaxCase
from faktura.services.imports.contract_file import ContractFields
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.issuing import Desk
from faktura.services.upgrades import Asked
from faktura.store.catalogue import (
    Project,
    write_articles,
    write_product_groups,
    write_projects,
    write_tax_groups,
)
from faktura.store.customers import write_customers
from faktura.store.database import Database, open_database
from faktura.store.migrations import upgrade
from faktura.store.tenants import create_tenant

PRICE_CHANGE = date(2025, 3, 10)
_ALWAYS = date(2000, 1, 1)
_KEYS = count(1)
_GROUPS = (
    TaxGroup("standard", TaxCase.STANDARD, (DatedRate(date(2007, 1, 1), Decimal(19)),)),
    TaxGroup("reduced", TaxCase.REDUCED, (DatedRate(date(1983, 7, 1), Decimal(7)),)),
)
Given = TypeVar("Given", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Offer:
    """An article as the life knows it: prices in euros from a day on, and its way with pauses."""

    number: str
    unit: str
    prices: tuple[tuple[date, Fraction], ...]
    policy: PausePolicy = NO_POLICY

    def cycle(self, interval: Cycle) -> Cycle:
        """The cycle of its periods: its unit, or the contract's interval for pieces."""
        return interval if self.unit == "PIECE" else Cycle(1, self.unit)


# Of each unit: round and odd prices, one that changes, one for each way with a pause.
_PRICES = (
    (("30.00",), NO_POLICY),
    (("9.99", "11.49"), NO_POLICY),
    (("0.05",), PausePolicy(billed_later=True)),
    (("33.333333",), PausePolicy(whole_periods_only=True)),
    (("17.77",), PausePolicy(extends_term=True)),
)
OFFERS = {
    offer.number: offer
    for unit in ("WEEK", "MONTH", "YEAR", "PIECE")
    for offer in (
        Offer(
            f"{unit}-{no}",
            unit,
            tuple(zip((_ALWAYS, PRICE_CHANGE), map(Fraction, prices), strict=False)),
            policy,
        )
        for no, (prices, policy) in enumerate(_PRICES, 1)
    )
}


def offers_for(unit: str) -> list[Offer]:
    """What may recur in a contract of that interval: its unit, and pieces (F024, F025)."""
    return [offer for offer in OFFERS.values() if offer.unit in (unit, "PIECE")]


def open_lives(url: str) -> Database:
    """The database of the lives, with its schema."""
    clock = FixedClock(datetime(2026, 10, 1, 6, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    upgrade(database)
    return database


def given(model: type[Given], **values: object) -> Given:
    """Fields as a request brings them; names as in Python."""
    return fields_of(model, _as_request(values), Form.REST)


def _as_request(values: Mapping[str, object]) -> dict[str, object]:
    return {_camel(name): _told(value) for name, value in values.items() if value is not None}


def _camel(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.title() for word in rest)


def _told(value: object) -> object:
    if isinstance(value, Mapping):
        return _as_request(value)
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    if isinstance(value, Fraction):
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    return value if isinstance(value, bool | int) else str(value)


@dataclass
class World:
    """One tenant with one customer, and what acts on them."""

    database: Database
    tenant: Tenant = field(init=False)
    customer: Customer = field(init=False)
    articles: dict[str, UUID] = field(init=False)

    def __post_init__(self) -> None:
        new = replace(TENANT, key=f"life-{next(_KEYS)}", document_format=None)
        with self.database.write(0) as tx:
            self.tenant = create_tenant(tx, new)
        with self.database.write(self.tenant.id) as tx:
            project = Project(tx.new_id(), "main", "Main")
            groups = [ProductGroup(tax.key, tax.key.title(), tax) for tax in _GROUPS]
            articles = [
                self._article(tx.new_id(), offer, groups[no % 2])
                for no, offer in enumerate(OFFERS.values())
            ]
            self.articles = {article.number: article.id for article in articles}
            write_projects(tx, [project])
            write_tax_groups(tx, _GROUPS)
            write_product_groups(tx, groups)
            write_articles(tx, articles, {article.id: project.id for article in articles})
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

    @staticmethod
    def _article(new_id: UUID, offer: Offer, group: ProductGroup) -> Article:
        ends = [*(day for day, _ in offer.prices[1:]), None]
        prices = tuple(
            Price(Decimal(f"{float(price):.6f}"), "EUR", day, until)
            for (day, price), until in zip(offer.prices, ends, strict=True)
        )
        return Article(
            new_id,
            offer.number,
            f"Leistung {offer.number}",
            ArticleUnit(offer.unit),
            Supply.SERVICE,
            group,
            prices,
            recurring=True,
            pause_policy=offer.policy,
        )

    @property
    def clock(self) -> FixedClock:
        """The clock of the database, which the life moves."""
        clock = self.database.clock
        assert isinstance(clock, FixedClock)
        return clock

    def desk(self) -> Desk:
        """Issues the company's documents."""
        return Desk(self.tenant, NoFormats())

    def create(self, **fields: object) -> Contract:
        """A contract as a request makes it."""
        wanted = given(ContractFields, customer_number=self.customer.number, **fields)
        with self.database.write(self.tenant.id) as tx:
            return create_contract(tx, self.tenant, wanted)

    @staticmethod
    def asked(number: str, on: date) -> Asked:
        """Who asks for a change of a contract, on that day."""
        return Asked(number, on)
