"""The first share: days between the start of payment and the regular billing, as one-offs (F038)."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from faktura.domain.charges import Charge, recurring_charge
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.service_periods import ServicePeriod, unbilled_periods
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.periods import Period, period_at
from faktura.kernel.terms import DayCount


@dataclass(frozen=True, slots=True)
class ItemShare:
    """What the days of `service` cost for an item; `parts` says of which periods they are."""

    item: SubscriptionItem
    service: Period
    net: Money
    parts: str


def check_share(subscription: Subscription, contract: Contract, until: date) -> None:
    """The share ends inside the interval in which payment starts, at its end at the latest.

    `until` is exclusive. Raises OutOfRange with the days that are possible, TransitionRefused where
    periods are never prorated.
    """
    if contract.day_count is DayCount.NONE:
        raise TransitionRefused(
            f"contract {contract.number} bills whole periods only: there is no share (F038)",
            place="contract.dayCount",
            mend="Record a one-off with the price that was agreed",
        )
    start = subscription.first_paid_day
    most = period_at(contract.billing_anchor, contract.interval, start).end
    if not start < until <= most:
        raise OutOfRange(
            f"payment starts on {start} and the next interval on {most}: {until} is no end of the"
            " share between them (F038)",
            place="until",
            mend=f"Give a day after {start}, {most} at the latest",
        )


def item_share(
    tenant: Tenant, customer: Customer, contract: Contract, item: SubscriptionItem, until: date
) -> ItemShare | None:
    """What an unbilled item costs up to `until` (exclusive); None where nothing of it lies before.

    Each period's part is rounded as the plan rounds it: with the rest, billed later, it makes the
    whole (P16). Raises PriceMissing, TaxCaseMissing.
    """
    begun = takewhile(
        lambda period: period.service.start < until, unbilled_periods(item, contract, None)
    )
    charges = [
        recurring_charge(tenant, customer, contract, item, _cut(period, until)) for period in begun
    ]
    if not charges:
        return None
    service = Period(charges[0].service.start, charges[-1].service.end)
    net = total([charge.net for charge in charges], contract.currency)
    return ItemShare(item, service, net, ", ".join(_fraction(charge) for charge in charges))


def _cut(period: ServicePeriod, until: date) -> ServicePeriod:
    service = replace(period.service, end=min(period.service.end, until))
    return ServicePeriod(period.nominal, period.nominal if service == period.nominal else service)


def _fraction(charge: Charge) -> str:
    """`2 × 30.00 EUR × 17/31`, or without the fraction for a whole period."""
    price = f"{charge.item_quantity:f} × {charge.picked.price.unit_price:f} {charge.net.currency}"
    part = charge.part
    return price if part.is_whole else f"{price} × {part.days}/{part.whole}"
