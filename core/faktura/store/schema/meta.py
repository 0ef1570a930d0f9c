"""What all tables share: naming of constraints, the tenant column, small builders of columns."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
)

from faktura.store.types import Day, Moment, Scaled, Uid

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Rows lie in their primary key's order, without a second tree (SQLite only).
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


def tenant_id() -> Column[int]:
    """The first column of every key."""
    return Column("tenant_id", Integer, primary_key=True, autoincrement=False)


def uid(name: str = "id", *, key: bool = False, optional: bool = False) -> Column[Any]:
    """A UUID column."""
    return Column(name, Uid, primary_key=key, nullable=optional)


def text(name: str, *, key: bool = False, optional: bool = False) -> Column[str]:
    """A text column."""
    return Column(name, Text, primary_key=key, nullable=optional)


def word(name: str, *, key: bool = False, optional: bool = False) -> Column[str]:
    """A short word of a closed vocabulary or a number."""
    return Column(name, String(64), primary_key=key, nullable=optional)


def count(name: str, *, key: bool = False, optional: bool = False) -> Column[int]:
    """A whole number."""
    return Column(name, BigInteger, primary_key=key, nullable=optional, autoincrement=False)


def minor(name: str, *, optional: bool = False) -> Column[int]:
    """An amount in minor units."""
    return Column(name, BigInteger, nullable=optional)


def scaled(name: str, *, optional: bool = False) -> Column[Any]:
    """A price or quantity of up to six decimals."""
    return Column(name, Scaled, nullable=optional)


def day(name: str, *, key: bool = False, optional: bool = False) -> Column[Any]:
    """A local date."""
    return Column(name, Day, primary_key=key, nullable=optional)


def moment(name: str, *, optional: bool = False) -> Column[Any]:
    """A moment in UTC."""
    return Column(name, Moment, nullable=optional)


def digest(name: str, *, key: bool = False, optional: bool = False) -> Column[bytes]:
    """A SHA-256 hash."""
    return Column(name, LargeBinary(32), primary_key=key, nullable=optional)


def parent(columns: Iterable[str], table: str, keys: Iterable[str]) -> ForeignKeyConstraint:
    """A foreign key within the tenant: the tenant is always part of it."""
    return ForeignKeyConstraint(
        ["tenant_id", *columns], [f"{table}.tenant_id", *(f"{table}.{key}" for key in keys)]
    )


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """A check that a column holds a word of its vocabulary."""
    listed = ", ".join(f"'{w.value}'" for w in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
