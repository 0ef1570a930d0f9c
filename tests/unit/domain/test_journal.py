"""An entry is balanced, positive and in one currency, or it is no entry."""

from decimal import Decimal

import pytest
from tests.unit.domain.builders import day

from faktura.domain.charts import account_keys, account_of
from faktura.domain.journal import Entry, Leg, balance, checked
from faktura.kernel.errors import IntegrityBroken
from faktura.kernel.terms import Chart, EntryKind, Side, Slot, TaxCase


def entry(*legs: Leg):
    return Entry("inv:1", EntryKind.INVOICE, day("01.11.2026"), "EUR", "R-1", legs)


def leg(side, minor):
    return Leg(Slot.BANK, "1200", side, minor)


def test_a_balanced_entry_passes():
    """Debits equal credits."""
    balanced = entry(leg(Side.DEBIT, 300), leg(Side.CREDIT, 100), leg(Side.CREDIT, 200))

    assert checked(balanced) is balanced
    assert balance(balanced.legs) == 0


@pytest.mark.parametrize(
    ("legs", "problem"),
    [
        ((leg(Side.DEBIT, 1),), "at least two legs"),
        ((leg(Side.DEBIT, 1), leg(Side.CREDIT, 0)), "amount is positive"),
        ((leg(Side.DEBIT, 100), leg(Side.CREDIT, 99)), "debits and credits differ by 1"),
        ((leg(Side.DEBIT, 100), leg(Side.CREDIT, 101)), "debits and credits differ by -1"),
    ],
)
def test_an_entry_that_is_none_is_refused(legs, problem):
    """IntegrityBroken names the key of the entry."""
    with pytest.raises(IntegrityBroken, match=problem) as refused:
        checked(entry(*legs))

    assert refused.value.place == "inv:1"


def test_an_account_is_asked_for_by_its_most_specific_key():
    """SLOT:CASE:RATE, then SLOT:CASE, then SLOT; 19.00 is the rate 19."""
    assert account_keys(Slot.REVENUE, TaxCase.STANDARD, Decimal("19.00")) == (
        "REVENUE:STANDARD:19",
        "REVENUE:STANDARD",
        "REVENUE",
    )
    assert account_keys(Slot.VAT, TaxCase.OSS) == ("VAT:OSS", "VAT")
    assert account_keys(Slot.BANK_FEES) == ("BANK_FEES",)


def test_the_tenants_account_wins_over_the_charts():
    """Even a general one of the tenant is an answer; without any the chart decides, or nobody."""
    rate = Decimal(10)

    own = account_of(Chart.SKR03, {"REVENUE": "8000"}, Slot.REVENUE, TaxCase.REDUCED, rate)
    charts = account_of(Chart.SKR03, {}, Slot.VAT, TaxCase.OSS, rate)
    nobodys = account_of(Chart.SKR03, {}, Slot.REVENUE, TaxCase.REDUCED, rate)

    assert (own, charts, nobodys) == ("8000", "1768", None)


def test_a_missing_account_is_named_by_the_key_to_set():
    """F106: the slot alone, with its case and rate, or with the bank account it is for."""
    fees = Leg(Slot.BANK_FEES, None, Side.DEBIT, 350)
    vat = Leg(Slot.VAT, None, Side.CREDIT, 160, None, TaxCase.STANDARD, Decimal("16.00"))
    bank = Leg(Slot.BANK, None, Side.CREDIT, 510, bank_iban="DE02120300000000202051")

    assert entry(fees, vat, bank).missing == (
        "BANK_FEES",
        "VAT:STANDARD:16",
        "BANK:DE02120300000000202051",
    )
