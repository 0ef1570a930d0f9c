"""What-if: nothing is written, and carrying the same out afterwards gives the same (O11)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.services.changes.world import World, step_of
from tests.services.waiting import until_it_waits

from faktura.flows.what_if import what_if
from faktura.kernel.errors import FakturaError
from faktura.services.change_steps import StepsTaken, take_steps
from faktura.services.imports.change_fields import WhatIfStep
from faktura.services.upgrades import Asked
from faktura.store.numbers import CONTRACT, INVOICE, take_numbers

AUG_1, AUG_10 = date(2019, 8, 1), date(2019, 8, 10)


def _tried(world: World, number: str, on: date, *steps: WhatIfStep) -> StepsTaken:
    return what_if(world.database, world.tenant, world.desk.formats, Asked(number, on), steps)


def _done(world: World, number: str, on: date, *steps: WhatIfStep) -> StepsTaken:
    with world.database.write(world.tenant.id) as tx:
        return take_steps(tx, world.desk, Asked(number, on), steps)


def _plain(taken: StepsTaken) -> list[object]:
    """Documents, postings and money of what was taken, without the ids that are made anew."""
    documents = [
        (
            one.kind,
            one.number,
            one.issued_on,
            one.due_on,
            one.net,
            one.tax,
            one.gross,
            one.service,
            [(line.article_number, line.service, line.quantity, line.net) for line in one.lines],
        )
        for one in taken.written.documents
    ]
    postings = [
        (
            one.key,
            one.kind,
            one.value_date,
            [(leg.account, leg.side, leg.amount) for leg in one.legs],
        )
        for one in taken.written.entries
    ]
    return [documents, postings, taken.difference]


def test_a_rehearsed_upgrade_writes_nothing(world: World):
    """The documents of G1 with their postings, and 25.34 more to pay: 21.29 and its VAT."""
    number = world.member()
    world.bill(AUG_1)
    before = world.documents(), world.item_ids(number), world.balance()
    upgrade = step_of(
        "smallUpgrade",
        date="2019-08-10",
        items=[{"currentArticleNumber": "MEMBER", "quantity": "2"}],
    )

    tried = _tried(world, number, AUG_10, upgrade)

    assert [str(one.net.decimal) for one in tried.written.documents] == ["-30.00", "51.29"]
    assert str(tried.difference.decimal) == "25.34"
    assert [
        (leg.account, leg.side.value, leg.amount)
        for entry in tried.written.entries
        for leg in entry.legs
    ] == [
        ("1400", "C", Decimal("35.70")),
        ("8400", "D", Decimal("30.00")),
        ("1776", "D", Decimal("5.70")),
        ("1400", "D", Decimal("61.04")),
        ("8400", "C", Decimal("51.29")),
        ("1776", "C", Decimal("9.75")),
    ]
    assert (world.documents(), world.item_ids(number), world.balance()) == before


def test_a_step_sees_what_the_steps_before_it_changed(world: World):
    """A price of 40.00 from October on, then termination with November: runs bill 30.00 and 40.00."""
    number = world.member()
    world.bill(AUG_1)

    tried = _tried(
        world,
        number,
        AUG_10,
        step_of(
            "prices",
            articleNumber="MEMBER",
            prices=[{"unitPrice": "40.00", "validFrom": "2019-10-01"}],
        ),
        step_of("terminate", end="2019-11-01"),
        step_of("billingRun", date="2019-09-01"),
        step_of("billingRun", date="2019-10-01"),
        step_of("billingRun", date="2019-11-01"),
    )

    assert [str(one.net.decimal) for one in tried.written.documents] == ["30.00", "40.00"]
    assert [str(one.net.decimal) for one in world.documents()] == ["30.00"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_steps_wait_for_the_ranges_that_an_act_holds_before_they_take_any(world: World):
    """P47: an upgrade draws a contract's number, then an invoice's; steps in another order wait."""
    number = world.member()
    world.bill(AUG_1)
    two = [{"currentArticleNumber": "MEMBER", "quantity": "2"}]
    bundle = [{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}]
    steps = (
        step_of("smallUpgrade", date="2019-08-10", items=two),
        step_of("largeUpgrade", date="2019-08-20", subscriptions=bundle),
    )

    with ThreadPoolExecutor(1) as other, world.database.write(world.tenant.id) as tx:
        take_numbers(tx, CONTRACT, AUG_10, 1)
        tried = other.submit(_tried, world, number, AUG_10, *steps)
        until_it_waits(world.database, tried)
        taken = take_numbers(tx, INVOICE, AUG_10, 1)

    assert taken == ["RE-000002"]
    # What was tried out is no more: its number is the next one's.
    assert [one.number for one in tried.result().written.documents if one.kind == "INVOICE"] == [
        "RE-000003",
        "RE-000004",
    ]


def test_the_successor_is_billed_along(world: World):
    """A run after a large upgrade bills the contract that follows."""
    number = world.member()
    world.bill(AUG_1)

    tried = _tried(
        world,
        number,
        AUG_10,
        step_of(
            "largeUpgrade",
            date="2019-09-01",
            billingInterval={"count": 3, "unit": "MONTH"},
            subscriptions=[{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
        ),
        step_of("billingRun", date="2019-09-01"),
    )

    assert [str(one.net.decimal) for one in tried.written.documents] == ["297.00"]


DAYS = st.integers(0, 60).map(lambda n: date.fromordinal(AUG_1.toordinal() + n))
UPGRADES = st.builds(
    lambda day, quantity: step_of(
        "smallUpgrade",
        date=str(day),
        items=[{"currentArticleNumber": "MEMBER", "quantity": str(quantity)}],
    ),
    DAYS,
    st.integers(1, 5),
)
ALIGNMENTS = st.builds(lambda day: step_of("alignCycle", startOfNewServicePeriod=str(day)), DAYS)
ENDS = st.builds(
    lambda day, to_the_day: step_of(
        "terminate", end=str(day), toTheDay=to_the_day, extraordinary=True
    ),
    st.integers(1, 90).map(lambda n: date.fromordinal(AUG_1.toordinal() + n)),
    st.booleans(),
)
RUNS = st.builds(
    lambda day: step_of("billingRun", date=str(day)),
    st.integers(0, 120).map(lambda n: date.fromordinal(AUG_1.toordinal() + n)),
)


@given(steps=st.lists(st.one_of(UPGRADES, ALIGNMENTS, ENDS, RUNS), min_size=1, max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_tried_out_is_what_is_done(world: World, steps: list[WhatIfStep]):
    """Documents, numbers, postings and money are equal, or the same error refuses both."""
    number = world.member()
    world.bill(AUG_1)
    on = date(2019, 9, 5)

    outcomes = []
    for act in (_tried, _done):
        try:
            outcomes.append(_plain(act(world, number, on, *steps)))
        except FakturaError as error:
            outcomes.append([type(error), str(error)])

    assert outcomes[0] == outcomes[1]
