"""The command line's frame: light help, one clean message for a named error, tracebacks for defects."""

import json
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from faktura.cli import main as entry
from faktura.cli.errors import report
from faktura.cli.lazy import Lazy, LazyGroup
from faktura.kernel.errors import FieldMissing

HEAVY = {
    "aiohttp", "alembic", "cryptography", "lxml", "pluggy", "psycopg", "pydantic", "rich",
    "sqlalchemy",
}  # fmt: skip


def run(*script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", *script], capture_output=True, text=True, check=False
    )


def test_help_imports_nothing_heavy():
    """It answers at once: libraries wait until a command needs them."""
    done = run(
        "import sys, json\n"
        "from faktura.cli.main import main\n"
        "try:\n    main()\n"
        f"except SystemExit:\n    print(json.dumps(sorted({HEAVY!r} & set(sys.modules))))\n",
        "--help",
    )

    assert "  tenants     Create tenants and change their settings." in done.stdout
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_the_groups_stand_in_the_order_of_use():
    """First the set-up, then master data, then the month."""
    context = click.Context(entry.faktura)

    assert entry.faktura.list_commands(context) == [
        "demo", "serve", "worker", "verify", "simulate", "db", "tenants", "users", "keys", "catalogue",
        "customers", "contracts", "changes", "templates", "bookings", "tasks", "billing", "invoices",
        "deposits", "payments", "bank", "accounting", "einvoice", "letters", "dunning",
        "mails", "webhooks", "outbox", "vat-ids", "plugins", "jobs",
    ]  # fmt: skip


def test_a_group_is_imported_when_it_is_called():
    """The name leads to the module of that name."""
    runner = CliRunner()

    found = runner.invoke(entry.faktura, ["db", "--help"])
    unknown = runner.invoke(entry.faktura, ["banana"])
    version = runner.invoke(entry.faktura, ["--version"])

    assert "init" in found.output
    assert (unknown.exit_code, "No such command 'banana'" in unknown.output) == (2, True)
    assert "0.1.0" in version.output


@click.command()
@click.option("--json", "as_json", is_flag=True)
def refuse(*, as_json: bool) -> None:
    """Refuses."""
    raise FieldMissing(
        "the field is missing", place="kunden.csv, line 3, field name", mend="Fill it in"
    )


@click.command()
def break_down() -> None:
    """Fails as nobody foresaw."""
    raise ZeroDivisionError("a defect")


@click.command()
def unwritten() -> None:
    """Waits for a person."""
    raise NotImplementedError("Write: the request that pays")


@click.command()
def unsupported() -> None:
    """A library says so of itself."""
    raise NotImplementedError("no such mode")


@pytest.fixture
def at_the_shell(monkeypatch):
    """Calls main() with these arguments, on a group of commands that fail."""

    def call(*arguments: str) -> object:
        here = "tests.unit.cli.test_main"
        monkeypatch.setitem(sys.modules, here, sys.modules[__name__])
        own = ("refuse", "break_down", "unwritten", "unsupported")
        commands = {name: Lazy(f"{here}:{name}", "Fails.") for name in own}
        monkeypatch.setattr(entry, "faktura", LazyGroup(name="f", help="Fails.", lazy=commands))
        monkeypatch.setattr(sys, "argv", ["faktura", *arguments])
        with pytest.raises(SystemExit) as left:
            entry.main()
        return left.value.code

    return call


def test_a_named_error_is_one_clean_message(at_the_shell, capsys):
    """Place, problem and what to do on standard error, exit code 1, no traceback."""
    code = at_the_shell("refuse")

    said = capsys.readouterr()
    assert code == 1
    assert said.out == ""
    assert said.err == (
        "error: kunden.csv, line 3, field name: the field is missing\n       Fill it in\n"
    )


def test_a_script_reads_the_error_as_json(at_the_shell, capsys):
    """With --json the same four facts, by name."""
    code = at_the_shell("refuse", "--json")

    said = capsys.readouterr()
    assert code == 1
    assert json.loads(said.err) == {
        "error": {
            "code": "field_missing",
            "problem": "the field is missing",
            "place": "kunden.csv, line 3, field name",
            "mend": "Fill it in",
        }
    }


def test_an_argument_that_is_not_utf_8_is_refused(at_the_shell, capsys):
    """A file name of another encoding could be neither stored nor shown."""
    code = at_the_shell("refuse", "M\udcfcller.csv")

    assert code == 1
    assert capsys.readouterr().err == (
        "error: command line: “M\N{REPLACEMENT CHARACTER}ller.csv” is not UTF-8\n"
        "       Use a terminal in UTF-8, or rename the file\n"
    )


def test_wrong_usage_is_exit_code_2(at_the_shell, capsys):
    """As every command line does it."""
    assert at_the_shell("refuse", "--banana") == 2
    assert "No such option" in capsys.readouterr().err


def test_a_defect_keeps_its_traceback(at_the_shell):
    """It is ours to mend, so nothing of it is hidden."""
    with pytest.raises(ZeroDivisionError, match="a defect"):
        at_the_shell("break_down")
    with pytest.raises(NotImplementedError, match="no such mode"):
        at_the_shell("unsupported")


def test_an_error_without_place_or_mend_is_its_problem_alone(capsys):
    """No empty lines, no lonely colon."""
    report(FieldMissing("the field is missing"), as_json=False)

    assert capsys.readouterr().err == "error: the field is missing\n"


def test_an_error_that_gathers_others_names_each(capsys):
    """All bad lines of a file in one go: a line for each, a list for a script."""
    error = FieldMissing("2 lines cannot be used", place="kunden.csv")
    error.parts = (
        FieldMissing("the field is missing", place="line 3"),
        FieldMissing("the field is missing", place="line 7"),
    )

    report(error, as_json=False)
    for_people = capsys.readouterr().err
    report(error, as_json=True)
    for_scripts = json.loads(capsys.readouterr().err)

    assert for_people == (
        "error: kunden.csv: 2 lines cannot be used\n"
        "  line 3: the field is missing\n"
        "  line 7: the field is missing\n"
    )
    assert [part["place"] for part in for_scripts["error"]["parts"]] == ["line 3", "line 7"]


def test_what_is_not_written_yet_is_named_with_its_place(at_the_shell, capsys):
    """A connector as `plugins new` leaves it: a person reads what to write, and where."""
    code = at_the_shell("unwritten")

    assert code == 1
    assert re.fullmatch(
        rf"error: {re.escape(__file__)}, line \d+:"
        " it is not written yet: Write: the request that pays\n",
        capsys.readouterr().err,
    )
