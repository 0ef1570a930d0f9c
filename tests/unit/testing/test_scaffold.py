"""`faktura plugins new`: a distribution whose tests fail where a person must write, and nowhere else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.testing.conftest import Made

from faktura.cli.main import faktura
from faktura.hub.loader import load
from faktura.kernel.errors import FieldInvalid, NumberTaken
from faktura.testing.scaffold.distribution import Kind, new_distribution

PLACES = {
    Kind.PAYMENT: 18,
    Kind.STATEMENTS: 5,
    Kind.FEED: 7,
    Kind.ACCOUNTING: 2,
    Kind.EINVOICE: 3,
    Kind.EVENTS: 2,
    Kind.TAX: 2,
}
REACHED = {
    Kind.PAYMENT: 3,
    Kind.STATEMENTS: 4,
    Kind.FEED: 1,
    Kind.ACCOUNTING: 2,
    Kind.EINVOICE: 1,
    Kind.EVENTS: 1,
    Kind.TAX: 1,
}
KINDS = {
    ("payment",): Kind.PAYMENT,
    ("banking",): Kind.STATEMENTS,
    ("banking", "--feed"): Kind.FEED,
    ("accounting",): Kind.ACCOUNTING,
    ("einvoice",): Kind.EINVOICE,
    ("events",): Kind.EVENTS,
    ("tax",): Kind.TAX,
}


def sentences(folder: Path) -> list[str]:
    """What a person must write, in the files of a new connector."""
    return [
        sentence
        for path in sorted(folder.rglob("*.py"))
        for sentence in re.findall(r'NotImplementedError\(\s*"(Write: [^"]+)"', path.read_text())
    ]


@pytest.mark.parametrize(("words", "kind"), KINDS.items(), ids=str)
def test_a_new_connector_loads_and_offers_its_class(
    made: Made, tmp_path: Path, words: tuple[str, ...], kind: Kind
):
    """The command writes the same files; the core loads them, and every gap has its own sentence."""
    family, *options = words
    done = CliRunner().invoke(
        faktura, ["plugins", "new", family, "acme", *options, "--dir", str(tmp_path / "there")]
    )
    folder = made(kind, "acme")

    written = tmp_path / "there/faktura-acme"
    assert done.exit_code == 0, done.output
    assert {path.relative_to(written) for path in written.rglob("*.*")} == {
        path.relative_to(folder) for path in folder.rglob("*.*")
    }
    assert load(["acme"]).offers_of("acme")[0].id.startswith("acme")
    assert len(sentences(folder)) == len(set(sentences(folder))) == PLACES[kind]


@pytest.mark.parametrize(
    "kind",
    [kind if kind is Kind.TAX else pytest.param(kind, marks=pytest.mark.nightly) for kind in Kind],
)
def test_its_tests_fail_where_a_person_must_write_and_nowhere_else(tmp_path: Path, kind: Kind):
    """Each place that is reached fails once with its sentence; what waits for it is skipped."""
    folder = new_distribution(kind, "acme").write(tmp_path)

    done = subprocess.run(
        # No summary at the end: under CI it would say each sentence whole a second time.
        [sys.executable, "-m", "pytest", "-q", "-rN", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=folder,
        # What was asked of the tests around it is nothing that these are asked.
        env={name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    told = re.findall(r"^  (Write: .+)$", done.stdout, re.MULTILINE)
    failed = re.search(r"(\d+) failed, (\d+) passed, (\d+) skipped", done.stdout)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "error" not in done.stdout.splitlines()[-1]
    assert set(told) <= set(sentences(folder))
    assert failed is not None, done.stdout
    assert int(failed[1]) == len(told) == len(set(told)) == REACHED[kind]


def test_new_connectors_are_clean(tmp_path: Path):
    """The linter finds nothing in any of them, and would lay none out otherwise."""
    for kind in Kind:
        new_distribution(kind, f"acme-{kind.value}").write(tmp_path)

    for words in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run(
            [Path(sys.executable).with_name("ruff"), *words, tmp_path],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.nightly
@pytest.mark.parametrize("kind", list(Kind))
def test_new_connectors_are_typed(tmp_path: Path, kind: Kind):
    """`mypy --strict` as the distribution's own settings ask for it."""
    folder = new_distribution(kind, "acme").write(tmp_path)

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), "."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "name",
    ["Acme", "acme_pay", "-acme", "acme--pay", "7acme", "../acme", "", "faktura-a", "a" * 31],
)
def test_a_bad_name_is_refused(name: str):
    """It becomes a folder, a package, a distribution and a setting: small letters and hyphens."""
    with pytest.raises(FieldInvalid):
        new_distribution(Kind.PAYMENT, name)


@pytest.mark.parametrize(
    ("kind", "name", "taken"),
    [
        (Kind.PAYMENT, "payment", "PaymentAdapter"),
        (Kind.PAYMENT, "delivery", "DeliveryBench"),
        (Kind.STATEMENTS, "statement", "StatementParser"),
        (Kind.FEED, "bank", "BankFeed"),
        (Kind.ACCOUNTING, "accounting", "AccountingExporter"),
        (Kind.EINVOICE, "document", "DocumentFormat"),
        (Kind.EVENTS, "event", "EventListener"),
        (Kind.TAX, "vat-id", "VatIdChecker"),
        (Kind.TAX, "adapter", "AdapterSettings"),
    ],
)
def test_a_name_that_would_call_a_class_as_one_of_ours_is_refused(
    kind: Kind, name: str, taken: str
):
    """`class PaymentAdapter(PaymentAdapter)` would derive from itself in its reader's eyes."""
    with pytest.raises(FieldInvalid, match=f"a class would be called {taken}, as one of the core"):
        new_distribution(kind, name)


@pytest.mark.parametrize("name", ["stripe", "en16931", "example-csv"])
def test_a_taken_name_is_refused(name: str):
    """Also that of a distribution without an entry point: both could not be installed."""
    with pytest.raises(NumberTaken, match="is installed already"):
        new_distribution(Kind.PAYMENT, name)


def test_a_folder_that_exists_is_left_alone(tmp_path: Path):
    """Nothing in it is overwritten."""
    (tmp_path / "faktura-acme").mkdir()
    (tmp_path / "faktura-acme/README.md").write_text("mine")

    refused = (
        CliRunner()
        .invoke(faktura, ["plugins", "new", "tax", "acme", "--dir", str(tmp_path)])
        .exception
    )

    assert isinstance(refused, NumberTaken)
    assert (tmp_path / "faktura-acme/README.md").read_text() == "mine"
    assert [path.name for path in (tmp_path / "faktura-acme").iterdir()] == ["README.md"]


def test_a_feed_is_of_banking_only():
    """A wrong word costs nothing."""
    done = CliRunner().invoke(faktura, ["plugins", "new", "payment", "acme", "--feed"])

    assert done.exit_code == 2
    assert "--feed is of the family banking" in done.output
