"""What a tenant decides about collecting, and what contradicts itself (payments 6.6)."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from faktura.domain.payment_policies import MethodPolicy, PaymentPolicies, check_policies
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.terms import PaymentMethod

CARD = PaymentMethod.CARD
DEFAULT = PaymentPolicies()


def test_a_method_that_is_not_named_has_the_default():
    """Cards are tried again after 1, 3, 7 and 14 days, a debit once: each return costs a fee."""
    own = MethodPolicy(retry_days=(2,))
    policies = PaymentPolicies({CARD: own})

    assert policies.of(CARD) == own
    assert policies.of(PaymentMethod.PAYPAL).retry_days == (1, 3, 7, 14)
    assert DEFAULT.of(PaymentMethod.SEPA_DEBIT).retry_days == (3,)
    assert DEFAULT.of(PaymentMethod.TRANSFER).retry_days == ()


def card(**changes: Any) -> PaymentPolicies:
    return PaymentPolicies({CARD: replace(MethodPolicy(), **changes)})


@pytest.mark.parametrize(
    "policies",
    [
        DEFAULT,
        card(retry_days=(1, 3, 7, 90)),
        card(lapse_days=60),
        replace(DEFAULT, most_tries=15, most_tries_of_means=1),
    ],
)
def test_policies_that_make_sense_are_taken(policies):
    check_policies(policies)


@pytest.mark.parametrize(
    ("policies", "place"),
    [
        (replace(DEFAULT, not_before=time(20), not_after=time(20)), "notBefore"),
        (replace(DEFAULT, most_tries=0), "mostTries"),
        (replace(DEFAULT, most_tries_of_means=16), "mostTriesOfMeans"),
        (PaymentPolicies({PaymentMethod.TRANSFER: MethodPolicy()}), "TRANSFER"),
        (card(retry_days=(0, 1)), "CARD.retryDays"),
        (card(retry_days=(1, 91)), "CARD.retryDays"),
        (card(retry_days=(3, 3)), "CARD.retryDays"),
        (card(retry_days=(1, 2, 3, 4, 5)), "CARD.retryDays"),
        (card(lapse_days=0), "CARD.lapseDays"),
        (card(lapse_days=61), "CARD.lapseDays"),
    ],
)
def test_policies_that_contradict_themselves_are_refused_with_the_field(policies, place):
    with pytest.raises(FieldInvalid) as refused:
        check_policies(policies)

    assert refused.value.place == place
