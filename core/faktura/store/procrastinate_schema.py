"""procrastinate's tables, types and functions in our database; only setting one up imports it."""

from sqlalchemy import Connection

_PREFIX = "procrastinate_"


def create_procrastinate(connection: Connection) -> None:
    """Create what the installed procrastinate needs; on PostgreSQL only."""
    # Imported here: it costs a second that no start has to pay.
    from procrastinate.schema import SchemaManager

    # The driver reads % as the sign of a parameter.
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is declared in store/schema; the rest belongs to procrastinate.

    A filter for Alembic's `include_name`.
    """
    return not (kind == "table" and (name or "").startswith(_PREFIX))
