"""Column types that mean the same on SQLite and PostgreSQL: nothing is lost, nothing is rounded.

Each names its two converters itself: a bulk write runs them ten times a row.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Dialect, LargeBinary, String
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from faktura.kernel.decimals import scaled, unscaled
from faktura.kernel.errors import IntegrityBroken, OutOfRange, shortened

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Converter = Callable[[Any], Any]

# Prices, quantities and rates repeat from row to row.
_to_integer = lru_cache(maxsize=16_384)(scaled)
_to_decimal = lru_cache(maxsize=16_384)(unscaled)


def _is_postgresql(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"


def _bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


# An id stands in many rows: of a document in its lines, postings, events.
@lru_cache(maxsize=16_384)
def _uuid(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise IntegrityBroken(
            f"“{shortened(value)}” is stored where a day should be",
            mend="Run `faktura verify`, then restore a backup",
        ) from None


def _integer(value: Decimal | None) -> int | None:
    return None if value is None else _to_integer(value)


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else _to_decimal(value)


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise OutOfRange(f"{value} has no time zone")
    return value


def _microseconds(value: datetime | None) -> int | None:
    aware = _aware(value)
    return None if aware is None else (aware - _EPOCH) // _MICROSECOND


def _moment(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + value * _MICROSECOND


def _utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Uid(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, native on PostgreSQL."""

    impl = LargeBinary  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native: TypeEngine[Any] = postgresql.UUID(as_uuid=True)
        return dialect.type_descriptor(native if _is_postgresql(dialect) else LargeBinary(16))

    @override
    def bind_processor(self, dialect: Dialect) -> Converter | None:
        return None if _is_postgresql(dialect) else _bytes

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Converter | None:
        return None if _is_postgresql(dialect) else _uuid


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: microseconds since 1970 on SQLite, timestamptz on PostgreSQL.

    A naive datetime is refused: SQLite would silently drop an offset.
    """

    impl = BigInteger  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        stored: TypeEngine[Any] = BigInteger()
        native: TypeEngine[Any] = DateTime(timezone=True)
        return dialect.type_descriptor(native if _is_postgresql(dialect) else stored)

    @override
    def bind_processor(self, dialect: Dialect) -> Converter | None:
        return _aware if _is_postgresql(dialect) else _microseconds

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Converter | None:
        return _utc if _is_postgresql(dialect) else _moment


class Day(TypeDecorator[date]):
    """A local date: ISO text on SQLite, date on PostgreSQL.

    The dialect's own date type for SQLite reads and writes by regular expression.
    """

    impl = Date  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native: TypeEngine[Any] = Date()
        return dialect.type_descriptor(native if _is_postgresql(dialect) else String(10))

    @override
    def bind_processor(self, dialect: Dialect) -> Converter | None:
        return None if _is_postgresql(dialect) else _iso

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Converter | None:
        return None if _is_postgresql(dialect) else _date


class Scaled(TypeDecorator[Decimal]):
    """A decimal of up to six places as an integer times 10**6; more digits are refused."""

    impl = BigInteger  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def bind_processor(self, dialect: Dialect) -> Converter | None:
        return _integer

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Converter | None:
        return _decimal
