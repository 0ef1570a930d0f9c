"""Random faults at every request: one charge per invoice, and nothing lost (O3)."""

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from braintree_double import audit
from braintree_double.scene import NOW, Memory, Scene, asked, collection, new_world
from braintree_double.server import running
from braintree_double.world import Fault, World
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import Absent, CollectRequest, Declined, Outcome, Succeeded, Unclear

_FAULTS = [
    Fault.CUT,
    Fault.BUSY,
    Fault.BROKEN,
    Fault.DOWN,
    Fault.LOST_AFTER,
    Fault.BROKEN_AFTER,
    Fault.DOWN_AFTER,
    Fault.TIMED_OUT_AFTER,
    Fault.GARBAGE_AFTER,
]
_TRIES = 60


async def settled(scene: Scene, request: CollectRequest) -> Outcome:
    """What the resolver's rules of payments 6.5 come to: repeat under the key, else look up."""
    may_be_done, absent = False, 0
    for _ in range(_TRIES):
        # Each try may run in another process: nothing is remembered but the kept state.
        adapter = scene.adapter()
        repeats = adapter.capabilities().key_window is not None or not may_be_done
        try:
            outcome = await (
                adapter.collect(request) if repeats else adapter.look_up(asked(request))
            )
            may_be_done = True
        except OutsideUnavailable:
            # Surely not done by this call; what an earlier one did stays unknown.
            continue
        absent = absent + 1 if isinstance(outcome, Absent) else 0
        if absent == 3:
            return Declined(hard=False, code="not_received")
        if not isinstance(outcome, Unclear | Absent):
            return outcome
        scene.world.clock.advance(timedelta(minutes=20))
    raise AssertionError("it never came to an end")


async def play(seed: int) -> None:
    """One invoice, paid through whatever goes wrong."""
    random = Random(seed)  # noqa: S311 - a sample that can be repeated, no secret
    world: World = new_world(
        has_request_keys=random.random() < 0.5,
        search_lag=timedelta(minutes=random.choice([0, 5, 15])),
    )
    world.plan = lambda _method, _path: random.choice(_FAULTS) if random.random() < 0.4 else None
    async with running(world) as double:
        scene = Scene(double, Memory())
        for number in range(1, 20):
            request = collection(attempt=UUID(int=seed * 1000 + number), created_at=NOW)
            if isinstance(await settled(scene, request), Succeeded):
                break
    assert audit.charges_by_invoice(world.charges.values()) == {"RE-1001": 1}


@pytest.mark.parametrize("seed", range(1, 9))
async def test_an_invoice_is_charged_once_through_random_faults(seed: int):
    """Lost, broken, cut and busy answers in two of five requests, with and without request keys."""
    await play(seed)


@pytest.mark.nightly
async def test_an_invoice_is_charged_once_through_a_thousand_schedules():
    """The same, long."""
    for seed in range(100, 1100):
        await play(seed)
