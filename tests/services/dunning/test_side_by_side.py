"""Runs, payments and waivers at the same moment: each customer is reminded once, the books hold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from tests.services.dunning.scene import Scene

from faktura.kernel.errors import TransitionRefused
from faktura.services import dunning
from faktura.services.dunning_waivers import waive_charges
from faktura.services.verification import PROOFS, prove

FIRST, SECOND = date(2026, 3, 9), date(2026, 3, 23)


def _overdue(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve customers with two documents each, at their first level; chunks of two customers."""
    monkeypatch.setattr(dunning, "DOCUMENTS_A_CHUNK", 3)
    for no in range(12):
        owner = scene.customer()
        for part in range(2):
            scene.owe(owner, f"R-{no}-{part}", 10_000, date(2026, 3, 2))
    scene.dun(FIRST)


def _at_once(*acts: Callable[[], object]) -> list[object]:
    """What became of each, errors raised."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result() for one in [pool.submit(act) for act in acts]]


def _problems(scene: Scene) -> list[str]:
    with scene.database.read(scene.tenant.id) as tx:
        return [str(one) for proof in PROOFS for one in prove(tx, proof)]


def test_runs_of_two_days_side_by_side_remind_each_customer_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    """Two of the same day share one run; that of the day before finds what is left to it."""
    _overdue(scene, monkeypatch)

    _at_once(
        lambda: scene.dun(SECOND),
        lambda: scene.dun(SECOND),
        lambda: scene.dun(date(2026, 3, 24)),
    )

    later = [row[0] for row in scene.notices() if row[2] != FIRST]
    assert sorted(map(str, later)) == sorted(f"K-{no}" for no in range(1, 13))
    assert _problems(scene) == []


def test_what_is_paid_while_a_run_is_under_way_is_on_a_notice_or_settled(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    """P36: what was open when the customer was decided about is what the notice says."""
    _overdue(scene, monkeypatch)

    _at_once(
        lambda: scene.dun(SECOND),
        *(lambda no=no: scene.pay(f"R-{no}-0", 10_000, date(2026, 3, 20)) for no in (1, 6, 11)),
    )

    second = [row for row in scene.notices() if row[2] == SECOND]
    assert len(second) == 12
    assert {row[3] for row in second} <= {10_000, 20_000}
    assert _problems(scene) == []


def test_charges_are_waived_once_or_paid_never_both(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    """Both want what is open; who comes second finds nothing."""
    _overdue(scene, monkeypatch)
    scene.dun(SECOND)

    def waive() -> str:
        try:
            with scene.database.write(scene.tenant.id) as tx:
                return str(waive_charges(tx, scene.tenant, "MG-000001", reason="x", by="mia"))
        except TransitionRefused:
            return "nothing is open"

    found = _at_once(waive, waive, waive)

    assert sorted(map(str, found)) == ["6.18 EUR", "nothing is open", "nothing is open"]
    assert _problems(scene) == []
