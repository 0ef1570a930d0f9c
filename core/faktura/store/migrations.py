"""The schema's version: bringing a database up to it, and refusing to work on an older one."""

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

    Starting it twice, also at once, is harmless. Raises Misconfigured for a database that a newer
    release has set up.
    """
    check_reachable(database)
    with database.write(0) as tx:
        if tx.is_postgresql:
            tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        version = _version(tx.connection)
        _refuse_newer(version)
        if version == head():
            return False
        _run(tx.connection)
    return True


def check_current(database: Database) -> None:
    """Raise Misconfigured unless the database stands at `head`; costs two small reads."""
    version = current(database)
    _refuse_newer(version)
    if version != head():
        problem = (
            "the database has not been set up"
            if version == _NONE
            else f"the database stands at version {version}, this release needs {head()}"
        )
        raise Misconfigured(problem, place="FAKTURA_DATABASE_URL", mend="Run: faktura db init")


def _version(connection: Connection) -> str:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return _NONE
    stored = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608 - a name of our own
    return str(stored or _NONE)


def _refuse_newer(version: str) -> None:
    if version > head():
        raise Misconfigured(
            f"the database stands at version {version}, this release knows up to {head()}",
            place="FAKTURA_DATABASE_URL",
            mend="Install the release that set it up, or a newer one",
        )


def _run(connection: Connection) -> None:
    # Imported here: it costs a second that a start without migrations does not have to pay.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
