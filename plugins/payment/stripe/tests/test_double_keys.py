"""The double keeps Stripe's rules of idempotency, and a file of what it did (1.3)."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

import stripe_double
from faktura.kernel.clock import FixedClock
from stripe_double.audit import audit_of_file
from stripe_double.faults import Fault
from stripe_double.scene import NOW, Scene
from stripe_double.server import in_a_thread, running
from stripe_double.visitor import Visitor
from stripe_double.world import World

INTENTS = "/v1/payment_intents"


@pytest.fixture
async def visitor(scene: Scene) -> AsyncIterator[Visitor]:
    """Somebody with plain requests."""
    async with ClientSession() as session:
        yield Visitor(scene.double, session)


async def test_the_first_answer_is_repeated(visitor: Visitor):
    right = visitor.payment()
    first = await visitor.post(INTENTS, right, "k")

    again = await visitor.post(INTENTS, right, "k")

    assert again.json == first.json
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_a_decline_and_a_failure_are_repeated_too(visitor: Visitor):
    right = visitor.payment()
    visitor.double.world.behave(str(right["payment_method"]), "pm_card_visa_chargeDeclined")
    assert (await visitor.post(INTENTS, right, "declined")).status == 402
    visitor.double.world.turn_on(Fault.EMPTY_500)
    assert (await visitor.post(INTENTS, visitor.payment(), "failed")).status == 500
    visitor.double.world.behave(str(right["payment_method"]), "pm_card_visa")

    again = await visitor.post(INTENTS, right, "declined")

    assert (again.status, again.headers["Idempotent-Replayed"]) == (402, "true")


async def test_a_wrong_parameter_is_not_kept(visitor: Visitor):
    right = visitor.payment()
    assert (await visitor.post(INTENTS, right | {"amount": "1"}, "k")).status == 400

    assert (await visitor.post(INTENTS, right, "k")).status == 200


@pytest.mark.parametrize("path", [INTENTS, "/v1/refunds"])
async def test_a_key_belongs_to_its_first_request(visitor: Visitor, path):
    right = visitor.payment()
    await visitor.post(INTENTS, right, "k")

    said = await visitor.post(path, right | {"amount": "12000"}, "k")

    assert (said.status, said.error["type"]) == (400, "idempotency_error")


async def test_a_key_whose_request_runs_is_in_use(visitor: Visitor):
    right = visitor.payment()
    held = visitor.double.world.turn_on(Fault.HELD)
    first = asyncio.create_task(visitor.post(INTENTS, right, "k"))
    await held.begun.wait()

    said = await visitor.post(INTENTS, right, "k")
    held.let_go.set()

    assert (said.status, said.error["code"]) == (409, "idempotency_key_in_use")
    assert (await first).status == 200


async def test_a_key_is_forgotten_after_a_day(visitor: Visitor, scene: Scene):
    right = visitor.payment()
    await visitor.post(INTENTS, right, "k")
    scene.clock.advance(timedelta(hours=24))

    await visitor.post(INTENTS, right, "k")

    assert len(visitor.double.world.audit().charges[""]) == 2


async def test_a_key_that_is_too_long_is_refused(visitor: Visitor):
    said = await visitor.post(INTENTS, visitor.payment(), "k" * 256)

    assert (said.status, said.error["type"]) == (400, "idempotency_error")


async def test_without_a_key_every_request_counts(visitor: Visitor):
    right = visitor.payment()
    for _ in range(2):
        visitor.headers = {"Idempotency-Key": ""}
        await visitor.post(INTENTS, right)

    assert len(visitor.double.world.audit().charges[""]) == 2


async def test_what_was_done_outlives_the_double(tmp_path: Path):
    """Killed at any line, the next one repeats the answer and the audit counts one charge."""
    file = tmp_path / "stripe.sqlite"
    world = World(FixedClock(NOW), file)
    async with running(world) as double, ClientSession() as session:
        visitor = Visitor(double, session)
        right = visitor.payment(metadata__faktura_invoice="RE-7")
        world.turn_on(Fault.LOST)
        with pytest.raises(Exception, match="disconnected"):
            await visitor.post(INTENTS, right, "k")

    async with running(World(FixedClock(NOW), file)) as double, ClientSession() as session:
        again = await Visitor(double, session).post(INTENTS, right, "k")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert audit_of_file(file).charges == {"RE-7": ("pi_00000001",)}
    assert audit_of_file(file).doubles == {}


async def test_it_runs_as_a_process_of_its_own(tmp_path: Path, unused_tcp_port: int):
    """So that a test can kill it, and count what it charged."""
    double = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stripe_double", str(unused_tcp_port), str(tmp_path / "file")),
        env=os.environ | {"PYTHONPATH": str(Path(stripe_double.__file__).parents[1])},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert double.stdout is not None
        assert b"Running on" in await double.stdout.readline()
        async with (
            ClientSession() as session,
            session.get(f"http://127.0.0.1:{unused_tcp_port}{INTENTS}") as answer,
        ):
            assert answer.status == 401
    finally:
        double.kill()
        await double.wait()

    assert audit_of_file(tmp_path / "file").charges == {}


def test_it_runs_in_a_thread_for_tests_without_a_loop():
    with in_a_thread(World(FixedClock(NOW))) as double:

        async def ask() -> int:
            async with ClientSession() as session:
                return (await Visitor(double, session).get(INTENTS)).status

        assert asyncio.run(ask()) == 200
    assert double.world.requests == [("GET", INTENTS, 200)]
