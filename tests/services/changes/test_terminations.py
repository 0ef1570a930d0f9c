"""Terminations worked out by hand: by notice, in the past, to the day (F013, F033, F037, P9)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.changes.world import World

from faktura.kernel.errors import TransitionRefused
from faktura.kernel.terms import ContractState
from faktura.services.booking_changes import removed_item
from faktura.services.booking_splits import split_booked_item
from faktura.services.contract_view import contract_subscriptions
from faktura.services.imports.findings import FieldsRefused

AUG_1, SEP_1, OCT_1 = date(2019, 8, 1), date(2019, 9, 1), date(2019, 10, 1)


def _billed_until_november(world: World) -> str:
    number = world.member()
    for day in (AUG_1, SEP_1, OCT_1):
        world.bill(day)
    return number


def test_to_the_day_credits_everything_beyond_the_end(world: World):
    """F013: ended on 11.09. in hindsight: September and October back, 10/30 of September stays."""
    number = _billed_until_november(world)

    world.terminate(number, date(2019, 10, 5), end="2019-09-11", toTheDay=True, extraordinary=True)

    assert world.nets()[3:] == [
        ("CORRECTION", "-30.00"),
        ("CORRECTION", "-30.00"),
        ("INVOICE", "10.00"),
    ]
    assert world.lines(world.documents()[5]) == [("01.09.2019", "10.09.2019", "10.00")]
    world.bill(date(2019, 11, 1))
    assert len(world.nets()) == 6
    assert world.violations() == []


def test_otherwise_the_period_of_the_end_stays_whole(world: World):
    """P9: of an end on 11.09. September stays; October never should have been billed."""
    number = _billed_until_november(world)

    world.terminate(number, date(2019, 10, 5), end="2019-09-11", extraordinary=True)

    assert world.nets()[3:] == [("CORRECTION", "-30.00")]
    assert world.lines(world.documents()[3]) == [("01.10.2019", "31.10.2019", "-30.00")]
    assert world.violations() == []


def test_in_the_future_billing_goes_on_until_the_end(world: World):
    """The period that contains the end is billed whole, none after it; then the contract ends."""
    number = world.member()
    world.bill(AUG_1)

    world.terminate(number, date(2019, 8, 10), end="2019-09-16")

    assert world.nets() == [("INVOICE", "30.00")]
    assert world.read(number).state is ContractState.TERMINATED
    world.bill(SEP_1)
    world.bill(OCT_1)
    assert [net for _, net in world.nets()] == ["30.00", "30.00"]
    assert world.read(number).state is ContractState.ENDED


def test_in_the_future_to_the_day_the_last_period_is_a_part(world: World):
    """Ended with 15.09.: 15/30 of September."""
    number = world.member()
    world.bill(AUG_1)

    world.terminate(number, date(2019, 8, 10), end="2019-09-16", toTheDay=True)
    world.bill(SEP_1)

    assert [net for _, net in world.nets()] == ["30.00", "15.00"]
    assert world.violations() == []


def test_without_a_day_the_earliest_end_by_notice_counts(world: World):
    """F033: a year with three months' notice, given in August 2019, ends with July 2020."""
    number = world.contract(
        subscriptions=[
            {
                "minimumTerm": {"count": 12, "unit": "MONTH"},
                "notice": {"count": 3, "unit": "MONTH"},
                "renewal": "FIXED",
                "renewalTerm": {"count": 12, "unit": "MONTH"},
                "items": [{"articleNumber": "MEMBER", "quantity": "1"}],
            }
        ]
    )

    world.terminate(number, date(2019, 8, 10))

    assert world.read(number).end == date(2020, 8, 1)


def test_an_earlier_end_than_notice_allows_is_refused_with_its_rule(world: World):
    """F033: the mend names the earliest day."""
    number = world.contract(
        subscriptions=[
            {
                "minimumTerm": {"count": 12, "unit": "MONTH"},
                "renewal": "INDEFINITE",
                "items": [{"articleNumber": "MEMBER", "quantity": "1"}],
            }
        ]
    )

    with pytest.raises(FieldsRefused) as refused:
        world.terminate(number, date(2019, 8, 10), end="2019-10-01")

    (problem,) = refused.value.parts
    assert problem.place == "end"
    assert "F033" in problem.problem
    assert "2020-08-01" in problem.mend
    assert world.read(number).state is ContractState.ACTIVE


def test_an_end_can_be_moved_forward_but_not_put_off(world: World):
    """F037: a second notice shortens; one that lengthens is refused."""
    number = world.member()
    world.terminate(number, date(2019, 8, 10), end="2019-12-01")

    world.terminate(number, date(2019, 8, 11), end="2019-10-01")
    assert world.read(number).end == OCT_1
    with pytest.raises(FieldsRefused):
        world.terminate(number, date(2019, 8, 12), end="2019-11-01")


def test_what_never_ran_is_not_terminated(world: World):
    """F004: a draft is voided instead."""
    number = world.member(activate=False)

    with pytest.raises(TransitionRefused, match="F004"):
        world.terminate(number, date(2019, 8, 10))


def test_one_subscription_ends_as_of_a_day_and_the_others_go_on(world: World):
    """F037: of MEMBER and SEAT the second is terminated as of 11.09.: 10/30 of 12.50 = 4.17."""
    number = world.contract(
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "1"}]},
            {"items": [{"articleNumber": "SEAT", "quantity": "1"}]},
        ]
    )
    world.bill(AUG_1)

    world.terminate(
        number,
        date(2019, 8, 20),
        subscription=2,
        end="2019-09-11",
        toTheDay=True,
        extraordinary=True,
    )
    world.bill(SEP_1)
    world.bill(OCT_1)

    assert [net for _, net in world.nets()] == ["42.50", "34.17", "30.00"]
    assert world.read(number).state is ContractState.ACTIVE
    assert world.violations() == []


def test_a_subscription_that_ended_as_of_a_day_before_is_credited(world: World):
    """F037: as of 01.09., after September was billed: -12.50, and no more of it."""
    number = world.contract(
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "1"}]},
            {"items": [{"articleNumber": "SEAT", "quantity": "1"}]},
        ]
    )
    world.bill(AUG_1)
    world.bill(SEP_1)

    world.terminate(number, date(2019, 9, 5), subscription=2, end="2019-09-01", extraordinary=True)
    world.bill(OCT_1)

    assert [net for _, net in world.nets()] == ["42.50", "42.50", "-12.50", "30.00"]
    assert world.violations() == []


def test_a_subscription_that_is_not_there_is_refused(world: World):
    """The field says how many there are."""
    number = world.member()

    with pytest.raises(FieldsRefused) as refused:
        world.terminate(number, date(2019, 8, 10), subscription=2)

    assert refused.value.parts[0].place == "subscription"


def test_an_imported_subscription_may_be_terminated_already(world: World):
    """F037: as of 16.09. no period starts; the one that runs is billed whole."""
    world.contract(
        subscriptions=[
            {
                "terminatedAsOf": "2019-09-16",
                "items": [{"articleNumber": "MEMBER", "quantity": "1"}],
            }
        ]
    )

    for day in (AUG_1, SEP_1, OCT_1):
        world.bill(day)

    assert [net for _, net in world.nets()] == ["30.00", "30.00"]


def test_an_item_that_is_added_later_ends_to_the_day_as_well(world: World):
    """F013: until 14.10., of October 14/31 of 30.00 and of 12.50, whole until then."""
    number = world.member()
    world.bill(AUG_1)
    world.terminate(number, AUG_1, end="2019-10-15", toTheDay=True, extraordinary=True)

    world.upgrade(
        number, AUG_1, date="2019-10-01", add=[{"articleNumber": "SEAT", "quantity": "1"}]
    )
    world.bill(date(2019, 12, 1))

    assert [net for _, net in world.nets()] == ["30.00", "30.00", "19.20"]
    assert world.lines(world.documents()[2]) == [
        ("01.10.2019", "14.10.2019", "13.55"),
        ("01.10.2019", "14.10.2019", "5.65"),
    ]


def test_an_item_that_is_added_later_ends_with_a_whole_period_otherwise(world: World):
    """P9: without booking out to the day October is billed whole, of all items."""
    number = world.member()
    world.terminate(number, AUG_1, end="2019-10-15", extraordinary=True)

    world.upgrade(
        number, AUG_1, date="2019-10-01", add=[{"articleNumber": "SEAT", "quantity": "1"}]
    )
    world.bill(date(2019, 12, 1))

    assert [net for _, net in world.nets()] == ["30.00", "30.00", "42.50"]


def test_time_that_another_system_billed_is_named_with_the_field_of_the_request(world: World):
    """P54: nothing before 01.12. can be credited here; the field is `end`."""
    item = {"articleNumber": "MEMBER", "quantity": "1", "billedUntil": "2019-12-01"}
    number = world.contract(subscriptions=[{"items": [item]}])

    with pytest.raises(FieldsRefused) as refused:
        world.terminate(number, AUG_1, end="2019-10-15", toTheDay=True, extraordinary=True)

    assert refused.value.parts[0].place == "end"
    assert "P54" in refused.value.parts[0].problem


def test_a_subscription_keeps_its_number_when_its_first_item_is_taken_away(world: World):
    """F037, F041: the first of two, split in two and left with the later part, is the first still."""
    number = world.contract(
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "2"}]},
            {"items": [{"articleNumber": "SEAT", "quantity": "1"}]},
        ]
    )
    member = world.item_ids(number)[0]
    with world.database.write(world.tenant.id) as tx:
        split_booked_item(tx, world.tenant, number, member, Decimal(1))
        removed_item(tx, world.tenant, number, member)

    with world.database.read(world.tenant.id) as tx:
        shown = contract_subscriptions(tx, number)
    world.terminate(number, AUG_1, end="2019-09-01", extraordinary=True, subscription=1)
    world.bill(date(2019, 9, 15))

    assert [one.items[0].item.article.number for one in shown] == ["MEMBER", "SEAT"]
    # August with both, September with the seat alone.
    assert [net for _, net in world.nets()] == ["42.50", "12.50"]


def test_the_end_of_one_subscription_can_be_moved_forward_but_not_put_off(world: World):
    """F037: as the contract's own end."""
    number = world.contract(
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "1"}]},
            {"items": [{"articleNumber": "SEAT", "quantity": "1"}]},
        ]
    )
    world.terminate(number, date(2019, 8, 10), subscription=2, end="2019-12-01")

    world.terminate(number, date(2019, 8, 10), subscription=2, end="2019-10-01")
    with pytest.raises(FieldsRefused) as refused:
        world.terminate(number, date(2019, 8, 10), subscription=2, end="2019-11-01")

    (problem,) = refused.value.parts
    assert problem.place == "end"
    assert "F037" in problem.problem


def test_a_draft_is_not_terminated(world: World):
    """F012: it is voided; nothing was agreed that could end."""
    number = world.member(activate=False)

    with pytest.raises(TransitionRefused, match="is DRAFT and cannot be terminated"):
        world.terminate(number, date(2019, 8, 10))


def test_a_contract_does_not_end_before_it_began(world: World):
    """F013: the end is the first day after the contract."""
    number = world.member()

    with pytest.raises(FieldsRefused) as refused:
        world.terminate(number, date(2019, 7, 20), end="2019-08-01", extraordinary=True)

    assert "is not after the contract's start 2019-08-01" in refused.value.parts[0].problem
