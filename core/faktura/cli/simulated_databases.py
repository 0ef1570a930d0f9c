"""Which databases and tenants may be simulated: a simulation works every job at days that it makes up."""

from collections.abc import Iterator
from contextlib import contextmanager

from faktura.cli.session import NO_TENANT
from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import Conflict, Misconfigured, TransitionRefused
from faktura.kernel.ids import Uuid7Source
from faktura.store.attempts import AttemptFilter, list_attempts
from faktura.store.database import Database, open_database
from faktura.store.mails import MailFilter, list_mails
from faktura.store.migrations import check_current, current
from faktura.store.tenants import choose_tenant_id, list_tenants
from faktura.store.uploads import list_uploads


def sandbox_to_live_on(address: str, key: str) -> int:
    """The id of a sandbox; raises NotFound, and TransitionRefused for one that cannot be lived on."""
    with _connected_to(address) as database:
        check_current(database)
        with database.read(NO_TENANT) as tx:
            tenant_id = choose_tenant_id(tx, key)
            tenants = list_tenants(tx)
        live = {one.key for one in tenants if not one.sandbox}
        if key in live:
            raise TransitionRefused(
                f"{key} is no sandbox: a simulation would bill its customers",
                place="--tenant",
                mend=f"Make a copy first: faktura db sandbox-copy --tenant {key} --to URL",
            )
        others = ", ".join(one.key for one in tenants if one.key != key)
        if others:
            raise TransitionRefused(
                f"{key} has neighbours, whose jobs would run at simulated days: {others}",
                place="--tenant",
                mend="Copy into a database of its own: faktura db sandbox-copy --to URL",
            )
        if _has_met_the_outside(database, tenant_id):
            raise TransitionRefused(
                f"{key} has mails, payments or bank statements that a new simulated world does not know",
                place="--tenant",
                mend="Make a new copy: faktura db sandbox-copy --to URL",
            )
    return tenant_id


def _has_met_the_outside(database: Database, tenant_id: int) -> bool:
    with database.read(tenant_id) as tx:
        return bool(
            list_mails(tx, MailFilter(), limit=1)
            or list_attempts(tx, AttemptFilter(), limit=1)
            or list_uploads(tx, limit=1)
        )


def check_no_live_tenant(address: str) -> None:
    """Raise Conflict for a database in which somebody does business, Misconfigured for no address of one."""
    with _naming_database(), _connected_to(address) as database:
        if current(database) == "0000":
            return
        with database.read(NO_TENANT) as tx:
            live = [one.key for one in list_tenants(tx) if not one.sandbox]
    if live:
        raise Conflict(
            f"the database holds live tenants: {', '.join(live)}",
            place="--database",
            mend="Name an empty database, or none: then it lives in a temporary file",
        )


@contextmanager
def _naming_database() -> Iterator[None]:
    """What is wrong with the address is told of it, not of the installation's own database."""
    try:
        yield
    except Misconfigured as error:
        error.place = "--database"
        raise


@contextmanager
def _connected_to(address: str) -> Iterator[Database]:
    """The database of an address, whatever its version."""
    clock = SystemClock()
    database = open_database(address, clock, Uuid7Source(clock))
    try:
        yield database
    finally:
        database.close()
