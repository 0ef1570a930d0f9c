"""Killed anywhere, a billing run goes on to the same documents (O20); two at once bill once."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.services.billing.scene import TENANT, Scene, open_scene

from faktura.store import tables

_SCRIPT = Path(__file__).with_name("dying_run.py")
_DAY = date(2026, 10, 20)


def _company(scene: Scene) -> None:
    """Nine contracts of eight customers; two months are due of each."""
    first = scene.customer()
    scene.contract(first)
    scene.contract(first, quantity="2")
    for quantity in range(1, 8):
        scene.contract(quantity=str(quantity))


def _documents(scene: Scene) -> list[tuple[object, ...]]:
    """All documents with their lines, without ids and recording times."""
    d, line, c = tables.document.c, tables.document_line.c, tables.customer.c
    with scene.database.read(TENANT.id) as tx:
        rows = tx.connection.execute(
            tables.document.select()
            .with_only_columns(
                d.number, d.issued_on, d.due_on, d.gross, d.snapshot, line.no, line.net,
                line.service_start, line.derivation, c.number,
            )
            .join_from(tables.document, tables.document_line, line.document_id == d.id)
            .join(tables.customer, c.id == d.customer_id)
            .order_by(d.number, line.no)
        ).all()  # fmt: skip
    return [_without_contract_number(tuple(row)) for row in rows]


def _without_contract_number(row: tuple[object, ...]) -> tuple[object, ...]:
    """The scene draws contract numbers at random; all else must be equal."""
    snapshot = json.loads(str(row[4]))
    del snapshot["contractNumber"]
    return (*row[:4], json.dumps(snapshot, sort_keys=True), *row[5:])


def _run(url: str, dies_at: int) -> int:
    command = [sys.executable, str(_SCRIPT), url, str(_DAY), str(dies_at)]
    return subprocess.run(command, check=False).returncode


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """The documents of a run that nothing interrupted."""
    path = tmp_path_factory.mktemp("whole") / "whole.db"
    scene = Scene(open_scene(f"sqlite:///{path}"))
    _company(scene)
    assert _run(f"sqlite:///{path}", 0) == 0
    documents = _documents(scene)
    scene.database.close()
    assert len(documents) == 18
    return documents


@pytest.mark.parametrize("dies_at", [1, 3, 6, 11, 14, 25, 33])
def test_a_killed_run_goes_on_to_the_same_documents(
    scene: Scene, database_url: str, expected: list[tuple[object, ...]], dies_at: int
):
    """O20: SIGKILL in the middle of a chunk leaves nothing of it; the next run finishes."""
    _company(scene)

    assert _run(database_url, dies_at) == -9
    assert _run(database_url, 0) == 0

    assert _documents(scene) == expected
    # The interrupted run is finished; a second one bills what fell due since.
    assert scene.count("billing_run") == (1 if dies_at == 1 else 2)


def test_two_runs_at_once_bill_every_period_once(
    scene: Scene, database_url: str, expected: list[tuple[object, ...]]
):
    """P47: whoever comes second finds the chunk done; numbers stay gapless."""
    _company(scene)
    command = [sys.executable, str(_SCRIPT), database_url, str(_DAY), "0"]

    runs = [subprocess.Popen(command) for _ in range(3)]

    assert [run.wait(60) for run in runs] == [0, 0, 0]
    documents = _documents(scene)
    assert len(documents) == len(expected)
    numbers = sorted({str(row[0]) for row in documents})
    assert numbers == [f"RE-{no:04d}" for no in range(1, 19)]
