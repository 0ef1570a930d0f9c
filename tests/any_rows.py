"""A row for any table of ours, which satisfies its checks; rows of several tables refer to each other."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from faktura.store.types import Day, Moment, Scaled, Uid


def any_row(table: Table) -> dict[str, object]:
    """Values that satisfy the checks, and refer to each other from table to table."""
    row = {found.name: any_value(found) for found in table.columns}
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            row |= re.findall(r"(\w+) IN \('(\w+)'", str(constraint.sqltext))
    return row


VALUES: dict[type, object] = {
    Uid: UUID(int=1),
    Moment: datetime(2026, 10, 31, tzinfo=UTC),
    Day: date(2026, 10, 31),
    Scaled: Decimal(1),
    LargeBinary: bytes(32),
    String: "1",
    Text: "1",
    Integer: 1,
    BigInteger: 1,
    Boolean: True,
}
# Sums such as gross = net + tax hold for zeros.
ZERO = {"net", "tax", "gross", "list_net", "discount"}


def any_value(column: Column[Any]) -> object:
    """A value of the column's type, the same in every table."""
    return 0 if column.name in ZERO else VALUES[type(column.type)]
