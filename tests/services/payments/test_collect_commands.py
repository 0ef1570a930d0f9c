"""faktura payments collect, resolve, retry, attempts, show: what a person types and reads."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from tests.services.payments.collected import CollectScene

from faktura.cli import payments_attempts, payments_collect
from faktura.cli.payments import payments
from faktura.domain.tenants import Tenant
from faktura.hub.adapters import Adapters
from faktura.kernel.clock import Clock
from faktura.kernel.errors import FakturaError, FieldInvalid, NotFound
from faktura.store.database import Database
from faktura.testing.double_steps import Do, Step

Run = Callable[..., str]


@dataclass
class App:
    """As much of the application as the commands need."""

    scene: CollectScene

    @property
    def database(self) -> Database:
        return self.scene.database

    @property
    def adapters(self) -> Adapters:
        return self.scene.till.adapters

    @property
    def clock(self) -> Clock:
        return self.scene.clock

    def tenant(self, key: str | None) -> Tenant:
        """The only tenant."""
        assert key is None
        return self.scene.tenant


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> CollectScene:
    """Two customers with cards; each owes 35.70."""
    return CollectScene(database, tmp_path, customers=2)


@pytest.fixture
def run(scene: CollectScene, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `faktura payments …` and return what it writes; a named error is raised."""
    for module in (payments_collect, payments_attempts):
        monkeypatch.setattr(module, "running", lambda: nullcontext(App(scene)))

    def call(*words: str) -> str:
        done = CliRunner().invoke(payments, words)
        if isinstance(done.exception, FakturaError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return call


def test_a_run_says_what_it_did_and_what_it_left(scene: CollectScene, run: Run):
    """A dry run first, then the run, then nothing is left to do."""
    scene.store.script(Step(Do.DECLINE, invoice="RE-000002", code="51"))

    plan = json.loads(run("collect", "--date", "2026-10-15", "--dry-run", "--json"))
    done = json.loads(run("collect", "--json"))
    again = run("collect")

    assert [one["invoice"] for one in plan["tried"]] == ["RE-000001", "RE-000002"]
    assert plan["tried"][0] | {"dueOn": ""} == {
        "invoice": "RE-000001",
        "amount": "35.70",
        "currency": "EUR",
        "method": "CARD",
        "account": "double",
        "dueOn": "",
    }
    assert done == {
        "tried": 2, "failed": 1, "succeeded": 1, "waiting": 0, "left": [], "reasons": {},
    }  # fmt: skip
    assert "RE-000002" in again
    assert "it is tried again at 2026-10-16" in again


def test_a_dry_run_for_people_names_reasons(scene: CollectScene, run: Run):
    """P43: what is not collected is said."""
    scene.settings["minimum"] = "50.00"

    shown = run("collect", "--dry-run", "--method", "card")

    assert "Nothing would be tried." in shown
    assert "is less than the 50.00 EUR" in shown


def test_what_is_unknown_is_resolved_and_shown(scene: CollectScene, run: Run):
    """The history of an attempt: request, answer, bookings, entries."""
    scene.store.script(Step(Do.LOSE, invoice="RE-000001"))
    run("collect")
    resolved = json.loads(run("resolve", "--json"))
    (listed,) = json.loads(run("attempts", "--invoice", "RE-000001", "--json"))
    shown = json.loads(run("show", listed["attempt"], "--json"))

    assert resolved == {"asked": 1, "succeeded": 1, "waiting": 0}
    assert (listed["state"], listed["tries"], listed["channel"]) == ("SUCCEEDED", 2, "BACKGROUND")
    assert shown["request"]["invoice_number"] == "RE-000001"
    assert (shown["outcome"]["kind"], shown["customer"]) == ("SUCCEEDED", "K-1")
    assert shown["bookings"] == [
        {"on": "2026-10-15", "fact": "PAYMENT", "amount": "-35.70", "text": "Zahlung RE-000001"}
    ]
    assert [one["text"] for one in shown["entries"]] == ["Zahlung RE-000001"]


def test_people_read_events_and_bookings_in_order(scene: CollectScene, run: Run):
    """A declined attempt tells of its events, a retry by hand of its person."""
    scene.store.script(Step(Do.DECLINE, invoice="RE-000001", code="51"))
    run("collect")
    (first,) = json.loads(run("attempts", "--state", "failed", "--json"))
    retried = json.loads(run("retry", "RE-000001", "--json"))
    nothing = run("retry", "RE-000001")

    shown = run("show", first["attempt"])
    assert "RECURRING_PAYMENT_FAILED" in shown
    assert "CUSTOMER_NOTICE" in shown
    assert (retried["tried"], retried["succeeded"]) == (1, 1)
    assert "Nothing of RE-000001 is collected" in nothing
    assert "RE-000001" in run("attempts", "--state", "succeeded")
    assert run("attempts", "--state", "unknown") == "No attempts.\n"


def test_an_attempt_that_is_none_is_refused(run: Run):
    """Bad input is said, with what to do."""
    with pytest.raises(FieldInvalid, match="an attempt is named by its id"):
        run("show", "RE-000001")
    with pytest.raises(NotFound):
        run("show", str(uuid4()))
