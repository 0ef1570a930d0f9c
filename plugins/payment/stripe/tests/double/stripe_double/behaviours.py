"""Means of payment that behave in one way, named like Stripe's own test means where it has them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Behaviour:
    """What happens when it is charged: `decline` with `advice`, or success now or later."""

    type: str
    decline: str = ""
    code: str = "card_declined"
    advice: str = ""


def _card(decline: str, advice: str = "", code: str = "card_declined") -> Behaviour:
    return Behaviour("card", decline, code, advice)


BEHAVIOURS = {
    "pm_card_visa": Behaviour("card"),
    "pm_card_visa_chargeDeclined": _card("generic_decline", "try_again_later"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": _card("insufficient_funds", "try_again_later"),
    "pm_card_visa_chargeDeclinedLostCard": _card("lost_card", "do_not_try_again"),
    "pm_card_visa_chargeDeclinedStolenCard": _card("stolen_card", "do_not_try_again"),
    "pm_card_visa_chargeDeclinedFraudulent": _card("fraudulent", "do_not_try_again"),
    "pm_card_chargeDeclinedExpiredCard": _card("", "do_not_try_again", "expired_card"),
    "pm_card_chargeDeclinedIncorrectCvc": _card("", "confirm_card_data", "incorrect_cvc"),
    "pm_card_chargeDeclinedProcessingError": _card("", "try_again_later", "processing_error"),
    "pm_card_authenticationRequired": _card(
        "authentication_required", "", "authentication_required"
    ),
    "pm_card_testmode": _card("testmode_decline"),
    "pm_card_unheard_of": _card("a_code_of_next_year"),
    "pm_success_de": Behaviour("sepa_debit"),
    "pm_paypal": Behaviour("paypal"),
    "pm_paypal_declined": Behaviour(
        "paypal", "insufficient_funds", "payment_method_provider_decline"
    ),
}
"""SEPA debits wait for the test to settle or fail them (`World.settle`, `World.fail`)."""
