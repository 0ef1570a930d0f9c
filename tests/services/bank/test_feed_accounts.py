"""Accounts of a feed and our bank accounts: linked by IBAN, then by the feed's id (P55, F099)."""

from datetime import timedelta

import pytest
from tests.services.bank.feeds import FeedScene, run
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN

from faktura.flows.bank_feeds import disconnect
from faktura.kernel.bank_terms import FeedAccountState
from faktura.kernel.errors import Conflict, NotFound, WrongAccount
from faktura.services.feed_account_links import link_account
from faktura.services.named_connection import named_connection, only_feed
from faktura.testing.feed_world import DoubleConnection

OTHER = "DE75512108001245126199"


@pytest.fixture
def feeds(scene: BankScene) -> FeedScene:
    """The company with an access."""
    return FeedScene(scene)


def see(feeds: FeedScene, made: DoubleConnection, **facts: object) -> None:
    """The feed says something else of the first account from now on."""
    first, *others = made.state.accounts
    feeds.world.change(made, accounts=(first.model_copy(update=facts), *others))


def link(feeds: FeedScene, reference: str, iban: str) -> None:
    """A person links an account of the only connection."""
    with feeds.scene.database.write(feeds.scene.tenant.id) as tx:
        link_account(tx, feeds.connection().id, reference, iban)


def test_a_missing_iban_leaves_the_link_and_another_stops_the_import(feeds: FeedScene):
    """Nothing of an account that is not ours gets into the books; one task says why."""
    made = feeds.connect()
    see(feeds, made, iban=None)
    feeds.world.book(made, "b-1", "1.00", "Danke")
    feeds.update()
    assert len(feeds.scene.movements()) == 1

    see(feeds, made, iban=OTHER)
    feeds.world.book(made, "b-2", "2.00", "Danke")
    feeds.update()
    feeds.clock.advance(timedelta(minutes=1))
    feeds.update()

    assert feeds.codes() == ["ACCOUNT_DIFFERS"]
    assert len(feeds.scene.movements()) == 1
    assert [OTHER in one for one in feeds.tasks()] == [True]
    see(feeds, made, iban=IBAN)
    feeds.update()
    feeds.clock.advance(timedelta(minutes=1))
    assert feeds.codes() == ["WELL"]


def test_an_account_without_iban_is_linked_by_a_person(feeds: FeedScene):
    """What the feed knew before is read then, too."""
    made = feeds.connect(None)
    feeds.world.book(made, "b-1", "35.70", "RE-000001")
    feeds.update()
    assert feeds.codes() == ["ACCOUNT_UNLINKED"]
    assert feeds.scene.movements() == []

    link(feeds, "100-1", IBAN)
    feeds.clock.advance(timedelta(days=9))
    feeds.update()

    assert feeds.codes() == ["WELL"]
    assert "RE-000001" not in feeds.scene.open()


def test_a_link_is_refused_where_it_cannot_be_meant(feeds: FeedScene):
    """An unknown account, another IBAN, and one that another account brings already."""
    feeds.scene.add_account(OTHER)
    feeds.connect(IBAN, None)

    with pytest.raises(NotFound, match="100-9"):
        link(feeds, "100-9", IBAN)
    with pytest.raises(WrongAccount):
        link(feeds, "100-1", OTHER)
    with pytest.raises(Conflict):
        link(feeds, "100-2", IBAN)
    link(feeds, "100-2", OTHER)
    assert feeds.codes() == ["WELL"]


def test_a_bank_account_is_brought_by_one_connection_at_a_time(feeds: FeedScene):
    """The second connection waits until the first one has ended."""
    feeds.connect()
    first = feeds.connection()
    errand = feeds.begin_form()
    feeds.world.complete(errand.reference or "", IBAN, bank="Zweite")
    feeds.look(errand)
    second = feeds.connections()[1]
    assert feeds.codes(second.id) == ["ACCOUNT_UNLINKED"]

    with pytest.raises(Conflict), feeds.scene.database.write(feeds.scene.tenant.id) as tx:
        link_account(tx, second.id, IBAN, IBAN)
    run(disconnect(feeds.desk, first.id))
    feeds.update()

    assert feeds.codes() == ["WELL"]


def test_an_account_with_a_new_id_takes_the_place_of_the_one_that_is_gone(feeds: FeedScene):
    """The same IBAN proves it; one that only vanished is told as gone."""
    made = feeds.connect()
    (account,) = made.state.accounts
    feeds.world.change(made, accounts=())
    feeds.update()
    assert feeds.codes() == ["ACCOUNT_GONE"]

    feeds.world.change(made, accounts=(account.model_copy(update={"reference": "new"}),))
    feeds.update()

    assert feeds.codes() == ["WELL"]
    feeds.world.change(
        made, accounts=(account.model_copy(update={"state": FeedAccountState.FAILED}),)
    )


def test_a_bank_account_that_is_added_later_is_linked_by_itself(feeds: FeedScene):
    """And all of it is read."""
    made = feeds.connect(OTHER)
    feeds.world.book(made, "b-1", "9.00", "Danke")
    feeds.update()
    feeds.clock.advance(timedelta(days=5))

    feeds.scene.add_account(OTHER)
    feeds.update()

    assert [str(one.amount) for one in feeds.scene.movements()] == ["9.00 EUR"]


def test_a_connection_is_named_by_its_bank_or_the_end_of_its_id(feeds: FeedScene):
    """Of one bank's connections the living one is meant."""
    feeds.connect()
    old = feeds.connection()
    run(disconnect(feeds.desk, old.id))
    with feeds.scene.database.read(feeds.scene.tenant.id) as tx:
        assert named_connection(tx, "musterbank") == old.id
    errand = feeds.begin_form()
    feeds.world.complete(errand.reference or "", IBAN, reference="200")
    feeds.look(errand)
    living = feeds.connection()

    with feeds.scene.database.read(feeds.scene.tenant.id) as tx:
        assert named_connection(tx, "Musterbank") == living.id
        assert named_connection(tx, str(living.id)) == living.id
        assert named_connection(tx, old.id.hex[-12:]) == old.id
        with pytest.raises(NotFound):
            named_connection(tx, "Sparkasse")
        assert only_feed(tx, None) == only_feed(tx, "double") == "double"


def test_what_is_not_one_thing_is_not_guessed(feeds: FeedScene):
    """Two connections of one bank, two accesses, none."""
    feeds.connect()
    errand = feeds.begin_form()
    feeds.world.complete(errand.reference or "", OTHER)
    feeds.look(errand)
    with feeds.scene.database.read(feeds.scene.tenant.id) as tx, pytest.raises(Conflict):
        named_connection(tx, "musterbank")
    with feeds.scene.database.read(77) as tx, pytest.raises(NotFound):
        only_feed(tx, None)
