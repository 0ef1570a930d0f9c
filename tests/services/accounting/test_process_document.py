"""The skeleton of the Verfahrensdokumentation tells what is set up, and nothing secret."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.services.bank.scene import BankScene

from faktura.flows.process_document import Installed, process_document
from faktura.flows.process_words import METHODS, RANGES, STATES, TAX_CASES, since
from faktura.kernel.accounting_terms import BatchState, DeferralMethod
from faktura.kernel.terms import TaxCase
from faktura.plugin import Family, PluginManifest
from faktura.services.process_facts import process_facts
from faktura.services.tenants import change_tenant
from faktura.services.users import add_member, create_user, disable_user
from faktura.store import numbers

HIDDEN = "$argon2id$hidden"
INSTALLED = Installed(
    "1.2.3",
    "sqlite",
    "0057",
    {
        "datev": PluginManifest(
            name="datev", version="0.4", api_version=1, families=(Family.ACCOUNTING,)
        )
    },
    ["datev"],
    ["pdf", "zugferd"],
)


@pytest.fixture
def scene(database, tmp_path):
    """A billed company with a bank account."""
    return BankScene(database, tmp_path)


def written(scene: BankScene, installed: Installed = INSTALLED) -> str:
    with scene.database.read(scene.tenant.id) as tx:
        return process_document(process_facts(tx), installed)


def test_it_names_what_is_set_up(scene):
    """Company, numbers, accounts, bank, plugins, targets, the end of the chain."""
    with scene.database.write(scene.tenant.id) as tx:
        create_user(tx, "eva@example.org", name="Eva Beispiel", password_hash=HIDDEN)
        add_member(tx, "eva@example.org")
        create_user(tx, "aus@example.org")
        add_member(tx, "aus@example.org")
        disable_user(tx, "aus@example.org")

    lines = written(scene).splitlines()

    assert lines[0].startswith("# Verfahrensdokumentation: Abrechnung mit faktura – ")
    for line in (
        "| Währung der Bücher | EUR |",
        "| BANK:DE02120300000000202051 | 1200 | Bankkonto |",
        "| 8400 | Erlöse 19 % USt | SKR03 |",
        "| faktura | 1.2.3 |",
        "| Plugin datev | 0.4 (accounting) |",
        "| eva@example.org | Eva Beispiel | ja |",
        "| aus@example.org | – | gesperrt |",
        "Ziele: datev",
        "Kontenrahmen: SKR03",
        "Verfahren: keine Abgrenzung; Grenze je Zeile netto: 0",
        "Ziel: keine Einträge.",
    ):
        assert line in lines
    assert any(
        line.startswith("| Rechnungen | von Anfang an | ") and line.endswith(" | 4 |")
        for line in lines
    )
    assert any(re.match(r"Kettenende am \d\d\.\d\d\.2026: ", line) for line in lines)
    assert not any("argon2id" in line for line in lines)


def test_what_only_the_company_knows_is_asked_for(scene):
    """Three places to fill in."""
    assert written(scene).count("[bitte ergänzen: ") == 3


def test_a_name_cannot_become_markup(scene):
    """Pipes, line feeds and brackets of a name stay text."""
    hostile = replace(scene.tenant.seller, legal_name="A | B <b> `x` [y](z)")
    with scene.database.write(scene.tenant.id) as tx:
        change_tenant(tx, replace(scene.tenant, seller=hostile))

    assert "| Unternehmen | A \\| B \\<b\\> \\`x\\` \\[y\\](z) |" in written(scene).splitlines()


def test_its_day_is_that_of_the_tenant(scene):
    """Half past eleven at night in UTC is the next day in Berlin."""
    with scene.database.read(scene.tenant.id) as tx:
        facts = process_facts(tx)
    late = replace(
        facts, head=replace(facts.head, taken_at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    )

    assert "Stand: 01.12.2026 · " in process_document(late, INSTALLED)


def test_every_word_of_ours_has_a_german_one():
    """A new one would end the command."""
    assert set(METHODS) == set(DeferralMethod)
    assert set(STATES) == set(BatchState)
    assert set(TAX_CASES) == set(TaxCase)
    assert set(RANGES) == {numbers.INVOICE, numbers.CORRECTION, numbers.CUSTOMER} | {
        numbers.CONTRACT,
        numbers.DEBTOR,
    }
    assert since(date(2026, 1, 5)) == "05.01.2026"
