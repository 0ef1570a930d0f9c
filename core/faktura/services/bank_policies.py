"""Setting how a tenant's bank movements are dealt with; what was set before stays on record."""

import re
from dataclasses import replace
from typing import TypedDict, TypeVar

from faktura.domain.bank_policies import BankPolicy, DiscountTerms
from faktura.domain.events import EventType
from faktura.kernel.bank_terms import AutoBooking
from faktura.kernel.decimals import decimal_from_text
from faktura.kernel.errors import FieldInvalid, shortened
from faktura.kernel.money import Money
from faktura.services.accounting_events import accounting_event
from faktura.services.outbox import announce
from faktura.services.tenants import change_tenant
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

T = TypeVar("T")
_NONE = "none"
_DAYS = re.compile(r"\s*[0-9]{1,4}\s*")


class PolicyChange(TypedDict):
    """What of a policy is set, as people write it; None leaves it as it is."""

    auto: str | None
    discount: str | None
    grace_days: int | None
    takes_discount: bool | None
    most_given_up: str | None
    feed_hours: int | None
    consent_days: int | None


def change_bank_policy(tx: Tx, change: PolicyChange, *, by: str) -> BankPolicy:
    """Deal with movements as the changed policy says from now on; gives that policy.

    What was booked or marked stays as it is. `by` says who sets it. Raises FieldInvalid for a policy
    that says what cannot be meant, and as its texts are read.
    """
    tenant = lock_tenant(tx)
    policy = _changed(tenant.bank, change, tenant.currency)
    if policy == tenant.bank:
        return policy
    change_tenant(tx, replace(tenant, bank=policy))
    data: dict[str, object] = {
        "bank": bank_policy_record(policy, tenant.currency),
        "old": bank_policy_record(tenant.bank, tenant.currency),
        "by": by,
    }
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
    return policy


def discount_from_text(text: str) -> DiscountTerms | None:
    """Cash discount as people write it: `2/14` is 2 % within 14 days, `none` is no discount.

    Raises FieldInvalid for what is neither, AmountUnreadable for a percentage that is no number.
    """
    if text.strip().casefold() == _NONE:
        return None
    percent, _, days = text.partition("/")
    if _DAYS.fullmatch(days) is None:
        raise FieldInvalid(
            f"“{shortened(text)}” is no cash discount",
            place="discount",
            mend="Write percent and days, e.g. 2/14, or none",
        )
    return DiscountTerms(decimal_from_text(percent.strip(), field="discount"), int(days))


def bank_policy_record(policy: BankPolicy, currency: str) -> dict[str, object]:
    """Every field of a policy as JSON has it; the discount as `discount_from_text` reads it."""
    terms = policy.discount
    return {
        "auto": policy.auto.value,
        "discount": None if terms is None else f"{terms.percent}/{terms.days}",
        "graceDays": policy.grace_days,
        "takesDiscount": policy.takes_discount,
        "mostGivenUp": str(Money(policy.most_given_up, currency).decimal),
        "feedHours": policy.feed_hours,
        "consentDays": policy.consent_days,
    }


def _changed(known: BankPolicy, change: PolicyChange, currency: str) -> BankPolicy:
    auto, discount, given_up = change["auto"], change["discount"], change["most_given_up"]
    return BankPolicy(
        known.auto if auto is None else AutoBooking(auto.upper()),
        known.discount if discount is None else discount_from_text(discount),
        _new(change["grace_days"], known.grace_days),
        _new(change["takes_discount"], known.takes_discount),
        known.most_given_up if given_up is None else _minor(given_up, currency),
        _new(change["feed_hours"], known.feed_hours),
        _new(change["consent_days"], known.consent_days),
    )


def _new(given: T | None, known: T) -> T:
    return known if given is None else given


def _minor(text: str, currency: str) -> int:
    field = "mostGivenUp"
    return Money.from_decimal(decimal_from_text(text, field=field), currency, field=field).minor
