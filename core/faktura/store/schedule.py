"""Which tick of the schedule ran last, tenant by tenant."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from faktura.store.tables import schedule_tick
from faktura.store.transaction import Tx


def last_tick(tx: Tx, name: str) -> datetime | None:
    """The tick of that line of the schedule that ran last."""
    return tx.connection.execute(
        select(schedule_tick.c.tick).where(
            schedule_tick.c.tenant_id == tx.tenant_id, schedule_tick.c.name == name
        )
    ).scalar_one_or_none()


def take_tick(tx: Tx, name: str, tick: datetime) -> bool:
    """Move the line to a later tick; False if another worker did so at the same moment."""
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    taken = insert(schedule_tick).values(tenant_id=tx.tenant_id, name=name, tick=tick)
    moved = taken.on_conflict_do_update(
        index_elements=["tenant_id", "name"],
        set_={"tick": tick},
        where=schedule_tick.c.tick < tick,
    ).returning(schedule_tick.c.tick)
    return tx.connection.execute(moved).scalar_one_or_none() is not None
