"""Which tick of the schedule ran last, tenant by tenant."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from faktura.store.tables import schedule_tick
from faktura.store.transaction import Tx

# Built once: building a statement costs more than running it.
_OF_LINE = select(schedule_tick.c.tick).where(
    schedule_tick.c.tenant_id == bindparam("of_tenant"), schedule_tick.c.name == bindparam("line")
)
_TAKE_SQLITE, _TAKE_POSTGRESQL = (
    taken.on_conflict_do_update(
        index_elements=["tenant_id", "name"],
        set_={"tick": taken.excluded.tick},
        where=schedule_tick.c.tick < taken.excluded.tick,
    ).returning(schedule_tick.c.tick)
    for taken in (sqlite.insert(schedule_tick), postgresql.insert(schedule_tick))
)


def last_tick(tx: Tx, name: str) -> datetime | None:
    """The tick of that line of the schedule that ran last."""
    line = {"of_tenant": tx.tenant_id, "line": name}
    return tx.connection.execute(_OF_LINE, line).scalar_one_or_none()


def take_tick(tx: Tx, name: str, tick: datetime) -> bool:
    """Move the line to a later tick; False if another worker did so at the same moment."""
    take = _TAKE_POSTGRESQL if tx.is_postgresql else _TAKE_SQLITE
    moved = {"tenant_id": tx.tenant_id, "name": name, "tick": tick}
    return tx.connection.execute(take, moved).scalar_one_or_none() is not None
