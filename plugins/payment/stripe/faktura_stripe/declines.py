"""Why a payment was declined: what each code means for the next try, and for the customer.

Facts: Stripe's pages on decline codes and on failure codes of SEPA debits, payments 1.12. Stripe's
own advice counts before the code. Codes we do not know are soft: the schedule limits them.
"""

from dataclasses import dataclass

from faktura.kernel.payment_terms import CustomerReason

ACTION = frozenset({"authentication_required", "approve_with_id"})
"""The customer has to confirm it themselves."""

SETUP = frozenset({"api_key_expired", "testmode_decline", "invalid_amount", "amount_too_small"})
"""Our mistake or the account's; the customer has nothing to do with it."""

_HARD_CARDS = (
    "card_not_supported currency_not_supported expired_card fraudulent incorrect_number"
    " invalid_account invalid_expiry_month invalid_expiry_year invalid_number lost_card"
    " merchant_blacklist new_account_information_available no_action_taken not_permitted"
    " pickup_card restricted_card revocation_of_all_authorizations revocation_of_authorization"
    " stolen_card stop_payment_order transaction_not_allowed"
)
_HARD_DEBITS = (
    "account_closed bank_account_closed debit_not_authorized incorrect_account_details"
    " mandate_invalid no_account payment_intent_mandate_invalid payment_method_unexpected_state"
    " resource_missing"
)
_HARD = frozenset(_HARD_CARDS.split()) | frozenset(_HARD_DEBITS.split())

_FOR_GOOD = (
    "account_closed bank_account_closed invalid_account no_account mandate_invalid"
    " payment_intent_mandate_invalid payment_method_unexpected_state resource_missing"
    " revocation_of_all_authorizations"
)
_GONE = frozenset(_FOR_GOOD.split())

_ENTER_AGAIN = (
    "incorrect_number invalid_number invalid_expiry_month invalid_expiry_year incorrect_cvc"
    " invalid_cvc incorrect_zip invalid_account incorrect_account_details"
    " new_account_information_available no_account account_closed bank_account_closed"
    " payment_method_unexpected_state resource_missing"
)
_WITHDRAWN = (
    "debit_not_authorized mandate_invalid payment_intent_mandate_invalid stop_payment_order"
    " revocation_of_authorization revocation_of_all_authorizations"
)
_REASONS = (
    dict.fromkeys(_ENTER_AGAIN.split(), CustomerReason.ENTER_AGAIN)
    | dict.fromkeys(_WITHDRAWN.split(), CustomerReason.WITHDRAWN)
    | dict.fromkeys(("authentication_required", "approve_with_id"), CustomerReason.CONFIRM)
    | {
        "expired_card": CustomerReason.EXPIRED,
        "insufficient_funds": CustomerReason.NO_FUNDS,
    }
)
"""What a customer may read. That a card was lost, stolen or looks like fraud is not said (1.12)."""


@dataclass(frozen=True, slots=True)
class Decline:
    """What a decline means: whether this means of payment can work again, and what is told."""

    hard: bool
    means_gone: bool
    reason: CustomerReason


def decline_of(code: str, advice: str) -> Decline:
    """The meaning of a decline code and of Stripe's advice, either may be empty."""
    reason = _REASONS.get(code, CustomerReason.GENERAL)
    if advice == "confirm_card_data":
        return Decline(hard=True, means_gone=False, reason=CustomerReason.ENTER_AGAIN)
    hard = {"do_not_try_again": True, "try_again_later": False}.get(advice, code in _HARD)
    return Decline(hard=hard, means_gone=hard and code in _GONE, reason=reason)
