"""Kills runs of collections at every await and every commit, and audits what was really charged.

Run as a program: `crash_lab.py URL FOLDER FIRST COUNT [VARIANT]`. It prints what went wrong, a JSON
list a line; nothing is a proof. Each schedule is drawn from its number: what becomes of each call,
where the first process dies, whether the second one dies as well, whether two collect at once.
"""

import asyncio
import gc
import json
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from tests.services.payments.collected import TODAY, CollectScene
from tests.services.payments.crash_audit import attempts_of, problems
from tests.services.payments.crash_books import Books
from tests.services.payments.crash_schedule import ENDS, KILLED, Schedule, Stepped, Ticks
from typing_extensions import override

from faktura.flows.collecting import Till, Wanted, collect
from faktura.flows.resolving import resolve
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.payment_terms import AttemptState, PaymentFactKind
from faktura.plugin import CollectRequest, PaymentFact
from faktura.services.applying_facts import apply_facts
from faktura.store.database import Database
from faktura.store.tenants import list_tenants, read_tenant
from faktura.testing.double_steps import Step
from faktura.testing.double_store import DoubleStore
from faktura.testing.payment_double import DoubleProvider

BILLED = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)
START = datetime(2026, 10, 15, 8, 0, tzinfo=UTC)
_DOCUMENTS = 3
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (3, 4, 10, 20, 40, 60, 60, 1440))


_UNCLEAR = frozenset({AttemptState.CREATED, AttemptState.SENT, AttemptState.UNKNOWN})


class FreshKeys(DoubleProvider):
    """The mistake that the proof must find: another key for each try (Lago 709)."""

    @override
    def key_of(self, request: CollectRequest) -> str:
        """Never the same."""
        return uuid4().hex


VARIANTS: dict[str, type[DoubleProvider]] = {"sound": DoubleProvider, "fresh": FreshKeys}


def run(act: Coroutine[Any, Any, Any], tick: Callable[[], None]) -> None:
    """Run it in an event loop in which every task ticks."""

    async def main() -> None:
        asyncio.get_running_loop().set_task_factory(
            lambda loop, coro, **more: asyncio.Task(Stepped(coro, tick), loop=loop, **more)
        )
        await asyncio.create_task(act)

    asyncio.run(main())


@dataclass
class Lab:
    """A prepared company, restored before each schedule."""

    url: str
    folder: Path
    variant: type[DoubleProvider]

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.books = Books(self.url, self.folder)
        clock = FixedClock(BILLED)
        CollectScene(self.books.database(clock), self.folder, customers=_DOCUMENTS)
        self.books.keep()

    def restored(self) -> None:
        """The company as it was prepared, the double's books empty."""
        for suffix in ("", "-wal", "-shm"):
            (self.folder / f"double.sqlite3{suffix}").unlink(missing_ok=True)
        self.books.restore()

    @property
    def store(self) -> DoubleStore:
        return DoubleStore(self.folder / "double.sqlite3")

    def till(self, database: Database, settings: dict[str, object]) -> Till:
        """What a process of its own would have."""
        registry = Registry(payments={"double": Offer("double", "double", self.variant)})
        own = Installation(file={"double": {"file": str(self.store.path), **settings}})
        with database.read(0) as tx:
            (listed,) = list_tenants(tx)
        with database.read(listed.id) as tx:
            tenant = read_tenant(tx)
        return Till(database, Adapters(registry, NothingKept(), database.clock, own), tenant)

    def collecting(self, schedule: Schedule, dies_at: int) -> int:
        """Start a process that collects and dies at that tick; its id."""

        def act() -> None:
            self.books.tick = Ticks(dies_at)
            till = self.till(self.books.database(FixedClock(START)), schedule.settings)
            run(collect(till, Wanted(TODAY)), self.books.tick)

        return _forked(act)

    def mending(self, schedule: Schedule, dies_at: int) -> int:
        """Start a process that finds everything out, unless it dies at that tick; its id."""

        def act() -> None:
            self.books.tick = Ticks(dies_at)
            clock = FixedClock(START)
            till = self.till(self.books.database(clock), schedule.settings)
            random = Random(schedule.seed + 1)
            for pause in _PAUSES:
                clock.advance(pause)
                self._deliver(till, random)
                run(resolve(till), self.books.tick)
                if pause is _PAUSES[0]:
                    # What nobody had written down yet is collected after all.
                    run(collect(till, Wanted(TODAY)), self.books.tick)
                if not any(one.state in _UNCLEAR for one in attempts_of(till)):
                    break
            self._decide(clock)
            clock.advance(timedelta(days=1, minutes=1))
            run(resolve(till), self.books.tick)

        return _forked(act)

    def _deliver(self, till: Till, random: Random) -> None:
        """Some of the double's events, in any order, some twice."""
        known = [one for one in self.store.payments() if one.state == "SUCCEEDED"]
        facts = [
            PaymentFact(
                kind=PaymentFactKind.PAYMENT_SUCCEEDED,
                occurred_at=row.at,
                tenant=row.tenant,
                attempt=UUID(row.attempt),
                reference=row.reference,
                amount=row.amount,
                currency=row.currency,
            )
            for row in (random.choices(known, k=random.randrange(3)) if known else ())
        ]
        for fact in facts:
            with till.database.write(till.tenant.id) as tx:
                apply_facts(tx, till.tenant, "double", [fact])

    def _decide(self, clock: FixedClock) -> None:
        """The banks decide on what is on its way."""
        for row in self.store.payments():
            if row.state == "PENDING":
                self.store.settle(row.invoice, clock.now())

    def warm_up(self) -> None:
        """Do everything once in this process: what is imported and compiled is there for all."""
        self.restored()
        self.store.script(*(Step(one) for one in dict.fromkeys(ENDS)))
        clock = FixedClock(START)
        till = self.till(self.books.database(clock), {})
        for pause in _PAUSES[:4]:
            run(collect(till, Wanted(TODAY)), self.books.tick)
            clock.advance(pause)
            run(resolve(till), self.books.tick)
            self._deliver(till, Random(1))
        problems(self.till(self.books.database(FixedClock(START)), {}), self.store)


def _forked(act: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        act()
        code = 0
    except BaseException as error:  # noqa: BLE001 - a child says how it ended and goes
        sys.stderr.write(f"{type(error).__name__}: {error!r}\n")
    os._exit(code)


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def _quietly() -> Iterator[None]:
    import logging

    logging.disable(logging.CRITICAL)
    yield


def experiment(lab: Lab, seed: int) -> list[str]:
    """One schedule from beginning to audit; what went wrong."""
    schedule = Schedule.drawn(seed)
    lab.restored()
    lab.store.script(*schedule.steps)
    children = [lab.collecting(schedule, schedule.dies_at)]
    if schedule.two_at_once:
        children.append(lab.collecting(schedule, 0))
    codes = [_ended(child) for child in children]
    if schedule.dies_again_at:
        codes.append(_ended(lab.mending(schedule, schedule.dies_again_at)))
    codes.append(_ended(lab.mending(schedule, 0)))
    failed = [f"a process ended with {code}" for code in codes if code not in (0, KILLED)]
    return failed + problems(lab.till(lab.books.database(FixedClock(START)), {}), lab.store)


def main(url: str, folder: str, first: str, count: str, variant: str = "sound") -> None:
    """Run these schedules and print what went wrong with each."""
    lab = Lab(url, Path(folder), VARIANTS[variant])
    with _quietly():
        lab.warm_up()
        # What all processes share is not looked through, and so not copied, in each of them.
        gc.collect()
        gc.freeze()
        gc.disable()
        for seed in range(int(first), int(first) + int(count)):
            if found := experiment(lab, seed):
                sys.stdout.write(json.dumps([seed, *found]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
