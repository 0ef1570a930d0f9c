"""Asking a provider: every end of a call is one typed answer (P53, payments 6.3)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.payments.collected import CollectScene

from faktura.domain.payment_accounts import PaymentAccount
from faktura.flows.providers import Broken, Lost, NotSent, Provider, provider_of
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Absent, Unclear
from faktura.store.database import Database

ACCOUNT = PaymentAccount("double", "double", frozenset({PaymentMethod.CARD}))


def _provider(scene: CollectScene, account: PaymentAccount = ACCOUNT) -> Provider | Broken:
    till = scene.till
    return asyncio.run(provider_of(scene.database, till.adapters, scene.tenant, account))


def _asked(scene: CollectScene, act: Callable[[], Awaitable[object]]) -> object:
    provider = _provider(scene)
    assert isinstance(provider, Provider)
    quick = replace(provider, limit=timedelta(seconds=0.02))
    return asyncio.run(quick.outcome(act))


async def _raises(error: BaseException) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (RuntimeError("boom"), Unclear(why="RuntimeError: boom")),
        (FieldInvalid("no amount"), Unclear(why="no amount")),
        (asyncio.CancelledError(), Unclear(why="the adapter cancelled its call")),
        (TimeoutError("its own"), Unclear(why="TimeoutError: its own")),
        (
            OutsideUnavailable("away", retry_after=7),
            NotSent("away", timedelta(seconds=7)),
        ),
        (
            AccountBroken("key revoked", mend="Make a new one"),
            Broken("key revoked; Make a new one"),
        ),
    ],
)
def test_whatever_an_adapter_raises_is_its_answer(
    database: Database, tmp_path: Path, error: BaseException, answer: object
):
    """P53: only what was surely not sent counts as not sent; all else may have moved money."""
    scene = CollectScene(database, tmp_path, customers=0)

    assert _asked(scene, lambda: _raises(error)) == answer


def test_an_answer_without_sense_or_none_at_all_is_unclear(database: Database, tmp_path: Path):
    """P53: garbage, and silence beyond the limit."""
    scene = CollectScene(database, tmp_path, customers=0)

    async def nonsense() -> object:
        return {"status": "succeeded"}

    async def silence() -> object:
        return await asyncio.Event().wait()

    async def sense() -> object:
        return Absent()

    assert _asked(scene, nonsense) == Unclear(why="the adapter answered with dict")
    assert _asked(scene, silence) == Unclear(why="no answer within 0.02 seconds")
    assert _asked(scene, sense) == Absent()


def test_other_answers_are_checked_by_their_kind(database: Database, tmp_path: Path):
    """Facts, refunds and pages are asked for in the same way."""
    scene = CollectScene(database, tmp_path, customers=0)
    provider = _provider(scene)
    assert isinstance(provider, Provider)

    async def facts() -> object:
        return ("a",)

    assert asyncio.run(provider.guarded(facts, list, tuple)) == ("a",)
    assert asyncio.run(provider.guarded(facts, str)) == Lost("the adapter answered with tuple")


def test_who_is_stopped_does_not_go_on(database: Database, tmp_path: Path):
    """A shutdown ends the call; the lease of its attempt covers the rest (6.5)."""
    scene = CollectScene(database, tmp_path, customers=0)
    provider = _provider(scene)
    assert isinstance(provider, Provider)

    async def stopped() -> None:
        async def silence() -> object:
            return await asyncio.Event().wait()

        call = asyncio.create_task(provider.guarded(silence, str))
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(stopped())


def test_an_adapter_that_cannot_be_built_breaks_its_account(database: Database, tmp_path: Path):
    """Point 7: a missing plugin is an alarm for the operator, told once."""
    scene = CollectScene(database, tmp_path)
    with database.write(scene.tenant.id) as tx:
        scene.add_account(tx, "gone")
    other = PaymentAccount("gone", "gone", frozenset({PaymentMethod.PAYPAL}))

    first, second = _provider(scene, other), _provider(scene, other)

    assert isinstance(first, Broken)
    assert first == second
    assert scene.task_kinds() == ["PROVIDER_BROKEN"]
    assert scene.events() == ["PROVIDER_ACCOUNT_CHANGED"]
    assert scene.collect().opened == 1
