"""The states of an object after and before a fact: written with it, kept for a time only.

They hold personal data, so they lie beside the events, which are sealed and kept for ever.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from faktura.domain.events import Event
from faktura.kernel.canonical import canonical_json
from faktura.store.bulk import Row, bulk_write
from faktura.store.key_lists import among_ids, among_numbers
from faktura.store.prepared import Prepared
from faktura.store.tables import event_detail
from faktura.store.transaction import Tx

_d = event_detail.c
_STATES = Prepared(
    select(_d.object_id, _d.sequence, _d.after, _d.before).where(
        _d.tenant_id == bindparam("of_tenant"),
        among_ids(_d.object_id, "objects"),
        among_numbers(_d.sequence, "sequences"),
    )
)


@dataclass(frozen=True, slots=True)
class EventDetail:
    """An object after and before a fact, the JSON that REST shows; None where that is not known."""

    after: str | None
    before: str | None


def write_details(tx: Tx, events: Iterable[Event]) -> None:
    """Keep the states that these events come with; the events are written already."""
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            told.object_id,
            told.sequence,
            _text(told.after),
            _text(told.before),
            now,
        )
        for told in events
        if told.after is not None or told.before is not None
    ]
    bulk_write(tx, event_detail, rows)


def read_details(
    tx: Tx, facts: Collection[tuple[UUID, int]]
) -> dict[tuple[UUID, int], EventDetail]:
    """The states of these (object, sequence); those without any, or forgotten, are absent.

    There may be some of other facts of these objects among them.
    """
    # An object's other facts may be many.
    rows = _STATES.rows(
        tx,
        of_tenant=tx.tenant_id,
        objects=list({object_id for object_id, _ in facts}),
        sequences=list({sequence for _, sequence in facts}),
    )
    return {(one.object_id, one.sequence): EventDetail(one.after, one.before) for one in rows}


def delete_details(tx: Tx, before: datetime) -> int:
    """Forget the tenant's states kept before that moment; how many they were."""
    d = event_detail.c
    return tx.connection.execute(
        delete(event_detail).where(d.tenant_id == tx.tenant_id, d.kept_at < before)
    ).rowcount


def _text(state: Mapping[str, object] | None) -> str | None:
    return None if state is None else canonical_json(state)
