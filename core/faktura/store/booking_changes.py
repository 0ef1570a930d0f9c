"""Bookings that change before they are billed: waiting activities and subscription items (F041)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update

from faktura.domain.activities import OpenActivity
from faktura.domain.discounts import Discount
from faktura.domain.subscriptions import SubscriptionItem
from faktura.store.activities import agreed_json
from faktura.store.codec import to_json
from faktura.store.subscriptions import booked_json
from faktura.store.tables import activity, subscription, subscription_item
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ActivityStanding:
    """Whether an activity is billed, and whether it is of a subscription item."""

    billed: bool
    recurring: bool


def standing_of_activity(tx: Tx, contract_id: UUID, activity_id: UUID) -> ActivityStanding | None:
    """How an activity of the contract stands; None where the contract has none of that id."""
    row = tx.connection.execute(
        select(activity.c.billed, activity.c.item_id).where(
            activity.c.tenant_id == tx.tenant_id,
            activity.c.contract_id == contract_id,
            activity.c.id == activity_id,
        )
    ).one_or_none()
    return None if row is None else ActivityStanding(row.billed, row.item_id is not None)


def update_waiting(tx: Tx, changed: OpenActivity) -> None:
    """Store what may change of an activity that waits; one that is billed stays as it is."""
    tx.connection.execute(
        update(activity)
        .where(*_waiting(tx, changed.id))
        .values(
            service_start=changed.service.start,
            service_end=changed.service.end,
            quantity=changed.quantity,
            manual=changed.manual,
            invoice_on=changed.invoice_on,
            data=agreed_json(changed),
        )
    )


def remove_waiting(tx: Tx, activity_id: UUID) -> None:
    """Take away an activity that waits; one that is billed stays."""
    tx.connection.execute(delete(activity).where(*_waiting(tx, activity_id)))


def _waiting(tx: Tx, activity_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        activity.c.tenant_id == tx.tenant_id,
        activity.c.id == activity_id,
        ~activity.c.billed,
    )


def was_ever_billed(tx: Tx, item_id: UUID) -> bool:
    """Whether a period of the item was ever billed, even if it was taken back since."""
    return bool(
        tx.connection.execute(
            select(
                exists().where(activity.c.tenant_id == tx.tenant_id, activity.c.item_id == item_id)
            )
        ).scalar()
    )


def update_item(tx: Tx, changed: SubscriptionItem) -> None:
    """Store an item's quantity, days, discount, and how it is booked and explained."""
    discount = changed.discount
    tx.connection.execute(
        update(subscription_item)
        .where(*_item(tx, changed.id))
        .values(
            quantity=changed.quantity,
            start=changed.start,
            until=changed.until,
            discount=None if discount is None else to_json(discount, Discount),
            data=booked_json(changed),
        )
    )


def remove_item(tx: Tx, item_id: UUID) -> None:
    """Take away an item of which no activity tells."""
    tx.connection.execute(delete(subscription_item).where(*_item(tx, item_id)))


def _item(tx: Tx, item_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return subscription_item.c.tenant_id == tx.tenant_id, subscription_item.c.id == item_id


def move_payment_start(tx: Tx, subscription_id: UUID, day: date) -> None:
    """Store the first day that costs (F035)."""
    tx.connection.execute(
        update(subscription)
        .where(subscription.c.tenant_id == tx.tenant_id, subscription.c.id == subscription_id)
        .values(payment_start=day)
    )
