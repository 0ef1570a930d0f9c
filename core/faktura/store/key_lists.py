"""Lists of keys as one parameter: a statement stays the same however many rows it asks for.

With a parameter for each key, making the statement takes longer than finding the rows.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, BindParameter, Column, ColumnElement, Dialect, LargeBinary
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, Text, TypeDecorator, TypeEngine
from typing_extensions import override

from faktura.store.types import Converter


class _Ids(TypeDecorator[list[UUID]]):
    """Ids: their bytes in a row on SQLite, an array on PostgreSQL."""

    impl = LargeBinary  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native: TypeEngine[Any] = postgresql.ARRAY(postgresql.UUID(as_uuid=True))
        return native if dialect.name == "postgresql" else LargeBinary()

    @override
    def bind_processor(self, dialect: Dialect) -> Converter | None:
        return None if dialect.name == "postgresql" else _in_a_row


class _Numbers(TypeDecorator[list[int]]):
    """Whole numbers: a JSON list on SQLite, an array on PostgreSQL."""

    impl = Text  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native: TypeEngine[Any] = postgresql.ARRAY(BigInteger)
        return native if dialect.name == "postgresql" else Text()

    @override
    def bind_processor(self, dialect: Dialect) -> Converter | None:
        return None if dialect.name == "postgresql" else str


def _in_a_row(ids: list[UUID]) -> bytes:
    return b"".join(one.bytes for one in ids)


class _Among(ColumnElement[Any]):
    """Whether a column is one of a list given by name."""

    inherit_cache: bool | None = False
    # Of type Boolean it would become `… = 1` on SQLite, which no index serves.
    type: TypeEngine[Any] = NullType()

    def __init__(self, column: Column[Any], listed: BindParameter[Any], sqlite: str) -> None:
        self.column = column
        self.listed = listed
        self.sqlite = sqlite


def among_ids(column: Column[UUID], name: str) -> ColumnElement[bool]:
    """Whether the column is one of the ids given as a list under that name."""
    # The n-th sixteen bytes of the parameter, one after the other.
    rows = (
        "WITH RECURSIVE listed(n) AS (SELECT 1 WHERE length({0}) > 0"
        " UNION ALL SELECT n + 16 FROM listed WHERE n + 16 < length({0}))"
        " SELECT substr({0}, n, 16) FROM listed"
    )
    return _Among(column, BindParameter(name, type_=_Ids()), rows)


def among_numbers(column: Column[int], name: str) -> ColumnElement[bool]:
    """Whether the column is one of the whole numbers given as a list under that name."""
    return _Among(column, BindParameter(name, type_=_Numbers()), "SELECT value FROM json_each({0})")


@compiles(_Among, "postgresql")
def _as_array(among: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(among.column, **kw)} = ANY({compiler.process(among.listed, **kw)})"


@compiles(_Among, "sqlite")
def _as_rows(among: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(among.column, **kw)
    parts = among.sqlite.split("{0}")
    text = parts[0]
    # Marks are not named: each one is a parameter of its own.
    for part in parts[1:]:
        text += compiler.process(among.listed, **kw) + part
    return f"{column} IN ({text})"
