"""`faktura contracts pause`, `resume` and `day`, as text and as JSON."""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal

import pytest
from click.testing import CliRunner
from tests.services.contracts.lives import YEARLY, contract, day, pauses, terminated

from faktura.cli import contract_pauses, contract_show, contracts
from faktura.cli.subscription_shape import discount_text, price_text
from faktura.domain.articles import Price
from faktura.domain.discounts import Discount
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
    for module in (contract_pauses, contract_show):
        monkeypatch.setattr(module, "running", lambda: nullcontext(app))
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


def test_terms_pauses_and_prices_of_a_contract_are_shown(run, peopled):
    """F023, F030, F032, F033: as of 31 October 2026, a year from 1 September with 3 months' notice."""
    item = {
        "articleNumber": "WEB-M",
        "quantity": "1",
        "discount": {"percent": "10", "reason": "Treue"},
        "specialPrices": [{"unitPrice": "25", "validUntil": "2027-01-01"}],
    }
    subscriptions = [{"items": [item], **YEARLY, "paymentStart": "2026-09-15"}]
    peopled.take("contracts", [contract("V-2", subscriptions=subscriptions)])
    run("pause", "V-2", "--from", "2026-12-01", "--until", "2027-01-01", "--reason", "winter")

    found = json.loads(run("show", "V-2", "--json"))
    words = [" ".join(line.split()) for line in run("show", "V-2").splitlines()]

    assert found["subscriptions"] == [
        {
            "no": 1,
            "state": "RUNNING",
            "termStart": "2026-09-01",
            "minimumTerm": "1 YEAR",
            "notice": "3 MONTH",
            "renewal": "FIXED",
            "renewalTerm": "1 YEAR",
            "termEnd": "2027-09-01",
            "earliestEnd": "2027-09-01",
            "terminatedAsOf": None,
            "paymentStart": "2026-09-15",
            "pauses": [{"from": "2026-12-01", "until": "2027-01-01", "reason": "winter"}],
        }
    ]
    (shown,) = found["items"]
    assert (shown["subscription"], shown["discount"], shown["specialPrices"]) == (
        1,
        "10 % Treue",
        ["25 EUR until 2027-01-01"],
    )
    assert (
        "1 RUNNING 2026-09-01 1 YEAR 3 MONTH FIXED 1 YEAR 2027-09-01 2027-09-01 2026-09-15" in words
    )
    assert "1 2026-12-01 2027-01-01 winter" in words
    assert (
        f"{shown['itemId']} 1 WEB-M Web hosting 1 2026-09-01 10 % Treue 25 EUR until 2027-01-01"
        in words
    )


def test_discounts_and_prices_are_told_in_short():
    """Amounts without a reason; tiers from a day on."""
    tier = Price(Decimal("1.5"), "EUR", day("2027-01-01"), None, Decimal(10))

    assert discount_text(Discount(amount=Decimal("5.00"), reason="")) == "5.00"
    assert price_text(tier) == "1.5 EUR for 10 and more from 2027-01-01"
