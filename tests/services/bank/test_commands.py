"""faktura bank: what a person types and reads, and what a script reads."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.services.bank.people import TWO_PERCENT, Person, settles
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN, OTHER_IBAN, file_of, moved, statement

from faktura.bootstrap import Settings
from faktura.cli import bank as commands
from faktura.cli import bank_accounts as account_commands
from faktura.cli import bank_acts as act_commands
from faktura.cli import bank_decisions as decision_commands
from faktura.cli import bank_lists as list_commands
from faktura.cli import session
from faktura.kernel.errors import TransitionRefused

CSV = (
    "account;date;amount;name;iban;remittance;end-to-end id\n"
    f"{IBAN};2026-11-11;35.70;Kunde 1 GmbH;;RE-000001;\n"
)


@dataclass
class App:
    """As much of the application as the commands need."""

    scene: BankScene

    @property
    def database(self):
        return self.scene.database

    @property
    def content(self):
        return self.scene.bank.content

    @property
    def adapters(self):
        return self.scene.bank.parsers

    def tenant(self, key):
        assert key is None
        return self.scene.tenant

    def tenant_id(self, key):
        return self.tenant(key).id


@pytest.fixture
def run(scene, monkeypatch):
    """Run `faktura bank …` in the scene and return what it writes."""
    for module in (commands, account_commands, decision_commands, list_commands, act_commands):
        monkeypatch.setattr(module, "running", lambda: nullcontext(App(scene)))

    def call(*words: str) -> str:
        done = CliRunner().invoke(commands.bank, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return call


@pytest.fixture
def file(tmp_path):
    """A file with one payment that fits and one that waits."""
    path = tmp_path / "november.txt"
    path.write_bytes(
        file_of(statement(moved("35.70", "RE-000001"), moved("5.00", "Spende"), sequence=3))
    )
    return str(path)


def test_importing_prints_a_table_and_says_where_to_look(run, file):
    """For a person."""
    printed = run("import", file, "--account", IBAN)

    assert "booked            1" in printed
    assert "What waits for a person, and why: faktura bank open" in printed


def test_importing_for_a_script_prints_the_whole_report(run, file):
    """--json: one object with every count."""
    report = json.loads(run("import", file, "--account", IBAN, "--json"))

    assert report == {
        "file": "november.txt",
        "format": "test-lines",
        "already_imported": False,
        "statements": 1,
        "entries": 2,
        "new": 2,
        "duplicates": 0,
        "held": 0,
        "expanded": 0,
        "files": [],
        "previews": 0,
        "booked": 1,
        "returned": 0,
        "open": 1,
        "other_accounts": [],
        "warnings": [],
    }


@pytest.mark.parametrize("command", [("import", "--account", IBAN), ("parse",)])
def test_a_file_may_come_through_a_pipe(run, file, tmp_path, monkeypatch, command):
    """As in `faktura bank import <(unzip -p november.zip) …`: it cannot be read twice."""
    monkeypatch.setattr(session, "installation", lambda: Settings(plugins=("example-csv",)))
    content = CSV.encode() if command == ("parse",) else Path(file).read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with ThreadPoolExecutor(1) as threads:
        written = threads.submit(pipe.write_bytes, content)
        printed = run(command[0], str(pipe), *command[1:], "--json")

    assert written.result() == len(content)
    assert "35.70" in printed or json.loads(printed)["booked"] == 1


def test_what_waits_is_listed_with_its_reason_and_can_be_assigned(run, file):
    """open, then assign, then list."""
    run("import", file, "--account", IBAN)
    [waiting] = json.loads(run("open", "--json"))
    assert (waiting["amount"], waiting["remittance"]) == ("5.00 EUR", "Spende")
    assert waiting["reason"] == "no document number stands in the text"
    assert "Spende" in run("open")

    done = json.loads(run("assign", waiting["id"], "RE-000002", "--json"))

    assert done == {
        "state": "BOOKED",
        "documents": ["RE-000002 5.00 EUR"],
        "credit": "0.00 EUR",
        "credits": [],
        "given_up": [],
        "fee": "0.00 EUR",
    }
    assert json.loads(run("open", "--json")) == []
    states = [m["state"] for m in json.loads(run("list", "--json", "--state", "BOOKED"))]
    assert states == ["BOOKED", "BOOKED"]
    assert json.loads(run("list", "--json", "--limit", "1"))[0]["rule"] == "person"


def test_what_is_none_of_ours_is_dismissed_by_the_id_that_the_table_shows(run, file):
    """open, dismiss, list, reopen: the last 8 characters are enough; a script gets the whole id."""
    run("import", file, "--account", IBAN)
    [waiting] = json.loads(run("open", "--json"))
    ending = waiting["id"][-8:]
    printed = run("open")
    assert (ending in printed, waiting["id"] in printed) == (True, False)

    done = json.loads(run("dismiss", ending, "--reason", "a donation", "--json"))

    assert done == {"id": waiting["id"], "state": "DISMISSED", "reason": "a donation"}
    assert json.loads(run("open", "--json")) == []
    listed = run("list", "--state", "DISMISSED")
    assert all(word in listed for word in (ending, "DISMISSED", "a donation"))

    assert "OPEN" in run("reopen", ending)

    assert [m["id"] for m in json.loads(run("open", "--json"))] == [waiting["id"]]


def test_a_payment_becomes_credit_of_the_customer_that_is_named(run, file):
    """assign --customer, without documents."""
    run("import", file, "--account", IBAN)
    [waiting] = json.loads(run("open", "--json"))

    done = json.loads(run("assign", waiting["id"][-6:], "--customer", "K-2", "--json"))

    assert (done["documents"], done["credit"], done["credits"]) == (
        [], "5.00 EUR", ["K-2 5.00 EUR"],
    )  # fmt: skip


@pytest.fixture
def person(scene):
    """A person who also sets limits and proposes."""
    return Person(scene)


def test_the_best_proposal_is_listed_and_all_are_shown_with_the_evidence(run, scene, person, file):
    """open has one line for each movement; show has them numbered, the record and the history."""
    run("import", file, "--account", IBAN)
    person.propose(
        settles({"RE-000002": "4.00"}, rest="1.00", customer_id=scene.customers[1].id),
        settles({"RE-000003": "5.00"}, given_up="0.70", rule="charges"),
    )

    [waiting] = json.loads(run("open", "--json"))
    assert (waiting["proposals"], waiting["marked"]) == (2, False)
    assert waiting["proposal"] == {
        "no": 1,
        "rule": "underpaid",
        "documents": ["RE-000002 4.00 EUR"],
        "credit": "1.00 EUR",
        "given_up": "0.00 EUR",
        "customer": "K-2",
        "reason": "why",
    }
    printed = " ".join(run("open").split())
    assert all(word in printed for word in ("RE-000002 4.00", "credit K-2 1.00"))

    shown = json.loads(run("show", waiting["id"][-8:], "--json"))
    assert [one["rule"] for one in shown["proposals"]] == ["underpaid", "charges"]
    assert shown["record"]["remittance_lines"] == ["Spende"]
    assert [one["outcome"] for one in shown["decisions"]] == ["OPEN", "PROPOSED"]
    assert shown["decisions"][1]["proof"]["raw"]["remittance"] == "Spende"
    printed = run("show", waiting["id"])
    for word in ("Spende", "Proposals", "Decisions", "charges", "0.70 EUR", "PROPOSED"):
        assert word in printed


def test_what_is_given_up_by_a_proposal_stands_in_the_list(run, person, file):
    """A person sees what it would cost."""
    run("import", file, "--account", IBAN)
    assert "Nothing is proposed." in run("show", str(person.waiting))
    person.propose(settles({"RE-000003": "5.00"}, given_up="0.70", rule="charges"))

    assert "given up 0.70" in " ".join(run("open").split())


def test_a_movement_that_no_rule_looked_at_is_shown(run, scene, person, file):
    """Nothing is decided about it yet."""
    run("import", file, "--account", IBAN)
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.exec_driver_sql("DELETE FROM match_decision")

    assert "No decision yet." in run("show", str(person.waiting))


def test_a_proposal_is_confirmed_and_undone(run, person, scene, file):
    """By the end of the id; the decision that was looked at may be named."""
    run("import", file, "--account", IBAN)
    person.propose(settles({"RE-000003": "5.00"}), settles({"RE-000002": "5.00"}))
    ending = str(person.waiting)[-8:]

    done = json.loads(run("confirm", ending, "--proposal", "2", "--decision", "2", "--json"))
    assert done["documents"] == ["RE-000002 5.00 EUR"]
    assert scene.open()["RE-000002"] == "95.00 EUR"
    decided = run("show", ending).partition("Decisions")[2]
    assert "RE-000002 5.00" in " ".join(decided.split())

    back = json.loads(run("undo", ending, "--reason", "Irrtum", "--date", "2026-11-20", "--json"))
    assert (back["state"], back["documents"], back["stays"]) == ("OPEN", ["RE-000002"], [])
    assert scene.open()["RE-000002"] == "100.00 EUR"


def test_undoing_without_a_day_counts_from_the_moneys_day(run, scene, file):
    """For a person: it says what it did."""
    run("import", file, "--account", IBAN)
    [booked] = json.loads(run("list", "--state", "BOOKED", "--json"))

    assert "RE-000001" in run("undo", booked["id"], "--reason", "Irrtum")
    assert scene.open()["RE-000001"] == "35.70 EUR"


def test_a_movement_is_split_with_amounts(run, person, scene, file):
    """Documents and customers, each NUMBER=AMOUNT."""
    run("import", file, "--account", IBAN)
    ending = str(person.waiting)[-8:]

    done = json.loads(
        run("split", ending, "RE-000002=3.00", "RE-000003=1.50", "--credit", "K-1=0.50", "--json")
    )

    assert done["documents"] == ["RE-000002 3.00 EUR", "RE-000003 1.50 EUR"]
    assert done["credits"] == ["K-1 0.50 EUR"]
    assert scene.open()["RE-000003"] == "296.00 EUR"


@pytest.mark.parametrize("part", ["RE-000002", "=5.00"])
def test_a_part_without_number_or_amount_is_refused(run, part):
    """With an example."""
    done = CliRunner().invoke(commands.bank, ["split", "abcdef", part])

    assert done.exit_code == 2
    assert "is not NUMBER=AMOUNT" in done.output


def test_what_stays_open_is_given_up_or_a_discount(run, person, scene, file):
    """--give-up within the limit, --discount within the percent."""
    person.may(most_given_up=9500, discount=TWO_PERCENT)
    run("import", file, "--account", IBAN)

    done = json.loads(run("assign", str(person.waiting), "RE-000002", "--give-up", "--json"))

    assert done["given_up"] == ["RE-000002 95.00 EUR"]
    run("undo", str(person.booked_as_person()), "--reason", "Irrtum")
    with pytest.raises(TransitionRefused, match=r"at most 2\.00 EUR"):
        run("split", str(person.waiting), "RE-000002=5.00", "--discount")


def test_a_customers_credit_gives_nothing_up(run):
    """There is no document."""
    words = ["assign", "abcdef", "--customer", "K-2", "--give-up"]
    done = CliRunner().invoke(commands.bank, words)

    assert done.exit_code == 2
    assert "only of documents" in done.output


@pytest.mark.parametrize("words", [(), ("RE-000002", "--customer", "K-2")])
def test_documents_or_a_customer_are_named_and_not_both(run, words):
    """Whose the rest is follows from the documents."""
    done = CliRunner().invoke(commands.bank, ["assign", "abcdef", *words])

    assert done.exit_code == 2
    assert "give document numbers or --customer" in done.output


def test_each_warning_of_an_import_has_a_line_of_its_own(run, tmp_path):
    """For a person; a script gets a list."""
    path = tmp_path / "warned.txt"
    path.write_bytes(file_of(statement(moved("5.00"), sequence=3, warnings=("eins", "zwei"))))

    lines = run("import", str(path), "--account", IBAN).splitlines()

    [first] = [place for place, line in enumerate(lines) if "warnings" in line]
    assert lines[first].split() == ["warnings", "statement", "3:", "eins"]
    assert lines[first + 1].strip() == "statement 3: zwei"


def test_matching_can_be_asked_for(run, file):
    """After invoices were issued, or accounts were set."""
    run("import", file, "--account", IBAN)

    assert json.loads(run("match", "--json")) == {"booked": 0, "returned": 0, "open": 1}


def test_accounts_are_added_and_listed(run):
    """With everything that can be said of one."""
    added = run("accounts", "add", OTHER_IBAN, "--holder", "Werk GmbH", "--ledger-account", "1210")
    assert added == f"Bank account {OTHER_IBAN} is added.\n"

    accounts = json.loads(run("accounts", "list", "--json"))

    assert [account["ledger_account"] for account in accounts] == ["1200", "1210"]
    assert OTHER_IBAN in run("accounts", "list")


def test_an_account_without_a_ledger_account_says_what_its_postings_wait_for(run):
    """The command that names it."""
    added = run("accounts", "add", OTHER_IBAN, "--holder", "Werk GmbH")

    assert f"faktura accounting accounts set BANK:{OTHER_IBAN} ACCOUNT" in added


def test_an_added_account_is_told_to_a_script(run):
    """--json gives the id."""
    added = json.loads(run("accounts", "add", OTHER_IBAN, "--holder", "Werk GmbH", "--json"))

    assert added["iban"] == OTHER_IBAN


def test_a_file_is_parsed_without_a_database(monkeypatch, tmp_path):
    """The enabled plugin reads it; --json prints one record a line."""
    monkeypatch.setattr(session, "installation", lambda: Settings(plugins=("example-csv",)))
    path = tmp_path / "bank.csv"
    path.write_text(CSV, encoding="utf-8")

    def call(*words: str) -> str:
        done = CliRunner().invoke(commands.bank, ["parse", str(path), *words])
        assert done.exit_code == 0, done.output
        return done.output

    records = [json.loads(line) for line in call("--json").splitlines()]
    printed = call().splitlines()

    assert [record["record"] for record in records] == ["start", "transaction", "end"]
    assert records[1]["amount"] == "35.70"
    assert printed[0] == f"statement {IBAN} of {IBAN}"
    assert printed[1].split() == ["2026-11-11", "35.70", "EUR", "Kunde", "1", "GmbH", "RE-000001"]
    assert printed[2] == "  1 entries"
