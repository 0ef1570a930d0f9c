"""The days before the regular billing become one-offs of their own (F038)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.services.bookings.booked import act, contract, due, items, last_event, waiting
from tests.services.imports.conftest import House

from faktura.kernel.errors import FieldMissing, NotFound, OutOfRange, TooPrecise, TransitionRefused
from faktura.services.booking_first_share import FirstShare, take_first_share
from faktura.services.contract_view import contract_activities

JUNE = date(2026, 6, 1)
HOSTING = {"articleNumber": "WEB-M", "quantity": "1"}


def house_with(peopled: House, *subscriptions: dict[str, object]) -> House:
    """V-1 from 15 May, billed by calendar months; paid from its start."""
    own = subscriptions or ({"items": [HOSTING | {"ledgerAccount": "8405"}, USERS]},)
    peopled.take(
        "contracts",
        [
            contract(
                start="2026-05-15",
                alignedTo="2026-05-01",
                subscriptions=list(own),
                activities=[],
            )
        ],
    )
    return peopled


USERS = {"articleNumber": "USER", "quantity": "10"}


def nets(house: House) -> list[tuple[str, str]]:
    """Start and net of all that is billed by 1 June."""
    found = house.read(contract_activities, house.tenant, "V-1", date(2026, 6, 1))
    return sorted((str(one.service.start), str(one.net.decimal)) for one in found if one.net)


def test_the_days_become_one_offs_with_their_own_day(peopled):
    """17/31 of 30.00 and of 10 x 4.50 (a tier): 16.45 and 24.68; billed from 1 July on."""
    house = house_with(peopled)

    booked = act(house, take_first_share, "V-1", FirstShare(JUNE, invoice_on=date(2026, 7, 1)))

    assert list(waiting(house)) == booked
    assert [(one.article.number, one.unit_price) for one in booked] == [
        ("WEB-M", Decimal("16.45")),
        ("USER", Decimal("24.68")),
    ]
    for one in booked:
        assert (one.quantity, one.invoice_on) == (Decimal(1), date(2026, 7, 1))
        assert (one.service.start, one.service.end) == (date(2026, 5, 15), date(2026, 6, 1))
    assert (booked[0].text, booked[0].ledger_account) == ("1 × 30 EUR × 17/31", "8405")
    assert due(house) == "2026-06-01"


def test_share_and_regular_billing_cover_every_day_once(peopled):
    """10 days of May as a one-off are 9.68, 7 days are left for the plan: 6.77; then June."""
    house = house_with(peopled, {"items": [HOSTING]})

    act(house, take_first_share, "V-1", FirstShare(date(2026, 5, 25)))
    house.bill(date(2026, 6, 1))

    assert nets(house) == [("2026-05-15", "9.68"), ("2026-05-25", "6.77"), ("2026-06-01", "30.00")]


def test_a_price_that_was_agreed_counts_as_it_is(peopled):
    """It is explained by nothing but itself."""
    house = house_with(peopled)
    own = {items(house)[0].id: Decimal("15.00")}

    booked = act(house, take_first_share, "V-1", FirstShare(JUNE, prices=own))

    assert [(one.unit_price, one.text) for one in booked] == [
        (Decimal("15.00"), ""),
        (Decimal("24.68"), "10 × 4.5 EUR × 17/31"),
    ]


def test_the_share_is_told(peopled):
    house = house_with(peopled, {"items": [HOSTING]})

    (one,) = act(house, take_first_share, "V-1", FirstShare(JUNE))

    told = last_event(house)
    assert told.type == "CONTRACT_CHANGED"
    assert told.data["firstShare"] == {
        "from": "2026-05-15",
        "until": "2026-06-01",
        "activityIds": [str(one.id)],
        "amounts": ["16.45"],
    }


def test_one_of_several_subscriptions_is_named_by_its_place(peopled):
    house = house_with(peopled, {"items": [HOSTING]}, {"items": [USERS]})

    with pytest.raises(FieldMissing):
        act(house, take_first_share, "V-1", FirstShare(JUNE))
    with pytest.raises(NotFound, match="no subscription 3"):
        act(house, take_first_share, "V-1", FirstShare(JUNE, subscription=3))
    (one,) = act(house, take_first_share, "V-1", FirstShare(JUNE, subscription=2))

    assert one.article.number == "USER"
    starts = [item.subscription.payment_start for item in items(house)]
    assert starts == [None, date(2026, 6, 1)]


def test_what_is_billed_has_its_first_share_already(peopled):
    house = house_with(peopled)
    house.bill(date(2026, 5, 15))

    with pytest.raises(TransitionRefused, match="F038"):
        act(house, take_first_share, "V-1", FirstShare(JUNE))


def test_other_days_and_items_are_refused(peopled):
    house = house_with(peopled)
    hosting = items(house)[0].id

    for until in (date(2026, 5, 15), date(2026, 6, 2)):
        with pytest.raises(OutOfRange, match="F038"):
            act(house, take_first_share, "V-1", FirstShare(until))
    nobodys = FirstShare(JUNE, prices={UUID(int=1): Decimal(1)})
    with pytest.raises(NotFound, match="no item"):
        act(house, take_first_share, "V-1", nobodys)
    too_precise = FirstShare(JUNE, prices={hosting: Decimal("1.005")})
    with pytest.raises(TooPrecise):
        act(house, take_first_share, "V-1", too_precise)

    assert waiting(house) == ()
    assert items(house)[0].subscription.payment_start is None


def test_a_simple_contract_has_no_first_share(peopled):
    peopled.take("contracts", [contract(subscriptions=[])])

    with pytest.raises(NotFound, match="no subscription"):
        act(peopled, take_first_share, "V-1", FirstShare(JUNE))
