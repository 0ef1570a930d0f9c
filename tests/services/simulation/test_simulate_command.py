"""`faktura simulate` and `faktura db sandbox-copy`: what they say, what they refuse, when they fail."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from lxml import etree
from tests.services.company import Company, bill, fill, opened

from faktura.cli.main import faktura
from faktura.kernel.errors import (
    Conflict,
    FakturaError,
    FieldInvalid,
    FileUnwritable,
    Misconfigured,
    NotFound,
    NumberTaken,
    OutOfRange,
    TransitionRefused,
    UnknownTerm,
)
from faktura.kernel.money import Money
from faktura.testing.simulation.chart import report_svg
from faktura.testing.simulation.invariants import Breach, DatedBreach, Invariant
from faktura.testing.simulation.plan import FaultLevel, Simulation
from faktura.testing.simulation.receipt import Month, Receipt

SVG = "{http://www.w3.org/2000/svg}"


def receipt(*, broken: int = 0) -> Receipt:
    """A receipt over two months."""
    found = [DatedBreach(3, Breach(Invariant.BANK_AGREES, "bank <A&B>", "it differs"))] * broken
    months = [
        Month(date(2026, 1, 1), Money(123_400, "EUR"), Money(-5_000, "EUR"), 0, 2),
        Month(date(2026, 2, 1), Money(50_000, "EUR"), Money(20_000, "EUR"), 3, 0),
    ]
    plan = Simulation(10, 59, 7, FaultLevel.HIGH)
    return Receipt(
        plan,
        "ab" * 32,
        broken,
        found,
        59,
        12,
        590,
        2.0,
        40,
        30,
        3,
        2,
        4,
        {"psp_outage": 1},
        {},
        months,
    )


def run(*words: str, url: str = "") -> tuple[int, str]:
    """Exit code and output of a command on the installation of that database."""
    environment = {"FAKTURA_DATABASE_URL": url} if url else {}
    done = CliRunner().invoke(faktura, list(words), env=environment, catch_exceptions=True)
    if isinstance(done.exception, FakturaError):
        raise done.exception
    return done.exit_code, done.stdout


@pytest.fixture
def company(tmp_path) -> str:
    """The address of a live company's database; October is billed."""
    url = f"sqlite:///{tmp_path}/live.db"
    database = opened(url)
    made = Company(database)
    fill(made)
    bill(database, made.tenant)
    database.close()
    return url


def test_a_simulation_prints_its_receipt_and_draws_it(tmp_path):
    """The same words give the same hash; the picture is SVG with four titled charts."""
    words = ("simulate", "--contracts", "3", "--days", "4", "--seed", "5", "--faults", "high")
    picture = tmp_path / "year.svg"

    code, out = run(*words, "--json", "--report", str(picture))
    again = json.loads(run(*words, "--json")[1])
    said = json.loads(out)

    assert code == 0
    assert (said["brokenInvariants"], said["broken"]) == (0, [])
    assert (said["contracts"], said["days"], said["seed"], said["faults"]) == (3, 4, 5, "HIGH")
    assert said["eveningsChecked"] == 4
    assert said["contractDaysPerSecond"] >= 1
    assert re.fullmatch("[0-9a-f]{64}", said["ledgerHash"])
    assert {**said, "seconds": 0, "contractDaysPerSecond": 0} == {
        **again,
        "seconds": 0,
        "contractDaysPerSecond": 0,
    }
    assert etree.fromstring(picture.read_bytes()).tag == f"{SVG}svg"
    with pytest.raises(FileUnwritable, match="there is a file of that name"):
        run(*words, "--report", str(picture))


def test_the_picture_says_what_it_shows():
    """Title, legend, units, months, a bar for each month with its value; nothing breaks its XML."""
    root = etree.fromstring(report_svg(receipt()).encode())
    texts = [one.text for one in root.iter(f"{SVG}text")]
    bars = [one.text for one in root.iter(f"{SVG}title")]

    assert texts[0] == "12 contracts over 59 days from 2026-01-01"
    assert (
        texts[1] == "seed 7, faults HIGH, 4 crashes: no invariant broken; ledger abababababababab"
    )
    for title in ("Revenue, net", "Open items at the month's end", "Payments taken back"):
        assert texts.count(title) == 2
    assert [text for text in texts if text == "EUR by month"] == ["EUR by month"] * 2
    assert bars[1:] == [
        "2026-01: 1,234", "2026-02: 500", "2026-01: -50", "2026-02: 200",
        "2026-01: 0", "2026-02: 3", "2026-01: 2", "2026-02: 0",
    ]  # fmt: skip
    assert "2 broken invariants" in report_svg(receipt(broken=2))


def test_a_broken_invariant_is_in_the_receipt():
    """Count, evening, name, place and problem."""
    said = replace(receipt(broken=1), months=()).as_dict()

    assert said["brokenInvariants"] == 1
    assert said["broken"] == [
        {"day": 3, "invariant": "BANK_AGREES", "place": "bank <A&B>", "problem": "it differs"}
    ]
    assert said["contractDaysPerSecond"] == 295


@pytest.mark.parametrize(
    ("words", "error", "problem"),
    [
        (("--contracts", "0"), OutOfRange, "0 contracts cannot be simulated"),
        (("--contracts", "-1"), OutOfRange, "-1 contracts cannot be simulated"),
        (("--days", "0"), OutOfRange, "0 days cannot be simulated"),
        (("--days", "-3"), OutOfRange, "-3 days cannot be simulated"),
        (("--days", "100000"), OutOfRange, "100000 days cannot be simulated"),
        (("--faults", "banana"), UnknownTerm, "“banana” is no level of faults"),
        (("--from", "31.12.2026"), FakturaError, "31.12.2026"),
        (("--report", "year.png"), FieldInvalid, "year.png is no name of an SVG picture"),
        (("--tenant", "a", "--contracts", "3"), FieldInvalid, "a is lived on with the contracts"),
        (
            ("--database", "sqlite:////proc/none/x.db"),
            Misconfigured,
            "--database: the database does not",
        ),
        (("--database", "mysql://x"), Misconfigured, "neither SQLite nor PostgreSQL"),
    ],
)
def test_what_cannot_be_simulated_is_refused_by_name(words, error, problem):
    """Before anything is written."""
    with pytest.raises(error, match=re.escape(problem)):
        run("simulate", *words)


def test_a_live_company_is_never_simulated(company):
    """Neither lived on, nor lived beside; one that is not there is named."""
    with pytest.raises(TransitionRefused, match="werk is no sandbox"):
        run("simulate", "--tenant", "werk", "--days", "3", url=company)
    with pytest.raises(Conflict, match="the database holds live tenants: werk"):
        run("simulate", "--contracts", "2", "--days", "3", "--database", company)
    with pytest.raises(NotFound, match="there is no tenant “other”"):
        run("simulate", "--tenant", "other", "--days", "3", url=company)
    run("db", "sandbox-copy", "--to", company, url=company)
    with pytest.raises(TransitionRefused, match="werk-sandbox has neighbours"):
        run("simulate", "--tenant", "werk-sandbox", "--days", "3", url=company)


def test_a_copy_lives_on_and_bills_the_next_month(company, tmp_path):
    """November: 60 + 35.91 + 30 + 250 + 30 + 250 + 12 + 250 net on eight documents, once; all verifies."""
    sandbox = f"sqlite:///{tmp_path}/sandbox.db"

    code, out = run("db", "sandbox-copy", "--to", sandbox, "--as", "probe", "--json", url=company)
    lived = run(
        "simulate", "--tenant", "probe", "--days", "3", "--from", "2026-10-31", "--faults", "none",
        "--json", url=sandbox,
    )  # fmt: skip
    said = json.loads(lived[1])

    assert code == 0
    assert json.loads(out) == {
        "tenant": "probe",
        "customers": 9,
        "contracts": 9,
        "periods": 11,
        "openItems": 9,
    }
    assert lived[0] == 0
    assert said["brokenInvariants"] == 0
    assert said["documents"] == 8
    assert said["months"][1]["revenue"] == "917.91"
    assert run("verify", url=sandbox)[0] == 0
    with pytest.raises(TransitionRefused, match="a new simulated world does not know"):
        run("simulate", "--tenant", "probe", "--days", "3", url=sandbox)
    with pytest.raises(NumberTaken, match="there is a tenant “probe” already"):
        run("db", "sandbox-copy", "--to", sandbox, "--as", "probe", url=company)
