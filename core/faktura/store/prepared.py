"""Reads of every request: compiled once a dialect, then handed straight to the driver.

SQLAlchemy takes ten times as long to run a statement as SQLite does; where one answer is four
statements, that is most of its time. The types' own processors are kept: a row means the same.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select

from faktura.kernel.errors import DatabaseUnreachable
from faktura.store.transaction import Tx

_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement in a dialect's words; `order` are the names of its marks, None where it has names."""

    sql: str
    constants: Mapping[str, object]
    encoders: Mapping[str, _Convert]
    order: tuple[str, ...] | None
    decoders: tuple[tuple[int, _Convert], ...]
    row: type[Any]

    def bound(self, values: Mapping[str, object]) -> object:
        """The values as the driver takes them."""
        given = {**self.constants, **values}
        for name, encode in self.encoders.items():
            given[name] = encode(given[name])
        return given if self.order is None else [given[name] for name in self.order]

    def decoded(self, row: tuple[object, ...]) -> Any:
        """The row by its columns' names."""
        if not self.decoders:
            return self.row(*row)
        cells = list(row)
        for position, decode in self.decoders:
            cells[position] = decode(cells[position])
        return self.row(*cells)


class Prepared:
    """A select with bound parameters only: no list of them that grows with what is asked."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._plans: dict[str, _Plan] = {}

    def rows(self, tx: Tx, **values: object) -> list[Any]:
        """The rows, by the names of their columns, in the transaction; raises DatabaseUnreachable."""
        dialect = tx.connection.dialect
        plan = self._plans.get(dialect.name)
        if plan is None:
            # Two threads may both make it: it comes out the same.
            plan = self._plans[dialect.name] = _planned(self._statement, dialect)
        driver: Any = tx.connection.connection.driver_connection
        try:
            found = driver.execute(plan.sql, plan.bound(values)).fetchall()
        except dialect.loaded_dbapi.OperationalError as exc:
            reason = str(exc).splitlines()[0]
            raise DatabaseUnreachable(f"the database does not answer: {reason}") from exc
        return [plan.decoded(row) for row in found]


def _planned(statement: Select[Any], dialect: Dialect) -> _Plan:
    compiled = statement.compile(dialect=dialect)
    encoders = {}
    for name, bind in compiled.binds.items():
        encode = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if encode is not None:
            encoders[name] = encode
    columns = list(statement.selected_columns)
    decoders = []
    for position, column in enumerate(columns):
        decode = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if decode is not None:
            decoders.append((position, decode))
    return _Plan(
        str(compiled),
        dict(compiled.params),
        encoders,
        tuple(compiled.positiontup) if compiled.positiontup is not None else None,
        tuple(decoders),
        namedtuple("Found", [column.name for column in columns]),
    )
