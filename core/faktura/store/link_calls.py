"""Calls to linked systems as rows: looked at when something went wrong, deleted after a time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from faktura.kernel.canonical import canonical_json
from faktura.store.tables import link_call
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class LinkCall:
    """A call of an adapter instance; without `status` no answer came.

    `told` holds headers without secrets, and the body of an error.
    """

    target: str
    called_at: datetime
    method: str
    url: str
    status: int | None
    milliseconds: int
    told: Mapping[str, object]


def write_call(tx: Tx, call: LinkCall) -> None:
    """Write a call down."""
    tx.connection.execute(
        link_call.insert().values(
            tenant_id=tx.tenant_id,
            id=tx.new_id(),
            target=call.target,
            called_at=call.called_at,
            method=call.method,
            url=call.url,
            status=call.status,
            milliseconds=call.milliseconds,
            data=canonical_json(call.told),
        )
    )


def read_calls(tx: Tx, target: str, limit: int) -> list[LinkCall]:
    """The latest calls of an instance, newest first."""
    c = link_call.c
    rows = tx.connection.execute(
        select(link_call)
        .where(c.tenant_id == tx.tenant_id, c.target == target)
        .order_by(c.called_at.desc(), c.id.desc())
        .limit(limit)
    )
    return [
        LinkCall(
            row.target,
            row.called_at,
            row.method,
            row.url,
            row.status,
            row.milliseconds,
            json.loads(row.data),
        )
        for row in rows
    ]


def delete_calls(tx: Tx, before: datetime) -> int:
    """Delete the tenant's calls of earlier moments; how many they were."""
    c = link_call.c
    gone = tx.connection.execute(
        delete(link_call).where(c.tenant_id == tx.tenant_id, c.called_at < before)
    )
    return gone.rowcount
