"""Money for an invoice with what its dunning notice charged (F084, F097)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement

from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.flows.dunning import run_dunning
from faktura.kernel.dunning_terms import InterestRule

OWN = DunningLevel(days=1, fee=500, interest=InterestRule.OWN, rate=Decimal(10))


@pytest.fixture
def dunned(scene: BankScene) -> BankScene:
    """RE-000001, 35.70, costs 5.00 of fee and some cents of interest: MG-000001."""
    tenant = replace(scene.tenant, dunning=DunningPolicy((OWN,)))
    run_dunning(scene.database, tenant, date(2026, 10, 30))
    return scene


def test_one_transfer_settles_the_invoice_and_its_charges(dunned: BankScene):
    """35.70 and 5.00 and 0.15: 10 % of 15 days are 14.67 cents."""
    charges = dunned.open()["MG-000001"]

    report = dunned.upload(statement(moved("40.85", "RE-000001, MG-000001")))

    assert charges == "5.15 EUR"
    assert (report.matched.booked, report.matched.open) == (1, 0)
    assert {"RE-000001", "MG-000001"}.isdisjoint(dunned.open())
    assert dunned.violations() == []


def test_who_pays_the_invoice_alone_still_owes_the_charges(dunned: BankScene):
    """Nothing of the money goes to the charges that it does not name."""
    dunned.upload(statement(moved("35.70", "RE-000001")))

    open_ = dunned.open()
    assert "RE-000001" not in open_
    assert open_["MG-000001"] == "5.15 EUR"
    assert dunned.violations() == []
