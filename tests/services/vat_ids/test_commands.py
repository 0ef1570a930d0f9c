"""`faktura vat-ids`: check, list, due, policy, as text and as JSON (F120)."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta

import pytest
from click.testing import CliRunner
from tests.services.vat_ids.conftest import VatHouse, nothing_waits

from faktura.cli import vat_ids as commands
from faktura.domain.tenants import Tenant
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import NotFound, PluginMissing, TransitionRefused
from faktura.store.database import Database
from faktura.store.tenants import read_tenant

Run = Callable[..., str]


@dataclass
class App:
    """As much of the application as the commands need."""

    database: Database
    adapters: Adapters

    def tenant(self, key: str | None) -> Tenant:
        """The only one, which nobody needs to name."""
        assert key is None
        with self.database.read(1) as tx:
            return read_tenant(tx)

    def tenant_id(self, key: str | None) -> int:
        """Its id."""
        return self.tenant(key).id


@pytest.fixture
def say(vat_house: VatHouse, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `faktura vat-ids …` on the house and gives what it writes."""
    app = App(vat_house.database, vat_house.context.adapters)
    monkeypatch.setattr(commands, "running", lambda: nullcontext(app))
    monkeypatch.setattr(commands, "operator", lambda: "mia")

    def call(*words: str) -> str:
        done = CliRunner().invoke(commands.vat_ids, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return call


def test_a_customers_id_is_checked_at_once(vat_house: VatHouse, say: Run) -> None:
    """The answer with what matched, for scripts and for people, in the tenant's time."""
    vat_house.add()

    record = json.loads(say("check", "A-1", "--json"))

    assert record | {"id": None} == {
        "id": None,
        "customerNumber": "A-1",
        "vatId": "ATU12345675",
        "ownVatId": "DE123456788",
        "checker": "double",
        "result": "VALID",
        "matches": {"name": "MATCH", "street": "NOT_TOLD", "zipCode": "NOT_TOLD", "city": "MATCH"},
        "differs": [],
        "reference": "R-1",
        "problem": None,
        "checkedAt": "2026-11-22T11:00:00+00:00",
    }
    shown = say("check", "A-1")
    assert "name MATCH" in shown
    assert "city MATCH" in shown
    assert "2026-11-22 12:00" in shown
    assert [one.no for one in vat_house.checks()] == [2, 1]


def test_who_cannot_be_checked_is_refused(vat_house: VatHouse, say: Run) -> None:
    """Somebody unknown, or without an id; nothing is asked and nothing is kept."""
    vat_house.add(euTaxId=None)

    with pytest.raises(TransitionRefused):
        say("check", "A-1")
    with pytest.raises(NotFound):
        say("check", "A-2")
    assert (vat_house.register.asked, vat_house.checks()) == ([], [])


def test_checks_are_listed_newest_first_and_narrowed(vat_house: VatHouse, say: Run) -> None:
    """By customer and by result."""
    assert say("list") == "Nothing was checked yet.\n"
    vat_house.add()
    vat_house.add(customerNumber="A-2", name="Fremd GmbH", euTaxId="ATU33864707")
    say("check", "A-1")
    say("check", "A-2")

    def numbers(*words: str) -> list[str]:
        return [one["customerNumber"] for one in json.loads(say("list", "--json", *words))]

    assert numbers() == ["A-2", "A-1"]
    assert numbers("--customer", "A-1") == ["A-1"]
    assert numbers("--result", "invalid") == ["A-2"]
    assert numbers("--result", "UNAVAILABLE") == []
    assert numbers("--limit", "1") == ["A-2"]
    assert say("list", "--result", "unavailable") == "No such check.\n"
    with pytest.raises(NotFound, match="there is no customer A-3"):
        say("list", "--customer", "A-3")
    table = say("list")
    assert table.index("ATU33864707") < table.index("ATU12345675")
    assert "2026-11-22 12:00" in table


def test_checks_in_which_something_differs_are_listed_alone(vat_house: VatHouse, say: Run) -> None:
    """The register knows Alpina; of an id that is invalid nothing is compared."""
    vat_house.add()
    vat_house.add(customerNumber="A-2", euTaxId="ATU33864707")
    say("check", "A-1")
    say("check", "A-2")
    assert say("list", "--differs") == "No such check.\n"

    vat_house.add(customerNumber="A-3", name="Fremd GmbH")
    say("check", "A-3")

    (found,) = json.loads(say("list", "--differs", "--json"))
    assert (found["customerNumber"], found["differs"]) == ("A-3", ["name"])


def test_what_is_due_is_put_in_for_the_worker(vat_house: VatHouse, say: Run) -> None:
    """One job a customer, 90 days after its last answer; asked again, none is put in twice."""
    vat_house.add()
    vat_house.add(customerNumber="A-2", euTaxId="ATU33864707")
    vat_house.check("A-1")
    vat_house.check("A-2")
    nothing_waits(vat_house)
    assert say("due") == "0 checks were put in.\n"

    vat_house.clock.advance(timedelta(days=91))

    assert say("due") == "2 checks were put in.\n"
    assert vat_house.jobs() == ['{"customer":"A-1"}', '{"customer":"A-2"}']
    assert say("due") == "0 checks were put in.\n"


def test_the_policy_is_shown_and_set(vat_house: VatHouse, say: Run) -> None:
    """What is not named stays; the one who set it is on record."""
    before = {"checker": "double", "everyDays": 90, "qualified": True}
    assert json.loads(say("policy", "--json")) == before

    assert json.loads(say("policy", "--every-days", "30", "--plain", "--json")) == {
        "checker": "double",
        "everyDays": 30,
        "qualified": False,
    }
    assert json.loads(say("policy", "--checker", "none", "--json"))["checker"] is None
    told = [json.loads(row.data) for row in vat_house.rows("event")]
    assert [one["by"] for one in told if "vatChecks" in one] == ["mia", "mia"]


def test_a_policy_that_cannot_be_meant_is_refused(vat_house: VatHouse, say: Run) -> None:
    """A checker that no plugin offers changes nothing; the days are the option's to refuse."""
    with pytest.raises(PluginMissing, match="no enabled plugin offers"):
        say("policy", "--checker", "vies")
    refused = CliRunner().invoke(commands.vat_ids, ["policy", "--every-days", "0"])
    assert (refused.exit_code, "0 is not in the range" in refused.output) == (2, True)
    assert json.loads(say("policy", "--json"))["checker"] == "double"
