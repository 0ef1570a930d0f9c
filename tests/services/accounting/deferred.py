"""A company that defers: an invoice of a year, months that pass, and what is posted for them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

from tests.services.company import Company, bill

from faktura.domain.deferral import DeferralPolicy
from faktura.domain.deferral_entries import Deferral
from faktura.domain.tenants import Tenant
from faktura.flows.accounting_day import ReleaseReceipt, release_deferrals
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.periods import Period
from faktura.services.balances import trial_balances
from faktura.services.deferral_policy import set_deferral
from faktura.store.database import Database
from faktura.store.deferrals import all_deferrals
from faktura.store.journal import JournalFilter, read_drafts, read_entries
from faktura.store.tenants import read_tenant

NOVEMBER = date(2026, 11, 1)
INVOICED = date(2026, 11, 15)
YEAR = Period(INVOICED, date(2027, 11, 15))


class Books(Protocol):
    """Whoever keeps books here."""

    database: Database
    tenant: Tenant


def deferring(company: Company, method: DeferralMethod = DeferralMethod.DAY, **more: Any) -> None:
    """Let the company defer by days."""
    with company.database.write(company.tenant.id) as tx:
        set_deferral(tx, DeferralPolicy(method, **more), by="mia")
        company.tenant = read_tenant(tx)


def invoice(company: Company, *articles: str) -> None:
    """An invoice of 15 November 2026 with a line of 1,000.00 for a year of each article."""
    contract = company.contract(company.customer(), start=INVOICED)
    for article in articles:
        company.one_off(
            contract,
            article,
            service=YEAR,
            unit_price=Decimal("1000.00"),
            invoice_on=INVOICED,
        )
    bill(company.database, company.tenant, INVOICED)


def pass_until(books: Books, on: date) -> None:
    """Let time pass until the morning of that day."""
    clock: Any = books.database.clock
    morning = datetime.combine(on, time(8), UTC)
    if clock.now() < morning:
        clock.advance(morning - clock.now())


def release(books: Books, on: date, through: date | None = None) -> ReleaseReceipt:
    """Post on that day what is due."""
    pass_until(books, on)
    return release_deferrals(books.database, books.tenant, through)


def rows(database: Database, tenant: Tenant) -> list[Deferral]:
    """All deferrals, in the order of their documents and lines."""
    with database.read(tenant.id) as tx:
        return [one for document in all_deferrals(tx) for one in document.deferrals]


def postings(database: Database, tenant: Tenant) -> list[tuple[str, ...]]:
    """Value date, key and legs of what is posted for deferrals, in the order of the journal."""
    with database.read(tenant.id) as tx:
        return [
            (
                f"{one.value_date:%d.%m.%Y}",
                one.key,
                *(f"{leg.side} {leg.account} {leg.amount}" for leg in one.legs),
            )
            for one in read_entries(tx, JournalFilter())
            if one.key.startswith("prap:")
        ]


def prap(database: Database, tenant: Tenant) -> str:
    """What is deferred by the journal: the balance of 0990 or 3900, credits positive."""
    with database.read(tenant.id) as tx:
        found = {one.account: one.balance for sums in trial_balances(tx) for one in sums.accounts}
    return str(-next(found[one] for one in ("0990", "3900") if one in found).decimal)


def drafts_of(company: Company) -> dict[str, tuple[str, ...]]:
    """What waits for an account, with the keys to set."""
    with company.database.read(company.tenant.id) as tx:
        return {one.key: one.missing for one in read_drafts(tx)}
