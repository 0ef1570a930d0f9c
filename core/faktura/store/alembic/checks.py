"""Lets a table take more: a check constraint is replaced, its rows stay where they are."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def widen(table: str, column: str, words: Sequence[str]) -> None:
    """Replace the check `<column>_known` of a table by one that knows these words as well."""
    listed = ", ".join(f"'{word}'" for word in words)
    recheck(table, f"{column}_known", f"{column} IN ({listed})")


def recheck(table: str, short_name: str, check: str) -> None:
    """Replace a check constraint by one that allows more; rows are not looked at on SQLite.

    SQLite writes the new check into its catalogue, as its documentation allows for checks: the
    table is not rebuilt, so its triggers, indexes and whatever refers to it stay.
    """
    name = f"ck_{table}_{short_name}"
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})")
        return
    written: str = bind.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"),
        {"name": table},
    ).scalar_one()
    start = written.index(f"CONSTRAINT {name} CHECK (")
    end = _closing(written, start) + 1
    changed = f"{written[:start]}CONSTRAINT {name} CHECK ({check}){written[end:]}"
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
        {"sql": changed, "name": table},
    )
    # Other connections read the catalogue anew only where its version is another.
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")


def _closing(written: str, start: int) -> int:
    """Where the bracket closes that is opened first behind `start`."""
    depth = 0
    for place in range(written.index("(", start), len(written)):
        depth += {"(": 1, ")": -1}.get(written[place], 0)
        if not depth:
            return place
    raise ValueError(written[start:])
