"""Many contracts at once, and processes that bill them until somebody kills one."""

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from tests.services.billing.scene import MONTHLY, START, TENANT, NoFormats, Scene

import faktura.services.billing
from faktura.domain.addresses import Address
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.flows.billing import run_billing
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.terms import ContractKind, ContractState
from faktura.store.contracts import write_contracts
from faktura.store.customers import write_customers
from faktura.store.database import open_database
from faktura.store.subscriptions import write_items, write_subscriptions

_BATCH = 2_000


def settle_in(scene: Scene, contracts: int) -> None:
    """So many customers with one contract each, `V-1`, `V-2`, …: 1 to 4 pieces at 30.00 a month."""
    for first in range(1, contracts + 1, _BATCH):
        _settle_in(scene, range(first, min(first + _BATCH, contracts + 1)))


def _settle_in(scene: Scene, numbers: range) -> None:
    new_id = scene.database.new_id
    customers = [
        Customer(
            new_id(),
            f"K-{no}",
            f"Kunde {no} GmbH",
            is_business=True,
            address=Address("Hauptstr. 1", "20095", "Hamburg"),
            debtor_account=str(10_000_000 + no),
            email=f"kunde{no}@example.com",
        )
        for no in numbers
    ]
    contracts = [
        Contract(
            new_id(),
            f"V-{no}",
            customer.id,
            scene.project.id,
            ContractKind.SUBSCRIPTION,
            ContractState.ACTIVE,
            START,
            MONTHLY,
            START,
        )
        for no, customer in zip(numbers, customers, strict=True)
    ]
    subscriptions = [Subscription(new_id(), START) for _ in numbers]
    with scene.database.write(TENANT.id) as tx:
        write_customers(tx, customers)
        write_contracts(tx, [(contract, START) for contract in contracts])
        owned = list(zip(contracts, subscriptions, strict=True))
        write_subscriptions(tx, [(contract.id, subscription) for contract, subscription in owned])
        write_items(
            tx,
            [
                (
                    contract.id,
                    SubscriptionItem(
                        new_id(), subscription, scene.article, Decimal(1 + no % 4), START, START
                    ),
                )
                for no, (contract, subscription) in zip(numbers, owned, strict=True)
            ],
        )


def bill_in_chunks(url: str, day: date, chunk: int) -> None:
    """What a worker process does: bill that day with whoever else does."""
    faktura.services.billing.CONTRACTS_A_CHUNK = chunk
    clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
    database = open_database(url, clock, Uuid7Source(clock))
    run_billing(database, TENANT, NoFormats(), day)
    database.close()


class Crew:
    """Worker processes on one run; a killed one is replaced by a new one."""

    def __init__(self, url: str, day: date, *, chunk: int, workers: int) -> None:
        # Its children start with everything imported: a kill hits billing, not the start of Python.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.services.billing.crowd"])
        self._work = url, day, chunk
        self._workers = [self._hired() for _ in range(workers)]

    def _hired(self) -> BaseProcess:
        worker = self._context.Process(target=bill_in_chunks, args=self._work)
        worker.start()
        return worker

    def at_work(self) -> Iterator[int]:
        """Places of the workers that still work; raises where one failed by itself."""
        for place, worker in enumerate(self._workers):
            if worker.exitcode is None:
                yield place
            elif worker.exitcode != 0:
                raise AssertionError(f"a worker ended with {worker.exitcode}")

    def wait(self, seconds: float) -> None:
        """So many seconds, less where a worker ends by itself."""
        wait([one.sentinel for one in self._workers if one.exitcode is None], seconds)

    def kill(self, place: int) -> bool:
        """SIGKILL a worker and hire another one; False where it had just ended by itself.

        Nobody is hired for that one: it would find nothing to bill, and the next one neither.
        """
        worker = self._workers[place]
        worker.kill()
        worker.join()
        if worker.exitcode != -9:
            return False
        self._workers[place] = self._hired()
        return True

    def dismiss(self) -> None:
        """Kill whoever is left."""
        for worker in self._workers:
            worker.kill()
            worker.join()
