"""Column types that mean the same on SQLite and PostgreSQL: nothing is lost, nothing is rounded."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from faktura.kernel.decimals import scaled, unscaled
from faktura.kernel.errors import OutOfRange

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Uid(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, native on PostgreSQL."""

    impl = LargeBinary  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[UUID] | TypeEngine[bytes]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    @override
    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID | bytes | None:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    @override
    def process_result_value(self, value: UUID | bytes | None, dialect: Dialect) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        return UUID(bytes=value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: microseconds since 1970 on SQLite, timestamptz on PostgreSQL.

    A naive datetime is refused: SQLite would silently drop an offset.
    """

    impl = BigInteger  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[int]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise OutOfRange(f"{value} has no time zone")
        if dialect.name == "postgresql":
            return value
        return (value - _EPOCH) // _MICROSECOND

    @override
    def process_result_value(
        self, value: datetime | int | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return _EPOCH + value * _MICROSECOND


class Scaled(TypeDecorator[Decimal]):
    """A decimal of up to six places as an integer times 10**6; more digits are refused."""

    impl = BigInteger  # type: ignore[mutable-override] # declared so by SQLAlchemy
    cache_ok = True  # type: ignore[mutable-override] # declared so by SQLAlchemy

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else scaled(value)

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else unscaled(value)
