"""What has to hold between two databases before one is copied into the other, and meanwhile (O25)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from faktura.kernel.errors import Conflict, Misconfigured, WriteRefused
from faktura.store.database import Database, check_reachable
from faktura.store.migrations import check_current, current, head, upgrade
from faktura.store.moved_jobs import live_workers
from faktura.store.table_copy import copied_tables, count_rows, last_key, rows_up_to
from faktura.store.transaction import Tx

_NEW = "0000"
# One copy at a time in a database of a server; the number only has to be ours.
_LOCK = 0x66616B75
_WAIT = "5s"


@contextmanager
def naming_target() -> Iterator[None]:
    """What is wrong with the target's address is told of it, not of the installation's own database."""
    try:
        yield
    except Misconfigured as error:
        if error.place == "FAKTURA_DATABASE_URL":
            error.place = "--to"
        raise


def set_up_new(target: Database) -> str:
    """Set up a target that is new; its version. Raises Misconfigured where other tables lie in it."""
    with naming_target():
        version = current(target)
    if version != _NEW:
        return version
    with target.read(0) as tx:
        tables = inspect(tx.connection).get_table_names()
    if tables:
        raise Misconfigured(
            f"the target holds tables of something else, such as {tables[0]}",
            place="--to",
            mend="Name a database of its own for faktura",
        )
    upgrade(target)
    return head()


def make_ready(source: Database, target: Database) -> None:
    """Set up a new target; raises Misconfigured for another revision, or what is no database of ours.

    The source stands at this release's too: of a newer one, columns would be left behind unseen.
    """
    check_current(source)
    version = current(source)
    if version != head():
        raise Misconfigured(
            f"the source stands at version {version}, this release knows up to {head()}",
            place="the source",
            mend="Copy it by the release that set it up",
        )
    version = set_up_new(target)
    if version != head():
        raise Misconfigured(
            f"the target stands at version {version}, this release needs {head()}",
            place="--to",
            mend="Set it up by this release, or name a new database",
        )


@contextmanager
def apart(source: Database, target: Database) -> Iterator[None]:
    """Both are different databases, and no other copy is under way in either; raises Conflict.

    Misconfigured where one of them does not answer.
    """
    check_reachable(source)
    with naming_target():
        check_reachable(target)
    if not source.is_postgresql and not target.is_postgresql and _same_file(source, target):
        raise _same()
    with _locked(source) as alone, _locked(target) as also_alone:
        if not (alone and also_alone):
            raise _same()
        yield


@contextmanager
def standing_still(source: Database) -> Iterator[tuple[Tx, Callable[[], bool]]]:
    """One snapshot of the whole source, and a function that says whether somebody wrote since.

    Nobody can write to PostgreSQL meanwhile. Raises Conflict while a worker holds a job, or where others
    write already.
    """
    with source.read(0) as tx:
        workers = live_workers(tx)
    if workers:
        raise Conflict(
            f"a worker is at work: {', '.join(workers[:3])}",
            place="the source",
            mend="Stop `faktura serve` and all workers; one that was killed is over within minutes",
        )
    if source.is_postgresql:
        with _held(source) as tx:
            yield tx, lambda: False
        return
    with source.engine.connect() as watch, source.read(0) as tx:
        before = _data_version(watch)
        # The snapshot is taken by the first read.
        tx.connection.execute(sql("SELECT count(*) FROM tenant"))
        yield tx, lambda: _data_version(watch) != before


def check_is_beginning(source: Tx, target: Database) -> None:
    """Raise Conflict unless each table of the target is the beginning of the source's.

    Only keys are compared here, so that a copy goes on at once; the hashes at the end compare the rest.
    """
    with target.read(0) as tx:
        for table in copied_tables():
            last = last_key(tx, table)
            if last is not None and rows_up_to(source, table, last) != count_rows(tx, table):
                raise Conflict(
                    f"the target holds other data, in table {table.name}",
                    place="--to",
                    mend="Name a new database; what is in this one stays as it is",
                )


@contextmanager
def _held(source: Database) -> Iterator[Tx]:
    tables = ", ".join(table.name for table in copied_tables())
    with source.write(0) as tx:
        try:
            tx.connection.execute(sql(f"SET LOCAL lock_timeout = '{_WAIT}'"))
            tx.connection.execute(sql(f"LOCK TABLE {tables}, blob IN SHARE MODE"))
        except OperationalError as error:
            raise _written(error) from error
        yield tx


def _written(error: OperationalError) -> WriteRefused:
    return WriteRefused(
        f"the source is being written to: {str(error.orig).splitlines()[0]}",
        place="the source",
        mend="Stop `faktura serve` and all workers",
    )


@contextmanager
def _locked(database: Database) -> Iterator[bool]:
    """Whether the lock of copies could be had; it is held meanwhile, and is gone with the process."""
    if not database.is_postgresql:
        yield True
        return
    with database.engine.connect() as connection:
        kept = connection.execution_options(isolation_level="AUTOCOMMIT")
        taken = kept.execute(sql("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar_one()
        try:
            yield bool(taken)
        finally:
            if taken:
                kept.execute(sql("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})


def _same_file(source: Database, target: Database) -> bool:
    found = []
    for database in (source, target):
        with database.read(0) as tx:
            found.append(tx.connection.execute(sql("PRAGMA database_list")).all()[0][2])
    return bool(found[0] == found[1])


def _same() -> Conflict:
    return Conflict(
        "the target is the source itself, or another copy is under way",
        place="--to",
        mend="Name another database, or let the other copy end",
    )


def _data_version(watch: Connection) -> int:
    # Straight to the driver: inside a transaction it would stand still.
    driver = watch.connection.driver_connection
    if driver is None:
        raise ConnectionError("the connection is closed")
    found: int = driver.execute("PRAGMA data_version").fetchone()[0]
    return found
