"""Our process dies at each step of an update, and what it left is found and gone on with (F098)."""

from datetime import timedelta

import pytest
from tests.services.bank.feeds import FeedScene, dying, run
from tests.services.bank.scene import BankScene

from faktura.flows import feed_looks
from faktura.flows.bank_feeds import begin_connecting
from faktura.kernel.bank_terms import FeedTaskState
from faktura.plugin import FormRequest
from faktura.services.feed_ends import finish_update
from faktura.store.feed_errands import errands_under_way
from faktura.testing.feed_world import Do, Killed


@pytest.fixture
def feeds(scene: BankScene) -> FeedScene:
    """The company with a connected bank, and a booking there that pays the first invoice."""
    feeds = FeedScene(scene)
    made = feeds.connect()
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    feeds.clock.advance(timedelta(minutes=1))
    return feeds


@pytest.mark.parametrize(
    ("method", "do"),
    [
        ("begin_update", Do.DIE_BEFORE),
        ("begin_update", Do.DIE_AFTER),
        ("look_up", Do.DIE_BEFORE),
        ("look_up", Do.DIE_AFTER),
        ("connections", Do.DIE_BEFORE),
        ("connections", Do.DIE_AFTER),
        ("movements", Do.DIE_BEFORE),
        ("movements", Do.DIE_AFTER),
    ],
)
def test_an_update_that_broke_off_is_gone_on_with(feeds: FeedScene, method: str, do: Do):
    """Whatever the process was about to keep: within a day everything is there, once."""
    feeds.world.looks = 1
    feeds.world.next(method, do)

    with dying():
        feeds.update()
    for _ in range(24):
        feeds.clock.advance(timedelta(hours=1))
        feeds.day()
        feeds.work()

    assert feeds.codes() == ["WELL"]
    assert [str(one.amount) for one in feeds.scene.movements()] == ["35.70 EUR"]
    assert "RE-000001" not in feeds.scene.open()
    with feeds.scene.database.read(feeds.scene.tenant.id) as tx:
        assert errands_under_way(tx) == []


def test_a_crash_between_import_and_cursor_reads_again_and_adds_nothing(
    feeds: FeedScene, monkeypatch: pytest.MonkeyPatch
):
    """The bookings are there, the cursor stands where it was."""
    before = feeds.connection().read_from

    def die(*_: object) -> None:
        raise Killed("before the cursor moved")

    monkeypatch.setattr(feed_looks, "finish_update", die)
    with dying():
        feeds.update()
    assert len(feeds.scene.movements()) == 1
    assert feeds.connection().read_from == before
    monkeypatch.setattr(feed_looks, "finish_update", finish_update)

    feeds.clock.advance(timedelta(minutes=30))
    feeds.day()
    feeds.work()

    assert feeds.codes() == ["WELL"]
    assert len(feeds.scene.movements()) == 1
    assert feeds.scene.count("bank_upload") == 1


def test_a_form_that_nobody_ever_saw_is_forgotten(feeds: FeedScene):
    """The process died before it could show it: another form is opened, and nothing else happens."""
    feeds.world.next("begin_connection", Do.DIE_AFTER)

    with dying():
        run(begin_connecting(feeds.desk, "double", FormRequest(), "anna"))
    feeds.clock.advance(timedelta(minutes=3))
    feeds.work()

    assert len(feeds.connections()) == 1
    with feeds.scene.database.read(feeds.scene.tenant.id) as tx:
        assert errands_under_way(tx) == []


def test_an_answer_that_was_lost_is_asked_for_again(feeds: FeedScene):
    """Of every question: the update was begun, looked at or read, and nobody heard of it."""
    for method in ("look_up", "connections", "movements"):
        feeds.world.next(method, Do.LOST)
    feeds.world.looks = 1

    errand = feeds.update()
    feeds.work()

    assert feeds.errand(errand).state is FeedTaskState.DONE
    assert feeds.codes() == ["WELL"]
    assert "RE-000001" not in feeds.scene.open()


def test_an_update_that_never_ends_is_given_up_after_two_hours(feeds: FeedScene):
    """The connection is free again, and what was wrong is said."""
    feeds.world.looks = 10_000

    errand = feeds.update()
    feeds.clock.advance(timedelta(hours=2, seconds=1))
    feeds.look(errand)

    assert feeds.errand(errand).state is FeedTaskState.ABANDONED
    assert "TECHNICAL" in feeds.codes()
    assert feeds.connection().busy_until is None


def test_two_that_look_at_once_do_it_once(feeds: FeedScene):
    """A callback in the middle of a look finds it taken; one for what is over does nothing."""
    errand = feeds.update()
    asked = feeds.world.count("connections")

    feeds.look(errand)
    feeds.work()

    assert feeds.world.count("connections") == asked
