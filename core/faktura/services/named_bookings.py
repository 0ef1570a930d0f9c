"""Bookings by their ids, locked before they change: items and activities that wait (F041, F042)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import FINAL, Contract
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.services.visible_contracts import locked_contracts
from faktura.store.billable import view_of
from faktura.store.booking_changes import standing_of_activity
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class NamedItem:
    """A subscription item with its contract and the exclusive end of what is billed of it."""

    view: BillableContract
    item: SubscriptionItem
    billed_until: date | None

    @property
    def contract(self) -> Contract:
        """The contract it belongs to."""
        return self.view.contract


@dataclass(frozen=True, slots=True)
class NamedActivity:
    """An activity that waits, with its contract."""

    view: BillableContract
    activity: OpenActivity

    @property
    def contract(self) -> Contract:
        """The contract it belongs to."""
        return self.view.contract


def locked_view(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> BillableContract:
    """A contract that may still change, read once nobody else can change it (P47).

    Raises NotFound, also for one outside `projects` (None: all), TransitionRefused for one that
    has ended or was voided.
    """
    contract = locked_contracts(tx, [number], projects)[0]
    if contract.state in FINAL:
        raise TransitionRefused(
            f"contract {number} is {contract.state}: nothing of it changes any more",
            place="contract.state",
            mend="Change another contract of the customer",
        )
    return view_of(tx, contract.id)


def locked_item(
    tx: Tx, number: str, item_id: UUID, projects: Collection[UUID] | None = None
) -> NamedItem:
    """An item of the contract; raises NotFound and TransitionRefused as `locked_view` does."""
    view = locked_view(tx, number, projects)
    for item, billed_until in zip(view.items, view.billed_until, strict=True):
        if item.id == item_id:
            return NamedItem(view, item, billed_until)
    raise NotFound(f"contract {number} has no item {item_id}", place="itemId")


def locked_activity(
    tx: Tx, number: str, activity_id: UUID, projects: Collection[UUID] | None = None
) -> NamedActivity:
    """An activity of the contract that waits.

    Raises NotFound and TransitionRefused as `locked_view` does, TransitionRefused also for one that
    is billed (F041) or of a subscription.
    """
    view = locked_view(tx, number, projects)
    for activity in view.activities:
        if activity.id == activity_id:
            return NamedActivity(view, activity)
    standing = standing_of_activity(tx, view.contract.id, activity_id)
    if standing is None:
        raise NotFound(f"contract {number} has no activity {activity_id}", place="activityId")
    if standing.recurring:
        raise TransitionRefused(
            "the activity is a period of a subscription item, not a booking of its own (F041)",
            place="activityId",
            mend="Change the item",
        )
    raise TransitionRefused(
        "the activity is billed: nothing of it changes any more (F041)",
        place="activityId",
        mend="Correct the invoice, or record a credit",
    )
