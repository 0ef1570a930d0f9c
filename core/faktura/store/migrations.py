"""The schema's version: bringing a database up to it, and refusing to work on one that does not fit.

A revision that says `additive = True` takes nothing away that the release before uses: its servers and
workers go on while the database is ahead of them. The database keeps the oldest version that a release
must know, as a comment on alembic's table; SQLite has a number for that.
"""

import logging
import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from faktura.kernel.errors import Misconfigured
from faktura.store.database import Database, check_reachable

FOLDER = Path(__file__).with_name("alembic")
VERSIONS = FOLDER / "versions"
_NONE = "0000"
_VERSION_TABLE = "alembic_version"
# One migration at a time, whoever starts it; the number only has to be ours.
_LOCK = 0x66616B74
_ADDITIVE = re.compile(r"^additive = True$", re.MULTILINE)
_NOTE = "version {:04d} suits releases from {:04d} on"
_KEPT = re.compile(_NOTE.replace("{:04d}", "([0-9]{4})"))
_log = logging.getLogger("faktura.store")


def head() -> str:
    """The newest revision of this installation, as in its file's name; 0000 if there is none."""
    return max((path.stem[1:5] for path in VERSIONS.glob("v[0-9]*.py")), default=_NONE)


def current(database: Database) -> str:
    """The revision a database stands at; 0000 if it has never been set up."""
    check_reachable(database)
    with database.read(0) as tx:
        return _version(tx.connection)


def upgrade(database: Database) -> bool:
    """Bring the database to `head` in one transaction; whether there was anything to do.

    Starting it twice, also at once, is harmless. A newer version that this release may work on stays.
    Raises Misconfigured for any other database that a newer release has set up.
    """
    check_reachable(database)
    with database.write(0) as tx:
        if tx.is_postgresql:
            tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        version = _version(tx.connection)
        _refuse_newer(tx.connection, version)
        if version >= head():
            return False
        _run(tx.connection)
        _keep_oldest(tx.connection, head(), oldest_release(VERSIONS))
    return True


def oldest_release(versions: Path) -> str:
    """The newest revision that is not additive: what a release must know to work on this schema."""
    return max(
        (
            path.stem[1:5]
            for path in versions.glob("v[0-9]*.py")
            if not _ADDITIVE.search(path.read_text(encoding="utf-8"))
        ),
        default=_NONE,
    )


def check_current(database: Database) -> None:
    """Raise Misconfigured unless the database stands at `head`, or additive revisions ahead of it.

    It costs two small reads; what is ahead is said in the log.
    """
    check_reachable(database)
    with database.read(0) as tx:
        version = _version(tx.connection)
        _refuse_newer(tx.connection, version)
    if version > head():
        _log.warning("database_is_ahead version=%s release=%s", version, head())
    elif version != head():
        problem = (
            "the database has not been set up"
            if version == _NONE
            else f"the database stands at version {version}, this release needs {head()}"
        )
        raise Misconfigured(problem, place="FAKTURA_DATABASE_URL", mend="Run: faktura db init")


def is_fit(database: Database) -> bool:
    """Whether this release works on the schema as it stands; nothing is said in the log.

    Raises Misconfigured where the database does not answer.
    """
    check_reachable(database)
    with database.read(0) as tx:
        version = _version(tx.connection)
        return version == head() or (version > head() and _suits(tx.connection, version))


def _version(connection: Connection) -> str:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return _NONE
    stored = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608 - a name of our own
    return str(stored or _NONE)


def _refuse_newer(connection: Connection, version: str) -> None:
    if version > head() and not _suits(connection, version):
        oldest = _oldest(connection, version)
        raise Misconfigured(
            f"the database stands at version {version}, this release knows up to {head()}"
            + (f" and would have to know {oldest}" if oldest else ""),
            place="FAKTURA_DATABASE_URL",
            mend="Install the release that set it up, or a newer one",
        )


def _suits(connection: Connection, version: str) -> bool:
    """Whether this release knows enough to work on the schema of that later version."""
    oldest = _oldest(connection, version)
    return oldest is not None and oldest <= head()


def _oldest(connection: Connection, version: str) -> str | None:
    """What a release must know to work on the schema of that version; None where nobody said."""
    if connection.dialect.name == "postgresql":
        asked = text("SELECT obj_description(CAST(:name AS regclass), 'pg_class')")
        kept = connection.execute(asked, {"name": _VERSION_TABLE}).scalar_one() or ""
    else:
        number = int(connection.execute(text("PRAGMA user_version")).scalar_one())
        kept = _NOTE.format(number // 10_000, number % 10_000)
    said = _KEPT.fullmatch(kept)
    return said[2] if said and said[1] == version else None


def _keep_oldest(connection: Connection, version: str, oldest: str) -> None:
    if connection.dialect.name == "postgresql":
        note = _NOTE.format(int(version), int(oldest))
        connection.execute(text(f"COMMENT ON TABLE {_VERSION_TABLE} IS '{note}'"))
    else:
        connection.execute(text(f"PRAGMA user_version = {int(version) * 10_000 + int(oldest)}"))


def _run(connection: Connection) -> None:
    # Imported here: it costs a second that a start without migrations does not have to pay.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
