"""Number ranges: a gapless block is taken in the transaction that uses it (P20, P22)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from faktura.domain.numbering import NumberFormat
from faktura.kernel.errors import TransitionRefused
from faktura.store.tables import number_range
from faktura.store.transaction import Tx

INVOICE = "INVOICE"
CORRECTION = "CORRECTION"
CUSTOMER = "CUSTOMER"
CONTRACT = "CONTRACT"
DEBTOR = "DEBTOR"
MANDATE = "MANDATE"
DUNNING = "DUNNING"


def take_numbers(tx: Tx, name: str, on: date, count: int) -> list[str]:
    """The next `count` numbers of a range, as of its format valid on that day.

    The range's row stays locked until the transaction ends: a rollback gives the numbers back, so
    there is never a gap. Raises TransitionRefused where none is set up for that day: a caller chose it.
    """
    valid_from = (
        select(number_range.c.valid_from)
        .where(
            number_range.c.tenant_id == tx.tenant_id,
            number_range.c.name == name,
            number_range.c.valid_from <= on,
        )
        .order_by(number_range.c.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    taken = tx.connection.execute(
        update(number_range)
        .where(
            number_range.c.tenant_id == tx.tenant_id,
            number_range.c.name == name,
            number_range.c.valid_from == valid_from,
        )
        .values(next=number_range.c.next + count)
        .returning(number_range.c.prefix, number_range.c.width, number_range.c.next)
    ).one_or_none()
    if taken is None:
        raise TransitionRefused(
            f"no number range {name} is valid on {on}",
            place="tenant.numberRanges",
            mend="Set up a range that starts on or before that day",
        )
    written = NumberFormat(taken.prefix, taken.width)
    return [written.write(counter) for counter in range(taken.next - count, taken.next)]


def hold_ranges(tx: Tx) -> None:
    """Lock all ranges of the tenant until the transaction ends, in the order of their names.

    For whoever draws from several of them in an order of its own, and would otherwise be in a
    deadlock with those who draw from contracts to invoices.
    """
    tx.connection.execute(
        select(number_range.c.name)
        .where(number_range.c.tenant_id == tx.tenant_id)
        .order_by(number_range.c.name, number_range.c.valid_from)
        .with_for_update()
    ).all()


def start_range(
    tx: Tx, name: str, *, valid_from: date, number_format: NumberFormat, first: int = 1
) -> None:
    """Start a range, or a new format of it from a day on."""
    tx.connection.execute(
        number_range.insert().values(
            tenant_id=tx.tenant_id,
            name=name,
            valid_from=valid_from,
            prefix=number_format.prefix,
            width=number_format.width,
            next=first,
        )
    )


@dataclass(frozen=True, slots=True)
class RangeFormat:
    """One format of a range: valid from a day on, and the counter it gives next."""

    name: str
    valid_from: date
    format: NumberFormat
    next: int


def ranges(tx: Tx) -> list[RangeFormat]:
    """All ranges with their formats, oldest first."""
    rows = tx.connection.execute(
        select(number_range)
        .where(number_range.c.tenant_id == tx.tenant_id)
        .order_by(number_range.c.name, number_range.c.valid_from)
    )
    return [
        RangeFormat(row.name, row.valid_from, NumberFormat(row.prefix, row.width), row.next)
        for row in rows
    ]
