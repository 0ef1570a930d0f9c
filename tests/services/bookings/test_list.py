"""All bookings in one list, with the sums below it (F043)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from tests.services.bookings.booked import ONE_OFF, act, contract, items
from tests.services.imports.conftest import House

from faktura.domain.bookings import BookingKind, BookingStatus
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.services.booking_splits import split_booked_item
from faktura.services.bookings import (
    BookingQuery,
    BookingSelection,
    BookingSums,
    list_bookings,
    sum_bookings,
)
from faktura.services.contracts import void_contract
from faktura.store.billable import view_of
from faktura.store.booking_changes import update_waiting
from faktura.store.contracts import read_contract
from faktura.store.subscriptions import write_items

TODAY = date(2026, 10, 31)
HOSTING: dict[str, Any] = {"articleNumber": "WEB-M", "quantity": "1"}


@pytest.fixture
def booked(peopled):
    """V-1 active and billed for October, V-2 a draft of K-2, V-3 in dollars."""
    peopled.take("contracts", [contract()])
    peopled.bill(TODAY)
    peopled.take(
        "contracts",
        [
            contract("V-2", customerNumber="K-2", activate=False),
            contract(
                "V-3",
                currency="USD",
                subscriptions=[
                    {
                        "items": [
                            {"articleNumber": "USD-M", "quantity": "1", "ledgerAccount": "8405"},
                            HOSTING | {"specialPrices": [{"unitPrice": "9", "validUntil": "2026-10-31"}]},
                        ]
                    }
                ],
                activities=[ONE_OFF | {"unitPrice": "10.00", "manual": True, "invoiceOn": None}],
            ),
        ],
    )  # fmt: skip
    return peopled


def listed(house: House, **wanted: Any) -> list[str]:
    """Contract, article and status of what is found."""
    found = house.read(list_bookings, house.tenant, BookingQuery(**wanted), TODAY)
    return [f"{one.contract.number} {one.article.number} {one.status}" for one in found]


def test_items_and_activities_stand_in_one_list(booked):
    """In the order in which they were made."""
    assert listed(booked) == [
        "V-1 WEB-M OPEN",
        "V-1 USER OPEN",
        "V-1 SETUP OPEN",
        "V-2 WEB-M OPEN",
        "V-2 USER OPEN",
        "V-2 SETUP OPEN",
        "V-3 USD-M OPEN",
        "V-3 WEB-M OPEN",
        "V-3 SETUP OPEN",
    ]


def test_a_booking_says_what_it_brings_in(booked):
    """2 x 30.00 a month; 2.5 x 95.00 once, on its day."""
    item, users, one_off, draft = booked.read(
        list_bookings, booked.tenant, BookingQuery(), TODAY, limit=4
    )

    assert (item.kind, item.monthly, item.amount) == (BookingKind.ITEM, Money(6000, "EUR"), None)
    assert (item.customer_number, item.quantity) == ("K-1", Decimal(2))
    assert (item.start, item.until, item.billed_until) == (
        date(2026, 10, 1),
        None,
        date(2026, 11, 1),
    )
    assert users.monthly == Money(1500, "EUR")
    assert (one_off.kind, one_off.monthly) == (BookingKind.ACTIVITY, None)
    assert (one_off.amount, one_off.invoice_on) == (Money(23750, "EUR"), date(2026, 11, 15))
    assert (draft.monthly, draft.problem) == (None, "")


def test_a_price_that_is_missing_is_said_and_counted(booked):
    """The special price of V-3's hosting ended yesterday; there is no list price in dollars."""
    found = booked.read(list_bookings, booked.tenant, BookingQuery(contract_number="V-3"), TODAY)

    assert [one.monthly for one in found] == [Money(3000, "USD"), None, None]
    assert "no price in USD" in found[1].problem


def test_an_activity_whose_price_is_gone_says_so(booked):
    """It waits all the same; a run would put its contract into quarantine."""
    (_item, _other, one_off) = booked.read(
        list_bookings, booked.tenant, BookingQuery(contract_number="V-3"), TODAY
    )
    activity = booked.read(view_of, one_off.contract.id).activities[0]
    booked.write(update_waiting, replace(activity, unit_price=None))

    (found,) = booked.read(
        list_bookings,
        booked.tenant,
        BookingQuery(kind=BookingKind.ACTIVITY, contract_number="V-3"),
        TODAY,
    )

    assert (found.status, found.amount) == (BookingStatus.OPEN, None)
    assert "no price in USD" in found.problem


def test_the_sums_are_those_of_each_currency(booked):
    """A draft brings in nothing yet; its bookings are counted."""
    assert booked.read(sum_bookings, booked.tenant, BookingQuery(), TODAY) == [
        BookingSums(Money(7500, "EUR"), Money(23750, "EUR"), 4, 2, 0),
        BookingSums(Money(3000, "USD"), Money(2500, "USD"), 2, 1, 1),
    ]


def test_what_is_billed_is_done_and_costs_nothing_more(booked):
    booked.bill(date(2026, 11, 15))

    (done,) = booked.read(
        list_bookings, booked.tenant, BookingQuery(status=BookingStatus.DONE), TODAY
    )

    assert (done.contract.number, done.article.number, done.amount) == ("V-1", "SETUP", None)
    assert listed(booked, kind=BookingKind.ACTIVITY, status=BookingStatus.OPEN) == [
        "V-2 SETUP OPEN",
        "V-3 SETUP OPEN",
    ]


def test_what_was_voided_is_done(booked):
    booked.write(void_contract, "V-2")

    assert listed(booked, contract_number="V-2") == [
        "V-2 WEB-M DONE",
        "V-2 USER DONE",
        "V-2 SETUP DONE",
    ]
    assert listed(booked, status=BookingStatus.OPEN, customer_number="K-2") == []


def test_several_conditions_hold_together(booked):
    assert listed(booked, kind=BookingKind.ITEM, article_number="WEB-M") == [
        "V-1 WEB-M OPEN",
        "V-2 WEB-M OPEN",
        "V-3 WEB-M OPEN",
    ]
    assert listed(booked, customer_number="K-2", article_number="SETUP") == ["V-2 SETUP OPEN"]
    assert listed(booked, ledger_account="8405") == ["V-3 USD-M OPEN"]
    assert listed(booked, contract_number="V-9") == []
    assert listed(booked, projects=[]) == []
    with pytest.raises(NotFound):
        listed(booked, customer_number="K-9")


def test_people_ask_for_three_things_mostly(booked):
    """What runs today, what waits to be billed once, and what ends."""
    ends = HOSTING | {"until": "2027-01-01"}
    booked.take("contracts", [contract("V-4", subscriptions=[{"items": [ends]}], activities=[])])

    active = listed(booked, selection=BookingSelection.ACTIVE_SUBSCRIPTIONS)
    one_offs = listed(booked, selection=BookingSelection.OPEN_ONE_OFFS)

    assert [one[:9] for one in active] == ["V-1 WEB-M", "V-1 USER ", "V-3 USD-M", "V-3 WEB-M", "V-4 WEB-M"]  # fmt: skip
    assert one_offs == ["V-1 SETUP OPEN", "V-3 SETUP OPEN"]
    assert listed(booked, selection=BookingSelection.TERMINATED) == ["V-4 WEB-M OPEN"]
    both = {"selection": BookingSelection.OPEN_ONE_OFFS, "kind": BookingKind.ITEM}
    assert listed(booked, **both) == []


def test_a_split_item_is_counted_once(booked):
    """The old one runs until 1 November, its parts from then on: 60.00 a month on either day."""
    act(booked, split_booked_item, "V-1", items(booked)[0].id, Decimal(1))
    wanted = BookingQuery(article_number="WEB-M", contract_number="V-1")

    today, tomorrow = (
        booked.read(sum_bookings, booked.tenant, wanted, day) for day in (TODAY, date(2026, 11, 1))
    )

    assert [sums.monthly for sums in (*today, *tomorrow)] == [Money(6000, "EUR")] * 2
    assert today[0].items == 3


def test_a_list_goes_on_behind_an_id(booked):
    """Every booking stands on one page, whatever the size of the pages."""
    whole = booked.read(list_bookings, booked.tenant, BookingQuery(), TODAY)
    paged = []
    after = None
    while page := booked.read(
        list_bookings, booked.tenant, BookingQuery(), TODAY, after=after, limit=2
    ):
        paged += page
        after = page[-1].id

    assert paged == whole


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """Every statement that the database is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note)


def test_ten_thousand_items_cost_some_statements_a_thousand(peopled):
    """A page costs no more than in a small house, the sums no statement an item."""
    peopled.take(
        "contracts",
        [contract(activities=[]) | {"contractNumber": f"V-{no}"} for no in range(1, 11)],
    )
    with peopled.database.write(peopled.tenant.id) as tx:
        for no in range(1, 11):
            view = view_of(tx, read_contract(tx, f"V-{no}").id)
            sold = view.items[0]
            more = [_copy(sold, tx.new_id()) for _ in range(998)]
            write_items(tx, [(view.contract.id, one) for one in more])

    with statements(peopled) as for_page:
        page = peopled.read(list_bookings, peopled.tenant, BookingQuery(), TODAY, limit=100)
    with statements(peopled) as for_sums:
        (sums,) = peopled.read(sum_bookings, peopled.tenant, BookingQuery(), TODAY)

    assert (len(page), sums.items) == (100, 10_000)
    # 10 x 999 at 60.00 and 10 x 15.00.
    assert sums.monthly == Money(59_955_000, "EUR")
    assert len(for_page) < 25
    assert len(for_sums) < 250


def _copy(item, item_id):
    return replace(item, id=item_id)
