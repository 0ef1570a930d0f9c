"""Bookings changed and taken away before they are billed (F041)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.contract_rules import item_faults
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.terms import ContractState
from faktura.services.booking_facts import tell_of_booking
from faktura.services.booking_fields import (
    ItemChangeFields,
    activity_fields,
    changes_between,
    item_fields,
    refuse_billed_fields,
    refuse_fixed_fields,
)
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.cost_fields import costs_of
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import Findings, Spot
from faktura.services.imports.link_fields import links_of
from faktura.services.imports.new_contract import Drafting
from faktura.services.imports.offer import read_offer
from faktura.services.imports.validation import fields_of
from faktura.services.merge_patch import merged
from faktura.services.named_bookings import (
    NamedActivity,
    NamedItem,
    locked_activity,
    locked_item,
)
from faktura.store.booking_changes import (
    remove_item,
    remove_waiting,
    update_item,
    update_waiting,
    was_ever_billed,
)
from faktura.store.transaction import Tx

# What may change of an item that is billed already.
_STILL_FREE = frozenset({"until", "links", "note", "costs"})


def changed_activity(
    tx: Tx, tenant: Tenant, present: NamedActivity, patch: Mapping[str, object]
) -> OpenActivity:
    """The locked activity after a merge patch over the fields of ActivityFields (F041).

    A patch that changes nothing writes nothing. Raises FieldsRefused with all that is wrong, also
    for the article and the ledger account.
    """
    refuse_fixed_fields(patch)
    before = activity_fields(present.activity)
    given = fields_of(ActivityFields, merged(before, patch), Form.REST)
    spot = Spot(Findings())
    drafting = Drafting(read_offer(tx, articles=[given.article_number]), tenant.currency, tx.new_id)
    made = drafting.activities(present.contract, [(spot, given)])
    spot.findings.refuse_if_any()
    changed = replace(made[0], id=present.activity.id)
    if changed == present.activity:
        return changed
    update_waiting(tx, changed)
    changes = changes_between(before, activity_fields(changed))
    _tell(tx, tenant, present, {"activityId": str(changed.id), "changes": changes})
    return changed


def removed_activity(
    tx: Tx,
    tenant: Tenant,
    number: str,
    activity_id: UUID,
    projects: Collection[UUID] | None = None,
) -> OpenActivity:
    """The activity, taken away before it was billed (F041); raises as `locked_activity` does."""
    present = locked_activity(tx, number, activity_id, projects)
    remove_waiting(tx, activity_id)
    removed = activity_fields(present.activity)
    _tell(tx, tenant, present, {"activityId": str(activity_id), "removed": removed})
    return present.activity


def changed_item(
    tx: Tx, tenant: Tenant, present: NamedItem, patch: Mapping[str, object]
) -> SubscriptionItem:
    """The locked item after a merge patch over the fields of ItemChangeFields (F041).

    Once it is billed only `until`, links, note and costs change, and `until` not to before what is billed.
    A patch that changes nothing writes nothing. Raises FieldsRefused with all that is wrong.
    """
    refuse_fixed_fields(patch)
    billed_until = present.billed_until
    if billed_until is not None:
        refuse_billed_fields(patch, _STILL_FREE)
    before = item_fields(present.item)
    given = fields_of(ItemChangeFields, merged(before, patch), Form.REST)
    changed = replace(
        present.item,
        quantity=given.quantity,
        start=given.start,
        until=given.until,
        discount=None if given.discount is None else given.discount.discount,
        links=links_of(given.links),
        costs=costs_of(given.costs),
        note=given.note,
    )
    if changed == present.item:
        return changed
    spot = Spot(Findings())
    if billed_until is None:
        spot.add_all(item_faults(changed, present.contract, None))
    elif changed.until is not None and changed.until < billed_until:
        spot.add(_shortens(changed.until, billed_until))
    spot.findings.refuse_if_any()
    update_item(tx, changed)
    changes = changes_between(before, item_fields(changed))
    _tell(tx, tenant, present, {"itemId": str(changed.id), "changes": changes})
    return changed


def removed_item(
    tx: Tx,
    tenant: Tenant,
    number: str,
    item_id: UUID,
    projects: Collection[UUID] | None = None,
) -> SubscriptionItem:
    """The item, taken away before anything of it was ever billed (F041).

    Raises as `locked_item` does, and TransitionRefused where an end is set, the contract is
    terminated, a period was billed, or the subscription would be left without items.
    """
    present = locked_item(tx, number, item_id, projects)
    _check_removable(tx, present)
    remove_item(tx, item_id)
    _tell(tx, tenant, present, {"itemId": str(item_id), "removed": item_fields(present.item)})
    return present.item


def _check_removable(tx: Tx, present: NamedItem) -> None:
    item, state = present.item, present.contract.state
    siblings = [one for one in present.view.items if one.subscription.id == item.subscription.id]
    ends = (item.until, item.subscription.terminated_as_of, present.contract.end)
    for forbids, problem, mend in (
        (
            was_ever_billed(tx, item.id),
            "a period of the item was billed",
            "Set until, or make a downgrade",
        ),
        (
            state not in (ContractState.DRAFT, ContractState.ACTIVE) or any(ends),
            "an end is set",
            "Leave it: it ends by itself",
        ),
        (
            len(siblings) == 1,
            "it is the last item of its subscription",
            "Add another item first, or terminate the contract",
        ),
    ):
        if forbids:
            raise TransitionRefused(
                f"the item cannot be taken away: {problem} (F041)", place="itemId", mend=mend
            )


def _shortens(until: date, billed_until: date) -> OutOfRange:
    return OutOfRange(
        f"{until} lies before {billed_until}, until when the item is billed (F041)",
        place="until",
        mend="Shorten billed time by a downgrade or a termination: they credit what was billed",
    )


def _tell(
    tx: Tx, tenant: Tenant, present: NamedActivity | NamedItem, facts: Mapping[str, object]
) -> None:
    tell_of_booking(tx, tenant, present.contract, facts)
