"""Bookings of one contract: changed until they are billed, split, shared out, put off (F036-F041)."""

from typing import Annotated

from pydantic import AfterValidator, Field

from faktura.domain.api_keys import Scope
from faktura.kernel.contract_terms import InvoiceDateReason
from faktura.kernel.errors import FieldInvalid
from faktura.services.booking_changes import (
    changed_activity,
    changed_item,
    removed_activity,
    removed_item,
)
from faktura.services.booking_fields import ItemChangeFields
from faktura.services.booking_first_share import FirstShare, take_first_share
from faktura.services.booking_splits import split_booked_item, split_waiting_activity
from faktura.services.contract_view import ItemView, show_contract, waiting_view
from faktura.services.imports.checks import Fields, checked
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.text_fields import Filled
from faktura.services.imports.value_fields import (
    Day,
    IntervalCount,
    NotNegative,
    Positive,
    as_word,
)
from faktura.services.invoice_dates import InvoiceDateMove, move_invoice_date
from faktura.services.named_bookings import locked_activity, locked_item
from faktura.web.api.call import Call, Nothing
from faktura.web.api.ids import Id
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.paths import id_of
from faktura.web.api.resources.activity_answers import ActivityAnswer
from faktura.web.api.resources.booking_answers import (
    ActivitySplitAnswer,
    FirstShareAnswer,
    ItemSplitAnswer,
)
from faktura.web.api.resources.contract_answers import ContractAnswer, SubscriptionItemAnswer

CONTRACT_BOOKINGS = Resource(
    "ContractBookings", "One contract's items and activities, as far as they are not billed."
)

_ONE = "/Contracts/{contractNumber}"
_ACTIVITY = f"{_ONE}/Activities/{{activityId}}"
_ITEM = f"{_ONE}/Subscription/Items/{{itemId}}"
_ACTIVITY_CHANGES = patch_of("ActivityPatch", ActivityFields)
_ITEM_CHANGES = patch_of("SubscriptionItemPatch", ItemChangeFields)


class SplitFields(Fields):
    """What is split off."""

    quantity: Positive = Field(description="Less than the booking's, which is more than 1 (F039).")


class ItemPriceFields(Fields):
    """An agreed price of an item's share."""

    item_id: Id = Field(description="The item.")
    price: NotNegative = Field(description="Net amount of its whole share.")


def _once_each(prices: tuple[ItemPriceFields, ...]) -> tuple[ItemPriceFields, ...]:
    named = [price.item_id for price in prices]
    for no, item_id in enumerate(named):
        if item_id in named[:no]:
            raise FieldInvalid(f"item {item_id} is named twice", mend="Give one price for it")
    return prices


class FirstShareFields(Fields):
    """Which days are taken out of the regular billing (F038)."""

    subscription: IntervalCount | None = Field(
        default=None, description="Counted from 1 as they are shown; left out: the only one."
    )
    until: Day = Field(
        description="First day of regular billing: after the start of payment, at the latest the"
        " start of the next interval."
    )
    prices: Annotated[
        tuple[ItemPriceFields, ...], Field(strict=False), AfterValidator(checked(_once_each))
    ] = Field(default=(), description="Agreed prices; every other item's is computed by days.")
    invoice_on: Day | None = Field(
        default=None, description="Day from which it is billed; left out: with the next invoice."
    )


class InvoiceDateFields(Fields):
    """To which day the next invoice is moved, and why (F036)."""

    date: Day | None = Field(
        description="Nothing is billed before this day; null: as it is due by itself."
    )
    reason: Annotated[InvoiceDateReason, as_word(InvoiceDateReason)] = Field(
        description="The kind of reason."
    )
    text: Filled = Field(description="The reason in words; it is kept in the history.")


@CONTRACT_BOOKINGS.patch(_ACTIVITY, Scope.CONTRACTS_WRITE, _ACTIVITY_CHANGES)
def contract_activity_update(call: Call[Nothing, Patch]) -> ActivityAnswer:
    """Change a one-off or usage that is not billed yet, except article and account (F041)."""
    number = call.path["contractNumber"]
    activity_id = id_of(call.path, "activityId")
    present = locked_activity(call.tx, number, activity_id, call.access.projects)
    view = waiting_view(call.tx, call.tenant, number, present.activity)
    call.check_unchanged(ActivityAnswer.of(view))
    changed = changed_activity(call.tx, call.tenant, present, call.body.values())
    return ActivityAnswer.of(waiting_view(call.tx, call.tenant, number, changed))


@CONTRACT_BOOKINGS.post(f"{_ACTIVITY}/split", Scope.CONTRACTS_WRITE)
def contract_activity_split(call: Call[Nothing, SplitFields]) -> ActivitySplitAnswer:
    """Split a one-off or usage that is not billed into two (F039).

    A fixed discount is taken off both, a percentage stays; a task asks a person to check them.
    """
    number = call.path["contractNumber"]
    done = split_waiting_activity(
        call.tx,
        call.tenant,
        number,
        id_of(call.path, "activityId"),
        call.body.quantity,
        call.access.projects,
    )
    return ActivitySplitAnswer(
        task_id=done.task_id,
        activities=tuple(
            ActivityAnswer.of(waiting_view(call.tx, call.tenant, number, one)) for one in done.parts
        ),
    )


@CONTRACT_BOOKINGS.delete(_ACTIVITY, Scope.CONTRACTS_WRITE)
def contract_activity_delete(call: Call[Nothing, Nothing]) -> ActivityAnswer:
    """Take away a one-off or usage that is not billed; answers what it was (F041)."""
    number = call.path["contractNumber"]
    activity_id = id_of(call.path, "activityId")
    removed = removed_activity(call.tx, call.tenant, number, activity_id, call.access.projects)
    return ActivityAnswer.of(waiting_view(call.tx, call.tenant, number, removed))


@CONTRACT_BOOKINGS.patch(_ITEM, Scope.CONTRACTS_WRITE, _ITEM_CHANGES)
def subscription_item_update(call: Call[Nothing, Patch]) -> SubscriptionItemAnswer:
    """Change an item until it is billed; then only its end, links and note (F041).

    Its end is not set to before what is billed: that is a downgrade or a termination.
    """
    present = locked_item(
        call.tx, call.path["contractNumber"], id_of(call.path, "itemId"), call.access.projects
    )
    call.check_unchanged(SubscriptionItemAnswer.of(ItemView(present.item, present.billed_until)))
    changed = changed_item(call.tx, call.tenant, present, call.body.values())
    return SubscriptionItemAnswer.of(ItemView(changed, present.billed_until))


@CONTRACT_BOOKINGS.post(f"{_ITEM}/split", Scope.CONTRACTS_WRITE)
def subscription_item_split(call: Call[Nothing, SplitFields]) -> ItemSplitAnswer:
    """Split an item into two, from where it is not billed yet (F039).

    One that is billed ends there and goes on as two new items; one that is not is split as it is.
    """
    done = split_booked_item(
        call.tx,
        call.tenant,
        call.path["contractNumber"],
        id_of(call.path, "itemId"),
        call.body.quantity,
        call.access.projects,
    )
    return ItemSplitAnswer(
        task_id=done.task_id,
        items=tuple(SubscriptionItemAnswer.of(ItemView(one, None)) for one in done.parts),
    )


@CONTRACT_BOOKINGS.delete(_ITEM, Scope.CONTRACTS_WRITE)
def subscription_item_delete(call: Call[Nothing, Nothing]) -> SubscriptionItemAnswer:
    """Take away an item that was never billed and has no end; answers what it was (F041)."""
    removed = removed_item(
        call.tx,
        call.tenant,
        call.path["contractNumber"],
        id_of(call.path, "itemId"),
        call.access.projects,
    )
    return SubscriptionItemAnswer.of(ItemView(removed, None))


@CONTRACT_BOOKINGS.post(f"{_ONE}/firstShare", Scope.CONTRACTS_WRITE)
def contract_first_share(call: Call[Nothing, FirstShareFields]) -> FirstShareAnswer:
    """Bill the days between the start of payment and the regular billing as one-offs (F038).

    Only for a subscription of which nothing is billed; its start of payment moves to `until`.
    """
    number, body = call.path["contractNumber"], call.body
    wanted = FirstShare(
        body.until,
        body.subscription,
        {one.item_id: one.price for one in body.prices},
        body.invoice_on,
    )
    booked = take_first_share(call.tx, call.tenant, number, wanted, call.access.projects)
    return FirstShareAnswer(
        contract_number=number,
        payment_start=body.until,
        activities=tuple(
            ActivityAnswer.of(waiting_view(call.tx, call.tenant, number, one)) for one in booked
        ),
    )


@CONTRACT_BOOKINGS.post(f"{_ONE}/nextInvoiceDate", Scope.CONTRACTS_WRITE)
def contract_move_invoice_date(call: Call[Nothing, InvoiceDateFields]) -> ContractAnswer:
    """Put off the next invoice by hand, with a reason; null lifts an earlier date (F036)."""
    number, body = call.path["contractNumber"], call.body
    move = InvoiceDateMove(body.date, body.reason, body.text)
    move_invoice_date(call.tx, call.tenant, number, move, call.today, call.access.projects)
    return ContractAnswer.of(show_contract(call.tx, number, call.access.projects).overview)
