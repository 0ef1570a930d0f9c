"""`faktura contracts pause`, `resume` and `day`, as text and as JSON."""

import json
from contextlib import nullcontext
from dataclasses import dataclass

import pytest
from click.testing import CliRunner
from tests.services.contracts.lives import YEARLY, contract, day, pauses, terminated

from faktura.cli import contract_pauses, contracts
from faktura.domain.pauses import Pause
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import Clock
from faktura.kernel.errors import DateUnreadable, OutOfRange
from faktura.store.database import Database


@dataclass
class App:
    """As much of the application as the commands need."""

    database: Database
    clock: Clock
    only: Tenant

    def tenant(self, _key):
        """The only tenant."""
        return self.only


@pytest.fixture
def run(peopled, clock, monkeypatch):
    """Run `faktura contracts …` on the house and return what it writes."""
    app = App(peopled.database, clock, peopled.tenant)
    monkeypatch.setattr(contract_pauses, "running", lambda: nullcontext(app))
    peopled.take("contracts", [contract(term=YEARLY)])

    def call(*words: str):
        done = CliRunner().invoke(contracts.contracts, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return call


def test_a_contract_is_paused_and_resumed(run, peopled):
    """F030: by its number, from a day on."""
    assert run("pause", "V-1", "--from", "2026-11-10", "--reason", "chargeback") == (
        "Paused: V-1 from 2026-11-10.\n"
    )
    assert run("resume", "V-1", "--on", "2026-11-16", "--subscription", "1") == (
        "Resumed: V-1 on 2026-11-16.\n"
    )
    assert pauses(peopled) == [(Pause(day("2026-11-10"), day("2026-11-16"), "chargeback"),)]


def test_a_pause_may_be_planned_with_both_ends(run):
    """P10."""
    said = run(
        "pause", "V-1", "--from", "2026-12-01", "--until", "2027-01-01", "--reason", "winter"
    )

    assert said == "Paused: V-1 from 2026-12-01 until 2027-01-01.\n"


def test_a_day_is_named_where_it_cannot_be_read(run):
    """The option is the place."""
    with pytest.raises(DateUnreadable) as refused:
        run("pause", "V-1", "--from", "gestern", "--reason", "x")
    assert refused.value.place == "--from"


def test_the_work_of_a_day_can_be_done_by_hand(run, peopled):
    """F033, F004: today, or as of a day; JSON for scripts."""
    peopled.take("contracts", [contract("V-2")])
    terminated(peopled, "V-2", day("2026-10-01"))
    peopled.bill(day("2026-09-30"))

    assert run("day") == "2026-10-31: 1 ended, 0 renewed.\n"
    assert json.loads(run("day", "--date", "2027-06-01", "--json")) == {
        "date": "2027-06-01",
        "ended": 0,
        "renewed": 1,
    }


def test_a_slip_of_the_year_settles_nothing(run):
    """A renewal that is told cannot be taken back: at most two years ahead."""
    with pytest.raises(OutOfRange) as refused:
        run("day", "--date", "2062-06-01")
    assert refused.value.place == "--date"
