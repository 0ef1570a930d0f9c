"""Signed webhooks against a bare client that posts the same bodies: sent alone, and through the outbox.

Through the outbox ours reads what waits, makes the bodies, signs, sends with 64 in flight and writes
what came of each; the bare one only posts. Wall seconds: the receiver, a bare handler, runs in a process
of its own, and what a pump waits for is the database too.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from aiohttp import ClientSession, TCPConnector
from company import TENANT, fill, open_empty
from engines import on_both
from figure import Figure, at_least
from servers import serving
from sqlalchemy import delete, func, select, update

from faktura.domain.events import Event, EventType
from faktura.domain.webhook_signing import Signer
from faktura.flows.delivering import deliver
from faktura.flows.job_context import JobContext
from faktura.flows.webhook_sending import IN_FLIGHT, Line, Webhook
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Registry
from faktura.kernel.outbox_terms import DeliveryState
from faktura.services.event_bodies import body_texts
from faktura.services.handing_out import hand_out
from faktura.services.webhook_endpoints import EndpointWish, add_endpoint, subscribed
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.customers import list_customers
from faktura.store.database import Database
from faktura.store.deliveries import read_deliveries
from faktura.store.facts import Facts, write_facts
from faktura.store.secrets import KeyRing, new_key
from faktura.store.tables import delivery, delivery_attempt

CUSTOMERS, FACTS_EACH = 1_000, 5
DELIVERIES = CUSTOMERS * FACTS_EACH
_ROUNDS = 3
_ID = "0199f6ec-0000-7000-8000-000000000001"


def measure() -> list[Figure]:
    """The figures on both databases."""
    return on_both("webhooks", _figures)


def _figures(name: str, url: str) -> list[Figure]:
    database = open_empty(url)
    fill(database, CUSTOMERS)
    with (
        serving("receiver_server.py", "bare", "-") as receiver,
        tempfile.TemporaryDirectory() as folder,
    ):
        port = receiver.port
        context = _context(database, Path(folder), port)
        subscriber = _wait_for(context, port)
        bodies = _bodies(database)
        rounds: list[tuple[float, float, float]] = []
        for _ in range(_ROUNDS + 1):
            whole = asyncio.run(_sent(context, subscriber))
            alone = asyncio.run(_signed(context, port, bodies))
            rounds.append((whole, alone, asyncio.run(_posted(port, bodies))))
            _check_and_reset(database)
    database.close()
    # The first round warms up.
    whole, alone, bare = (median(rates) for rates in zip(*rounds[1:], strict=True))
    return [
        at_least(f"webhooks-{name}-signed", alone, "webhooks/s", bare, 0.5),
        at_least(f"webhooks-{name}", whole, "webhooks/s", bare, 0.5),
    ]


def _context(database: Database, folder: Path, port: int) -> JobContext:
    keys, registry = KeyRing([new_key()]), Registry()
    kept = AdapterStore(database, keys)
    adapters = Adapters(registry, kept, database.clock, Installation())
    hosts = frozenset({f"127.0.0.1:{port}"})
    contents = DirectoryStore(folder)
    return JobContext(database, registry, adapters, contents, keys, private_hosts=hosts)


def _wait_for(context: JobContext, port: int) -> str:
    """An endpoint for which five changes of each of a thousand customers wait; its subscriber."""
    database = context.database
    with database.write(TENANT.id) as tx:
        wish = EndpointWish(f"http://127.0.0.1:{port}/hook")
        endpoint, _ = add_endpoint(tx, context.keys, wish, context.private_hosts)
        customers = list_customers(tx)
    for no in range(1, FACTS_EACH + 1):
        events = [
            Event(
                EventType.CUSTOMER_CHANGED,
                "customer",
                customer.id,
                no,
                {"number": customer.number},
                after=_state(customer.number, no),
                before=_state(customer.number, no - 1),
            )
            for customer in customers
        ]
        with database.write(TENANT.id) as tx:
            seal = write_facts(tx, Facts(events=events))
            hand_out(tx, seal, subscribed(tx))
    return endpoint.subscriber


def _state(number: str, no: int) -> dict[str, object]:
    """As long as what the REST door shows of a customer."""
    return {
        "customerNumber": number,
        "name": f"Muster und Söhne GmbH, Stand {no}",
        **{f"field{one:02}": f"value {one:02} of the customer" for one in range(12)},
    }


def _bodies(database: Database) -> list[bytes]:
    with database.read(TENANT.id) as tx:
        ids = list(tx.connection.execute(select(delivery.c.id)).scalars())
        facts = list(read_deliveries(tx, ids).values())
        return list(body_texts(tx, facts).values())


async def _sent(context: JobContext, subscriber: str) -> float:
    """Webhooks a second through the outbox."""
    began = perf_counter()
    await deliver(context, TENANT.id, {"subscriber": subscriber})
    return DELIVERIES / (perf_counter() - began)


async def _signed(context: JobContext, port: int, bodies: list[bytes]) -> float:
    """The same bodies a second, signed and sent as an endpoint's messenger does."""
    url, signer = f"http://127.0.0.1:{port}/hook", Signer((bytes(32),))
    line = Line.open(url, signer, context.database.clock, context.private_hosts)
    waiting: Iterator[bytes] = iter(bodies)

    async def send() -> None:
        for body in waiting:
            told = await line.send(Webhook(_ID, EventType.CUSTOMER_CHANGED, TENANT.key, body))
            if not told.taken:
                raise ValueError(f"a webhook was not taken: {told.error}")

    began = perf_counter()
    await asyncio.gather(*(send() for _ in range(IN_FLIGHT)))
    took = perf_counter() - began
    await line.close()
    return len(bodies) / took


async def _posted(port: int, bodies: list[bytes]) -> float:
    """The same bodies a second, posted and nothing else."""
    url, headers = f"http://127.0.0.1:{port}/hook", {"Content-Type": "application/json"}
    waiting: Iterator[bytes] = iter(bodies)

    async def post(session: ClientSession) -> None:
        for body in waiting:
            async with session.post(url, data=body, headers=headers) as response:
                await response.read()

    began = perf_counter()
    async with ClientSession(connector=TCPConnector(limit=IN_FLIGHT)) as session:
        await asyncio.gather(*(post(session) for _ in range(IN_FLIGHT)))
    return len(bodies) / (perf_counter() - began)


def _check_and_reset(database: Database) -> None:
    """Every webhook was taken and logged; all of them wait again."""
    taken = select(func.count()).where(delivery.c.state == DeliveryState.DELIVERED)
    with database.write(TENANT.id) as tx:
        logged = select(func.count()).select_from(delivery_attempt)
        found = tuple(tx.connection.execute(query).scalar_one() for query in (taken, logged))
        if found != (DELIVERIES, DELIVERIES):
            raise ValueError(f"{DELIVERIES} webhooks waited, {found} were taken and logged")
        tx.connection.execute(delete(delivery_attempt))
        tx.connection.execute(
            update(delivery).values(
                state=DeliveryState.PENDING, attempts=0, delivered_at=None, due_at=tx.now()
            )
        )


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
