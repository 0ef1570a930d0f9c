"""A tenant, customers, articles and contracts to bill, right by default; a test changes one thing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.articles import Article, Price, ProductGroup
from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.invoices import DraftDocument, draft_invoice
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.domain.tax import DatedRate, TaxGroup
from faktura.domain.tenants import Seller, Tenant
from faktura.kernel.money import Money
from faktura.kernel.periods import Interval, Period
from faktura.kernel.terms import (
    ArticleUnit,
    ContractKind,
    ContractState,
    IntervalUnit,
    Origin,
    Supply,
    TaxCase,
)

MONTHLY = Interval(1, IntervalUnit.MONTH)
QUARTERLY = Interval(3, IntervalUnit.MONTH)
YEARLY = Interval(1, IntervalUnit.YEAR)


def day(text: str) -> date:
    """`15.05.2026` as a date."""
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def eur(text: str) -> Money:
    """`35.70` as an amount in euro."""
    return Money.parse(text, "EUR")


STANDARD = TaxGroup(
    "standard",
    TaxCase.STANDARD,
    # Second half of 2020: the temporary rate of 16 per cent.
    (
        DatedRate(day("01.01.2007"), Decimal(19)),
        DatedRate(day("01.07.2020"), Decimal(16)),
        DatedRate(day("01.01.2021"), Decimal(19)),
    ),
)
REDUCED = TaxGroup("reduced", TaxCase.REDUCED, (DatedRate(day("01.07.1983"), Decimal(7)),))
EXEMPT = TaxGroup(
    "exempt", TaxCase.EXEMPT, (), "Steuerfrei nach § 4 Nr. 21 UStG", "VATEX-EU-132-1I"
)

SELLER = Seller(
    legal_name="Wattwerk Beispiel GmbH",
    address=Address("Mühlenweg 3", "07743", "Jena", "DE"),
    contact=ContactPerson("Ada Brandt", "+49 3641 55512", "ada@wattwerk.example"),
    vat_id="DE123456788",
    tax_number="37/123/45678",
    iban="DE02120300000000202051",
    creditor_id="DE98ZZZ09999999999",
)
TENANT = Tenant(1, "wattwerk", SELLER, tax_cases=frozenset(TaxCase))

COMPANY = Customer(
    UUID(int=100),
    "K-100",
    "Beispielhaus AG",
    is_business=True,
    address=Address("Am Markt 1", "99084", "Erfurt", "DE"),
    debtor_account="10001",
    email="rechnung@beispielhaus.example",
)


def buyer_in(country: str, *, vat_id: str = "", is_business: bool = False) -> Customer:
    """A customer abroad: a consumer unless said otherwise."""
    address = replace(COMPANY.address, country=country)
    return replace(COMPANY, address=address, is_business=is_business, eu_tax_id=vat_id)


def article(price: str = "30.00", **changes: Any) -> Article:
    """A monthly service at the standard rate."""
    fields: dict[str, Any] = {
        "id": UUID(int=200),
        "number": "A-1",
        "name": "Grundgebühr",
        "unit": ArticleUnit.MONTH,
        "supply": Supply.SERVICE,
        "group": ProductGroup("services", "Dienste", STANDARD),
        "prices": (Price(Decimal(price), "EUR"),),
        "recurring": True,
    }
    return Article(**(fields | changes))


def taxed(group: TaxGroup, price: str, **changes: Any) -> Article:
    """An article whose product group has that tax group."""
    return article(price, group=ProductGroup(group.key, group.key, group), **changes)


def contract(start: str, interval: Interval = MONTHLY, **changes: Any) -> Contract:
    """An active subscription contract in advance, counted from its start."""
    fields: dict[str, Any] = {
        "id": UUID(int=300),
        "number": "V-300",
        "customer_id": COMPANY.id,
        "project_id": UUID(int=400),
        "kind": ContractKind.SUBSCRIPTION,
        "state": ContractState.ACTIVE,
        "start": day(start),
        "interval": interval,
        "billing_anchor": day(start),
    }
    return Contract(**(fields | changes))


def item(start: str, sold: Article | None = None, **changes: Any) -> SubscriptionItem:
    """One of an article from `start` on, its periods counted from there; `term` changes the term."""
    term: dict[str, Any] = {"id": UUID(int=500), "term_start": day(start)}
    fields: dict[str, Any] = {
        "id": UUID(int=600),
        "subscription": Subscription(**(term | changes.pop("term", {}))),
        "article": sold or article(),
        "quantity": Decimal(1),
        "anchor": day(start),
        "start": day(start),
    }
    return SubscriptionItem(**(fields | changes))


def one_off(service: str, sold: Article | None = None, **changes: Any) -> OpenActivity:
    """Five hundred euro of work on one day, to be billed with the next regular invoice."""
    on = day(service)
    fields: dict[str, Any] = {
        "id": UUID(int=700),
        "article": sold or article("500.00", unit=ArticleUnit.LUMP_SUM, recurring=False),
        "origin": Origin.ONE_OFF,
        "quantity": Decimal(1),
        "service": Period(on, on.replace(day=on.day + 1)),
    }
    return OpenActivity(**(fields | changes))


def view(
    frame: Contract,
    *items: SubscriptionItem,
    until: str | None = None,
    activities: tuple[OpenActivity, ...] = (),
    customer: Customer = COMPANY,
) -> BillableContract:
    """A contract as a run reads it; `until` is the billed-until of every item."""
    billed = None if until is None else day(until)
    return BillableContract(frame, customer, items, (billed,) * len(items), activities)


def drafts(
    billable: BillableContract, on: str, tenant: Tenant = TENANT
) -> tuple[DraftDocument, ...]:
    """The documents that a run on that day makes of a contract."""
    plan = plan_contract(tenant, billable, day(on))
    return tuple(draft_invoice(tenant, planned, day(on)) for planned in plan.invoices)


def only(found: tuple[DraftDocument, ...]) -> DraftDocument:
    """The one document; fails for none or several."""
    (document,) = found
    return document


def lines(document: DraftDocument) -> list[tuple[str, str]]:
    """Service period, as printed with both ends, and net of each line."""
    return [
        (
            f"{charge.service.start:%d.%m.%Y}-{charge.service.last_day:%d.%m.%Y}",
            str(charge.net.decimal),
        )
        for charge in document.charges
    ]


def totals(document: DraftDocument) -> tuple[str, str, str]:
    """Net, VAT and gross."""
    return (
        str(document.net.decimal),
        str(document.tax.decimal),
        str(document.gross.decimal),
    )
