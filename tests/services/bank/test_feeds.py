"""Bank feeds from the form to settled documents (F098, P55), on both databases."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.services.bank.feeds import HERE, FeedScene, run
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN

from faktura.domain.bank_connections import Errand
from faktura.flows.bank_feeds import (
    add_feed,
    await_errand,
    begin_connecting,
    begin_update,
    disconnect,
)
from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.errors import Conflict, NotFound, NumberTaken, TransitionRefused
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown, OutsideUnavailable
from faktura.plugin import FormRequest
from faktura.store import tables
from faktura.store.bank_feeds import list_feeds, read_feed_user
from faktura.testing.feed_world import Bank, Do


@pytest.fixture
def feeds(scene: BankScene) -> FeedScene:
    """The company with an access."""
    return FeedScene(scene)


def test_the_user_is_kept_encrypted_and_made_once(feeds: FeedScene):
    """One user a tenant; its password stands in no row in clear."""
    with pytest.raises(NumberTaken):
        run(add_feed(feeds.desk, "double", "double"))

    assert feeds.world.users == {"werk-1": "secret of werk-1"}
    with feeds.scene.database.read(feeds.scene.tenant.id) as tx:
        user = read_feed_user(tx, feeds.desk.keys, "double")
        stored = tx.connection.execute(select(tables.adapter_secret)).one()
        assert [one.feed for one in list_feeds(tx)] == ["double"]
    assert (user.id, user.password.get_secret_value()) == ("werk-1", "secret of werk-1")
    assert (stored.instance, stored.name) == ("feed:double", "user")
    assert b"secret of" not in stored.ciphertext


def test_a_user_that_the_feed_does_not_make_is_not_kept(feeds: FeedScene):
    """Not reached, refused, lost: each is told as what it is."""
    feeds.world.next("create_user", Do.UNAVAILABLE, Do.BROKEN, Do.LOST)

    for error in (OutsideUnavailable, AccountBroken, OutcomeUnknown):
        with pytest.raises(error):
            run(add_feed(feeds.desk, "double", "second"))

    with feeds.scene.database.read(feeds.scene.tenant.id) as tx:
        assert [one.instance for one in list_feeds(tx)] == ["double"]


def test_a_connected_bank_is_read_at_once_and_pays_what_is_open(feeds: FeedScene):
    """The account is found by its IBAN; the booking settles its invoice (F096, F098)."""
    errand = feeds.begin_form()
    made = feeds.world.complete(errand.reference or "", IBAN)
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    made.imported = [(feeds.clock.now().date(), one) for one in made.bookings]

    feeds.look(errand)
    feeds.work()

    assert feeds.scene.open() == {"RE-000002": "100.00 EUR", "RE-000003": "297.50 EUR"}
    connection = feeds.connection()
    assert (connection.bank_name, connection.facts.bic) == ("Musterbank", "TESTDE88XXX")
    assert connection.read_from == date(2026, 9, 29)
    assert feeds.codes() == ["WELL"]
    assert feeds.told() == [["WELL"]]
    assert feeds.world.count("begin_update") == 0


def test_an_update_asks_the_bank_first_and_reads_then(feeds: FeedScene):
    """Without the first stage nothing new would ever be seen (banking 1.8)."""
    made = feeds.connect()
    for number, amount in ((1, "35.70"), (2, "100.00"), (3, "1.00")):
        feeds.world.book(made, f"b-{number}", amount, f"RE-00000{number}")

    ended = feeds.update()

    assert ended.ended_at is not None
    assert feeds.scene.open() == {"RE-000003": "297.50 EUR"}
    assert [str(one.amount) for one in feeds.scene.movements()] == [
        "35.70 EUR", "100.00 EUR", "1.00 EUR",
    ]  # fmt: skip
    assert feeds.scene.count("bank_upload") == 1


def test_reading_the_same_again_adds_nothing(feeds: FeedScene):
    """Two days are read once more each time; an upload is written where something is new."""
    made = feeds.connect()
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    feeds.update()

    feeds.clock.advance(timedelta(hours=1))
    feeds.update()
    feeds.world.book(made, "b-2", "1.00", "Danke")
    feeds.clock.advance(timedelta(hours=1))
    feeds.update()

    assert len(feeds.scene.movements()) == 2
    assert feeds.scene.count("bank_upload") == 2


def test_what_the_feed_takes_for_a_duplicate_waits_for_a_person(feeds: FeedScene):
    """Held, not booked (banking 1.7)."""
    made = feeds.connect()
    doubtful = feeds.world.book(made, "b-1", "35.70", "RE-000001")
    made.bookings[0] = doubtful.model_copy(update={"is_doubtful": True})

    feeds.update()

    assert [one.state for one in feeds.scene.movements()] == ["HELD"]
    assert feeds.scene.open()["RE-000001"] == "35.70 EUR"
    assert any(one.startswith("MOVEMENT_DOUBTFUL") for one in feeds.tasks())


def test_a_running_update_is_looked_at_until_it_ends(feeds: FeedScene):
    """The task three times, then the connection while it downloads; jobs come back, nobody sleeps."""
    made = feeds.connect()
    feeds.world.looks, feeds.world.busy_looks = 3, 2
    feeds.world.book(made, "b-1", "35.70", "RE-000001")

    errand = feeds.update()
    assert errand.ended_at is None
    assert feeds.codes() == ["UPDATING"]
    feeds.work()

    assert feeds.errand(errand).ended_at is not None
    assert "RE-000001" not in feeds.scene.open()
    assert feeds.world.count("look_up") == 4
    assert feeds.codes() == ["WELL"]


def test_nobody_else_updates_a_connection_meanwhile(feeds: FeedScene):
    """Single flight: a person is told, the clock and the sign-in pass over it."""
    feeds.connect()
    feeds.world.looks = 9
    feeds.update()

    with pytest.raises(Conflict):
        feeds.update()

    feeds.clock.advance(timedelta(hours=7))
    feeds.world.looks = 0
    feeds.day()
    feeds.work()
    assert feeds.codes() == ["WELL"]
    assert feeds.update().ended_at is not None


def test_a_failing_connection_does_not_stop_another(feeds: FeedScene):
    """The bank of the one is down; the other is read."""
    first = feeds.connect()
    errand = feeds.begin_form()
    second = feeds.world.complete(errand.reference or "", "DE02120300000000202051", bank="Zweite")
    feeds.look(errand)
    feeds.work()
    first.bank = Bank.IS_DOWN
    feeds.world.book(second, "b-1", "5.00", "Danke")

    feeds.clock.advance(timedelta(hours=6))
    feeds.day()
    feeds.work()

    states = {one.bank_name: feeds.codes(one.id) for one in feeds.connections()}
    assert states == {"Musterbank": ["TECHNICAL"], "Zweite": ["ACCOUNT_UNLINKED"]}


def test_a_refused_pin_is_never_tried_again_without_a_person(feeds: FeedScene):
    """A second try locks the account; a new PIN in the bank's form mends it (banking 1.5)."""
    made = feeds.connect()
    made.bank = Bank.WRONG_PIN
    feeds.update()
    for _ in range(5):
        feeds.clock.advance(timedelta(hours=7))
        feeds.day()
        feeds.work()

    assert feeds.world.wrong_pins == 1
    assert feeds.codes() == ["REJECTED"]
    assert ["PIN falsch" in one for one in feeds.tasks()] == [True]

    errand = feeds.update(kind=FeedTaskKind.CREDENTIALS)
    assert errand.state is FeedTaskState.FORM_NEEDED
    assert errand.facts.url.startswith("https://form.example/")
    feeds.world.come(errand.reference or "")
    feeds.look(errand)

    assert feeds.codes() == ["WELL"]
    assert feeds.tasks() == []
    assert feeds.connection().next_at is not None


def test_a_form_of_new_credentials_that_nobody_fills_changes_nothing(feeds: FeedScene):
    """The connection is as well as before."""
    feeds.connect()

    errand = feeds.update(kind=FeedTaskKind.CREDENTIALS)
    feeds.world.abandon(errand.reference or "")
    feeds.look(errand)

    assert feeds.codes() == ["WELL"]
    assert feeds.errand(errand).state is FeedTaskState.ABANDONED
    assert feeds.tasks() == []


def test_a_bank_that_wants_a_person_gets_one(feeds: FeedScene):
    """State, one task and the form; the cursor stays; after the approval all of it is read."""
    made = feeds.connect()
    before = feeds.connection().read_from
    made.bank = Bank.WANTS_TAN
    feeds.world.book(made, "b-1", "35.70", "RE-000001")

    errand = feeds.update()
    feeds.look(errand)

    assert errand.state is FeedTaskState.FORM_NEEDED
    assert feeds.codes() == ["NEEDS_PERSON"]
    assert feeds.connection().read_from == before
    assert len(feeds.tasks()) == 1
    feeds.world.come(errand.reference or "")
    feeds.look(errand)
    assert feeds.codes() == ["WELL"]
    assert feeds.tasks() == []
    assert "RE-000001" not in feeds.scene.open()


def test_a_form_that_ran_out_is_given_up_and_the_bank_left_alone(feeds: FeedScene):
    """By itself nothing is tried; a person who asks gets a new form."""
    made = feeds.connect()
    made.bank = Bank.WANTS_TAN
    errand = feeds.update()

    feeds.clock.advance(timedelta(minutes=21))
    feeds.look(errand)
    feeds.clock.advance(timedelta(hours=12))
    feeds.day()
    feeds.work()

    assert feeds.errand(errand).state is FeedTaskState.ABANDONED
    assert feeds.codes() == ["NEEDS_PERSON"]
    assert len(made.updates) == 1
    assert feeds.update().state is FeedTaskState.FORM_NEEDED


def test_a_fault_is_tried_again_after_a_growing_pause(feeds: FeedScene):
    """15 minutes, then 30; four in a day at most, and none is told to a person."""
    made = feeds.connect()
    made.bank = Bank.IS_DOWN
    feeds.update()

    first = feeds.connection()
    assert first.next_at is not None
    assert first.next_at - feeds.clock.now() == timedelta(minutes=15)
    for _ in range(6 * 20):
        feeds.clock.advance(timedelta(minutes=10))
        feeds.day()
        feeds.work(most=1)

    unattended = [at for at, attended in made.updates if not attended]
    assert len(unattended) == 4
    assert feeds.tasks() == []
    assert "TECHNICAL" in feeds.codes()


def test_a_person_is_told_that_the_bank_takes_no_more_today(feeds: FeedScene):
    """Who waits for it may ask."""
    made = feeds.connect()
    for _ in range(4):
        feeds.update(attended=None)

    with pytest.raises(TransitionRefused):
        feeds.update(attended=None)

    assert feeds.update(attended=HERE).ended_at is not None
    assert [attended for _, attended in made.updates] == [False] * 4 + [True]


def test_the_clock_updates_without_a_person(feeds: FeedScene):
    """Every six hours, and no metadata of anybody (banking 1.2)."""
    made = feeds.connect()
    feeds.day()
    feeds.work()
    assert made.updates == []

    for _ in range(3):
        feeds.clock.advance(timedelta(hours=6))
        feeds.day()
        feeds.day()
        feeds.work()

    assert [attended for _, attended in made.updates] == [False] * 3
    assert [one.attended for one in feeds.world.requests.values()] == [None] * 4


def test_a_connection_silent_for_too_long_leaves_a_gap(feeds: FeedScene):
    """A feed reaches back 89 days: what lies before must come as files; older files add nothing twice."""
    feeds.connect()
    feeds.clock.advance(timedelta(days=100))
    feeds.update()

    gap = feeds.connection().facts.gap
    assert gap is not None
    assert (gap.first, gap.last) == (date(2026, 10, 1), date(2026, 10, 12))
    assert feeds.codes() == ["GAP"]
    assert [one for one in feeds.tasks() if "2026-10-01 to 2026-10-12" in one] != []


def test_adjusted_balances_are_told_and_not_booked(feeds: FeedScene):
    """The feed made them up."""
    feeds.connect()
    feeds.world.adjustments = ("Zwischensaldo 3.00 EUR",)

    feeds.update()

    assert feeds.codes() == ["ADJUSTED"]
    assert feeds.scene.movements() == []


def test_a_feed_that_refuses_us_is_left_alone_until_a_person_asks(feeds: FeedScene):
    """One task; the first answer that comes again ends it."""
    feeds.connect()
    feeds.world.next("begin_update", Do.BROKEN)
    feeds.clock.advance(timedelta(hours=6))
    feeds.day()
    feeds.work()
    feeds.clock.advance(timedelta(hours=6))
    feeds.day()
    feeds.work()

    assert feeds.world.count("begin_update") == 1
    assert "FEED_BROKEN" in feeds.codes()
    assert len(feeds.tasks()) == 1
    feeds.update()
    assert feeds.codes() == ["WELL"]
    assert feeds.tasks() == []


def test_a_feed_that_is_away_is_asked_later(feeds: FeedScene):
    """A person is told; by itself it comes after the pause that the feed wants."""
    feeds.connect()
    feeds.world.next("begin_update", Do.UNAVAILABLE)

    with pytest.raises(OutsideUnavailable):
        feeds.update()

    connection = feeds.connection()
    assert connection.next_at == feeds.clock.now() + timedelta(minutes=15)
    assert connection.facts.problem == "the feed is away"
    assert feeds.codes() == ["TECHNICAL"]


@pytest.mark.parametrize("method", ["look_up", "connections", "movements"])
def test_a_bank_that_asks_in_the_middle_of_it_is_a_bank_that_wants_a_person(
    feeds: FeedScene, method: str
):
    """Whichever question it answers so."""
    feeds.connect()
    feeds.world.looks = 1
    feeds.world.next(method, Do.PERSON)

    feeds.update()

    assert feeds.codes() == ["NEEDS_PERSON"]
    assert len(feeds.tasks()) == 1


def test_a_disconnected_bank_is_deleted_there_and_ended_here(feeds: FeedScene):
    """What it brought stays; its bank account is free for another connection."""
    made = feeds.connect()
    feeds.world.book(made, "b-1", "1.00", "Danke")
    feeds.update()
    old = feeds.connection()
    feeds.world.next("disconnect", Do.UNAVAILABLE)
    with pytest.raises(OutsideUnavailable):
        run(disconnect(feeds.desk, old.id))
    assert feeds.codes() == ["WELL"]

    run(disconnect(feeds.desk, old.id))
    run(disconnect(feeds.desk, old.id))

    assert feeds.world.connections == {}
    assert feeds.codes(old.id) == ["ENDED"]
    assert len(feeds.scene.movements()) == 1
    with pytest.raises(TransitionRefused):
        run(_update(feeds, old.id))


def test_the_same_bank_connected_anew_adds_nothing_twice(feeds: FeedScene):
    """It comes with new ids; the booking is known by what it says (P55)."""
    made = feeds.connect()
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    feeds.update()
    old = feeds.connection()
    del feeds.world.connections[made.state.reference]

    errand = feeds.begin_form()
    again = feeds.world.complete(errand.reference or "", IBAN, reference="999")
    feeds.world.book(again, "n-1", "35.70", "RE-000001")
    feeds.world.book(again, "n-2", "7.00", "Danke")
    again.imported = [(feeds.clock.now().date(), one) for one in again.bookings]
    feeds.look(errand)
    feeds.work()

    assert feeds.codes(old.id) == ["ENDED"]
    assert feeds.connection().reference == "999"
    assert [str(one.amount) for one in feeds.scene.movements()] == ["35.70 EUR", "7.00 EUR"]


def test_a_connection_that_was_missing_for_a_while_comes_back(feeds: FeedScene):
    """The feed's list is its own; ours follows it."""
    made = feeds.connect()
    taken = feeds.world.connections.pop(made.state.reference)
    other = feeds.begin_form()
    feeds.world.abandon(other.reference or "")
    feeds.look(other)
    assert feeds.connections() == []

    feeds.world.connections[made.state.reference] = taken
    again = feeds.begin_form()
    feeds.world.abandon(again.reference or "")
    feeds.look(again)

    assert feeds.connection().reference == made.state.reference


def test_who_waits_sees_the_form_or_the_end(feeds: FeedScene):
    """The command looks as often as it is time, and no longer than it has patience."""
    feeds.world.looks = 2
    made = feeds.connect()
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        feeds.clock.advance(timedelta(seconds=seconds))

    async def waited(*, until_form: bool) -> Errand:
        errand = await _update(feeds, feeds.connection().id)
        return await await_errand(
            feeds.desk, errand, patience=timedelta(minutes=5), until_form=until_form, pause=pause
        )

    assert run(waited(until_form=False)).ended_at is not None
    assert pauses == [2, 4]
    made.bank = Bank.WANTS_TAN
    assert run(waited(until_form=True)).state is FeedTaskState.FORM_NEEDED
    feeds.clock.advance(timedelta(hours=3))
    pauses.clear()
    made.bank, feeds.world.looks = Bank.LETS_IN, 999
    assert run(waited(until_form=False)).ended_at is None
    assert sum(pauses) == 300


def test_an_access_that_does_not_exist_is_named(feeds: FeedScene):
    """With those that there are."""
    with pytest.raises(NotFound, match="second"):
        run(begin_connecting(feeds.desk, "second", FormRequest(), "anna"))


async def _update(feeds: FeedScene, connection_id: UUID) -> Errand:
    return await begin_update(feeds.desk, connection_id, FormRequest(attended=HERE), "anna")
