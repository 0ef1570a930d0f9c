"""faktura bank feeds, connect, connections, link, sync, new-pin, disconnect: typed and read (F098)."""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from tests.services.bank.feeds import FeedScene
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN

from faktura.bootstrap import Settings
from faktura.cli import bank_connections, bank_feeds
from faktura.cli.bank import bank
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FakturaError, FieldInvalid, NotFound
from faktura.testing.feed_world import Bank, Do


@dataclass
class Installed:
    """As much of the application as the commands need."""

    feeds: FeedScene

    @property
    def settings(self) -> Settings:
        """Nobody reaches us."""
        return Settings()

    @property
    def database(self) -> Any:
        """The scene's."""
        return self.feeds.desk.database

    @property
    def keys(self) -> Any:
        """The scene's."""
        return self.feeds.desk.keys

    @property
    def content(self) -> Any:
        """The scene's."""
        return self.feeds.desk.content

    @property
    def adapters(self) -> Any:
        """The scene's."""
        return self.feeds.desk.adapters

    def tenant(self, _key: str | None) -> Tenant:
        """The only one."""
        return self.feeds.scene.tenant

    def tenant_id(self, _key: str | None) -> int:
        """The only one's."""
        return self.feeds.scene.tenant.id


class Typing:
    """Whoever types."""

    def __init__(self, feeds: FeedScene) -> None:
        self.feeds = feeds

    def says(self, *words: str, code: int = 0) -> str:
        """What a command writes."""
        done = CliRunner().invoke(bank, words)
        if isinstance(done.exception, FakturaError):
            raise done.exception
        assert done.exit_code == code, (done.output, done.exception)
        return done.stdout

    def json(self, *words: str, code: int = 0) -> Any:
        """The same as JSON."""
        return json.loads(self.says(*words, "--json", code=code))


@pytest.fixture
def typing(scene: BankScene, monkeypatch: pytest.MonkeyPatch) -> Typing:
    """The company with an access, at a terminal."""
    feeds = FeedScene(scene)
    for module in (bank_feeds, bank_connections):
        monkeypatch.setattr(module, "running", lambda: nullcontext(Installed(feeds)))
    return Typing(feeds)


def test_accesses_are_added_and_listed(typing: Typing):
    """Under a key of their own; one that is no key is refused."""
    assert typing.json("feeds", "add", "double", "--instance", "second") == {
        "instance": "second",
        "feed": "double",
    }
    with pytest.raises(FieldInvalid):
        typing.says("feeds", "add", "double", "--instance", "a b")

    listed = typing.json("feeds", "list")
    assert [(one["instance"], one["feed"], one["problem"]) for one in listed] == [
        ("double", "double", None),
        ("second", "double", None),
    ]
    assert "faktura bank connect" in typing.says("feeds", "add", "double", "--instance", "third")


def test_a_bank_is_connected_while_the_command_waits(typing: Typing):
    """It prints the form's address, and what came of it."""
    world = typing.feeds.world
    world.visitor = lambda task: world.complete(task, IBAN)

    said = typing.says("connect", "--bank", "Muster", "--lang", "en")

    assert "https://form.example/1" in said
    assert "DONE" in said
    request = world.requests["1"]
    assert (request.bank, request.language, request.callback_url) == ("Muster", "en", "")
    assert typing.feeds.codes() == ["WELL"]


def test_a_form_can_be_left_to_somebody_else(typing: Typing):
    """Only its address is printed; scripts read it."""
    begun = typing.json("connect", "--no-wait")

    assert begun["form"] == "https://form.example/1"
    assert (begun["state"], begun["ended"]) == ("FORM_NEEDED", False)


def test_the_state_is_shown_in_both_languages(typing: Typing):
    """German where nothing else is said, with what to do about it."""
    assert "faktura bank connect" in typing.says("connections")
    made = typing.feeds.connect(IBAN, None)
    made.bank = Bank.WRONG_PIN
    typing.feeds.update()

    german = typing.says("connections")
    english = typing.says("connections", "--lang", "en")
    (record,) = typing.json("connections")

    assert "ERROR: Bank lehnt ab: PIN falsch; Banking-PIN ändern" in german
    assert "WARNING: Konto 100-2 ist mit keinem Bankkonto verknüpft" in german
    assert f"100-1  {IBAN}  -> {IBAN}" in german
    assert "ERROR: The bank refuses: PIN falsch; Change the banking PIN" in english
    assert [one["code"] for one in record["statuses"]] == ["REJECTED", "ACCOUNT_UNLINKED"]


def test_a_bank_is_asked_now(typing: Typing):
    """All that nothing speaks against, or the one that is named; with a person's address."""
    assert "nothing to fetch" in typing.says("sync")
    made = typing.feeds.connect()
    typing.feeds.world.book(made, "b-1", "35.70", "RE-000001")

    typing.says("sync")
    assert "RE-000001" not in typing.feeds.scene.open()
    (outcome,) = typing.json("sync", "musterbank", "--attended", "--ip-address", "192.0.2.9")

    assert outcome["fetched"] is True
    attended = typing.feeds.world.requests["3"].attended
    assert attended is not None
    assert attended.ip_address == "192.0.2.9"


def test_a_bank_that_cannot_be_asked_ends_with_1(typing: Typing):
    """And says why; the others are asked all the same."""
    typing.feeds.connect()
    typing.feeds.world.next("begin_update", Do.UNAVAILABLE)

    (outcome,) = typing.json("sync", code=1)

    assert outcome["fetched"] is False
    assert "the feed is away" in outcome["problem"]
    typing.feeds.world.next("begin_update", Do.UNAVAILABLE)
    assert "Technische Störung" in typing.says("sync", "Musterbank", code=1)


def test_a_form_of_an_update_is_shown(typing: Typing):
    """Without a person it stays open, and the state names it."""
    made = typing.feeds.connect()
    made.bank = Bank.WANTS_TAN

    said = typing.says("sync", "Musterbank", code=1)

    assert said.count("https://form.example/2") == 2
    assert "Bank verlangt Freigabe (TAN); Formular der Bank öffnen" in said


def test_a_pin_is_changed_in_the_banks_form(typing: Typing):
    """No command takes one."""
    made = typing.feeds.connect()
    made.bank = Bank.WRONG_PIN
    typing.feeds.update()
    world = typing.feeds.world
    world.visitor = world.come

    assert "DONE" in typing.says("new-pin", "Musterbank")
    assert typing.feeds.codes() == ["WELL"]
    typing.feeds.clock.advance(timedelta(minutes=1))
    world.visitor = None
    assert "a worker runs" in typing.says("new-pin", "Musterbank", "--no-wait")


def test_an_account_is_linked_and_a_bank_disconnected(typing: Typing):
    """By the feed's id."""
    typing.feeds.connect(None)

    assert "read the next time" in typing.says("link", "Musterbank", "100-1", IBAN)
    assert typing.json("disconnect", "Musterbank")["disconnected"] is True
    assert typing.json("connections") == []
    (ended,) = typing.json("connections", "--all")
    assert [one["code"] for one in ended["statuses"]] == ["ENDED"]
    with pytest.raises(NotFound):
        typing.says("link", "Sparkasse", "100-1", IBAN)
