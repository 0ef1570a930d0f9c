"""faktura db and faktura tenants: first use, from an empty folder to a tenant."""

import json

import pytest

from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    FieldUnknown,
    FileUnreadable,
    Misconfigured,
)

OPTIONS = (
    "--name", "Nordlicht Software GmbH", "--street", "Hafenstraße 7", "--zip", "20457",
    "--city", "Hamburg", "--vat-id", "DE123456788", "--iban", "DE02120300000000202051",
    "--contact", "Jana Petersen", "--phone", "+49 40 123456",
    "--email", "rechnung@nordlicht.example", "--chart", "SKR04",
)  # fmt: skip


@pytest.fixture
def ready(shell):
    """The shell, with a database that is set up."""
    assert shell("db", "init").exit_code == 0
    return shell


def test_the_database_is_set_up_once(shell):
    """`db init` may run again; `db status` says whether it has to."""
    before = json.loads(shell("db", "status", "--json").output)
    first = shell("db", "init").output
    again = shell("db", "init").output
    script = json.loads(shell("db", "init", "--json").output)
    after = json.loads(shell("db", "status", "--json").output)

    newest = after["needed"]
    assert before == {
        "database": "SQLite", "version": "0000", "needed": newest, "ready": False,
    }  # fmt: skip
    assert first == f"The database is set up at version {newest}.\n"
    assert again == f"The database stands at version {newest} already.\n"
    assert script == {"version": newest, "changed": False}
    assert (after["version"], after["ready"]) == (newest, True)


def test_without_a_database_the_message_says_what_to_run(shell):
    """Every command but `db` needs it."""
    refused = shell("tenants", "list")

    assert isinstance(refused.exception, Misconfigured)
    assert refused.exception.mend == "Run: faktura db init"


def test_a_tenant_is_created_from_options(ready):
    """What § 14 UStG wants on every invoice, without a file."""
    created = ready("tenants", "create", "nordlicht", *OPTIONS)
    second = ready("tenants", "create", "second", *OPTIONS, "--json")
    listed = ready("tenants", "list", "--json")

    assert created.output == "Tenant nordlicht is created.\n"
    assert json.loads(second.output) == {"id": 2, "key": "second"}
    assert json.loads(listed.output) == [
        {"key": "nordlicht", "name": "Nordlicht Software GmbH", "chart": "SKR04", "sandbox": False},
        {"key": "second", "name": "Nordlicht Software GmbH", "chart": "SKR04", "sandbox": False},
    ]


def test_all_that_is_missing_is_asked_for_by_option(ready):
    """Nothing is created by half, and nobody has to ask five times."""
    refused = ready("tenants", "create", "nordlicht", "--name", "Nordlicht")
    last = ready("tenants", "create", "nordlicht", *OPTIONS, "--zip", " ")

    assert isinstance(refused.exception, FieldMissing)
    assert [part.place for part in refused.exception.parts] == [
        "--street",
        "--zip",
        "--city",
        "--vat-id or --tax-number",
    ]
    assert isinstance(last.exception, FieldMissing)
    assert (last.exception.place, last.exception.parts) == ("--zip", ())
    assert json.loads(ready("tenants", "list", "--json").output) == []


def test_a_wrong_vat_id_and_a_wrong_key_are_refused(ready):
    """Both would stand on every invoice and in every address; the key is not called a number."""
    vat_id = ready("tenants", "create", "nordlicht", *OPTIONS, "--vat-id", "DE12").exception
    key = ready("tenants", "create", "nord licht", *OPTIONS).exception

    assert isinstance(vat_id, FieldInvalid)
    assert vat_id.place == "--vat-id"
    assert isinstance(key, FieldInvalid)
    assert (key.problem, key.place) == ("“nord licht” cannot be a key", "key")


def test_what_show_prints_can_be_edited_and_read_back(ready, tmp_path):
    """One document for show, update and create --file."""
    ready("tenants", "create", "nordlicht", *OPTIONS)
    document = json.loads(ready("tenants", "show", "--json").output)
    document["payment_term"] = {"period": 30, "unit": "DAY"}
    file = tmp_path / "tenant.json"
    file.write_text(json.dumps(document))

    updated = ready("tenants", "update", str(file))
    copied = ready("tenants", "create", "copy", "--file", str(file))
    shown = ready("tenants", "show", "--tenant", "nordlicht")

    assert updated.output == "Tenant nordlicht is updated.\n"
    assert copied.exit_code == 0
    assert document["seller"]["contact"]["email"] == "rechnung@nordlicht.example"
    assert document["tax_cases"] == ["REDUCED", "STANDARD"]
    assert {"id", "key"} & set(document) == set()
    lines = [line.split() for line in shown.output.splitlines()]
    assert ["payment_term.period", "30"] in lines
    assert json.loads(ready("tenants", "show", "--tenant", "copy", "--json").output) == document


def test_a_file_that_does_not_fit_is_refused_with_the_field(ready, tmp_path):
    """The tenant stays as it was."""
    ready("tenants", "create", "nordlicht", *OPTIONS)
    file = tmp_path / "tenant.json"
    file.write_text('{"seller": {"legal_name": "A", "address": {}, "contact": {}, "fax": "1"}}')
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"seller": "\xfc"}')

    refused = ready("tenants", "update", str(file))
    unreadable = ready("tenants", "update", str(latin))

    assert isinstance(refused.exception, FieldUnknown)
    assert refused.exception.place == f"{file}, field seller.fax"
    assert isinstance(unreadable.exception, FileUnreadable)
    assert json.loads(ready("tenants", "list", "--json").output)[0]["name"] == (
        "Nordlicht Software GmbH"
    )


def test_a_file_and_options_together_are_refused(ready, tmp_path):
    """It would not be clear which of them counts."""
    file = tmp_path / "tenant.json"
    file.write_text("{}")

    refused = ready("tenants", "create", "nordlicht", "--file", str(file), "--city", "Ulm")

    assert refused.exit_code == 2
    assert "not both" in refused.output


@pytest.mark.parametrize("option", ["--width", "--first"])
def test_a_number_longer_than_any_document_has_is_refused(ready, option):
    """Digits without end are a slip of the hand, and fit no database."""
    ready("tenants", "create", "nordlicht", *OPTIONS)

    refused = ready(
        "tenants", "ranges", "start", "INVOICE", "--prefix", "R-", "--from", "2027-01-01",
        option, "9" * 20,
    )  # fmt: skip

    assert refused.exit_code == 2
    assert "is not in the range" in refused.output


def test_tax_cases_and_number_ranges_are_set_up_by_command(ready):
    """P22 and domain.md: what a run may bill and how its numbers look is said on purpose."""
    ready("tenants", "create", "nordlicht", *OPTIONS)
    format_ = ("--prefix", "RE-27-", "--width", "3", "--from", "2027-01-01")

    allowed = ready("tenants", "allow", "REVERSE_CHARGE")
    started = ready("tenants", "ranges", "start", "INVOICE", *format_)
    listed = json.loads(ready("tenants", "ranges", "list", "--json").output)

    assert allowed.output == "Set up: REDUCED, REVERSE_CHARGE, STANDARD.\n"
    assert started.output == "From 2027-01-01 on INVOICE gives RE-27-001.\n"
    assert [row["next"] for row in listed if row["range"] == "INVOICE"] == [
        "RE-000001",
        "RE-27-001",
    ]
