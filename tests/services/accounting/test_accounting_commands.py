"""faktura accounting and faktura customers account, as an operator types them."""

import json
import re
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta

import pytest
from click.testing import CliRunner
from tests.services.company import Company, bill, settle

from faktura.cli import (
    accounting_accounts,
    accounting_balances,
    accounting_journal,
    accounting_locks,
    accounting_manual,
    customer_account,
    who,
)
from faktura.cli.main import faktura

MODULES = (
    accounting_accounts,
    accounting_balances,
    accounting_journal,
    accounting_locks,
    accounting_manual,
    customer_account,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class App:
    """As much of the application as the commands need."""

    company: Company

    @property
    def database(self):
        """The company's."""
        return self.company.database

    @property
    def clock(self):
        """The company's."""
        return self.company.database.clock

    def tenant(self, key):
        """The only tenant."""
        assert key is None
        return self.company.tenant

    def tenant_id(self, key):
        """Its id."""
        return self.tenant(key).id


@pytest.fixture
def run(company, monkeypatch):
    """RE-000001 of 1 October over 35.70, 10.00 of it paid; 15 November. Runs a command."""
    company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 1000)
    company.database.clock.advance(timedelta(days=45))
    for module in MODULES:
        monkeypatch.setattr(module, "running", lambda: nullcontext(App(company)))
    monkeypatch.setattr(who, "getuser", lambda: "jo")

    def call(*words: str) -> str:
        done = CliRunner().invoke(faktura, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return call


def test_an_entry_by_hand_is_posted_shown_and_taken_back(run):
    """With an account of one's own and a cost centre; the journal filters by it."""
    added = run("accounting", "accounts", "add", "1200", "Hausbank")
    run("accounting", "accounts", "rename", "1200", "Bank Nord")
    words = ("--date", "2026-10-20", "--text", "Kontoführung", "--cost-centre", "100")
    posted = json.loads(
        run("accounting", "post", "R-1", *words, "--debit", "4970", "12.50", "--credit", "1200",
            "12.50", "--json")
    )  # fmt: skip
    back = run("accounting", "reverse", "man:R-1", "--reason", "Falsch")
    shown = json.loads(run("accounting", "journal", "--cost-centre", "100", "--json"))
    table = run("accounting", "journal", "--kind", "manual")
    names = json.loads(run("accounting", "accounts", "names", "--json"))

    assert "Hausbank" in added
    assert posted == {
        "key": "man:R-1",
        "seq": 3,
        "valueDate": "2026-10-20",
        "bookedOn": "2026-10-20",
        "isLate": False,
        "isNew": True,
    }
    assert "2026-11-15" in back
    assert [(one["key"], one["created_by"]) for one in shown] == [
        ("man:R-1", "jo"),
        ("rev:man:R-1", "jo"),
    ]
    assert "Kontoführung" in table
    assert "man:R-1" in table
    assert "Storno" not in table
    assert {"number": "1200", "name": "Bank Nord", "source": "own"} in names


def test_without_entries_that_wait_a_sentence_says_so(run):
    """Like every other list."""
    assert run("accounting", "drafts") == "No entry waits for an account.\n"


def test_a_month_is_locked_and_late_entries_are_found(run, company):
    """The lock says from which day on is open."""
    nothing = run("accounting", "locks")
    locked = json.loads(run("accounting", "lock", "2026-10", "--reason", "Abgabe", "--json"))
    settle(company.database, company.tenant, "RE-000001", 500)
    late = json.loads(run("accounting", "journal", "--late", "--json"))

    assert nothing == "No month is locked.\n"
    assert locked == {
        "no": 1,
        "lockedTo": "2026-10-31",
        "firstOpenDay": "2026-11-01",
        "drafts": [],
        "deferrals": 0,
    }
    assert [(one["key"], one["booked_on"]) for one in late] == [("pay:RE-000001:2", "2026-11-01")]
    assert re.search(r"Abgabe +2026-11-15 07:00 *\n", run("accounting", "locks"))


def test_balances_between_days_show_the_opening(run):
    """35.70 are owed before the 20th, 10.00 are paid then."""
    (found,) = json.loads(
        run("accounting", "balances", "--from", "2026-10-20", "--to", "2026-10-20", "--json")
    )

    assert {
        "account": "1400",
        "name": "Forderungen aus Lieferungen u. Leistg.",
        "opening": "35.70",
        "debit": "0.00",
        "credit": "10.00",
        "balance": "25.70",
    } in found["accounts"]
    assert "1400" in run("accounting", "balances")


@pytest.mark.parametrize("order", ["value", "recorded"])
def test_a_customers_account_is_shown_in_either_order(run, order):
    """Opening, rows with balances, closing."""
    (found,) = json.loads(run("customers", "account", "K-1", "--order", order, "--json"))
    table = run("customers", "account", "K-1", "--order", order, "--from", "2026-10-01")

    assert (found["opening"], found["closing"]) == ("0.00", "25.70")
    assert [(row["amount"], row["balance"]) for row in found["rows"]] == [
        ("35.70", "35.70"),
        ("-10.00", "25.70"),
    ]
    assert "opening" in table


def test_an_account_without_a_fact_says_so(run, company):
    company.customer()

    assert run("customers", "account", "K-2") == "Nothing was ever booked on this account.\n"


def test_a_machine_that_knows_no_user_says_terminal(run, monkeypatch):
    """Somewhere in a container."""

    def unknown() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(who, "getuser", unknown)

    assert who.operator() == "terminal"
