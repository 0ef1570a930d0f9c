"""What must not get lost, come twice or be tried again while a feed is read (F098, P55)."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.services.bank.feeds import HERE, FeedScene, run
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN

from faktura.domain.bank_connections import Errand
from faktura.flows import feed_looks
from faktura.flows.bank_feeds import await_errand, begin_update, disconnect
from faktura.kernel.bank_terms import FeedResult, FeedTaskKind, FeedTaskState
from faktura.plugin import Attendance, FeedConnection, FeedPage, FeedUser, FormRequest
from faktura.services.feed_account_links import link_account
from faktura.services.feed_ends import Read, finish_update
from faktura.services.feed_errands import claim_look, unattended
from faktura.store.transaction import Tx
from faktura.testing.feed_double import DoubleFeed
from faktura.testing.feed_world import Bank, Do

OTHER = "DE75512108001245126199"


@pytest.fixture
def feeds(scene: BankScene) -> FeedScene:
    """The company with a connected bank, a minute later."""
    feeds = FeedScene(scene)
    feeds.connect()
    feeds.clock.advance(timedelta(minutes=1))
    return feeds


def quiet_days(feeds: FeedScene, days: int = 2) -> None:
    """Time goes by, and the job that comes round does what it does."""
    for _ in range(days * 4):
        feeds.clock.advance(timedelta(hours=6))
        feeds.day()
        feeds.work()


@pytest.mark.parametrize("end", ["abandoned", "down"])
def test_what_the_bank_refused_stays_refused_until_an_update_ends_well(feeds: FeedScene, end: str):
    """Nobody came to the form, or the bank's machine failed: the PIN is as wrong as before."""
    (made,) = feeds.world.connections.values()
    made.bank = Bank.WRONG_PIN
    feeds.update()
    # A feed that tells of a refusal in its task alone.
    feeds.world.change(made, result=FeedResult.OK, message="")

    if end == "down":
        made.bank = Bank.IS_DOWN
        feeds.update()
        made.bank = Bank.WRONG_PIN
    else:
        errand = feeds.update(kind=FeedTaskKind.CREDENTIALS)
        feeds.world.abandon(errand.reference or "")
        feeds.look(errand)
    quiet_days(feeds)

    assert feeds.world.wrong_pins == 1
    assert feeds.codes() == ["REJECTED"]
    assert feeds.connection().next_at is None


def test_an_account_linked_while_an_update_reads_is_read_from_its_beginning(
    scene: BankScene, monkeypatch: pytest.MonkeyPatch
):
    """The running update knows nothing of it: the cursor does not pass its older bookings over."""
    feeds = FeedScene(scene)
    made = feeds.connect(None)
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    feeds.update()
    assert feeds.scene.movements() == []
    feeds.clock.advance(timedelta(days=9))

    def link_first(tx: Tx, errand_id: UUID, read: Read) -> Errand:
        link_account(tx, feeds.connection().id, "100-1", IBAN)
        return finish_update(tx, errand_id, read)

    monkeypatch.setattr(feed_looks, "finish_update", link_first)
    feeds.update()
    monkeypatch.undo()
    feeds.clock.advance(timedelta(minutes=1))
    feeds.update()

    assert "RE-000001" not in feeds.scene.open()


def test_what_came_while_an_account_was_not_the_linked_one_is_read_when_it_is_again(
    feeds: FeedScene,
):
    """The cursor went on meanwhile; all of it is read anew."""
    (made,) = feeds.world.connections.values()
    account = made.state.accounts[0]
    feeds.world.change(made, accounts=(account.model_copy(update={"iban": OTHER}),))
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    feeds.update()
    feeds.clock.advance(timedelta(days=5))
    feeds.update()
    assert feeds.scene.movements() == []

    feeds.world.change(made, accounts=(account,))
    feeds.clock.advance(timedelta(days=1))
    feeds.update()

    assert "RE-000001" not in feeds.scene.open()
    assert feeds.tasks() == []


def test_a_booking_on_two_pages_of_one_reading_is_one(
    feeds: FeedScene, monkeypatch: pytest.MonkeyPatch
):
    """What is imported between two pages may push a booking onto the next one as well."""
    (made,) = feeds.world.connections.values()
    for number in (1, 2, 3):
        feeds.world.book(made, f"b-{number}", f"{number}.00", "Danke")
    whole = DoubleFeed.movements

    async def overlapping(
        feed: DoubleFeed, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        found = await whole(feed, user, accounts, since, page)
        if page == 1:
            return found
        first = await whole(feed, user, accounts, since, 1)
        again = first.movements[-1]
        pushed = again.transaction.model_copy(update={"entry_index": 9, "place": "again"})
        moved = again.model_copy(update={"transaction": pushed})
        return found.model_copy(update={"movements": (moved, *found.movements)})

    monkeypatch.setattr(DoubleFeed, "movements", overlapping)
    feeds.update()

    amounts = sorted(str(one.amount) for one in feeds.scene.movements())
    assert amounts == ["1.00 EUR", "2.00 EUR", "3.00 EUR"]


def test_two_workers_read_an_update_once(feeds: FeedScene, monkeypatch: pytest.MonkeyPatch):
    """Whoever hears that it is done goes on with it; a look that is due meanwhile finds it taken."""
    feeds.world.looks = 1
    whole = DoubleFeed.connections
    found_free: list[bool] = []

    async def looked_at_meanwhile(feed: DoubleFeed, user: FeedUser) -> Sequence[FeedConnection]:
        tenant = feeds.scene.tenant.id
        for one in feeds.jobs():
            args = json.loads(one.args)
            with feeds.scene.database.write(tenant) as tx:
                claimed = claim_look(tx, UUID(args["errand"]), args["look"])
                found_free.append(claimed is not None)
        return await whole(feed, user)

    monkeypatch.setattr(DoubleFeed, "connections", looked_at_meanwhile)
    feeds.update()

    assert True not in found_free


@pytest.mark.parametrize("method", ["look_up", "connections", "movements"])
def test_a_feed_that_asks_for_time_is_left_alone_as_long(feeds: FeedScene, method: str):
    """Retry-After counts for looks and pages as well: 2 minutes here."""
    feeds.world.looks = 1 if method == "look_up" else 0
    feeds.world.next(method, Do.UNAVAILABLE)
    before = feeds.clock.now()

    errand = feeds.update()

    waiting = feeds.errand(errand)
    assert waiting.look_at == before + timedelta(seconds=120)
    feeds.clock.advance(timedelta(seconds=120))
    feeds.work()
    assert feeds.errand(errand).state is FeedTaskState.DONE


def test_pages_that_cannot_be_read_are_not_asked_for_every_few_seconds(feeds: FeedScene):
    """They are the same every time: five minutes lie between, and two hours end it."""
    feeds.world.next("movements", *[Do.LOST] * 500)

    errand = feeds.update()
    for _ in range(200):
        feeds.clock.advance(timedelta(seconds=45))
        feeds.work(most=1)

    assert feeds.errand(errand).state is FeedTaskState.ABANDONED
    assert feeds.world.count("movements") - 1 <= 26


@pytest.mark.parametrize(
    "attendance",
    [
        Attendance(ip_address="192.0.2.7"),
        Attendance(ip_address="", user_agent="Firefox"),
    ],
)
def test_a_person_of_whom_the_bank_is_not_told_counts_as_nobody(
    feeds: FeedScene, attendance: Attendance
):
    """The bank counts what it is told: without address or browser the update is one of its four."""
    feeds.update(attended=attendance)

    with feeds.scene.database.read(feeds.scene.tenant.id) as tx:
        assert len(unattended(tx, feeds.connection().id)) == 1


def test_a_connection_that_is_found_at_the_feed_is_updated_by_itself(feeds: FeedScene):
    """Its own form was given up here before the person was done with it."""
    form = feeds.begin_form()
    feeds.clock.advance(timedelta(hours=1))
    feeds.look(form)
    feeds.world.complete(form.reference or "", OTHER, bank="Zweitbank")
    quiet_days(feeds, 1)

    second = next(one for one in feeds.connections() if one.bank_name == "Zweitbank")

    assert second.succeeded_at is not None
    assert second.next_at is not None


def test_a_connection_that_has_ended_asks_for_nobody(feeds: FeedScene):
    """What it waited for a person with is of no use any more."""
    (made,) = feeds.world.connections.values()
    made.bank = Bank.WRONG_PIN
    feeds.update()
    assert len(feeds.tasks()) == 1

    run(disconnect(feeds.desk, feeds.connection().id))

    assert feeds.tasks() == []


def test_who_waits_for_a_look_of_somebody_else_does_not_spin(feeds: FeedScene):
    """A worker holds the errand: the command looks every second, not thousands of times."""
    feeds.world.looks = 999
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        assert len(pauses) <= 400
        feeds.clock.advance(timedelta(seconds=seconds))

    async def waited() -> None:
        request = FormRequest(attended=HERE)
        errand = await begin_update(feeds.desk, feeds.connection().id, request, "anna")
        feeds.clock.advance(timedelta(seconds=30))
        with feeds.scene.database.write(feeds.scene.tenant.id) as tx:
            assert claim_look(tx, errand.id) is not None
        await await_errand(feeds.desk, errand, patience=timedelta(minutes=5), pause=pause)

    run(waited())

    assert sum(pauses) == 300


def test_a_clock_that_was_ahead_leaves_nothing_unread(feeds: FeedScene):
    """The cursor it left lies in the future; what is read begins two days ago all the same."""
    (made,) = feeds.world.connections.values()
    ahead = timedelta(days=30)
    feeds.clock.advance(ahead)
    feeds.update()
    feeds.clock.advance(-ahead)
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    feeds.clock.advance(timedelta(minutes=30))

    feeds.update()

    assert "RE-000001" not in feeds.scene.open()
