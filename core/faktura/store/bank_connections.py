"""Connections to banks over a feed, and their accounts: few rows, read whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from faktura.domain.bank_connections import (
    AccountFacts,
    BankConnection,
    ConnectedAccount,
    ConnectionFacts,
)
from faktura.kernel.errors import NotFound
from faktura.store.codec import from_json, to_json
from faktura.store.tables import bank_connection, feed_account
from faktura.store.transaction import Tx

c = bank_connection.c
a = feed_account.c


def list_connections(
    tx: Tx, *, instance: str | None = None, ended: bool = False
) -> list[BankConnection]:
    """The tenant's connections, oldest first; those that are ended only where they are asked for."""
    query = select(bank_connection).where(c.tenant_id == tx.tenant_id).order_by(c.id)
    if instance is not None:
        query = query.where(c.instance == instance)
    if not ended:
        query = query.where(c.ended_at.is_(None))
    return [_connection(row) for row in tx.connection.execute(query)]


def connection_of(tx: Tx, connection_id: UUID, *, lock: bool = False) -> BankConnection:
    """The connection, locked until the transaction ends; raises NotFound."""
    query = select(bank_connection).where(c.tenant_id == tx.tenant_id, c.id == connection_id)
    row = tx.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(
            f"there is no bank connection {connection_id}",
            place="connection",
            mend="faktura bank connections shows them",
        )
    return _connection(row)


def write_connection(tx: Tx, new: BankConnection) -> None:
    """Add a connection."""
    tx.connection.execute(
        bank_connection.insert().values(
            tenant_id=tx.tenant_id,
            id=new.id,
            instance=new.instance,
            reference=new.reference,
            **_values(new, tx.now()),
        )
    )


def rewrite_connection(tx: Tx, one: BankConnection) -> None:
    """Keep a connection as it is now; the caller has locked it."""
    tx.connection.execute(
        update(bank_connection)
        .where(c.tenant_id == tx.tenant_id, c.id == one.id)
        .values(**_values(one, tx.now()))
    )


def list_feed_accounts(tx: Tx, connection_id: UUID | None = None) -> list[ConnectedAccount]:
    """The accounts of a connection, or of all of them, by the feed's id."""
    query = select(feed_account).where(a.tenant_id == tx.tenant_id)
    if connection_id is not None:
        query = query.where(a.connection_id == connection_id)
    rows = tx.connection.execute(query.order_by(a.connection_id, a.reference))
    return [
        ConnectedAccount(
            row.connection_id,
            row.reference,
            row.bank_account_id,
            from_json(row.facts, AccountFacts),
        )
        for row in rows
    ]


def put_feed_accounts(tx: Tx, accounts: Sequence[ConnectedAccount]) -> None:
    """Keep accounts as they are now, new ones too; the caller has locked their connections."""
    for one in accounts:
        here = (
            a.tenant_id == tx.tenant_id,
            a.connection_id == one.connection_id,
            a.reference == one.reference,
        )
        values = {
            "bank_account_id": one.bank_account_id,
            "facts": to_json(one.facts, AccountFacts),
            "changed_at": tx.now(),
        }
        changed = tx.connection.execute(update(feed_account).where(*here).values(**values))
        if not changed.rowcount:
            tx.connection.execute(
                feed_account.insert().values(
                    tenant_id=tx.tenant_id,
                    connection_id=one.connection_id,
                    reference=one.reference,
                    **values,
                )
            )


def _values(one: BankConnection, now: datetime) -> dict[str, object]:
    return {
        "bank_name": one.bank_name,
        "facts": to_json(one.facts, ConnectionFacts),
        "read_from": one.read_from,
        "tried_at": one.tried_at,
        "succeeded_at": one.succeeded_at,
        "busy_until": one.busy_until,
        "next_at": one.next_at,
        "ended_at": one.ended_at,
        "changed_at": now,
    }


def _connection(row: Any) -> BankConnection:
    return BankConnection(
        row.id,
        row.instance,
        row.reference,
        row.bank_name,
        from_json(row.facts, ConnectionFacts),
        row.read_from,
        row.tried_at,
        row.succeeded_at,
        row.busy_until,
        row.next_at,
        row.ended_at,
    )
