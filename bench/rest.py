"""The REST door: reading one invoice against a bare handler of the same bytes; making contracts.

CPU seconds of the serving process are compared: who asks runs beside it and does not count.
"""

import asyncio
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from aiohttp import ClientSession
from billing import bill
from company import TENANT, fill, open_empty
from figure import Figure, at_least
from rest_server import HOST
from servers import Server, serving

from faktura.domain.api_keys import Scope
from faktura.services.api_keys import NewKey, create_key, switch_api
from faktura.store.database import Database

READS = 3_000
CONTRACTS = 1_000
_COMPANY = 200
_INVOICE = "/api/v1/Invoices/RE-0000007"
_AT_ONCE = 4
_ROUNDS = 5


def measure() -> list[Figure]:
    """Both figures on SQLite; the bare handler takes turns with ours."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/faktura.db"
        key = _prepare(url)
        return asyncio.run(_measured(url, key, Path(folder)))


def _prepare(url: str) -> str:
    """A billed company; the text of a key that may do everything."""
    database = open_empty(url)
    fill(database, _COMPANY)
    bill(url)
    text = _key(database)
    database.close()
    return text


def _key(database: Database) -> str:
    with database.write(TENANT.id) as tx:
        switch_api(tx, "main", on=True)
        _, text = create_key(
            tx, NewKey("bench", None, frozenset(Scope), requests_per_minute=1_000_000)
        )
    return text


async def _measured(url: str, key: str, folder: Path) -> list[Figure]:
    headers = {"api-key": key}
    bytes_of_one = folder / "invoice.json"
    with serving("rest_server.py", "faktura", url) as ours:
        async with ClientSession(headers=headers) as session:
            bytes_of_one.write_bytes(await _one(session, ours))
            with serving("rest_server.py", "bare", str(bytes_of_one)) as bare:
                taken = [
                    (await _read(session, ours), await _read(session, bare)) for _ in range(_ROUNDS)
                ]
            wall, cpu = await _create(session, ours)
    mine, limit = (READS / median(seconds) for seconds in zip(*taken, strict=True))
    return [
        at_least("rest_read_one_invoice", mine, "reads/cpu-s", limit, 0.25),
        Figure("rest_create_contracts", CONTRACTS / wall, "contracts/s", None, None, "-", ok=True),
        Figure("rest_create_contracts_cpu", cpu / CONTRACTS * 1000, "ms", None, None, "-", ok=True),
    ]


async def _one(session: ClientSession, server: Server) -> bytes:
    async with session.get(f"http://{HOST}:{server.port}{_INVOICE}") as response:
        assert response.status == 200, await response.text()
        return await response.read()


async def _read(session: ClientSession, server: Server) -> float:
    """CPU seconds of the server for all reads, some at once."""
    began = server.cpu_seconds()

    async def reader() -> None:
        for _ in range(READS // _AT_ONCE):
            await _one(session, server)

    await asyncio.gather(*(reader() for _ in range(_AT_ONCE)))
    return server.cpu_seconds() - began


async def _create(session: ClientSession, server: Server) -> tuple[float, float]:
    """Wall and CPU seconds to make contracts one by one, each in a transaction of its own."""
    address = f"http://{HOST}:{server.port}/api/v1/Contracts"
    began, cpu = perf_counter(), server.cpu_seconds()
    for no in range(CONTRACTS):
        contract = {
            "customerNumber": f"K-{no % _COMPANY:07d}",
            "project": "main",
            "start": "2026-11-01",
            "billingInterval": {"count": 1, "unit": "MONTH"},
            "subscriptions": [{"items": [{"articleNumber": "A-1", "quantity": "1"}]}],
            "activate": True,
        }
        async with session.post(
            address, json=contract, headers={"Idempotency-Key": f"c-{no}"}
        ) as response:
            assert response.status == 201, await response.text()
    return perf_counter() - began, server.cpu_seconds() - cpu


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
