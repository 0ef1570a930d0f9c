"""What a contract's parts must keep to be billed without surprises (F020-F027); pure checks.

Each function yields every fault it finds, so that a person can mend all of them at once.
"""

from collections.abc import Iterator
from datetime import date

from faktura.domain.activities import OpenActivity
from faktura.domain.articles import pick_price, unit_allowed
from faktura.domain.contracts import Contract
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.kernel.errors import (
    CurrencyMismatch,
    FakturaError,
    FieldInvalid,
    FieldMissing,
    OutOfRange,
    PriceMissing,
)
from faktura.kernel.terms import Renewal


def subscription_faults(subscription: Subscription, contract: Contract) -> Iterator[FakturaError]:
    """Dates in order, and a renewal with the terms it needs and no others (F027, F035)."""
    yield from _not_before(
        subscription.term_start, contract.start, field="termStart", bound="the contract's start"
    )
    if subscription.payment_start is not None:
        yield from _not_before(
            subscription.payment_start,
            subscription.term_start,
            field="paymentStart",
            bound="termStart",
        )
    if subscription.terminated_as_of is not None:
        yield from _after(
            subscription.terminated_as_of,
            subscription.term_start,
            field="terminatedAsOf",
            bound="termStart",
        )
    if subscription.renewal is not Renewal.INDEFINITE and subscription.minimum_term is None:
        yield FieldMissing(
            f"renewal {subscription.renewal} follows a minimum term",
            place="minimumTerm",
            mend="Give it, or use renewal INDEFINITE",
        )
    is_fixed = subscription.renewal is Renewal.FIXED
    if is_fixed and subscription.renewal_term is None:
        yield FieldMissing(
            "a fixed renewal has a length", place="renewalTerm", mend="Give months or years"
        )
    if not is_fixed and subscription.renewal_term is not None:
        yield FieldInvalid(
            f"renewal {subscription.renewal} has no length",
            place="renewalTerm",
            mend="Remove it, or use renewal FIXED",
        )


def item_faults(
    item: SubscriptionItem, contract: Contract, billed_until: date | None
) -> Iterator[FakturaError]:
    """The unit rule (F024, F025), dates in order, and a price for the next period."""
    if not item.article.recurring:
        yield FieldInvalid(
            f"article {item.article.number} does not recur",
            place="articleNumber",
            mend="Use a subscription article here, or record an activity",
        )
    if not unit_allowed(item.article.unit, contract.interval):
        yield FieldInvalid(
            f"article {item.article.number} is per {item.article.unit}, "
            f"the contract is billed per {contract.interval.unit}",
            place="articleNumber",
            mend="Use an article of the interval's unit, or one per PIECE or NONE",
        )
    yield from _not_before(
        item.start, item.subscription.term_start, field="from", bound="termStart"
    )
    if item.until is not None:
        yield from _after(item.until, item.start, field="until", bound="from")
    if billed_until is not None:
        yield from _migration_faults(item, billed_until)
    yield from _price_faults(item, contract, billed_until)


def activity_faults(activity: OpenActivity, contract: Contract) -> Iterator[FakturaError]:
    """A one-off is billed on a day or by hand, has a quantity, and a price (F040)."""
    if activity.manual and activity.invoice_on is not None:
        yield FieldInvalid(
            "what is billed by hand has no day", place="invoiceOn", mend="Remove it, or manual"
        )
    if not activity.quantity:
        yield OutOfRange("the quantity is 0", place="quantity", mend="Give how many")
    if activity.unit_price is None:
        try:
            pick_price(
                activity.article,
                (),
                on=activity.service.start,
                currency=contract.currency,
                quantity=activity.quantity,
            )
        except PriceMissing as fault:
            yield fault.at("articleNumber")


def _migration_faults(item: SubscriptionItem, billed_until: date) -> Iterator[FakturaError]:
    """F019: an exclusive bound, behind the first day that is paid and within the item's time."""
    yield from _after(
        billed_until, item.first_paid_day, field="billedUntil", bound="the first paid day"
    )
    if item.until is not None and billed_until > item.until:
        yield OutOfRange(
            f"{billed_until} lies behind until {item.until}",
            place="billedUntil",
            mend="Give the first day that is not billed yet",
        )


def _price_faults(
    item: SubscriptionItem, contract: Contract, billed_until: date | None
) -> Iterator[FakturaError]:
    for no, price in enumerate(item.special_prices, 1):
        if price.currency != contract.currency:
            yield CurrencyMismatch(
                f"the contract is in {contract.currency}, the price in {price.currency}",
                place=f"specialPrices.{no}.currency",
                mend="Give the price in the contract's currency",
            )
    first = max(item.first_paid_day, billed_until or item.first_paid_day)
    if item.until is not None and item.until <= first:
        return
    try:
        pick_price(
            item.article,
            item.special_prices,
            on=first,
            currency=contract.currency,
            quantity=item.quantity,
        )
    except PriceMissing as fault:
        yield fault.at("articleNumber")


def _not_before(day: date, earliest: date, *, field: str, bound: str) -> Iterator[FakturaError]:
    if day < earliest:
        yield OutOfRange(
            f"{day} lies before {bound} {earliest}", place=field, mend=f"Use {earliest} or later"
        )


def _after(day: date, start: date, *, field: str, bound: str) -> Iterator[FakturaError]:
    if day <= start:
        yield OutOfRange(
            f"{day} is not after {bound} {start}",
            place=field,
            mend="It is an exclusive bound: the first day that no longer counts",
        )
