"""What declines mean, and what customers are told (1.12)."""

import pytest

from faktura.kernel.payment_terms import CustomerReason
from faktura_stripe.declines import ACTION, SETUP, decline_of

_GENERAL = CustomerReason.GENERAL


@pytest.mark.parametrize(
    ("code", "advice", "meaning"),
    [
        ("insufficient_funds", "", (False, False, CustomerReason.NO_FUNDS)),
        ("insufficient_funds", "do_not_try_again", (True, False, CustomerReason.NO_FUNDS)),
        ("do_not_honor", "", (False, False, _GENERAL)),
        ("expired_card", "", (True, False, CustomerReason.EXPIRED)),
        ("lost_card", "try_again_later", (False, False, _GENERAL)),
        ("generic_decline", "confirm_card_data", (True, False, CustomerReason.ENTER_AGAIN)),
        ("account_closed", "", (True, True, CustomerReason.ENTER_AGAIN)),
        ("account_closed", "try_again_later", (False, False, CustomerReason.ENTER_AGAIN)),
        ("debit_not_authorized", "", (True, False, CustomerReason.WITHDRAWN)),
        ("mandate_invalid", "", (True, True, CustomerReason.WITHDRAWN)),
        ("refer_to_customer", "", (False, False, _GENERAL)),
        ("bank_account_restricted", "", (False, False, _GENERAL)),
        ("a_code_of_next_year", "", (False, False, _GENERAL)),
        ("", "an_advice_of_next_year", (False, False, _GENERAL)),
    ],
)
def test_advice_counts_before_the_code_and_unknown_codes_are_soft(code, advice, meaning):
    found = decline_of(code, advice)

    assert (found.hard, found.means_gone, found.reason) == meaning


@pytest.mark.parametrize(
    "code", ["lost_card", "stolen_card", "pickup_card", "fraudulent", "merchant_blacklist"]
)
def test_a_customer_never_reads_of_loss_theft_or_fraud(code):
    """Whoever has a stolen card in hand must not learn that it is known."""
    assert decline_of(code, "").reason is CustomerReason.GENERAL
    assert decline_of(code, "").hard is True


def test_what_needs_action_or_mending_is_no_decline():
    assert "authentication_required" in ACTION
    assert {"testmode_decline", "amount_too_small"} <= SETUP
