"""Collecting from the payment double, against the bare calls: sixteen at once, nothing kept.

The double answers after 50 ms, faster than providers do. Wall seconds: the database's own work
counts, on SQLite with all its care for power cuts. Memory is that of fresh processes.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from uuid import UUID

from billing import NoFormats
from company import RUN_DATE, TENANT, fill, open_empty
from figure import Figure, at_most, below, run_alone
from typing_extensions import override

from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.flows.attempt_calls import IN_FLIGHT
from faktura.flows.billing import run_billing
from faktura.flows.collecting import Till, Wanted, collect
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import CollectRequest, MeansReference, Outcome, Succeeded
from faktura.store.accounts import read_open_items
from faktura.store.customers import list_customers, replace_customers
from faktura.store.database import Database, open_database
from faktura.store.payment_accounts import write_account
from faktura.store.payment_means import write_means
from faktura.testing.payment_double import DoubleProvider

MANY, FEW = 10_000, 1_000
_LATENCY = 0.05
# SQLite keeps 2 MB of pages for each of its connections, which few invoices do not fill.
_GROWTH_MB = 24
_DUE = date(2026, 12, 31)
_MOMENT = datetime(2026, 12, 31, 9, tzinfo=UTC)


class Quick(DoubleProvider):
    """The double without its books: it only answers, and counts how many calls are in flight."""

    most = 0
    calls = 0
    latency = _LATENCY

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        """A charge that takes its time."""
        cls = type(self)
        self.in_flight += 1
        cls.most, cls.calls = max(cls.most, self.in_flight), cls.calls + 1
        await asyncio.sleep(self.latency)
        self.in_flight -= 1
        return Succeeded(
            reference=f"q_{request.key}",
            amount=request.amount,
            currency=request.currency,
            at=request.created_at,
        )


def measure() -> list[Figure]:
    """Time against the bare calls, calls in flight, and memory of ten times as many."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = {count: _prepared(Path(folder), count) for count in (FEW, MANY)}
        bare = _timed(_bare, prepared[MANY])
        ours = _timed(_ours, _copy(prepared[MANY]))
        assert Quick.calls == 2 * MANY, Quick.calls
        few, many = (
            run_alone("collecting", "collect_all", str(_copy(prepared[count])))
            for count in (FEW, MANY)
        )
    growth = many.above_imports_mb - few.above_imports_mb
    return [
        at_most("collecting-10000", ours, "s", bare, 1.5),
        below("collecting-in-flight", Quick.most, "calls", IN_FLIGHT),
        below("collecting-memory-growth", growth, "MB", _GROWTH_MB),
    ]


def collect_all(file: str) -> None:
    """Collect everything that is due in that file; run in a process of its own, without waiting."""
    Quick.latency = 0
    _ours(Path(file))


def _prepared(folder: Path, invoices: int) -> Path:
    file = folder / f"{invoices}.db"
    database = open_empty(f"sqlite:///{file}")
    fill(database, invoices)
    run_billing(database, TENANT, NoFormats(), RUN_DATE)
    with database.write(TENANT.id) as tx:
        write_account(tx, PaymentAccount("double", "double", frozenset({PaymentMethod.CARD})))
        payers = [replace(one, payment_method=PaymentMethod.CARD) for one in list_customers(tx)]
        replace_customers(tx, payers)
        write_means(tx, [_means(tx.new_id(), one.id) for one in payers])
    database.close()
    return file


def _means(own: UUID, owner: UUID) -> PaymentMeans:
    return PaymentMeans(
        own, owner, PaymentMethod.CARD, f"tok_{own.hex}", "Visa", _MOMENT, instance="double"
    )


def _copy(file: Path) -> Path:
    copy = file.with_suffix(".copy")
    shutil.copy(file, copy)
    return copy


def _timed(job: Callable[[Path], None], file: Path) -> float:
    began = perf_counter()
    job(file)
    return perf_counter() - began


def _bare(_file: Path) -> None:
    """The same number of calls, sixteen at once, and nothing else."""
    adapter = _adapters(_clock()).payment(TENANT.id, "double", "double")

    async def worker(count: int) -> None:
        for no in range(count):
            await adapter.collect(_request(no))

    async def all_of_them() -> None:
        await asyncio.gather(*(worker(MANY // IN_FLIGHT) for _ in range(IN_FLIGHT)))

    asyncio.run(all_of_them())


def _request(no: int) -> CollectRequest:
    return CollectRequest(
        attempt=UUID(int=no),
        tenant="bench",
        amount=Decimal("11.90"),
        currency="EUR",
        method=PaymentMethod.CARD,
        means=MeansReference(reference="tok"),
        invoice_number="RE-1",
        customer_number="K-1",
        customer_name="K",
        description="RE-1",
        created_at=_MOMENT,
    )


def _ours(file: Path) -> None:
    clock = _clock()
    database = open_database(f"sqlite:///{file}", clock, Uuid7Source(clock))
    collected = asyncio.run(collect(Till(database, _adapters(clock), TENANT), Wanted(_DUE)))
    assert collected.tally.states.total() == collected.opened, collected.tally
    assert set(collected.tally.states) == {"SUCCEEDED"}, collected.tally
    _check_empty(database)
    database.close()


def _check_empty(database: Database) -> None:
    with database.read(TENANT.id) as tx:
        assert read_open_items(tx) == []


def _adapters(clock: FixedClock) -> Adapters:
    registry = Registry(payments={"double": Offer("double", "double", Quick)})
    own = Installation(file={"double": {"file": "none"}})
    return Adapters(registry, NothingKept(), clock, own)


def _clock() -> FixedClock:
    return FixedClock(_MOMENT + timedelta(hours=1))
