"""How updates end where the feed says several things at once, and what is left of them (banking 1.6)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.services.bank.feeds import HERE, FeedScene, run
from tests.services.bank.scene import BankScene

from faktura.flows.feed_looks import look
from faktura.flows.tasks import tidy_up
from faktura.kernel.bank_terms import FeedResult, FeedTaskState
from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import LinkRefused
from faktura.plugin import Attendance
from faktura.services.feed_ends import Read, fail_update, finish_update
from faktura.services.feed_schedule import may_be_asked, start_at_sign_in
from faktura.store.secrets import KeyRing
from faktura.testing.feed_world import Bank, Do


@pytest.fixture
def feeds(scene: BankScene) -> FeedScene:
    """The company with a connected bank, a minute later."""
    feeds = FeedScene(scene)
    feeds.connect()
    feeds.clock.advance(timedelta(minutes=1))
    return feeds


@pytest.mark.parametrize(
    ("facts", "code", "tasks"),
    [
        ({"result": FeedResult.REJECTED, "message": "gesperrt"}, "REJECTED", 1),
        ({"needs_person": True}, "NEEDS_PERSON", 1),
        ({"result": FeedResult.TECHNICAL, "message": "HTTP 500"}, "TECHNICAL", 0),
    ],
)
def test_a_task_that_is_done_does_not_make_a_connection_well(
    feeds: FeedScene, facts: dict[str, object], code: str, tasks: int
):
    """The connection says more; what is there is read, and the cursor stays."""
    made = feeds.world.connections["100"]
    before = feeds.connection().read_from
    feeds.clock.advance(timedelta(hours=1))
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    feeds.world.busy_looks = 1

    # The task is done at once, the download goes on and ends in this.
    errand = feeds.update()
    feeds.world.change(made, **facts)
    feeds.work()

    assert feeds.errand(errand).state is FeedTaskState.DONE
    assert feeds.codes() == [code]
    assert len(feeds.tasks()) == tasks
    assert len(feeds.scene.movements()) == 1
    assert feeds.connection().read_from == before


def test_a_connection_that_is_gone_there_has_ended_here(feeds: FeedScene):
    """Deleted at the feed by somebody else."""
    connection = feeds.connection()
    feeds.world.connections.clear()

    with pytest.raises(LinkRefused):
        feeds.update()

    assert feeds.codes(connection.id) == ["ENDED"]


def test_what_is_over_is_over(feeds: FeedScene):
    """Whoever comes second changes nothing; an errand that never was is not found."""
    errand = feeds.update()
    before = feeds.connection()

    with feeds.scene.database.write(feeds.scene.tenant.id) as tx:
        assert fail_update(tx, errand.id).state is FeedTaskState.DONE
        assert finish_update(tx, errand.id, Read((), "")).state is FeedTaskState.DONE
    with pytest.raises(NotFound):
        run(look(feeds.desk, before.id))

    assert feeds.connection() == before


def test_errands_are_forgotten_ninety_days_after_their_end(feeds: FeedScene):
    """Those that are younger stay."""
    old = feeds.update()
    feeds.clock.advance(timedelta(days=60))
    young = feeds.update()
    feeds.clock.advance(timedelta(days=31))

    tidy_up(feeds.context, feeds.scene.tenant.id, {})

    assert feeds.errand(young).ended_at is not None
    with pytest.raises(NotFound):
        feeds.errand(old)


def test_a_sign_in_updates_with_the_persons_address(feeds: FeedScene):
    """Who went away meanwhile is not claimed to wait (banking 1.2)."""
    made = feeds.world.connections["100"]
    feeds.clock.advance(timedelta(hours=6))

    def signs_in() -> int:
        with feeds.scene.database.write(feeds.scene.tenant.id) as tx:
            return start_at_sign_in(tx, HERE)

    assert signs_in() == 1
    feeds.work()
    assert signs_in() == 0
    feeds.clock.advance(timedelta(hours=6))
    assert signs_in() == 1
    feeds.clock.advance(timedelta(minutes=16))
    feeds.work()

    assert [attended for _, attended in made.updates] == [True, False]
    attended = feeds.world.requests["2"].attended
    assert attended == Attendance(ip_address="192.0.2.7", user_agent="Firefox")


def test_a_sign_in_leaves_alone_what_the_bank_refused(feeds: FeedScene):
    """And the command without a name does."""
    feeds.world.connections["100"].bank = Bank.WRONG_PIN
    feeds.update()
    feeds.clock.advance(timedelta(hours=7))

    with feeds.scene.database.write(feeds.scene.tenant.id) as tx:
        assert start_at_sign_in(tx, HERE) == 0
        assert may_be_asked(tx) == []


def test_a_feed_whose_user_cannot_be_read_is_broken(feeds: FeedScene):
    """The key was lost: nothing is asked, and a person is told once."""
    errand = feeds.begin_form()
    feeds.world.complete(errand.reference or "", "DE75512108001245126199")
    asked = len(feeds.world.calls)

    run(look(replace(feeds.desk, keys=KeyRing([])), errand.id))

    assert len(feeds.world.calls) == asked
    assert [one for one in feeds.tasks() if "cannot be used" in one] != []


def test_pages_that_were_lost_are_read_again(feeds: FeedScene):
    """The look that is put off comes back to them."""
    feeds.world.next("movements", Do.LOST, Do.LOST)

    errand = feeds.update()
    feeds.work()

    assert feeds.errand(errand).state is FeedTaskState.DONE
    assert feeds.codes() == ["WELL"]
