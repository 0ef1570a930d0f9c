"""Bookings are changed and taken away until they are billed (F041, F042)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.services.bookings.booked import act, contract, due, items, last_event, waiting

from faktura.domain.discounts import Discount
from faktura.domain.external_links import ExternalLink
from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.services.booking_changes import (
    changed_activity,
    changed_item,
    removed_activity,
    removed_item,
)
from faktura.services.contract_view import contract_activities
from faktura.services.contracts import void_contract
from faktura.services.imports.findings import FieldsRefused, ImportRefused
from faktura.services.named_bookings import locked_activity, locked_item

NOBODY = UUID(int=1)


@pytest.fixture
def booked(peopled):
    """V-1, active and not billed."""
    peopled.take("contracts", [contract()])
    return peopled


def change_activity(house, patch, activity_id=None):
    """Patch the first activity of V-1."""
    named = activity_id or waiting(house)[0].id
    with house.database.write(house.tenant.id) as tx:
        return changed_activity(tx, house.tenant, locked_activity(tx, "V-1", named), patch)


def change_item(house, patch, place=0):
    """Patch an item of V-1."""
    item_id = items(house)[place].id
    with house.database.write(house.tenant.id) as tx:
        return changed_item(tx, house.tenant, locked_item(tx, "V-1", item_id), patch)


def places(refused):
    """The fields that were refused."""
    return [part.place for part in refused.value.parts]


def test_account_and_links_come_with_the_booking(peopled):
    """F042: of an item and of an activity, as they were given."""
    own = {"ledgerAccount": "8405", "links": [{"system": "Tickets", "reference": "T-1"}]}
    item = {"articleNumber": "WEB-M", "quantity": "1"} | own
    one_off = {"articleNumber": "SETUP", "quantity": "1", "from": "2026-10-20"} | own

    peopled.take("contracts", [contract(subscriptions=[{"items": [item]}], activities=[one_off])])

    for booking in (items(peopled)[0], waiting(peopled)[0]):
        assert booking.ledger_account == "8405"
        assert booking.links == (ExternalLink("Tickets", "T-1"),)


@pytest.mark.parametrize("account", ["84", "84000"])
def test_an_account_has_the_digits_of_a_ledger_account(peopled, account):
    """Everything else is refused at its place: 84000 would be a creditor, and stay in the journal."""
    item = {"articleNumber": "WEB-M", "quantity": "1", "ledgerAccount": account}

    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [contract(subscriptions=[{"items": [item]}])])

    assert refused.value.parts[0].place.endswith("subscriptions.1.items.1.ledgerAccount")


def test_a_waiting_activity_is_changed(booked):
    """What is named changes, null takes away, the rest stays."""
    before = waiting(booked)[0]

    change_activity(
        booked,
        {
            "quantity": "3",
            "unitPrice": "90.00",
            "discount": {"percent": "10"},
            "from": "2026-10-21",
            "until": "2026-10-23",
            "invoiceOn": "2026-10-25",
            "text": "Zwei Tage",
            "links": [{"system": "Tickets", "reference": "T-2"}],
        },
    )

    (after,) = waiting(booked)
    assert (after.id, after.article.number) == (before.id, "SETUP")
    assert (after.quantity, after.unit_price) == (Decimal(3), Decimal("90.00"))
    assert after.discount == Discount(percent=Decimal(10))
    assert (after.service.start, after.service.end) == (date(2026, 10, 21), date(2026, 10, 23))
    assert (after.invoice_on, after.text) == (date(2026, 10, 25), "Zwei Tage")
    assert after.links == (ExternalLink("Tickets", "T-2"),)


def test_the_next_due_day_follows_and_the_change_is_told(booked):
    """October's subscription is billed; then the one-off is due first, on its new day."""
    booked.bill(date(2026, 10, 31))
    assert due(booked) == "2026-11-01"

    change_activity(booked, {"invoiceOn": "2026-10-31"})

    assert due(booked) == "2026-10-31"
    told = last_event(booked)
    assert told.type == "CONTRACT_CHANGED"
    assert told.data["activityId"] == str(waiting(booked)[0].id)
    assert told.data["changes"] == {"invoiceOn": {"old": "2026-11-15", "new": "2026-10-31"}}


def test_an_activity_is_left_to_a_person_and_back(booked):
    """Manual has no day; taken away again it goes with the next regular invoice."""
    change_activity(booked, {"manual": True, "invoiceOn": None})
    by_hand = waiting(booked)[0]
    change_activity(booked, {"manual": False})

    assert (by_hand.manual, by_hand.invoice_on) == (True, None)
    assert not waiting(booked)[0].manual


def test_a_patch_that_changes_nothing_writes_nothing(booked):
    change_activity(booked, {"quantity": "2.50"})
    change_item(booked, {"quantity": "2"})

    assert last_event(booked).type == "CONTRACT_ACTIVATED"


@pytest.mark.parametrize("name", ["articleNumber", "ledgerAccount", "origin"])
def test_article_and_account_of_an_activity_are_fixed(booked, name):
    with pytest.raises(FieldsRefused) as refused:
        change_activity(booked, {name: "8400", "quantity": "3"})

    assert places(refused) == [name]
    assert "F041" in str(refused.value.parts[0])
    assert waiting(booked)[0].quantity == Decimal("2.5")


@pytest.mark.parametrize(
    ("patch", "place"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"until": "2026-10-20"}, "until"),
        ({"manual": True}, "invoiceOn"),
        ({"quantity": None}, "quantity"),
    ],
)
def test_an_activity_stays_one_that_can_be_billed(booked, patch, place):
    with pytest.raises(FieldsRefused) as refused:
        change_activity(booked, patch)

    assert places(refused) == [place]


def test_a_billed_activity_is_neither_changed_nor_taken_away(booked):
    activity_id = waiting(booked)[0].id
    booked.bill(date(2026, 11, 15))

    with pytest.raises(TransitionRefused, match="F041"):
        change_activity(booked, {"text": "x"}, activity_id)
    with pytest.raises(TransitionRefused, match="F041"):
        act(booked, removed_activity, "V-1", activity_id)


def test_a_period_of_an_item_is_no_booking_of_its_own(booked):
    booked.bill(date(2026, 10, 31))
    billed = booked.read(contract_activities, booked.tenant, "V-1", date(2026, 10, 31))

    with pytest.raises(TransitionRefused, match="period of a subscription item"):
        act(booked, removed_activity, "V-1", billed[0].activity_id)


def test_what_does_not_exist_is_not_found(booked):
    with pytest.raises(NotFound):
        act(booked, removed_activity, "V-1", NOBODY)
    with pytest.raises(NotFound):
        act(booked, removed_item, "V-1", NOBODY)
    with pytest.raises(NotFound):
        act(booked, removed_item, "V-1", items(booked)[0].id, projects=[NOBODY])


def test_a_waiting_activity_is_taken_away(booked):
    activity_id = waiting(booked)[0].id

    act(booked, removed_activity, "V-1", activity_id)

    assert waiting(booked) == ()
    told = last_event(booked)
    assert (told.type, told.data["activityId"]) == ("CONTRACT_CHANGED", str(activity_id))
    assert told.data["removed"]["quantity"] == "2.5"


def test_an_item_is_changed_while_nothing_of_it_is_billed(booked):
    change_item(
        booked,
        {
            "quantity": "4",
            "from": "2026-10-15",
            "until": "2027-01-01",
            "discount": {"amount": "5"},
            "note": "ab Mitte Oktober",
            "links": [{"system": "Objekte", "reference": "12"}],
        },
    )

    changed = items(booked)[0]
    assert (changed.quantity, changed.start) == (Decimal(4), date(2026, 10, 15))
    assert (changed.until, changed.anchor) == (date(2027, 1, 1), date(2026, 10, 1))
    assert changed.discount == Discount(amount=Decimal(5))
    assert (changed.note, changed.links) == ("ab Mitte Oktober", (ExternalLink("Objekte", "12"),))
    assert last_event(booked).data["changes"]["quantity"] == {"old": "2", "new": "4"}


def test_the_discount_and_the_end_of_an_item_are_taken_away(booked):
    change_item(booked, {"until": "2027-01-01", "discount": {"percent": "10"}})

    change_item(booked, {"until": None, "discount": None})

    assert (items(booked)[0].until, items(booked)[0].discount) == (None, None)


def test_a_later_start_moves_the_next_due_day(booked):
    for place in (0, 1):
        change_item(booked, {"from": "2026-12-01"}, place)

    assert due(booked) == "2026-11-15"


@pytest.mark.parametrize(
    ("patch", "place"),
    [
        ({"from": "2026-09-30"}, "from"),
        ({"until": "2026-10-01"}, "until"),
        ({"quantity": "0"}, "quantity"),
        ({"articleNumber": "USER"}, "articleNumber"),
        ({"ledgerAccount": "8400"}, "ledgerAccount"),
    ],
)
def test_an_item_stays_one_that_can_be_billed(booked, patch, place):
    with pytest.raises(FieldsRefused) as refused:
        change_item(booked, patch)

    assert places(refused) == [place]


def test_once_billed_only_end_links_and_note_change(booked):
    booked.bill(date(2026, 10, 31))

    with pytest.raises(FieldsRefused) as refused:
        change_item(booked, {"quantity": "3", "from": "2026-10-02", "note": "x"})
    change_item(booked, {"until": "2026-11-01", "note": "bis Oktober"})

    assert places(refused) == ["quantity", "from"]
    assert "F041" in str(refused.value.parts[0])
    changed = items(booked)[0]
    assert (changed.until, changed.note) == (date(2026, 11, 1), "bis Oktober")


def test_billed_time_is_not_shortened_here(booked):
    """It is billed until 1 November; a downgrade or termination credits what it takes back."""
    booked.bill(date(2026, 10, 31))

    with pytest.raises(FieldsRefused) as refused:
        change_item(booked, {"until": "2026-10-31"})

    assert places(refused) == ["until"]
    assert "downgrade or a termination" in refused.value.parts[0].mend


def test_an_item_that_was_never_billed_is_taken_away(booked):
    item_id = items(booked)[0].id

    act(booked, removed_item, "V-1", item_id)

    assert [item.article.number for item in items(booked)] == ["USER"]
    assert last_event(booked).data["removed"]["articleNumber"] == "WEB-M"


def test_the_last_item_of_a_subscription_stays(booked):
    act(booked, removed_item, "V-1", items(booked)[0].id)

    with pytest.raises(TransitionRefused, match="last item"):
        act(booked, removed_item, "V-1", items(booked)[0].id)


def test_an_item_that_was_billed_or_has_an_end_stays(booked):
    change_item(booked, {"until": "2027-01-01"})
    with pytest.raises(TransitionRefused, match="an end is set"):
        act(booked, removed_item, "V-1", items(booked)[0].id)

    booked.bill(date(2026, 10, 31))
    with pytest.raises(TransitionRefused, match="was billed"):
        act(booked, removed_item, "V-1", items(booked)[1].id)


def test_nothing_of_a_final_contract_changes(peopled):
    peopled.take("contracts", [contract(activate=False)])
    item_id, activity_id = items(peopled)[0].id, waiting(peopled)[0].id
    peopled.write(void_contract, "V-1")

    with pytest.raises(TransitionRefused):
        act(peopled, removed_item, "V-1", item_id)
    with pytest.raises(TransitionRefused):
        act(peopled, removed_activity, "V-1", activity_id)
