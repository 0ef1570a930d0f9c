"""Writes the next revisions: what the tables in store/schema are ahead of the migrations.

`make migration` runs it; one revision a noun keeps each file readable. Look at what it wrote
before you commit: it cannot tell a renamed column from a dropped and a new one.
"""

import re
import tempfile
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateTableOp, ModifyTableOps, UpgradeOps
from sqlalchemy import Table
from sqlalchemy.types import TypeDecorator

from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import Refused
from faktura.kernel.ids import Uuid7Source
from faktura.store import schema, types
from faktura.store.database import Database, open_database
from faktura.store.migrations import VERSIONS, head, upgrade
from faktura.store.procrastinate_schema import is_ours
from faktura.store.tables import INSERT_ONLY, metadata

_Op = CreateTableOp | ModifyTableOps
_GUARDED = {table.name for table in INSERT_ONLY}
_TYPES = sorted(
    name for name, kind in vars(types).items() if kind in TypeDecorator.__subclasses__()
)


def write_revisions(database: Database, folder: Path, last: str) -> list[Path]:
    """Write what `database` lacks as revisions after `last` into `folder`; the files written."""
    by_noun = _missing(database)
    written = []
    for noun in _in_order(by_noun):
        number = f"{int(last) + 1:04d}"
        path = folder / f"v{number}_{noun}.py"
        path.write_text(_revision(noun, by_noun[noun], number, last), encoding="utf-8")
        written.append(path)
        last = number
    return written


def _missing(database: Database) -> dict[str, list[_Op]]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"target_metadata": metadata, "include_name": is_ours}
        )
        found = produce_migrations(context, metadata).upgrade_ops
    by_noun: dict[str, list[_Op]] = defaultdict(list)
    nouns = _nouns()
    for step in found.ops if found else ():
        if not isinstance(step, CreateTableOp | ModifyTableOps):
            raise Refused(f"no revision can be made of {step}", mend="Write this one by hand")
        by_noun[nouns[step.table_name]].append(step)
    return by_noun


def _nouns() -> dict[str, str]:
    """The file of store/schema, by table."""
    return {
        value.name: name
        for name, module in vars(schema).items()
        if isinstance(module, ModuleType)
        for value in vars(module).values()
        if isinstance(value, Table)
    }


def _in_order(by_noun: dict[str, list[_Op]]) -> list[str]:
    nouns = _nouns()
    parents: dict[str, set[str]] = {noun: set() for noun in sorted(by_noun)}
    for table in metadata.sorted_tables:
        noun = nouns[table.name]
        if noun in parents:
            referred = {nouns[key.column.table.name] for key in table.foreign_keys}
            parents[noun] |= (referred & set(parents)) - {noun}
    return list(TopologicalSorter(parents).static_order())


def _revision(noun: str, steps: list[_Op], number: str, last: str) -> str:
    code = render_python_code(UpgradeOps(ops=steps), render_as_batch=True, user_module_prefix="")
    body = re.sub(r"^ *# ###.*\n?", "", code, flags=re.MULTILINE).strip()
    created = [step.table_name for step in steps if isinstance(step, CreateTableOp)]
    guarded = [name for name in created if name in _GUARDED]
    used = [name for name in _TYPES if f"{name}()" in body]
    lines = [
        f'"""Revision {number} of {noun}: {", ".join(sorted({s.table_name for s in steps}))}."""',
        "",
        *(["import sqlalchemy as sa"] if "sa." in body else []),
        "from alembic import op",
        "",
        *(["from faktura.store.schema.insert_only import guard"] if guarded else []),
        *([f"from faktura.store.types import {', '.join(used)}"] if used else []),
        "",
        f'revision = "{number}"',
        f"down_revision = {None if last == '0000' else repr(last)}",
        "",
        "def upgrade() -> None:",
        '    """Bring the tables to this revision."""',
        f"    {body}",
    ]
    for name in guarded:
        lines += [
            f'    for statement in guard(op.get_bind().dialect.name, "{name}"):',
            "        op.execute(statement)",
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the revisions that are missing in the source tree."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/empty.db", clock, Uuid7Source(clock))
        upgrade(database)
        write_revisions(database, VERSIONS, head())
        database.close()


if __name__ == "__main__":
    main()
