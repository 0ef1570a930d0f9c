"""Money becomes entries: payments, returned debits and their fee, in both charts."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    TENANT,
    day,
    eur,
)

from faktura.domain.posting import (
    Settlement,
    payment_entry,
    return_entry,
    return_fee_entry,
)
from faktura.kernel.errors import IntegrityBroken
from faktura.kernel.terms import Chart, EntryKind

SKR03 = TENANT
SKR04 = replace(TENANT, chart=Chart.SKR04)
IBAN = "DE02120300000000202051"


def legs(entry):
    """(side, account or what is missing, amount) of each leg."""
    return [(leg.side.value, leg.account, leg.minor) for leg in entry.legs]


def settlement(amount, **changes: Any):
    settled = Settlement(
        key="pay:1",
        document_id=UUID(int=900),
        document_number="R-2026-00042",
        customer_id=COMPANY.id,
        debtor="10001",
        amount=eur(amount),
        value_date=day("20.11.2026"),
        bank_account="1200",
        bank_iban=IBAN,
    )
    return replace(settled, **changes)


@pytest.mark.parametrize(
    ("tenant", "bank", "receivable"), [(SKR03, "1200", "1400"), (SKR04, "1800", "1200")]
)
def test_a_payment_posts_bank_to_receivable(tenant, bank, receivable):
    """Bank S debtor; the number of the invoice is in the text."""
    entry = payment_entry(tenant, settlement("1190.00", bank_account=bank))

    assert legs(entry) == [("D", bank, 119_000), ("C", receivable, 119_000)]
    assert entry.legs[1].debtor == "10001"
    assert (entry.kind, entry.text) == (EntryKind.PAYMENT, "Zahlung R-2026-00042")


def test_money_we_paid_out_posts_the_other_way_round():
    """Refund: debtor S bank."""
    entry = payment_entry(TENANT, settlement("-50.00"))

    assert legs(entry) == [("C", "1200", 5_000), ("D", "1400", 5_000)]


@pytest.mark.parametrize(
    ("tenant", "bank", "receivable", "fees"),
    [(SKR03, "1200", "1400", "4970"), (SKR04, "1800", "1200", "6855")],
)
def test_a_returned_debit_posts_the_reversal_and_the_fee(tenant, bank, receivable, fees):
    """F095, G8: (a) debtor S bank 1,190.00 (b) cost of payment traffic S bank 3.50."""
    back = return_entry(
        tenant, settlement("1190.00", bank_account=bank, key="ret:1"), reverses_key="pay:1"
    )
    fee = return_fee_entry(tenant, settlement("3.50", bank_account=bank, key="fee:1"))

    assert legs(back) == [("D", receivable, 119_000), ("C", bank, 119_000)]
    assert (back.kind, back.reverses_key) == (EntryKind.RETURN, "pay:1")
    assert legs(fee) == [("D", fees, 350), ("C", bank, 350)]
    assert (fee.kind, fee.text) == (EntryKind.RETURN_FEE, "Gebühr Rücklastschrift R-2026-00042")


def test_a_payment_of_nothing_is_no_entry():
    """Every amount of a journal is positive."""
    with pytest.raises(IntegrityBroken, match="a leg's amount is positive"):
        payment_entry(TENANT, settlement("0.00"))


def test_a_bank_account_without_ledger_account_makes_a_draft():
    """F106: what is missing is named with the bank account it is for."""
    entry = payment_entry(TENANT, settlement("1190.00", bank_account=None))

    assert legs(entry) == [("D", None, 119_000), ("C", "1400", 119_000)]
    assert entry.missing == (f"BANK:{IBAN}",)
