"""The feed in memory says no where a feed would: what passes here means something."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from logging import getLogger
from typing import TypeVar

import pytest
from pydantic import SecretStr
from tests.services.company import NoState

from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown, OutsideUnavailable
from faktura.plugin import AdapterSettings, Attendance, FeedTask, FeedUser, FormRequest, Runtime
from faktura.testing.feed_double import DoubleFeed, feed_class
from faktura.testing.feed_world import Bank, Do, FeedWorld

IBAN = "DE89370400440532013000"
ALONE, HERE = FormRequest(), FormRequest(attended=Attendance(ip_address="192.0.2.7"))

T = TypeVar("T")


def run(act: Awaitable[T]) -> T:
    """Run it to its end."""

    async def whole() -> T:
        return await act

    return asyncio.run(whole())


@pytest.fixture
def world() -> FeedWorld:
    """An empty one."""
    return FeedWorld(FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC)))


@pytest.fixture
def feed(world: FeedWorld) -> DoubleFeed:
    """Its feed."""
    return feed_class(world)(AdapterSettings(), Runtime(world.clock, getLogger("t"), NoState()))


@pytest.fixture
def user(feed: DoubleFeed) -> FeedUser:
    """A user of it with a connection 100."""
    made = run(feed.create_user("werk"))
    task = run(feed.begin_connection(made, ALONE))
    feed.world.complete(task.reference, IBAN)
    return made


def test_a_wrong_user_is_refused_everywhere(feed: DoubleFeed, user: FeedUser):
    """A wrong password, and somebody who is nobody."""
    wrong = FeedUser(id=user.id, password=SecretStr("wrong"))
    nobody = FeedUser(id="nobody", password=user.password)
    task = FeedTask(reference="1", kind=FeedTaskKind.CONNECT, state=FeedTaskState.RUNNING)

    for who in (wrong, nobody):
        for act in (
            feed.begin_connection(who, ALONE),
            feed.begin_update(who, "100", ALONE),
            feed.look_up(who, task),
            feed.connections(who),
            feed.movements(who, ["100-1"], feed.world.clock.now().date(), 1),
            feed.disconnect(who, "100"),
        ):
            with pytest.raises(AccountBroken):
                run(act)


def test_what_is_not_the_users_is_not_there(feed: DoubleFeed, user: FeedUser):
    """Another user's connection, an unknown one, a page before the first."""
    other = run(feed.create_user("other"))
    for act in (
        feed.begin_update(user, "666", ALONE),
        feed.begin_update(other, "100", ALONE),
        feed.disconnect(other, "100"),
    ):
        with pytest.raises(NotFound):
            run(act)
    with pytest.raises(ValueError, match="count from 1"):
        run(feed.movements(user, ["100-1"], feed.world.clock.now().date(), 0))
    assert run(feed.connections(other)) == []


def test_a_running_update_and_too_many_alone_are_refused(feed: DoubleFeed, user: FeedUser):
    """423, and the bank's four a day."""
    feed.world.looks = 9
    run(feed.begin_update(user, "100", HERE))
    with pytest.raises(OutsideUnavailable, match="busy"):
        run(feed.begin_update(user, "100", HERE))
    feed.world.clock.advance(timedelta(minutes=11))  # type: ignore[attr-defined]  # the fixed one
    feed.world.looks = 0

    for _ in range(4):
        run(feed.begin_update(user, "100", ALONE))
    with pytest.raises(OutsideUnavailable, match="too often"):
        run(feed.begin_update(user, "100", ALONE))
    assert run(feed.begin_update(user, "100", HERE)).state is FeedTaskState.DONE


def test_a_lost_answer_was_done_all_the_same(feed: DoubleFeed, user: FeedUser):
    """And an unknown task is given back as it came."""
    feed.world.next("disconnect", Do.LOST)
    with pytest.raises(OutcomeUnknown):
        run(feed.disconnect(user, "100"))

    assert feed.world.connections == {}
    stray = FeedTask(reference="77", kind=FeedTaskKind.UPDATE, state=FeedTaskState.RUNNING)
    assert run(feed.look_up(user, stray)) == stray


def test_the_bank_says_yes_no_or_asks(feed: DoubleFeed, user: FeedUser):
    """A refused PIN is counted; what is booked shows after the next update that is let in."""
    made = feed.world.connections["100"]
    feed.world.book(made, "b-1", "1.00", "Danke")
    since = feed.world.clock.now().date()
    states = []
    for bank in (Bank.WRONG_PIN, Bank.IS_DOWN, Bank.WANTS_TAN):
        made.bank = bank
        states.append(run(feed.begin_update(user, "100", HERE)).state)
    before = run(feed.movements(user, ["100-1"], since, 1))
    made.bank = Bank.LETS_IN
    run(feed.begin_update(user, "100", HERE))
    after = run(feed.movements(user, ["100-1"], since, 1))

    assert states == [FeedTaskState.FAILED, FeedTaskState.FAILED, FeedTaskState.FORM_NEEDED]
    assert feed.world.wrong_pins == 1
    assert (len(before.movements), len(after.movements)) == (0, 1)
    later = since + timedelta(days=1)
    assert run(feed.movements(user, ["100-1"], later, 1)).movements == ()
