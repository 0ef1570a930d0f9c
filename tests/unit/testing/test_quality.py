"""The rules of quality.toml: every shipped connector keeps them, and each one notices its break."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.testing.conftest import Made

from faktura.cli.main import faktura
from faktura.hub.loader import installed
from faktura.kernel.errors import FileUnreadable, PluginBroken
from faktura.testing.kit.quality import RULES, Answer, Verdict, judged
from faktura.testing.kit.quality_connector import Connector, connector
from faktura.testing.scaffold.distribution import Kind

REFERENCES = sorted((Path(__file__).parents[2] / "reference").glob("*/pyproject.toml"))
INIT = "faktura_acme/__init__.py"
PARSER = "faktura_acme/parser.py"
SETTINGS = "faktura_acme/settings.py"
IMPORT = "from collections.abc import Iterator\n"
BREAKS = {
    "manifest": (INIT, '"0.1.0"', '"0.2.0"'),
    "hooks": (INIT, "def register_statement_parsers", "def register_statement_parser"),
    "light": (INIT, "\nfrom faktura.plugin", "\nimport aiohttp\nfrom faktura.plugin"),
    "secrets": (SETTINGS, "currency: str", "api_token: str"),
    "settings": (SETTINGS, "currency: str = Field(", 'shade: str = "EUR"\n    also: str = Field('),
    "border": (PARSER, IMPORT, IMPORT + "from faktura.store import tx\n"),
    "clock": (PARSER, IMPORT, IMPORT + "from datetime import date\nNOW = date.today()\n"),
    "network": (PARSER, IMPORT, IMPORT + "from urllib import request\n"),
    "waiting": (PARSER, IMPORT, IMPORT + "import time\ntime.sleep(1)\n"),
    "exact": (PARSER, IMPORT, IMPORT + "RATE = 0.19\n"),
    "quiet": (PARSER, IMPORT, IMPORT + 'print("read")\n'),
    "size": (PARSER, IMPORT, IMPORT + "\n" * 300),
    "readme": ("README.md", "`parser.py`", "`reader.py`"),
    "kit": ("tests/test_kit.py", "adapter_class", "adapter_kind"),
}
FINDINGS = {
    "manifest": "version is 0.2.0, the distribution's is 0.1.0",
    "hooks": "hook register_statement_parser: it implements a hook that does not exist",
    "light": "it imports aiohttp: do so inside a function",
    "secrets": "AcmeSettings.api_token sounds secret and is no SecretStr",
    "settings": "AcmeSettings.shade is described nowhere",
    "border": "faktura_acme/parser.py:4: imports faktura.store.tx",
    "clock": "faktura_acme/parser.py:5: asks the system for the time",
    "network": "faktura_acme/parser.py:4: imports urllib.request; ask self.runtime.http",
    "waiting": "faktura_acme/parser.py:5: uses time.sleep",
    "exact": "faktura_acme/parser.py:4: writes 0.19 as a float",
    "quiet": "faktura_acme/parser.py:4: uses print; log to self.runtime.log",
    "size": "faktura_acme/parser.py has 344 lines",
    "readme": "it names reader.py, which does not exist",
    "kit": "no test class inherits StatementParserKit for AcmeParser",
}


def found(one: Connector, rule: str) -> list[str]:
    """What a rule's check finds."""
    [check] = [known.check for known in RULES if known.name == rule]
    return check(one)


def answer(one: Connector, rule: str) -> Answer:
    """What becomes of a rule with what quality.toml says."""
    asked = [known for known in RULES if known.name == rule]
    [own] = [given for given in judged(one, asked) if given.rule == rule]
    return own


@pytest.mark.parametrize("name", sorted(installed()))
def test_every_shipped_connector_keeps_every_rule(name: str):
    """Done where it says so; exempt with a reason where the check finds something, nowhere else."""
    failed = [one for one in judged(connector(name)) if one.verdict is not Verdict.DONE]

    assert [one for one in failed if one.verdict is not Verdict.EXEMPT] == []


@pytest.mark.parametrize("project", REFERENCES, ids=lambda project: str(project.parent.name))
def test_every_reference_connector_keeps_every_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: Path
):
    """What the kit is measured with is a connector like any other; none of them needs an exemption."""
    declared = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    [(name, package)] = declared["entry-points"]["faktura"].items()
    info = tmp_path / f"{package}-{declared['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {declared['name']}\nVersion: {declared['version']}\n")
    (info / "entry_points.txt").write_text(f"[faktura]\n{name} = {package}\n")
    monkeypatch.syspath_prepend(project.parent)
    monkeypatch.syspath_prepend(tmp_path)

    assert [one for one in judged(connector(name)) if one.verdict is not Verdict.DONE] == []


def test_there_is_a_reference_connector_of_every_family():
    """Of banking two: a statement parser and a feed."""
    assert {project.parent.name for project in REFERENCES} >= {
        "payment", "banking", "feed", "accounting", "einvoice", "events", "tax",
    }  # fmt: skip


def test_a_new_connector_keeps_every_rule_but_that_it_is_written(made: Made):
    """The template breaks none; what is left are the places for a person."""
    made(Kind.STATEMENTS, "acme")

    verdicts = {one.rule: one.verdict for one in judged(connector("acme"))}

    assert [rule for rule, verdict in verdicts.items() if verdict is not Verdict.DONE] == [
        "written"
    ]
    assert found(connector("acme"), "written") == [
        "faktura_acme/mapping.py:8: is still to be written",
        "faktura_acme/parser.py:29: is still to be written",
        "faktura_acme/parser.py:44: is still to be written",
    ]


def test_every_rule_has_a_break_that_is_tried():
    """`written` is tried above, `typed` below."""
    assert {rule.name for rule in RULES} == {*BREAKS, "written", "typed"}
    assert BREAKS.keys() == FINDINGS.keys()


@pytest.mark.parametrize("rule", list(BREAKS))
def test_a_break_of_a_rule_is_found_with_its_place(made: Made, rule: str):
    """One break, one finding that a person can go to."""
    made(Kind.STATEMENTS, "acme", BREAKS[rule])

    told = found(connector("acme"), rule)

    assert any(FINDINGS[rule] in line for line in told), told


def test_a_package_without_py_typed_is_found(made: Made):
    """Its users' type checkers would take everything for Any."""
    folder = made(Kind.STATEMENTS, "acme")
    (folder / "faktura_acme/py.typed").unlink()

    assert found(connector("acme"), "typed") == ["py.typed is missing"]


@pytest.mark.parametrize(
    ("said", "verdict", "finding"),
    [
        ('clock = { exempt = "It has no clock to ask at all." }', "failed", "it is kept, so the"),
        ('exact = { exempt = "no" }', "failed", "the exemption gives no reason"),
        ('exact = { exempt = "A length on a page, which is no money." }', "exempt", "A length"),
        ("exact = true", "failed", 'write "done" or { exempt = "the reason" }'),
        ("# exact", "failed", "quality.toml does not say whether it is done"),
        ('exact = "done"', "failed", "writes 0.19 as a float"),
        ('shiny = "done"', "failed", "quality.toml knows a rule that does not exist"),
    ],
)
def test_an_exemption_needs_a_reason_and_something_to_be_exempt_from(
    made: Made, said: str, verdict: str, finding: str
):
    """What quality.toml says is what is so: neither a lie nor a leftover stays in it."""
    rule = said.removeprefix("# ").partition(" ")[0]
    old = "" if rule == "shiny" else f'{rule} = "done"'
    change = ("quality.toml", old or "[rules]", said if old else f"[rules]\n{said}")
    made(Kind.STATEMENTS, "acme", change, BREAKS["exact"])

    told = answer(connector("acme"), rule)

    assert told.verdict.value == verdict
    assert finding in "; ".join(told.findings)


EVASIONS = {
    "clock": ("from time import time\nNOW = time()\n", "parser.py:5: asks the system for the time"),
    "clock, renamed": (
        "from datetime import datetime as day\nNOW = day.now()\n",
        "parser.py:5: asks the system for the time",
    ),
    "waiting": (
        "from asyncio import sleep as rest\nLATER = rest\n",
        "parser.py:5: uses asyncio.sleep",
    ),
    "network": (
        "import asyncio as aio\nOPEN = aio.open_connection\n",
        "parser.py:5: uses asyncio.open_connection; ask self.runtime.http",
    ),
    "border": (
        'from importlib import import_module\nSTORE = import_module("faktura.store")\n',
        "parser.py:5: uses importlib.import_module: nobody sees what it imports",
    ),
    "quiet": (
        'import logging as told\ntold.warning("read")\n',
        "parser.py:5: uses logging.warning; log to self.runtime.log",
    ),
}


@pytest.mark.parametrize("evasion", list(EVASIONS))
def test_another_spelling_is_found_too(made: Made, evasion: str):
    """Under whatever name it is imported, called or only handed on."""
    source, finding = EVASIONS[evasion]
    made(Kind.STATEMENTS, "acme", (PARSER, IMPORT, IMPORT + source))

    told = found(connector("acme"), evasion.partition(",")[0])

    assert told == [f"faktura_acme/{finding}"]


LIES = {
    "a kit of its own": (
        "from faktura.testing.kit.statements import StatementParserKit\n",
        "\nclass StatementParserKit:\n    pass\n",
        "no test class inherits StatementParserKit for AcmeParser",
    ),
    "a kit that is skipped": (
        "class TestAcme",
        "import pytest\n\n\n@pytest.mark.skip\nclass TestAcme",
        "tests/test_kit.py:15: it uses pytest.mark.skip",
    ),
    "a class that is not collected": (
        "    adapter_class = AcmeParser\n",
        "    adapter_class = AcmeParser\n    __test__ = False\n",
        "tests/test_kit.py: TestAcme replaces the kit's __test__",
    ),
    "a scenario that is replaced": (
        "    adapter_class = AcmeParser\n",
        "    adapter_class = AcmeParser\n    test_balances_are_added_up = None\n",
        "tests/test_kit.py: TestAcme replaces the kit's test_balances_are_added_up",
    ),
}


@pytest.mark.parametrize("lie", list(LIES))
def test_a_kit_that_does_not_run_whole_is_none(made: Made, lie: str):
    """Its name alone proves nothing, nor does a part of it."""
    old, new, finding = LIES[lie]
    made(Kind.STATEMENTS, "acme", ("tests/test_kit.py", old, new))

    assert found(connector("acme"), "kit") == [finding]


@pytest.mark.parametrize("rule", ["manifest", "hooks", "written"])
def test_nobody_is_exempt_from_a_connector_that_works(made: Made, rule: str):
    """Whatever reason is given: it would not load, or stop where nothing is written."""
    change = ("quality.toml", f'{rule} = "done"', f'{rule} = {{ exempt = "It is on our list." }}')
    broken = BREAKS.get(rule, BREAKS["size"])
    made(Kind.STATEMENTS, "acme", change, broken)

    told = answer(connector("acme"), rule)

    assert told.verdict is Verdict.FAILED
    assert told.findings[0] == "no connector is exempt from it"


def test_a_file_that_is_no_python_is_named(made: Made):
    """The rules read all of a package, also what nothing imports."""
    made(Kind.STATEMENTS, "acme", ("faktura_acme/odd.py", "", "def (:\n"))

    with pytest.raises(FileUnreadable, match=r"^faktura_acme/odd\.py: it is no Python"):
        judged(connector("acme"))


@pytest.mark.parametrize("line", ['print("hello")', "raise SystemExit(0)"])
def test_a_package_that_talks_or_ends_while_it_is_imported_breaks_no_check(made: Made, line: str):
    """What it prints is not taken for an answer; that it ends is said."""
    made(Kind.STATEMENTS, "acme", (INIT, "\n\n@hookimpl", f"\n\n{line}\n\n\n@hookimpl"))

    if line.startswith("print"):
        assert found(connector("acme"), "light") == []
    else:
        with pytest.raises(PluginBroken, match="it cannot be imported: SystemExit: 0"):
            connector("acme")


def test_of_an_installed_wheel_what_is_visible_is_judged(made: Made, tmp_path: Path):
    """Its README and tests are not installed; the rest is, and no exemption is."""
    folder = made(Kind.STATEMENTS, "acme", BREAKS["exact"])
    wheel = tmp_path / "wheel"
    shutil.copytree(folder / "faktura_acme", wheel / "faktura_acme")
    whole = connector("acme")
    installed_only = Connector("acme", whole.entry, wheel / "faktura_acme", None)

    asked = [rule for rule in RULES if rule.name in {"readme", "kit", "exact", "clock"}]
    verdicts = {one.rule: one.verdict.value for one in judged(installed_only, asked)}

    assert verdicts == {"readme": "unseen", "kit": "unseen", "exact": "failed", "clock": "done"}


def test_the_command_prints_the_rules_and_fails_on_a_failed_one(made: Made):
    """`faktura plugins check NAME`: no plugin need be enabled, no database exist."""
    made(Kind.STATEMENTS, "acme")

    good = CliRunner().invoke(faktura, ["plugins", "check", "camt", "--json"])
    bad = CliRunner().invoke(faktura, ["plugins", "check", "acme", "--json"])
    none = CliRunner().invoke(faktura, ["plugins", "check", "no-such"])

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert {one["verdict"] for one in json.loads(good.output)} == {"done"}
    [written] = [one for one in json.loads(bad.output) if one["rule"] == "written"]
    assert written["verdict"] == "failed"
    assert str(none.exception).startswith("plugin no-such: it is not installed")
