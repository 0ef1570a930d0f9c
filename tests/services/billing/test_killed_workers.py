"""Many processes share a run and are killed one after the other: the same documents, no gap, none twice.

O14, O20 on PostgreSQL, where more than one process bills at a time.
"""

import random
from collections.abc import Iterator
from datetime import date

import pytest
from tests.services.billing.crowd import Crew, settle_in
from tests.services.billing.scene import TENANT, Scene

from faktura.flows.verification import verify
from faktura.kernel.terms import RunState
from faktura.store import tables
from faktura.store.blobs import TableStore

_DAY = date(2026, 9, 15)
# 30.00 apiece and 19 % VAT, 2, 3, 4 and 1 pieces by turns.
_GROSS = {1: 7140, 2: 10710, 3: 14280, 0: 3570}

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]


def _bill_among_kills(url: str, *, every: float, chunk: int, at_most: int = 1_000_000) -> int:
    """Bill with three processes, one of which is killed every so many seconds; how many were."""
    chosen, killed = random.Random(20_261_031), 0
    crew = Crew(url, _DAY, chunk=chunk, workers=3)
    try:
        while left := list(crew.at_work()):
            crew.wait(every)
            if killed < at_most:
                killed += crew.kill(chosen.choice(left))
        return killed
    finally:
        crew.dismiss()


def _documents(scene: Scene) -> Iterator[tuple[str, str, str, int, str, str]]:
    """Number, customer, contract, gross, first day and end of every document, by number."""
    d, k, v = tables.document.c, tables.customer.c, tables.contract.c
    with scene.database.read(TENANT.id) as tx:
        rows = tx.connection.execute(
            tables.document.select()
            .with_only_columns(
                d.number, k.number, v.number, d.gross, d.service_start, d.service_end
            )
            .join(tables.customer, k.id == d.customer_id)
            .join(tables.contract, v.id == d.contract_id)
            .order_by(d.number)
        ).all()
    for row in rows:
        yield row[0], row[1], row[2], row[3], str(row[4]), str(row[5])


def _check(scene: Scene, contracts: int) -> None:
    """Every contract has its one invoice, the numbers are a gapless set, and all of it is proven."""
    found = list(_documents(scene))
    assert sorted(row[1:] for row in found) == sorted(
        (f"K-{no}", f"V-{no}", _GROSS[no % 4], "2026-09-15", "2026-10-15")
        for no in range(1, contracts + 1)
    )
    assert {row[0] for row in found} == {f"RE-{no:04d}" for no in range(1, contracts + 1)}
    with scene.database.read(TENANT.id) as tx:
        runs = tx.connection.execute(tables.billing_run.select()).all()
        chunks = tx.connection.execute(tables.billing_chunk.select()).all()
    assert {run.state for run in runs} == {RunState.DONE}
    assert all(chunk.done for chunk in chunks)
    assert sum(chunk.documents for chunk in chunks) == contracts
    assert list(verify(scene.database, TableStore(scene.database), TENANT.id)) == []


def test_a_run_whose_workers_are_killed_issues_the_same_documents(scene: Scene, database_url: str):
    """1,500 contracts in 30 chunks, one of three workers killed every half second, six times."""
    settle_in(scene, 1_500)

    killed = _bill_among_kills(database_url, every=0.5, chunk=50, at_most=6)

    assert killed >= 2
    _check(scene, 1_500)


@pytest.mark.nightly
def test_a_large_run_whose_workers_are_killed_issues_the_same_documents(
    scene: Scene, database_url: str
):
    """50,000 contracts in chunks of the usual size, a kill every two seconds."""
    settle_in(scene, 50_000)

    killed = _bill_among_kills(database_url, every=2, chunk=500)

    assert killed >= 10
    _check(scene, 50_000)
