"""faktura payments accounts, mandates, means, policy: who collects, by what, how often (O18, F103)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import Result
from tests.unit.cli.test_master_data import company, filled

from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    FileUnreadable,
    NotFound,
    PluginMissing,
    TransitionRefused,
    UnknownTerm,
)
from faktura.services.imports.findings import FieldsRefused

__all__ = ["company", "filled"]

IBAN = "DE75512108001245126199"
Filled = Callable[..., Result]


@pytest.fixture
def bank(filled: Filled) -> Callable[..., Any]:
    """Runs `faktura payments …` with the house bank's plugin; gives what it prints as JSON."""

    def run(*arguments: str) -> Any:
        result = filled("payments", *arguments, "--json", FAKTURA_PLUGINS="sepa,xrechnung")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return json.loads(result.output)

    return run


@pytest.fixture
def debiting(bank: Callable[..., Any], filled: Filled, tmp_path: Path) -> Callable[..., Any]:
    """The same, for a tenant with a creditor id and an account at the house bank."""
    settings = json.loads(filled("tenants", "show", "--json").output)
    settings["seller"]["creditor_id"] = "DE98ZZZ09999999999"
    (tmp_path / "tenant.json").write_text(json.dumps(settings))
    updated = filled("tenants", "update", "tenant.json")
    assert updated.exception is None, updated.exception
    bank("accounts", "add", "sepa", "--methods", "sepa_debit")
    return bank


def test_an_account_is_added_paused_resumed_and_removed(debiting):
    """What the adapter can is kept with it; nothing is collected while it is paused."""
    assert debiting("accounts", "list") == [
        {
            "instance": "sepa",
            "provider": "sepa",
            "methods": ["SEPA_DEBIT"],
            "currencies": ["EUR"],
            "state": "ACTIVE",
            "problem": None,
            "ledgerAccount": None,
        }
    ]
    paused = debiting("accounts", "pause", "sepa", "--reason", "we move")
    assert (paused["state"], paused["problem"]) == ("PAUSED", "we move")
    assert debiting("accounts", "resume", "sepa")["state"] == "ACTIVE"
    assert debiting("accounts", "check", "sepa") == {"instance": "sepa", "problems": []}
    assert debiting("accounts", "remove", "sepa")["instance"] == "sepa"
    assert debiting("accounts", "list") == []
    with pytest.raises(NotFound, match="there is no payment account “sepa”"):
        debiting("accounts", "check", "sepa")


@pytest.mark.parametrize(
    ("arguments", "error", "problem"),
    [
        (("sepa", "--methods", "CARD"), FieldInvalid, "sepa cannot collect by CARD"),
        (("sepa", "--methods", "SEPA_DEBIT", "--currencies", "EUR,CHF"), FieldInvalid, "CHF"),
        (("sepa", "--methods", "COINS"), UnknownTerm, "COINS"),
        (("sepa", "--methods", "CARD", "--currencies", "XXX"), UnknownTerm, "XXX"),
        (("bank", "--provider", "moon", "--methods", "CARD"), PluginMissing, "moon"),
        (("se/pa", "--provider", "sepa", "--methods", "SEPA_DEBIT"), FieldInvalid, "se/pa"),
        (("sepa", "--methods", "SEPA_DEBIT"), FieldMissing, "creditor id"),
    ],
)
def test_an_account_that_could_not_collect_is_refused(bank, arguments, error, problem):
    with pytest.raises(error, match=problem):
        bank("accounts", "add", *arguments)


def test_a_mandate_from_signature_to_revocation(debiting, filled):
    """F103, F104: drawn, active, announced; moved, allowed again, ended."""
    made = debiting("mandates", "create", "K-000001", "--iban", IBAN, "--signed-on", "2026-01-31")
    assert (made["reference"], made["state"], made["used"]) == ("M-000001", "ACTIVE", True)
    assert (made["holder"], made["usableUntil"]) == ("Anna Beck", "2029-01-31")

    moved = debiting("mandates", "amend", "m-000001", "--iban", "DE02 1203 0000 0000 2020 51")
    listed = debiting("mandates", "list", "--customer", "K-000001")
    assert moved["account"] == "DE … 2051"
    assert [one["reference"] for one in listed] == ["M-000001"]
    assert debiting("mandates", "use", "M-000001") == moved
    assert debiting("mandates", "show", "M-000001") == moved
    with pytest.raises(TransitionRefused, match="is CORE"):
        debiting("mandates", "confirm", "M-000001", "--on", "2026-01-31")
    with pytest.raises(TransitionRefused, match="is ACTIVE, not SUSPENDED"):
        debiting("mandates", "reactivate", "M-000001")

    pays = filled("customers", "list", "--json").output
    revoked = debiting("mandates", "revoke", "M-000001", "--reason", "by letter")

    assert json.loads(pays)[0]["paymentMethod"] == "TRANSFER"
    assert (revoked["state"], revoked["reason"], revoked["used"]) == ("GONE", "by letter", False)
    assert debiting("mandates", "adopt") == {"adopted": 0, "refused": []}


def test_means_are_listed_and_those_of_nobody_are_not_found(debiting):
    debiting("mandates", "create", "K-000001", "--iban", IBAN, "--signed-on", "2026-01-31")

    (mandate,) = debiting("means", "list", "K-000001")

    assert (mandate["label"], mandate["account"]) == ("DE … 6199", None)
    assert debiting("means", "show", mandate["meansId"]) == mandate
    for act in (("use",), ("forget",)):
        with pytest.raises(TransitionRefused, match="is a mandate"):
            debiting("means", *act, mandate["meansId"])
    with pytest.raises(TransitionRefused, match="is ACTIVE, not suspended"):
        debiting("means", "reactivate", mandate["meansId"])
    with pytest.raises(NotFound):
        debiting("means", "show", str(UUID(int=7)))


def test_policies_are_set_by_the_file_that_shows_them(bank, tmp_path):
    before = bank("policy", "show")
    assert before["card"] == {
        "retryDays": [1, 3, 7, 14],
        "followUp": "NONE",
        "actions": [],
        "lapseDays": 7,
    }
    file = tmp_path / "policy.json"
    wanted = {"sepaDebit": {"followUp": "CONTRACT_TO_TRANSFER"}, "notBefore": "09:30"}
    file.write_text(json.dumps(wanted))

    done = bank("policy", "set", "--file", "policy.json")

    assert done["sepaDebit"]["followUp"] == "CONTRACT_TO_TRANSFER"
    assert (done["sepaDebit"]["retryDays"], done["notBefore"]) == ([3], "09:30")
    file.write_text(json.dumps(done))
    assert bank("policy", "set", "--file", "policy.json") == done == bank("policy", "show")


@pytest.mark.parametrize(
    ("text", "error", "problem"),
    [
        ("{", FileUnreadable, "no JSON"),
        ("[]", FileUnreadable, "no object"),
        ('{"cards": {}}', FieldsRefused, "1 error"),
        ('{"notBefore": "9:30"}', FieldsRefused, "1 error"),
        ('{"card": {"retryDays": [3, 1]}}', FieldInvalid, "no rising days"),
        ('{"card": {"actions": ["call"]}}', PluginMissing, "call"),
    ],
)
def test_policies_that_make_no_sense_are_refused(bank, tmp_path, text, error, problem):
    (tmp_path / "policy.json").write_text(text)

    with pytest.raises(error, match=problem):
        bank("policy", "set", "--file", "policy.json")


def test_people_are_told_what_follows(debiting, filled):
    """The same commands without --json: what a person must do next stands in a sentence."""
    plugins = {"FAKTURA_PLUGINS": "sepa,xrechnung"}
    debiting("mandates", "create", "K-000001", "--iban", IBAN, "--signed-on", "2026-01-31")
    (mandate,) = debiting("mandates", "list")

    checked = filled("payments", "accounts", "check", "sepa", **plugins)
    shown = filled("payments", "policy", "show", **plugins)
    means = filled("payments", "means", "list", "K-000001", **plugins)

    assert mandate["customerNumber"] == "K-000001"
    assert "It can be used." in checked.output
    assert "card.retryDays" in shown.output
    assert "DE … 6199" in means.output
