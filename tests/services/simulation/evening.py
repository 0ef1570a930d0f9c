"""An evening over small true books, with outsiders whose books say the same; tests break either."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from tests.services.verify.books import kept_books, tampering

from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.transaction import Tx
from faktura.testing.simulation.counting import Counters
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants_watch import all_checks
from faktura.testing.simulation.outside import (
    BankBooks,
    Charge,
    ChargeState,
    OutsideBooks,
    ProviderBooks,
)

EVENING = datetime(2026, 11, 2, 20, tzinfo=UTC)
ATTEMPT = UUID(int=77)


@dataclass(frozen=True, slots=True)
class Evening:
    """Books that nobody has broken yet."""

    database: Database
    tenant: Tenant
    folder: Path

    def day(self) -> Day:
        """The evening, with outsiders who have seen nothing."""
        bank = BankBooks("DE02120300000000202051", Money(0, "EUR"))
        return Day(
            1,
            date(2026, 11, 2),
            self.database,
            DirectoryStore(self.folder),
            self.tenant,
            OutsideBooks(ProviderBooks(), bank),
            Counters(),
        )

    def said(self, *changes: str, day: Day | None = None) -> set[tuple[str, str]]:
        """Invariants that are broken, each with its place, once the books are changed by plain SQL."""
        with tampering(self.database, self.tenant) as tx:
            for change in changes:
                assert tx.connection.exec_driver_sql(change).rowcount > 0, change
            return looked(tx, day or self.day())


def looked(tx: Tx, day: Day) -> set[tuple[str, str]]:
    """What eyes that have seen nothing find on a transaction."""
    return {
        (breach.invariant.value, breach.place)
        for check in all_checks()
        for breach in check.look(tx, day)
    }


def opened_books(database: Database, folder: Path) -> Evening:
    """Two months of invoices, payments in parts, a return, a correction."""
    return Evening(database, kept_books(database), folder)


def charge(invoice: str, minor: int, state: ChargeState = ChargeState.TAKEN) -> Charge:
    """A charge of that invoice at the PSP."""
    money = Money(minor, "EUR")
    return Charge("ch_1", "key-1", ATTEMPT, invoice, money, EVENING, state, Money(25, "EUR"))
