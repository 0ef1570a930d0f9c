"""Books with everything in them, and ways to tamper with them behind the core's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from tests.services.company import XRechnung, bill, settle, small_company

from faktura.domain.line_parts import LinePart
from faktura.domain.tenants import Tenant
from faktura.domain.violations import Violation
from faktura.flows.verification import verify
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.issuing import Desk
from faktura.services.period_locks import Locking, lock_period
from faktura.services.verification import PROOFS, prove
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.transaction import Tx


def kept_books(database: Database) -> Tenant:
    """Two months of invoices, payments in parts, a return, a correction, a locked month."""
    tenant = small_company(database)
    bill(database, tenant)
    bill(database, tenant, date(2026, 11, 1))
    settle(database, tenant, "RE-000001", 3000)
    settle(database, tenant, "RE-000001", 4140)
    settle(database, tenant, "RE-000001", -4140)
    settle(database, tenant, "RE-000003", 3000)
    with database.write(tenant.id) as tx:
        given = Correcting((LinePart(1, percent=Decimal("33.33")),), "Kulanz")
        correct_invoice(tx, Desk(tenant, XRechnung()), "RE-000009", given)
    with database.write(tenant.id) as tx:
        lock_period(tx, Locking(date(2026, 9, 1), "Voranmeldung", "Jo"))
    return tenant


class _Undone(Exception):
    """Rolls a transaction back."""


@contextmanager
def tampering(database: Database, tenant: Tenant) -> Iterator[Tx]:
    """A transaction in which nothing of the database resists; it is rolled back."""
    try:
        with database.write(tenant.id) as tx:
            if tx.is_postgresql:
                tx.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            else:
                _lift_guards(tx)
            yield tx
            raise _Undone
    except _Undone:
        pass


def _lift_guards(tx: Tx) -> None:
    run = tx.connection.exec_driver_sql
    run("PRAGMA defer_foreign_keys = ON")
    run("PRAGMA ignore_check_constraints = ON")
    triggers = run("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    for name in triggers:
        run(f"DROP TRIGGER {name}")


def violations(tx: Tx) -> list[Violation]:
    """What all proofs over the rows say."""
    return [found for proof in PROOFS for found in prove(tx, proof)]


def places(tx: Tx) -> list[str]:
    """Where the proofs fail."""
    return [found.place for found in violations(tx)]


def proved(database: Database, tenant: Tenant, contents: ContentStore) -> list[Violation]:
    """All violations, those of stored bytes included."""
    return list(verify(database, contents, tenant.id))
