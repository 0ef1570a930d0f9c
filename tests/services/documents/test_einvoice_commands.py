"""faktura einvoice on files: check and read what anybody wrote, render an invoice document."""

import json
import os
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest
from click.testing import CliRunner
from tests.services.company import Company, bill, fill, opened

from faktura.cli.main import faktura
from faktura.kernel.errors import (
    AmountUnreadable,
    FieldInvalid,
    FieldMissing,
    FieldUnknown,
    FileUnreadable,
    HostileFile,
    NotFound,
    RenderRefused,
)

SCHEMA = Path(__file__).parents[3] / "docs" / "invoice-document.schema.json"


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs `faktura` on a company with a month of invoices."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'books.db'}"
    database = opened(url)
    company = Company(database)
    fill(company)
    bill(database, company.tenant)
    database.close()
    environment = {"FAKTURA_DATABASE_URL": url, "FAKTURA_PLUGINS": "xrechnung"}
    runner = CliRunner()

    def run(*arguments: str):
        return runner.invoke(faktura, ("einvoice", *arguments), env=environment)

    return run


@pytest.fixture
def written(shell, tmp_path):
    """RE-000002 as CII, as text: a discount, two rates."""
    shell("render", "RE-000002", "--out", "invoice.xml")
    return (tmp_path / "invoice.xml").read_text(encoding="utf-8")


@pytest.fixture
def document(shell, written):
    """The same as an invoice document in plain data."""
    return json.loads(shell("read", "invoice.xml", "--json").stdout)


def keep(document, name="invoice.json"):
    """Write a document as a file."""
    Path(name).write_text(json.dumps(document), encoding="utf-8")


def test_what_was_read_is_written_again_with_the_same_bytes(shell, written, tmp_path):
    """`read --json` loses nothing that `render --input` needs."""
    (tmp_path / "read.json").write_text(shell("read", "invoice.xml", "--json").stdout)

    done = shell(
        "render", "--input", "read.json", "--format", "xrechnung-cii", "--out", "again.xml"
    )

    assert done.exit_code == 0, done.output
    assert (tmp_path / "again.xml").read_text(encoding="utf-8") == written


def test_a_given_document_that_is_written_is_told_like_others(shell, document):
    """With --json for scripts."""
    keep(document)

    done = shell(
        "render", "--input", "invoice.json", "--format", "xrechnung-cii", "--out", "x.xml", "--json"
    )

    assert json.loads(done.stdout) == {"rendered": 1, "out": "x.xml"}


def test_a_run_that_does_not_exist_is_not_found(shell, tmp_path):
    """A mistyped id must not look like a run without documents."""
    run_id = "00000000-0000-0000-0000-000000000001"

    unknown = shell("render", "--run", run_id, "--out", "folder")

    assert isinstance(unknown.exception, NotFound)
    assert str(unknown.exception) == (
        "billingRun: there is no billing run 00000000-0000-0000-0000-000000000001"
    )


def test_what_is_read_is_what_the_published_schema_says(document):
    """docs/invoice-document.schema.json; amounts are texts."""
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))

    assert document["number"] == "RE-000002"
    assert (document["totals"]["net"], document["totals"]["gross"]) == ("35.91", "41.66")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "colour": "red"}, json.loads(SCHEMA.read_text()))


def test_a_person_reads_the_head_and_the_lines(shell, written):
    """Without --json."""
    shown = shell("read", "invoice.xml").stdout

    assert "RE-000002" in shown
    assert "Jo Muster" in shown
    assert "41.66 EUR" in shown
    assert "Membership" in shown


def test_what_has_no_field_is_named(shell, written, tmp_path):
    """On standard error: the document is whole without it, and nobody is left to guess."""
    (tmp_path / "more.xml").write_text(
        written.replace("<ram:TypeCode>380</ram:TypeCode>", "<ram:Name>Rechnung</ram:Name><ram:TypeCode>380</ram:TypeCode>")
    )  # fmt: skip

    read = shell("read", "more.xml", "--json")

    assert read.exit_code == 0
    assert "not read: " in read.stderr
    assert "Name" in read.stderr


def test_a_file_that_keeps_the_rules_is_said_so(shell, written):
    """With the rule sets that were asked."""
    checked = shell("check", "invoice.xml")
    plain = json.loads(shell("check", "invoice.xml", "--json").stdout)

    assert checked.exit_code == 0
    assert checked.stdout.startswith("invoice.xml keeps the rules (CII, urn:cen.eu:en16931:2017")
    (row,) = plain
    assert (row["file"], row["syntax"], row["findings"]) == ("invoice.xml", "CII", [])


def test_each_broken_file_is_named_with_its_rules_and_the_others_too(shell, written, tmp_path):
    """Exit code 1; one that is no e-invoice does not hide what the others have."""
    (tmp_path / "broken.xml").write_text(written.replace(">41.66<", ">41.67<", 1))
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam")

    words = shell("check", "broken.xml", "letter.txt", "invoice.xml")
    plain = shell("check", "broken.xml", "letter.txt", "invoice.xml", "--json")

    assert (words.exit_code, plain.exit_code) == (1, 1)
    assert "BR-CO-" in words.stdout
    assert "invoice.xml keeps the rules" in words.stdout
    assert words.stderr == (
        "letter.txt: no enabled plugin knows the file as an e-invoice."
        " Enable xrechnung for XML and zugferd for PDF in FAKTURA_PLUGINS\n"
    )
    broken, letter, whole = json.loads(plain.stdout)
    assert {one["severity"] for one in broken["findings"]} == {"ERROR"}
    assert letter["error"]["code"] == "file_unreadable"
    assert whole["findings"] == []


def test_a_file_of_more_than_100_mb_is_not_read(shell, tmp_path):
    """Whatever size it says it has: a device says none and never ends."""
    with (tmp_path / "huge.xml").open("wb") as file:
        os.truncate(file.fileno(), 100_000_001)

    refused = shell("read", "huge.xml")

    assert isinstance(refused.exception, HostileFile)
    assert str(refused.exception) == (
        "huge.xml: it has more than 100,000,000 bytes. Make it smaller"
    )


def test_a_document_that_breaks_a_rule_is_not_written(shell, document, tmp_path):
    """The rule is named; no file is left."""
    keep({**document, "payment_terms": None, "due_on": None, "buyer_reference": None})

    refused = shell(
        "render", "--input", "invoice.json", "--format", "xrechnung-cii", "--out", "out.xml"
    )

    assert isinstance(refused.exception, RenderRefused)
    assert not (tmp_path / "out.xml").exists()


@pytest.mark.parametrize(
    ("change", "error", "place"),
    [
        ({"colour": "red"}, FieldUnknown, "field colour"),
        ({"issued_on": "1.10.2026"}, FieldInvalid, "field issued_on"),
        ({"issued_on": 0}, FieldInvalid, "field issued_on"),
        ({"number": None}, FieldInvalid, "field number"),
        ({"totals": {"lines": 1.5}}, AmountUnreadable, ""),
        ({"totals": {"lines": "1.50"}}, FieldMissing, "field totals.net"),
        ({"lines": [{"id": "1"}]}, FieldMissing, "field lines.0.quantity"),
    ],
    ids=["unknown", "day", "number-for-a-day", "none", "fraction", "missing", "line"],
)
def test_a_document_that_does_not_fit_is_refused_with_the_path(
    shell, document, change, error, place
):
    """Strict: nothing is converted, nothing is left out."""
    keep({**document, **change})

    refused = shell(
        "render", "--input", "invoice.json", "--format", "xrechnung-cii", "--out", "out.xml"
    )

    assert isinstance(refused.exception, error)
    assert refused.exception.place.startswith("invoice.json")
    assert place in refused.exception.place


def test_what_is_no_json_or_says_a_thing_twice_is_refused(shell, tmp_path):
    """With the line."""
    (tmp_path / "half.json").write_text('{"number":\n')
    (tmp_path / "twice.json").write_text('{"number": "1", "number": "2"}')

    half, twice = (
        shell("render", "--input", name, "--format", "xrechnung-cii", "--out", "out.xml")
        for name in ("half.json", "twice.json")
    )

    assert isinstance(half.exception, FileUnreadable)
    assert "line 2" in half.exception.place
    assert isinstance(twice.exception, FieldInvalid)


def test_a_given_document_needs_a_format_and_stands_alone(shell, document):
    """The file does not say in which it is wanted."""
    keep(document)

    alone = shell("render", "--input", "invoice.json", "--out", "out.xml")
    both = shell("render", "RE-000001", "--input", "invoice.json", "--out", "out.xml")

    assert (alone.exit_code, both.exit_code) == (2, 2)
    assert "--input needs --format" in alone.stderr


def test_a_format_is_only_asked_for_where_there_is_a_document(shell):
    """An unknown number is told before a missing format is."""
    unknown = shell("preflight", "RE-99")

    assert isinstance(unknown.exception, NotFound)
