"""Splits in the database: rows, tasks, facts, and what the next runs bill (F039)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.bookings.booked import act, contract, due, items, last_event, waiting
from tests.services.imports.conftest import House

from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import NotFound, OutOfRange, TransitionRefused
from faktura.services.booking_splits import split_booked_item, split_waiting_activity
from faktura.services.contract_view import ActivityState, contract_activities
from faktura.services.tasks import list_tasks

TWO = Decimal(2)
HOSTING = {"articleNumber": "WEB-M", "quantity": "5"}


def house_with(peopled: House, **item: object) -> House:
    """V-1 with five web hostings."""
    subscription = {"items": [HOSTING | item]}
    peopled.take("contracts", [contract(subscriptions=[subscription])])
    return peopled


def billed(house: House) -> list[tuple[str, str, str]]:
    """From, quantity and net of everything recurring that is billed, by day and quantity."""
    found = house.read(contract_activities, house.tenant, "V-1", date(2026, 10, 31))
    return sorted(
        (str(one.service.start), str(one.quantity), str(one.net.decimal))
        for one in found
        if one.state is ActivityState.BILLED and one.article_number == "WEB-M"
    )


def test_an_item_that_is_not_billed_is_split_in_place(peopled):
    """Both are billed on the day on which the whole would have been."""
    house = house_with(peopled)
    before = items(house)[0]

    done = act(house, split_booked_item, "V-1", before.id, TWO)

    assert [(one.id, one.quantity) for one in items(house)] == [
        (before.id, Decimal(3)),
        (done.parts[1].id, TWO),
    ]
    assert due(house) == "2026-10-01"
    house.bill(date(2026, 10, 31))
    assert billed(house) == [("2026-10-01", "2", "60.00"), ("2026-10-01", "3", "90.00")]


def test_a_billed_item_goes_on_as_two_from_where_it_is_billed(peopled):
    """October is billed for five; November for three and two: nothing twice, nothing reversed."""
    house = house_with(peopled)
    house.bill(date(2026, 10, 31))

    done = act(house, split_booked_item, "V-1", items(house)[0].id, TWO)

    old, first, second = items(house)
    assert (old.quantity, old.until) == (Decimal(5), date(2026, 11, 1))
    assert (first.id, second.id) == (done.parts[0].id, done.parts[1].id)
    assert {one.start for one in (first, second)} == {date(2026, 11, 1)}
    assert due(house) == "2026-11-01"
    house.bill(date(2026, 12, 1))
    assert billed(house) == [
        ("2026-10-01", "5", "150.00"),
        ("2026-11-01", "2", "60.00"),
        ("2026-11-01", "3", "90.00"),
        ("2026-12-01", "2", "60.00"),
        ("2026-12-01", "3", "90.00"),
    ]


def test_a_period_begun_elsewhere_is_split_where_it_is_billed_until(peopled):
    """Billed elsewhere until 16.10. (F019): 16 of 31 days, 77.42 for five, 46.45 and 30.97."""
    house = house_with(peopled, billedUntil="2026-10-16")

    act(house, split_booked_item, "V-1", items(house)[0].id, TWO)
    house.bill(date(2026, 10, 31))

    found = house.read(contract_activities, house.tenant, "V-1", date(2026, 10, 31))
    nets = [str(one.net.decimal) for one in found if one.net and one.article_number == "WEB-M"]
    assert sorted(nets) == ["30.97", "46.45"]


def test_a_fixed_discount_goes_and_the_task_says_so(peopled):
    house = house_with(peopled, discount={"amount": "10"})
    contract_id = items(house)[0].id

    done = act(house, split_booked_item, "V-1", contract_id, TWO)

    assert [one.discount for one in items(house)] == [None, None]
    (task,) = house.read(list_tasks)
    assert (task.id, task.kind) == (done.task_id, TaskKind.CHECK_SPLIT)
    assert task.contract_number == "V-1"
    assert task.problem == (
        "WEB-M was split into 3 and 2: check both. The fixed discount of 10 was taken off (F039)"
    )


def test_the_split_is_told(peopled):
    house = house_with(peopled)
    house.bill(date(2026, 10, 31))
    item_id = items(house)[0].id

    done = act(house, split_booked_item, "V-1", item_id, TWO)

    told = last_event(house)
    assert told.type == "CONTRACT_ITEM_SPLIT"
    assert told.data == {
        "number": "V-1",
        "customerNumber": "K-1",
        "itemId": str(item_id),
        "from": "2026-11-01",
        "itemIds": [str(one.id) for one in done.parts],
        "quantities": ["3", "2"],
        "taskId": str(done.task_id),
    }


def test_a_waiting_activity_is_split(peopled):
    """2.5 hours at 95.00: 1.5 and 1 hour, both on their day."""
    house = house_with(peopled)
    activity_id = waiting(house)[0].id

    done = act(house, split_waiting_activity, "V-1", activity_id, Decimal(1))

    assert [(one.id, one.quantity, one.invoice_on) for one in waiting(house)] == [
        (activity_id, Decimal("1.5"), date(2026, 11, 15)),
        (done.parts[1].id, Decimal(1), date(2026, 11, 15)),
    ]
    assert last_event(house).data["activityId"] == str(activity_id)
    assert house.read(list_tasks)[0].problem == "SETUP was split into 1.5 and 1: check both"


def test_what_cannot_be_split_is_left_as_it_is(peopled):
    house = house_with(peopled, until="2026-11-01")
    item_id = items(house)[0].id

    with pytest.raises(OutOfRange):
        act(house, split_booked_item, "V-1", item_id, Decimal(5))
    with pytest.raises(NotFound):
        act(house, split_booked_item, "V-1", waiting(house)[0].id, TWO)
    house.bill(date(2026, 10, 31))
    with pytest.raises(TransitionRefused, match="F039"):
        act(house, split_booked_item, "V-1", item_id, TWO)

    assert house.read(list_tasks) == []
    assert [one.quantity for one in items(house)] == [Decimal(5)]
