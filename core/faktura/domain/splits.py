"""A booking of several split into two, so that each can go its own way (F039).

What is billed stays as it is: an item that is billed already ends there and goes on as two. A fixed
discount is left off both parts, for nobody can say which of them it was meant for.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from faktura.domain.activities import OpenActivity
from faktura.domain.articles import service_cycle
from faktura.domain.contracts import Contract
from faktura.domain.discounts import Discount
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.decimals import ONE
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.ids import IdSource
from faktura.kernel.periods import boundary, start_at
from faktura.kernel.terms import DayCount


@dataclass(frozen=True, slots=True)
class ItemSplit:
    """The two parts of an item; `ended` is the item that they follow from the day `ended.until` on.

    None where nothing was billed: then the first part is the item itself.
    """

    parts: tuple[SubscriptionItem, SubscriptionItem]
    ended: SubscriptionItem | None = None


def split_item(
    item: SubscriptionItem,
    part: Decimal,
    contract: Contract,
    billed_until: date | None,
    new_id: IdSource,
) -> ItemSplit:
    """The item as one of quantity - `part` and one of `part` (F039).

    Raises OutOfRange for a part that is not one, TransitionRefused where nothing is left to split.
    """
    rest = _rest(item.quantity, part)
    whole = replace(item, discount=_kept(item.discount))
    if billed_until is None:
        return ItemSplit(
            (replace(whole, quantity=rest), replace(whole, id=new_id(), quantity=part))
        )
    on = _first_unbilled(item, contract, billed_until)
    end = min((day for day in (item.until, contract.end) if day is not None), default=None)
    if end is not None and end <= on:
        raise TransitionRefused(
            f"the item is billed until {billed_until} and ends on {end}: nothing of it is left to"
            " split (F039)",
            place="itemId",
            mend="Split an item that goes on",
        )
    first, second = (
        replace(whole, id=new_id(), quantity=quantity, start=on) for quantity in (rest, part)
    )
    return ItemSplit((first, second), replace(item, until=on))


def split_activity(
    activity: OpenActivity, part: Decimal, new_id: IdSource
) -> tuple[OpenActivity, OpenActivity]:
    """The activity with quantity - `part`, and a second one with `part` (F039).

    Raises OutOfRange for a part that is not one.
    """
    rest = _rest(activity.quantity, part)
    whole = replace(activity, discount=_kept(activity.discount))
    return replace(whole, quantity=rest), replace(whole, id=new_id(), quantity=part)


def _first_unbilled(item: SubscriptionItem, contract: Contract, billed_until: date) -> date:
    """The day on which the parts begin."""
    cycle = service_cycle(item.article.unit, contract.interval)
    k, start = start_at(item.anchor, cycle, billed_until)
    if contract.day_count is DayCount.NONE and start != billed_until:
        # A period begun elsewhere was billed whole there; parts that began in it would bill it again.
        return boundary(item.anchor, cycle, k + 1)
    return billed_until


def _rest(quantity: Decimal, part: Decimal) -> Decimal:
    if quantity <= ONE:
        raise OutOfRange(
            f"the quantity is {quantity}; only a booking of more than 1 is split (F039)",
            place="quantity",
            mend="Change the booking instead",
        )
    if not 0 < part < quantity:
        raise OutOfRange(
            f"{part} is not a part of {quantity} (F039)",
            place="quantity",
            mend=f"Give more than 0 and less than {quantity}",
        )
    return quantity - part


def _kept(discount: Discount | None) -> Discount | None:
    """What stays of a discount: per cent fits each part, a fixed amount neither."""
    return discount if discount is None or discount.percent is not None else None
