"""How open amounts are collected, as a file or request says it: retries, follow-ups, hours, limits."""

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from faktura.domain.payment_policies import (
    MethodPolicy,
    PaymentPolicies,
    check_policies,
)
from faktura.kernel.errors import FieldInvalid, shortened
from faktura.kernel.payment_terms import FollowUp
from faktura.kernel.terms import PaymentMethod
from faktura.services.imports.checks import Fields, checked
from faktura.services.imports.text_fields import Line
from faktura.services.imports.value_fields import Count, as_word

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_NO_POLICY = MethodPolicy()
_NO_POLICIES = PaymentPolicies()


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise FieldInvalid(f"“{shortened(text)}” is no time of day", mend="Write it like 08:00")
    return text


DayTime = Annotated[
    str,
    AfterValidator(checked(_time)),
    WithJsonSchema({"type": "string", "pattern": _TIME.pattern}),
]
FollowUpWord = Annotated[FollowUp, as_word(FollowUp)]


class MethodPolicyFields(Fields):
    """How one payment method is collected; what is left out is as it is without a policy."""

    retry_days: tuple[Count, ...] | None = Field(
        default=None,
        strict=False,
        description="Days from the first failure to each further attempt, rising; empty: none."
        " Left out: the method's own, 1, 3, 7, 14 for cards and PayPal, 3 for SEPA_DEBIT.",
    )
    follow_up: FollowUpWord = Field(
        default=FollowUp.NONE, description="What a chargeback does (F094)."
    )
    actions: tuple[Line, ...] = Field(
        default=(), strict=False, description="Further actions, by the names that plugins give."
    )
    lapse_days: Count = Field(
        default=_NO_POLICY.lapse_days, description="How long the customer may take to confirm."
    )

    def policy_of(self, method: PaymentMethod) -> MethodPolicy:
        """The policy of that method."""
        days = self.retry_days
        if days is None:
            days = _NO_POLICIES.of(method).retry_days
        return MethodPolicy(days, self.follow_up, self.actions, self.lapse_days)


class PolicyFields(Fields):
    """All policies of a tenant; methods that are not named are collected by default."""

    sepa_debit: MethodPolicyFields | None = Field(default=None, description="Of SEPA_DEBIT.")
    card: MethodPolicyFields | None = Field(default=None, description="Of CARD.")
    paypal: MethodPolicyFields | None = Field(default=None, description="Of PAYPAL.")
    not_before: DayTime = Field(default="08:00", description="From when of the local day.")
    not_after: DayTime = Field(default="20:00", description="Until when of the local day.")
    most_tries: Count = Field(
        default=_NO_POLICIES.most_tries, description="Attempts for one document, by people as well."
    )
    most_tries_of_means: Count = Field(
        default=_NO_POLICIES.most_tries_of_means,
        description="Attempts with one means of payment in 30 days, over all documents.",
    )

    @property
    def policies(self) -> PaymentPolicies:
        """The policies; raises FieldInvalid for what contradicts itself."""
        named = {
            PaymentMethod.SEPA_DEBIT: self.sepa_debit,
            PaymentMethod.CARD: self.card,
            PaymentMethod.PAYPAL: self.paypal,
        }
        found = PaymentPolicies(
            {method: own.policy_of(method) for method, own in named.items() if own is not None},
            time.fromisoformat(self.not_before),
            time.fromisoformat(self.not_after),
            self.most_tries,
            self.most_tries_of_means,
        )
        check_policies(found)
        return found


def policy_record(policies: PaymentPolicies) -> dict[str, object]:
    """Every field of PolicyFields as JSON has it, with the defaults of methods that are not named."""
    methods = {
        "sepaDebit": PaymentMethod.SEPA_DEBIT,
        "card": PaymentMethod.CARD,
        "paypal": PaymentMethod.PAYPAL,
    }
    return {
        **{name: _method_record(policies.of(method)) for name, method in methods.items()},
        "notBefore": policies.not_before.isoformat("minutes"),
        "notAfter": policies.not_after.isoformat("minutes"),
        "mostTries": policies.most_tries,
        "mostTriesOfMeans": policies.most_tries_of_means,
    }


def _method_record(policy: MethodPolicy) -> dict[str, object]:
    return {
        "retryDays": list(policy.retry_days),
        "followUp": policy.follow_up.value,
        "actions": list(policy.actions),
        "lapseDays": policy.lapse_days,
    }
