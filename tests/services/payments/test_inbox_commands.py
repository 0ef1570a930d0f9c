"""faktura payments inbox: what a person types and reads (O4)."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.services.company import opened
from tests.services.payments.inbox_scene import InboxScene

from faktura.cli import payments_inbox
from faktura.domain.inbox import InboxChannel
from faktura.domain.tenants import Tenant
from faktura.hub.adapters import Adapters
from faktura.plugin import ProviderEvent
from faktura.services.arrivals import arrival_of, keep
from faktura.store.database import Database
from faktura.testing.double_steps import Do, Step

Run = Callable[..., str]


@dataclass
class App:
    """As much of the application as the commands need."""

    scene: InboxScene

    @property
    def database(self) -> Database:
        """The scene's."""
        return self.scene.database

    @property
    def adapters(self) -> Adapters:
        """Those of a process of its own."""
        return self.scene.till.adapters

    def tenant(self, key: object) -> Tenant:
        """The only tenant."""
        assert key is None
        return self.scene.tenant


@pytest.fixture
def scene(tmp_path: Path, migrated_file: Path) -> InboxScene:
    """A debit under way, told and handled; then paid, told and not handled yet."""
    file = tmp_path / "faktura.db"
    file.write_bytes(migrated_file.read_bytes())
    made = InboxScene(opened(f"sqlite:///{file}"), tmp_path)
    made.store.script(Step(Do.PEND))
    made.collect()
    made.deliver()
    made.handle()
    made.clock.advance(timedelta(hours=1))
    made.store.settle("RE-000001", made.now)
    made.deliver()
    return made


@pytest.fixture
def run(scene: InboxScene, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command of the group and return what it writes."""
    monkeypatch.setattr(payments_inbox, "running", lambda: nullcontext(App(scene)))

    def call(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(payments_inbox.inbox, words, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    return call


def test_events_are_listed_newest_first(scene: InboxScene, run: Run):
    """With their states, in the tenant's time; by state and by time."""
    told = run("list")
    names = [one["eventId"] for one in json.loads(run("list", "--json"))]
    late = json.loads(run("list", "--json", "--since", "2026-10-15T11:00"))
    early = json.loads(run("list", "--json", "--state", "DONE", "--since", "2026-10-15"))
    newest = json.loads(run("list", "--json", "--limit", "1"))

    assert names == ["de_2", "de_1"]
    assert "2026-10-15 11:00" in told
    assert [one["eventId"] for one in late] == ["de_2"]
    assert [one["eventId"] for one in early] == ["de_1"]
    assert [one["eventId"] for one in newest] == ["de_2"]
    assert run("list", "--state", "FOREIGN") == "No events.\n"
    assert "is no YYYY-MM-DD[THH:MM]" in run("list", "--since", "gestern", code=2)


def test_an_event_is_shown_with_all_that_came_and_what_it_did(scene: InboxScene, run: Run):
    """Body, envelope, facts, effect; what is no text is shown as base64."""
    first, _ = scene.rows()

    shown = json.loads(run("show", str(first.id), "--json"))

    assert (shown["eventId"], shown["state"], shown["body"]) == ("de_1", "DONE", "x")
    assert shown["event"]["payload"] == {"subject": "payment:1"}
    assert shown["facts"][0]["kind"] == "PAYMENT_PENDING"
    assert shown["effect"] == {"changes": [], "verdict": "NOTHING", "waitsFor": []}
    assert "PAYMENT_PENDING" in run("show", str(first.id))
    event = ProviderEvent(id="odd", type="t")
    with scene.database.write(scene.tenant.id) as tx:
        keep(tx, [arrival_of("double", event, InboxChannel.WEBHOOK, "{}", b"\xff")])
    odd = json.loads(run("show", str(scene.rows()[-1].id), "--json"))
    assert odd["bodyBase64"] == "/w=="


def test_a_replay_says_what_changed(scene: InboxScene, run: Run):
    """First only tried out, then for real; then there is nothing left to change."""
    (attempt,) = scene.attempts()
    change = f"attempt {attempt.id} SUCCEEDED"

    tried = run("replay", "--since", "2026-10-15T11:00", "--until", "2026-10-16", "--dry-run")
    assert (scene.states(), change in tried) == (["PENDING"], True)
    assert "1 events: 1 would change something, 0 failed." in tried
    done = json.loads(run("replay", str(scene.rows()[1].id), "--json"))
    again = run("replay", "--all")

    assert [one["changes"] for one in done] == [[change]]
    assert scene.states() == ["SUCCEEDED"]
    assert "2 events: 0 changed something, 0 failed." in again


def test_a_replay_that_fails_says_so(scene: InboxScene, run: Run):
    """The exit code is for scripts."""
    scene.write_in_books("UPDATE event SET subject = 'payment:99'")
    event = ProviderEvent(id="bad", type="t", payload={"subject": "payment:99"})
    scene.deliver([event])

    told = run("replay", "--state", "NEW", code=1)

    assert "1 failed." in told


def test_a_replay_says_of_what(run: Run):
    """Neither nothing nor two things at once."""
    for words in ((), ("--all", "--since", "2026-10-15")):
        assert "give IDs" in run("replay", *words, code=2)
