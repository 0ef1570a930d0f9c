"""Tokens of payment links, and what their pages show (F089, P42)."""

import pytest

from faktura.domain.pay_links import PayState, pay_state, tenant_of_token, written_token
from faktura.domain.payment_state import PaymentState
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind

SECRET = "A" * 32  # of nobody


@pytest.mark.parametrize(
    ("tenant_id", "written"), [(1, "1"), (35, "z"), (36, "10"), (2_147_483_647, "zik0zj")]
)
def test_a_token_names_its_tenant(tenant_id, written):
    """In base 36, so that nothing is looked up across tenants."""
    token = written_token(tenant_id, SECRET)

    assert token == f"{written}.{SECRET}"
    assert tenant_of_token(token) == tenant_id


@pytest.mark.parametrize(
    "token",
    [
        "", SECRET, f".{SECRET}", f"0.{SECRET}", f"01.{SECRET}", f"Z.{SECRET}", f"1.{SECRET}A",
        f"1.{SECRET[1:]}", f"1.{SECRET[1:]}.", f"zik0zk.{SECRET}", f"zzzzzzz.{SECRET}",
        f"1.{SECRET}\n", f"١.{SECRET}",
    ],
)  # fmt: skip
def test_what_cannot_be_a_token_names_no_tenant(token):
    """One tenant has one way to be written; numbers stop where the column does."""
    assert tenant_of_token(token) is None


@pytest.mark.parametrize(
    ("cents", "taken_back", "under_way", "shown"),
    [
        (100, None, False, PayState.PAYABLE),
        (100, None, True, PayState.UNDER_WAY),
        (0, None, False, PayState.PAID),
        (0, None, True, PayState.PAID),
        (0, PaymentState.CANCELLED, False, PayState.CANCELLED),
        (0, PaymentState.CORRECTED, False, PayState.CANCELLED),
        (-100, None, False, PayState.NOTHING),
    ],
)
def test_what_is_open_decides_what_is_shown(cents, taken_back, under_way, shown):
    """Credit is nothing that a customer pays."""
    open_now = Money(cents, "EUR")

    assert pay_state(DocumentKind.INVOICE, open_now, taken_back, under_way=under_way) is shown


def test_nobody_is_thanked_for_what_was_given_up_or_never_owed():
    """Nothing is open, and nothing was paid."""
    nothing = Money(0, "EUR")

    shown = pay_state(DocumentKind.INVOICE, nothing, None, under_way=False, was_owed=False)

    assert shown is PayState.NOTHING


@pytest.mark.parametrize(
    "kind",
    [
        DocumentKind.CORRECTION,
        DocumentKind.CANCELLATION,
        DocumentKind.CREDIT_NOTE,
        DocumentKind.CREDIT_NOTE_CORRECTION,
    ],
)
def test_what_goes_to_the_account_is_never_paid(kind):
    """A correction that charges more is settled there, too (F066)."""
    assert pay_state(kind, Money(100, "EUR"), None, under_way=False) is PayState.NOTHING
