"""faktura dunning: policy, levels, the consumers' notice, stops, notices, letters and waivers."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.services.hub.conftest import install
from tests.unit.cli.test_letters import lettered
from tests.unit.cli.test_master_data import company, filled

from faktura.kernel.errors import (
    Conflict,
    FileUnreadable,
    FileUnwritable,
    NotFound,
    OutOfRange,
    TransitionRefused,
)
from faktura.kernel.template_errors import TemplateRefused
from faktura.services.imports.findings import FieldsRefused

__all__ = ["company", "filled", "install", "lettered"]

CUSTOMER = "K-000001"


def told(shell, *arguments: str) -> Any:
    """What a command says as JSON."""
    done = shell("dunning", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def refused(shell, *arguments: str) -> Any:
    """The named error of a command."""
    done = shell("dunning", *arguments)
    assert done.exit_code != 0, done.output
    return done.exception


@pytest.fixture
def dunned(filled, request):
    """RE-000001 over 35.70, of a consumer who was told, was due on 15 September.

    In default since 16 October, it cost interest of 15 days at 10 % on the 30th: 0.15 (0.1467).
    """
    Path("notice.txt").write_text("Sie kommen in Verzug.\n", encoding="utf-8")
    told(filled, "consumer-notice", "set", "--language", "de", "--file", "notice.txt")
    told(filled, "levels", "set", "1", "--interest", "own", "--rate", "10")
    shell = request.getfixturevalue("lettered")
    told(shell, "run", "--date", "2026-10-30")
    return shell


def test_the_policy_is_shown_and_what_is_given_is_set_first(filled):
    """The rest stays as it was."""
    told(filled, "policy", "--grace-days", "21", "--least", "10.00", "--no-letters", "--by-itself")

    policy = told(filled, "policy")
    levels = policy.pop("levels")
    assert policy == {
        "graceDays": 21,
        "least": "10.00",
        "byItself": True,
        "letters": False,
        "consumerNotice": {},
    }
    assert [level["days"] for level in levels] == [7, 14, 14]
    for people in (filled("dunning", "policy"), filled("dunning", "levels", "list")):
        assert people.exit_code == 0
        assert "LEGAL" in people.output


def test_a_policy_that_cannot_be_meant_is_refused(filled):
    """A rest of more than a year."""
    assert isinstance(refused(filled, "policy", "--grace-days", "400"), OutOfRange)


def test_levels_are_set_added_and_removed(filled):
    """A rate goes with its rule, and away with it."""
    told(filled, "levels", "set", "2", "--interest", "own", "--rate", "6.5", "--fee", "5.00")
    told(filled, "levels", "set", "4", "--days", "10", "--pay-days", "3", "--flat")
    told(filled, "levels", "remove", "3")
    set_back = told(filled, "levels", "set", "2", "--interest", "legal", "--no-flat")

    assert [
        (one["level"], one["days"], one["fee"], one["interest"], one["rate"], one["flat"])
        for one in set_back
    ] == [
        (1, 7, "0.00", "NONE", None, False),
        (2, 14, "5.00", "LEGAL", None, False),
        (3, 10, "0.00", "NONE", None, True),
    ]
    assert isinstance(refused(filled, "levels", "remove", "9"), NotFound)
    assert isinstance(refused(filled, "levels", "set", "4"), FieldsRefused)


def test_a_level_gets_a_text_of_a_file_that_is_tried_first(filled):
    """F128: a text that cannot be meant is refused with its line and column."""
    Path("good.txt").write_text("Guten Tag {{ customer.name }}.\n", encoding="utf-8")
    Path("bad.txt").write_text("Guten Tag\n{{ customer.secret }}", encoding="utf-8")

    set_text = ("levels", "text", "1", "--language", "de", "--file")
    levels = told(filled, *set_text, "good.txt")
    assert levels[0]["texts"] == {"de": "Guten Tag {{ customer.name }}."}
    error = refused(filled, *set_text, "bad.txt")
    assert isinstance(error, TemplateRefused)
    assert "line 2, column 12" in str(error)
    assert isinstance(refused(filled, *set_text, "none.txt"), FileUnreadable)
    shown = filled("dunning", "levels", "list")
    assert "de" in shown.output
    removed = told(filled, "levels", "remove-text", "1", "--language", "de")
    assert removed[0]["texts"] == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" \n", "text.txt: the file is empty. Check that it is the right one"),
        (
            b"Guten Tag\nM\xfcller",
            "text.txt, line 2: byte 0xfc is not UTF-8. Save the file as UTF-8",
        ),
    ],
)
@pytest.mark.parametrize(
    "command", [("levels", "text", "1"), ("consumer-notice", "set")], ids=["level", "notice"]
)
def test_a_file_that_is_no_text_is_refused_by_its_name(filled, command, content, said):
    """Where it cannot be read, and how it is mended."""
    Path("text.txt").write_bytes(content)

    error = refused(filled, *command, "--language", "de", "--file", "text.txt")

    assert isinstance(error, FileUnreadable)
    assert str(error) == said


def test_the_consumers_notice_is_set_shown_and_removed(filled):
    """By language."""
    Path("notice.txt").write_text("Sie kommen in Verzug.\n", encoding="utf-8")

    told(filled, "consumer-notice", "set", "--language", "de", "--file", "notice.txt")

    assert told(filled, "consumer-notice", "show") == {"de": "Sie kommen in Verzug."}
    assert told(filled, "consumer-notice", "remove", "--language", "de") == {}


def test_what_is_stopped_is_not_dunned_until_the_stop_is_lifted(lettered):
    """Lists show what holds today, with --all what was lifted as well."""
    made = told(lettered, "stop", "document", "RE-000001", "--reason", "Reklamation")
    assert (made["target"], made["number"], made["customer"]) == (
        "DOCUMENT",
        "RE-000001",
        CUSTOMER,
    )
    told(lettered, "run", "--date", "2026-09-29")
    assert told(lettered, "notices") == []
    assert [one["stop"] for one in told(lettered, "stops")] == [made["stop"]]
    assert isinstance(refused(lettered, "stop", "document", "RE-000001", "--reason", "x"), Conflict)

    told(lettered, "lift", made["stop"])

    told(lettered, "run", "--date", "2026-09-30")
    assert [one["level"] for one in told(lettered, "notices")] == [1]
    assert lettered("dunning", "stops").output == "Nothing is stopped.\n"
    (lifted,) = told(lettered, "stops", "--all", "--customer", CUSTOMER)
    assert lifted["liftedBy"] is not None


def test_a_notice_is_listed_and_shown_with_its_documents(dunned):
    """35.70 and 0.15: 35.85 are asked for."""
    (listed,) = told(dunned, "notices", "--customer", CUSTOMER, "--invoice", "RE-000001")
    unknown = refused(dunned, "notices", "--customer", "K-99")
    assert (type(unknown), str(unknown)) == (NotFound, "customerNumber: there is no customer K-99")

    shown = told(dunned, "notice", listed["notice"])
    assert (shown["total"], shown["charges"], shown["chargesOpen"], shown["payBy"]) == (
        "35.85",
        "MG-000001",
        "0.15",
        "2026-11-06",
    )
    assert [(one["number"], one["level"], one["interest"]) for one in shown["documents"]] == [
        ("RE-000001", 1, "0.15")
    ]
    assert told(dunned, "notices", "--run", listed["run"]) == [listed]
    for people in (("notices",), ("notice", listed["notice"])):
        assert "MG-000001" in dunned("dunning", *people).output


def test_the_level_stands_on_the_invoice(dunned):
    """F083: in the list and alone."""
    (invoice,) = [
        one
        for one in json.loads(dunned("invoices", "list", "--json").output)
        if one["number"] == "RE-000001"
    ]
    assert invoice["dunningLevel"] == 1
    assert "dunningLevel" in dunned("invoices", "list").output.replace("\n", "")
    assert json.loads(dunned("invoices", "show", "RE-000001", "--json").output)["dunningLevel"] == 1


def test_a_letter_is_written_and_no_file_is_replaced_unasked(dunned, tmp_path):
    """The same bytes each time."""
    (listed,) = told(dunned, "notices")

    done = told(dunned, "letter", listed["notice"], "--out", "m.pdf")

    content = (tmp_path / "m.pdf").read_bytes()
    assert done == {"out": "m.pdf", "mediaType": "application/pdf", "bytes": len(content)}
    assert json.loads(content)["total"] == "35.85"
    again = refused(dunned, "letter", listed["notice"], "--out", "m.pdf")
    assert isinstance(again, FileUnwritable)
    told(dunned, "letter", listed["notice"], "--out", "m.pdf", "--force")
    assert (tmp_path / "m.pdf").read_bytes() == content


def test_the_letters_of_a_run_are_written_to_a_folder(dunned, tmp_path):
    """One a notice; a run that is none is named: it may be a notice's id."""
    (listed,) = told(dunned, "notices")

    done = told(dunned, "letters", listed["run"], "--out", "post")

    assert done == {"out": "post", "letters": 1}
    (file,) = (tmp_path / "post").iterdir()
    assert file.name == f"{CUSTOMER}-2026-10-30-EUR.pdf"
    assert json.loads(file.read_bytes())["total"] == "35.85"
    unknown = refused(dunned, "letters", listed["notice"], "--out", "post")
    assert isinstance(unknown, NotFound)
    assert str(unknown) == f"dunningRun: there is no dunning run {listed['notice']}"


def test_charges_are_waived_by_their_number_once(dunned):
    """0.15; the invoice stays owed."""
    waived = told(dunned, "waive", "MG-000001", "--reason", "Kulanz")

    assert waived == {"number": "MG-000001", "waived": "0.15", "currency": "EUR"}
    (listed,) = told(dunned, "notices")
    assert (listed["charges"], listed["chargesOpen"]) == ("MG-000001", "0.00")
    again = refused(dunned, "waive", "MG-000001", "--reason", "Kulanz")
    assert isinstance(again, TransitionRefused)
    other = refused(dunned, "waive", "RE-000001", "--reason", "Kulanz")
    assert isinstance(other, TransitionRefused)


@pytest.mark.parametrize("reason", ["", "  ", "a\x1b[2J"])
def test_a_waiver_says_why_in_words(dunned, reason):
    """What is kept with the transaction for good is checked as over REST."""
    error = refused(dunned, "waive", "MG-000001", "--reason", reason)

    assert [part.place for part in error.parts] == ["reason"]
