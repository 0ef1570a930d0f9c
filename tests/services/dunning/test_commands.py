"""faktura dunning: what a person types and reads about runs and base rates."""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

import pytest
from click.testing import CliRunner
from tests.services.dunning.scene import Scene

from faktura.cli import dunning_rates, dunning_runs
from faktura.cli.dunning import dunning
from faktura.kernel.clock import Clock
from faktura.kernel.errors import Conflict, FakturaError, FieldInvalid, OutOfRange
from faktura.store.database import Database


@dataclass
class App:
    """As much of the application as the commands need."""

    scene: Scene

    @property
    def database(self) -> Database:
        """The scene's."""
        return self.scene.database

    @property
    def clock(self) -> Clock:
        """The database's."""
        return self.scene.database.clock

    def tenant(self, key: object) -> object:
        """The only tenant."""
        assert key is None
        return self.scene.tenant


@pytest.fixture
def run(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    """Run a command in the scene and return what it writes."""
    for module in (dunning_runs, dunning_rates):
        monkeypatch.setattr(module, "running", lambda: nullcontext(App(scene)))

    def call(*words: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(dunning, words)
        if done.exit_code != exit_code and done.exception is not None:
            raise done.exception
        assert done.exit_code == exit_code, done.output
        return done.output

    return call


def _owing(scene: Scene) -> None:
    owner = scene.customer()
    scene.owe(owner, "R-1", 11_900, date(2026, 3, 2))
    scene.owe(scene.customer(), "R-2", 5_000, date(2026, 3, 2))
    scene.credit(scene.company.customer(), 1, date(2026, 3, 2))


def test_a_dry_run_shows_the_notices_and_writes_nothing(scene: Scene, run):
    """The same with --json: notices, what is left out, who failed."""
    _owing(scene)
    scene.pay("R-2", 5_000, date(2026, 3, 2))
    scene.take_back("R-2", 5_000, date(2026, 3, 5))

    shown = run("run", "--date", "2026-03-09", "--dry-run")
    told = json.loads(run("run", "--date", "2026-03-09", "--dry-run", "--json"))

    assert "Dry run of 2026-03-09: nothing written" in shown
    assert "GRACE" in shown
    assert [(one["customer"], one["level"], one["total"]) for one in told["notices"]] == [
        ("K-1", 1, "119.00")
    ]
    assert (told["held"], told["failures"]) == ({"GRACE": 1}, [])
    assert scene.notices() == []
    assert json.loads(run("runs", "--json")) == []


def test_a_run_tells_what_it_did_and_later_again(scene: Scene, run):
    """The receipt, the list and the run by its id say the same."""
    _owing(scene)

    receipt = json.loads(run("run", "--date", "2026-03-09", "--json"))
    again = json.loads(run("run", "--date", "2026-03-09", "--json"))
    said = run("run", "--date", "2026-03-09")
    listed = json.loads(run("runs", "--json"))
    shown = json.loads(run("show", receipt["run"], "--json"))

    assert "This day was dunned before: nobody is written to again." in said
    assert receipt == {
        "run": receipt["run"],
        "date": "2026-03-09",
        "resumed": False,
        "customers": 2,
        "notices": 2,
        "held": 0,
        "failed": 0,
        "heldNow": {},
        "sums": [
            {
                "level": 1,
                "notices": 2,
                "open": "169.00",
                "fee": "0.00",
                "flat": "0.00",
                "interest": "0.00",
                "currency": "EUR",
            }
        ],
    }
    assert (again["run"], again["resumed"]) == (receipt["run"], True)
    assert [(one["run"], one["state"]) for one in listed] == [(receipt["run"], "DONE")]
    assert (shown["sums"], shown["failures"]) == (receipt["sums"], [])


def test_people_read_tables_and_are_led_on(scene: Scene, run):
    """Who could not be dunned is named with what to do; whoever started the run learns it by its exit code."""
    scene.owe(scene.customer(), "R-1", 100_000, date(2026, 7, 6))
    run("run", "--date", "2026-07-13")

    receipt = run("run", "--date", "2026-07-27", exit_code=1)
    dry = run("run", "--date", "2026-07-27", "--dry-run")
    (latest, _) = json.loads(run("runs", "--json"))
    shown = run("show", latest["run"])
    as_json = run("run", "--date", "2026-07-27", "--json", exit_code=1)

    assert f"Who could not be dunned: faktura dunning show {latest['run']}" in receipt
    assert json.loads(as_json)["failed"] == 1
    assert "Not dunned" in shown
    assert "base-rates add 2026-07-01" in shown
    assert "Not dunned" in dry
    assert "DONE" in run("runs")


def test_nobody_is_dunned_as_of_a_day_to_come(scene: Scene, run):
    """Today is 31 October 2026; without a day that is the day."""
    with pytest.raises(OutOfRange, match="2026-11-01 is in the future"):
        run("run", "--date", "2026-11-01")
    assert json.loads(run("run", "--json"))["date"] == "2026-10-31"
    assert "Nobody would be written to." in run("run", "--dry-run")


def test_base_rates_are_listed_and_added_once(scene: Scene, run):
    """§ 247 BGB: those that ship, then the tenant's."""
    run("base-rates", "add", "2026-07-01", "1.27")
    run("base-rates", "add", "2026-07-01", "1.27")
    rates = json.loads(run("base-rates", "list", "--json"))

    assert (rates[0], len(rates)) == (
        {"validFrom": "2002-01-01", "percent": "2.57", "source": "faktura"},
        50,
    )
    assert "The next to add: faktura dunning base-rates add 2027-01-01" in run("base-rates", "list")
    assert rates[-1] == {"validFrom": "2026-07-01", "percent": "1.27", "source": "tenant"}


def test_a_rate_is_put_right_until_interest_is_charged_with_it(scene: Scene, run):
    """A slip is the operator's to mend; what a notice was written with stays for good."""
    run("base-rates", "add", "2026-07-01", "12.70")
    run("base-rates", "add", "2027-01-01", "12.70")
    scene.owe(scene.customer(), "R-1", 11_900, date(2026, 7, 1))
    run("run", "--date", "2026-07-10")
    run("base-rates", "add", "2026-07-01", "1.27")
    run("run", "--date", "2026-07-27")

    with pytest.raises(Conflict, match=r"the base rate from 2026-07-01 is 1\.27"):
        run("base-rates", "add", "2026-07-01", "2.27")
    run("base-rates", "add", "2027-01-01", "1.52")

    assert "The next to add" not in run("base-rates", "list")
    kept = json.loads(run("base-rates", "list", "--json"))[-2:]
    assert [one["percent"] for one in kept] == ["1.27", "1.52"]


@pytest.mark.parametrize(
    ("start", "percent", "error", "message"),
    [
        ("2026-07-02", "1.27", FieldInvalid, "changes on 1 January and 1 July, not on 2026-07-02"),
        ("2026-01-01", "1.27", FieldInvalid, "the base rate from 2026-01-01 is known: 1.27"),
        ("2027-07-01", "1.27", OutOfRange, "validFrom: .* not announced .* from 2027-01-01"),
        ("2027-01-01", "127", OutOfRange, "127 is no base rate"),
        ("2027-01-01", "1,27", FakturaError, "is not a decimal number"),
    ],
)
def test_a_rate_that_cannot_be_meant_is_refused(
    run, start: str, percent: str, error: type[Exception], message: str
):
    """With the field and what would do."""
    with pytest.raises(error, match=message):
        run("base-rates", "add", start, percent)
