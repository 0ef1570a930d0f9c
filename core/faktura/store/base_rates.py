"""Base rates that a tenant knows beyond those that ship."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from faktura.store.bulk import bulk_write
from faktura.store.tables import base_rate
from faktura.store.transaction import Tx


def read_base_rates(tx: Tx) -> dict[date, Decimal]:
    """Percent a year by the first day of the half year."""
    rows = tx.connection.execute(
        select(base_rate.c.valid_from, base_rate.c.percent).where(
            base_rate.c.tenant_id == tx.tenant_id
        )
    )
    return {row.valid_from: row.percent for row in rows}


def write_base_rate(tx: Tx, start: date, percent: Decimal) -> None:
    """Add a rate; there is none of that half year yet."""
    bulk_write(tx, base_rate, [(tx.tenant_id, start, percent, tx.now())])
