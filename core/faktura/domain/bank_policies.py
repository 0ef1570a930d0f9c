"""What a tenant decides about its bank: what is booked by itself, discounts, small differences (F097)."""

from dataclasses import dataclass
from decimal import Decimal

from faktura.kernel.bank_terms import AutoBooking
from faktura.kernel.errors import FieldInvalid

_LONGEST = 365
_MOST_PERCENT = 20
_MOST_HOURS = 168


@dataclass(frozen=True, slots=True)
class DiscountTerms:
    """Cash discount that the tenant grants: `percent` of a document paid within `days` of its date."""

    percent: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class BankPolicy:
    """How bank movements are dealt with from now on.

    `auto` says whether an exact match is booked or only marked. `discount` is the tenant's cash
    discount; money that comes `grace_days` later is still in time, and with `takes_discount` a payment
    that is short by exactly that is booked by itself. A person may give up `most_given_up` minor
    units of the tenant's currency of a document with a payment; 0 allows none. Feeds are asked every
    `feed_hours` at most, and a consent that ends within `consent_days` is warned of.
    """

    auto: AutoBooking = AutoBooking.BOOK
    discount: DiscountTerms | None = None
    grace_days: int = 3
    takes_discount: bool = False
    most_given_up: int = 0
    feed_hours: int = 6
    consent_days: int = 14


def check_bank_policy(policy: BankPolicy) -> None:
    """Raise FieldInvalid for a policy that says what cannot be meant."""
    for name, value, least, most in (
        ("graceDays", policy.grace_days, 0, _LONGEST),
        ("mostGivenUp", policy.most_given_up, 0, 10_000),
        ("feedHours", policy.feed_hours, 1, _MOST_HOURS),
        ("consentDays", policy.consent_days, 0, _LONGEST),
    ):
        if not least <= value <= most:
            raise FieldInvalid(f"{value} is not {least} to {most}", place=name)
    terms = policy.discount
    if terms is None:
        if policy.takes_discount:
            raise FieldInvalid(
                "there is no discount to take",
                place="takesDiscount",
                mend="Name its percent and days",
            )
        return
    if not 0 < terms.percent <= _MOST_PERCENT:
        raise FieldInvalid(
            f"{terms.percent} % is not above 0 and at most {_MOST_PERCENT}",
            place="discount.percent",
        )
    if not 1 <= terms.days <= _LONGEST:
        raise FieldInvalid(f"{terms.days} is not 1 to {_LONGEST}", place="discount.days")
