"""Base rates that a tenant knows beyond those that ship."""

from datetime import date
from decimal import Decimal

from sqlalchemy import delete, exists, select

from faktura.store.bulk import bulk_write
from faktura.store.tables import base_rate, dunning_item
from faktura.store.transaction import Tx


def read_base_rates(tx: Tx) -> dict[date, Decimal]:
    """Percent a year by the first day of the half year."""
    rows = tx.connection.execute(
        select(base_rate.c.valid_from, base_rate.c.percent).where(
            base_rate.c.tenant_id == tx.tenant_id
        )
    )
    return {row.valid_from: row.percent for row in rows}


def is_charged_since(tx: Tx, start: date) -> bool:
    """Whether a notice charges interest for a day from that one on."""
    i = dunning_item.c
    charged = exists().where(i.tenant_id == tx.tenant_id, i.interest > 0, i.interest_until >= start)
    return bool(tx.connection.scalar(select(charged)))


def write_base_rate(tx: Tx, start: date, percent: Decimal) -> None:
    """Keep a rate, in place of what was kept of that half year."""
    r = base_rate.c
    tx.connection.execute(
        delete(base_rate).where(r.tenant_id == tx.tenant_id, r.valid_from == start)
    )
    bulk_write(tx, base_rate, [(tx.tenant_id, start, percent, tx.now())])
