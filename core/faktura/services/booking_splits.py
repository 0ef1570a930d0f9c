"""Bookings split in two, with a task for a person to check both (F039)."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.discounts import Discount
from faktura.domain.events import EventType
from faktura.domain.splits import split_activity, split_item
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tenants import Tenant
from faktura.kernel.contract_terms import TaskKind
from faktura.services.booking_facts import tell_of_booking
from faktura.services.named_bookings import locked_activity, locked_item
from faktura.store.activities import write_open
from faktura.store.booking_changes import update_item, update_waiting
from faktura.store.subscriptions import write_items
from faktura.store.tasks import write_task
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class SplitItem:
    """The task that asks to check a split, and the two items that came of it."""

    task_id: UUID
    parts: tuple[SubscriptionItem, SubscriptionItem]


@dataclass(frozen=True, slots=True)
class SplitActivity:
    """The task that asks to check a split, and the two activities that came of it."""

    task_id: UUID
    parts: tuple[OpenActivity, OpenActivity]


def split_booked_item(
    tx: Tx,
    tenant: Tenant,
    number: str,
    item_id: UUID,
    part: Decimal,
    projects: Collection[UUID] | None = None,
) -> SplitItem:
    """Split an item into quantity - `part` and `part`, from where it is not billed yet (F039).

    Raises NotFound, also outside `projects` (None: all), OutOfRange for a part that is not one,
    TransitionRefused where the contract is final or nothing is left to split.
    """
    present = locked_item(tx, number, item_id, projects)
    contract, item = present.contract, present.item
    done = split_item(item, part, contract, present.billed_until, tx.new_id)
    first, second = done.parts
    if done.ended is None:
        update_item(tx, first)
        write_items(tx, [(contract.id, second)])
    else:
        update_item(tx, done.ended)
        write_items(tx, [(contract.id, one) for one in done.parts])
    task_id = write_task(
        tx,
        TaskKind.CHECK_SPLIT,
        contract.id,
        _problem(item.article.number, done.parts, item.discount),
    )
    facts = {"itemId": str(item_id), "from": None if done.ended is None else first.start}
    tell_of_booking(
        tx,
        tenant,
        contract,
        {**facts, **_parts("itemIds", done.parts), "taskId": str(task_id)},
        EventType.CONTRACT_ITEM_SPLIT,
    )
    return SplitItem(task_id, done.parts)


def split_waiting_activity(
    tx: Tx,
    tenant: Tenant,
    number: str,
    activity_id: UUID,
    part: Decimal,
    projects: Collection[UUID] | None = None,
) -> SplitActivity:
    """Split an activity that waits into quantity - `part` and `part` (F039).

    Raises NotFound, also outside `projects` (None: all), OutOfRange for a part that is not one,
    TransitionRefused where the contract is final or the activity billed.
    """
    present = locked_activity(tx, number, activity_id, projects)
    contract, activity = present.contract, present.activity
    parts = split_activity(activity, part, tx.new_id)
    update_waiting(tx, parts[0])
    write_open(tx, contract.id, [parts[1]])
    task_id = write_task(
        tx,
        TaskKind.CHECK_SPLIT,
        contract.id,
        _problem(activity.article.number, parts, activity.discount),
    )
    tell_of_booking(
        tx,
        tenant,
        contract,
        {
            "activityId": str(activity_id),
            **_parts("activityIds", parts),
            "taskId": str(task_id),
        },
        EventType.CONTRACT_ITEM_SPLIT,
    )
    return SplitActivity(task_id, parts)


Parts = tuple[SubscriptionItem, SubscriptionItem] | tuple[OpenActivity, OpenActivity]


def _parts(name: str, parts: Parts) -> dict[str, object]:
    first, second = parts
    return {
        name: [str(first.id), str(second.id)],
        "quantities": [first.quantity, second.quantity],
    }


def _problem(article_number: str, parts: Parts, discount: Discount | None) -> str:
    """What a person is asked to check."""
    first, second = parts
    told = f"{article_number} was split into {first.quantity:f} and {second.quantity:f}: check both"
    if discount is None or discount.amount is None:
        return told
    return f"{told}. The fixed discount of {discount.amount:f} was taken off (F039)"
