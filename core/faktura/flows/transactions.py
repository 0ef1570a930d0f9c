"""Transactions from async code: one thread hop, one transaction, nothing awaited inside it."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from faktura.store.database import Database
from faktura.store.transaction import Tx

P = ParamSpec("P")
T = TypeVar("T")


async def in_tx(
    database: Database,
    tenant_id: int,
    act: Callable[Concatenate[Tx, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run `act(tx, …)` in a transaction that writes, in a thread; committed when it returns."""

    def run() -> T:
        with database.write(tenant_id) as tx:
            return act(tx, *args, **kwargs)

    return await asyncio.to_thread(run)


async def in_read_tx(
    database: Database,
    tenant_id: int,
    look: Callable[Concatenate[Tx, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run `look(tx, …)` in a transaction that only reads, in a thread."""

    def run() -> T:
        with database.read(tenant_id) as tx:
            return look(tx, *args, **kwargs)

    return await asyncio.to_thread(run)
