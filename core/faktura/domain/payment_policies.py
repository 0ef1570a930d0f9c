"""What a tenant decides about collecting: when it is tried again, what follows a chargeback (F094)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise

from faktura.kernel.errors import FieldInvalid
from faktura.kernel.payment_terms import FollowUp
from faktura.kernel.terms import PaymentMethod

# Visa allows 15 attempts with a card in 30 days; more cost a fee each.
_MOST_TRIES = 15
_LAST_RETRY, _LONGEST_LAPSE = 90, 60


@dataclass(frozen=True, slots=True)
class MethodPolicy:
    """How one payment method is collected.

    `retry_days` are days from the first failure to each further attempt, in rising order (payments
    6.6). `follow_up` is what a chargeback does (F094), `actions` are further ones by name of their
    plugin's adapter. `lapse_days` is how long the customer may take to confirm an attempt.
    """

    retry_days: tuple[int, ...] = ()
    follow_up: FollowUp = FollowUp.NONE
    actions: tuple[str, ...] = ()
    lapse_days: int = 7


_DEFAULTS: Mapping[PaymentMethod, MethodPolicy] = {
    PaymentMethod.TRANSFER: MethodPolicy(),
    PaymentMethod.SEPA_DEBIT: MethodPolicy(retry_days=(3,)),
    PaymentMethod.CARD: MethodPolicy(retry_days=(1, 3, 7, 14)),
    PaymentMethod.PAYPAL: MethodPolicy(retry_days=(1, 3, 7, 14)),
}


@dataclass(frozen=True, slots=True)
class PaymentPolicies:
    """The tenant's policies; a method that is not named has the default.

    Attempts are made between `not_before` and `not_after` of the tenant's local day. A document is
    tried at most `most_tries` times, a means of payment `most_tries_of_means` times in 30 days over
    all documents, by people as well (scheme limits, payments 6.6).
    """

    by_method: Mapping[PaymentMethod, MethodPolicy] = field(default_factory=dict)
    not_before: time = time(8)
    not_after: time = time(20)
    most_tries: int = 5
    most_tries_of_means: int = 10

    def of(self, method: PaymentMethod) -> MethodPolicy:
        """The policy of a method."""
        return self.by_method.get(method) or _DEFAULTS[method]


def check_policies(policies: PaymentPolicies) -> None:
    """Raise FieldInvalid for policies that contradict themselves or would collect without an end."""
    if policies.not_before >= policies.not_after:
        raise FieldInvalid(
            f"{policies.not_before:%H:%M} is not before {policies.not_after:%H:%M}",
            place="notBefore",
            mend="Attempts are made between them on the same day",
        )
    for name, tries in (
        ("mostTries", policies.most_tries),
        ("mostTriesOfMeans", policies.most_tries_of_means),
    ):
        if not 1 <= tries <= _MOST_TRIES:
            raise FieldInvalid(
                f"{tries} attempts are not allowed",
                place=name,
                mend=f"Use 1 to {_MOST_TRIES}: card schemes charge for more in 30 days",
            )
    for method, policy in policies.by_method.items():
        _check_method(method, policy, policies.most_tries)


def _check_method(method: PaymentMethod, policy: MethodPolicy, most_tries: int) -> None:
    days = policy.retry_days
    if method is PaymentMethod.TRANSFER:
        raise FieldInvalid("transfers are not collected", place=method)
    if any(not 1 <= day <= _LAST_RETRY for day in days) or any(
        one >= other for one, other in pairwise(days)
    ):
        raise FieldInvalid(
            f"{', '.join(map(str, days))} are no rising days of 1 to {_LAST_RETRY}",
            place=f"{method}.retryDays",
            mend="Name the days after the first failure, such as 1, 3, 7, 14",
        )
    if len(days) >= most_tries:
        raise FieldInvalid(
            f"{len(days)} further attempts are more than {most_tries} altogether",
            place=f"{method}.retryDays",
            mend="Name fewer days, or raise mostTries",
        )
    if not 1 <= policy.lapse_days <= _LONGEST_LAPSE:
        raise FieldInvalid(
            f"{policy.lapse_days} days are not 1 to {_LONGEST_LAPSE}", place=f"{method}.lapseDays"
        )
