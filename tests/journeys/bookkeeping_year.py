"""Thirteen months of a company's books through the services: what another program shall check.

From November 2026 to November 2027, because the worked example of deferred revenue lies there: net
1,000.00 for 15 November 2026 to 14 November 2027, day-exact.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from tests.services.bank.statement_files import (
    IBAN,
    LineParsers,
    file_of,
    moved,
    returned,
    statement,
)
from tests.services.changes.world import SOFTWARE, World
from tests.services.company import NoState

from faktura.domain.articles import Article, Price
from faktura.domain.deferral import DeferralPolicy
from faktura.flows.accounting_day import release_deferrals
from faktura.flows.statements import Bank, BankReport, import_statements
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.periods import add_months
from faktura.kernel.terms import ArticleUnit, Chart, Supply
from faktura.plugin import BankTransaction, Runtime
from faktura.services.bank_accounts import add_bank_account
from faktura.store.accounts import read_open_items
from faktura.store.blobs import DirectoryStore
from faktura.store.catalogue import read_projects, write_articles
from faktura.store.customers import write_customers
from faktura.store.database import open_database
from faktura.store.migrations import upgrade

FIRST, LAST = date(2026, 11, 1), date(2027, 11, 30)
_BANK = {Chart.SKR03: "1200", Chart.SKR04: "1800"}


class BookkeepingYear:
    """The company in one chart; everything is billed, paid, corrected and released when it is made.

    RE-000001 is the invoice of the worked example, of customer K-1. The others' names are no names
    for people who write plain text books.
    """

    def __init__(self, folder: Path, chart: Chart) -> None:
        clock = FixedClock(datetime(2027, 12, 1, 8, tzinfo=UTC))
        self.database = open_database(
            f"sqlite:///{folder / f'{chart}.db'}", clock, Uuid7Source(clock)
        )
        upgrade(self.database)
        self.world = World(self.database)
        self.world.with_tenant(chart=chart, deferral=DeferralPolicy(DeferralMethod.DAY))
        self.contents = DirectoryStore(folder / "content")
        runtime = Runtime(clock, logging.getLogger("test"), NoState())
        self._bank = Bank(self.database, self.contents, LineParsers(runtime), self.world.tenant)
        with self.database.write(self.world.tenant.id) as tx:
            add_bank_account(tx, IBAN, holder="Werk GmbH", ledger_account=_BANK[chart])
        self._sell()
        self._live()

    def close(self) -> None:
        """Nobody needs the books any more."""
        self.database.close()

    def _sell(self) -> None:
        """Two licences a year, a yearly plan that grows, and two memberships by the month."""
        with self.database.write(self.world.tenant.id) as tx:
            write_customers(
                tx,
                [
                    replace(
                        self.world.customer,
                        id=tx.new_id(),
                        number=f"K-{no}",
                        name=f"Kunde {no}; (GmbH) | *",
                        debtor_account=f"{10_000 + no}",
                    )
                    for no in range(2, 6)
                ],
            )
            licence = Article(
                tx.new_id(), "LICENCE", "Licence", ArticleUnit.YEAR, Supply.SERVICE, SOFTWARE,
                (Price(Decimal(1000), "EUR"),), recurring=True, cost_centre="100",
            )  # fmt: skip
            project = read_projects(tx)["main"]
            write_articles(tx, [licence], {licence.id: project.id})
        yearly = {"billingInterval": {"count": 1, "unit": "YEAR"}, "start": "2026-11-15"}
        self.world.contract(**yearly, subscriptions=_items("LICENCE"))
        self._leaving = self.world.contract(
            **yearly, customerNumber="K-2", subscriptions=_items("LICENCE")
        )
        self._growing = self.world.contract(
            **yearly, customerNumber="K-3", subscriptions=_items("YEARLY")
        )
        for number in ("K-4", "K-5"):
            self.world.contract(
                customerNumber=number, start="2026-11-01", subscriptions=_items("MEMBER")
            )

    def _live(self) -> None:
        """Month by month: bill, change, be paid, have debits returned; deferrals at the end."""
        self.world.bill(date(2026, 11, 15))
        month = FIRST
        while month <= LAST:
            self.world.bill(month)
            self._change(month)
            self._upload(month, *self._paid(month))
            month = add_months(month, 1)
        release_deferrals(self.database, self.world.tenant)

    def _change(self, month: date) -> None:
        """K-3 doubles its plan on 1 February, K-2 leaves after 14 May and says so in April."""
        if month == date(2027, 2, 1):
            item = {"currentArticleNumber": "YEARLY", "quantity": "2"}
            self.world.upgrade(self._growing, month, date="2027-02-01", items=[item])
        if month == date(2027, 4, 1):
            self.world.terminate(
                self._leaving,
                date(2027, 4, 20),
                end="2027-05-15",  # the first day that is not billed
                toTheDay=True,
                extraordinary=True,
            )

    def _paid(self, month: date) -> Iterator[BankTransaction]:
        """Everybody pays what is open on the 20th; in March the debits come back with a fee of 3.50."""
        with self.database.read(self.world.tenant.id) as tx:
            items = [item for item in read_open_items(tx) if item.open.minor > 0]
        day = month.replace(day=20)
        for item in items:
            yield moved(
                str(item.open.decimal), item.number, on=day, end_to_end_id=item.number, gvc="171",
                bank_code="PMNT/IDDT/ESDD",
            )  # fmt: skip
            if month == date(2027, 3, 1):
                yield returned(
                    str(-item.open.decimal - Decimal("3.50")),
                    original=str(item.open.decimal),
                    end_to_end_id=item.number,
                    on=month.replace(day=24),
                )

    def _upload(self, month: date, *movements: BankTransaction) -> BankReport | None:
        if not movements:
            return None
        content = BytesIO(file_of(statement(*movements, sequence=month.month)))
        return import_statements(self._bank, content, f"{month}.txt", IBAN)


def _items(article: str) -> list[dict[str, object]]:
    return [{"items": [{"articleNumber": article, "quantity": "1"}]}]
