"""Contracts rest and resume: dated facts, what is billed stays billed (F030, P10)."""

import pytest
from sqlalchemy import select, update
from tests.services.contracts.lives import (
    THREE_MONTHS,
    billed,
    contract,
    day,
    due,
    pauses,
    policy,
    terminated,
    told,
    violations,
)

from faktura.domain.pauses import Pause
from faktura.kernel.errors import FieldInvalid, NotFound, OutOfRange, TransitionRefused
from faktura.kernel.terms import ContractState
from faktura.services.contracts import void_contract
from faktura.services.pausing import pause_subscription, resume_subscription
from faktura.store.contracts import read_contract, update_states
from faktura.store.tables import subscription_item


@pytest.fixture
def running(peopled):
    """V-1 runs since 1 September 2026 and is billed until 1 November."""
    peopled.take("contracts", [contract()])
    peopled.bill(day("2026-10-31"))
    return peopled


def pause(house, start, end=None, number="V-1", reason="chargeback", **more: object):
    rest = Pause(day(start), None if end is None else day(end), reason)
    return house.write(pause_subscription, house.tenant, number, rest, **more)


def resume(house, on, number="V-1", **more: object):
    return house.write(resume_subscription, house.tenant, number, on=day(on), **more)


def test_a_paused_contract_is_not_looked_at_until_it_is_resumed(running):
    """F030: nothing is due while a pause is open; then the rest of the period is."""
    assert due(running) == day("2026-11-01")

    pause(running, "2026-10-20")
    assert due(running) is None
    running.bill(day("2026-12-31"))
    assert len(billed(running)) == 2

    resume(running, "2026-11-16")
    assert due(running) == day("2026-11-16")
    running.bill(day("2026-12-01"))

    # 15 of 30 days of November are 15.00.
    assert billed(running)[2:] == [
        ("2026-11-16", "2026-12-01", 1500),
        ("2026-12-01", "2027-01-01", 3000),
    ]
    assert violations(running) == []


def test_both_acts_are_told_with_their_dates_and_reason(running):
    """P48: one event each."""
    pause(running, "2026-10-20")
    resume(running, "2026-11-16")

    assert told(running, "CONTRACT_PAUSED") == [
        {
            "number": "V-1",
            "customerNumber": "K-1",
            "start": "2026-10-20",
            "end": None,
            "reason": "chargeback",
        }
    ]
    assert told(running, "CONTRACT_RESUMED") == [
        {"number": "V-1", "customerNumber": "K-1", "on": "2026-11-16", "reason": "chargeback"}
    ]


def test_a_pause_with_both_ends_needs_no_act_to_end(running):
    """P10: planned: no December, and January as usual."""
    pause(running, "2026-12-01", "2027-01-01")

    running.bill(day("2027-01-01"))

    assert [line[0] for line in billed(running)[2:]] == ["2026-11-01", "2027-01-01"]
    assert violations(running) == []


def test_a_pause_far_back_leaves_what_is_billed(running):
    """P10: September and October stay billed; what lies in the pause behind them is not."""
    pause(running, "2026-09-10", "2026-11-11")

    assert due(running) == day("2026-11-11")
    running.bill(day("2026-11-11"))
    assert billed(running)[2:] == [("2026-11-11", "2026-12-01", 2000)]
    assert violations(running) == []


def test_an_article_may_bill_later_what_a_pause_held_up(running):
    """P10: November and December whole, once the pause is over."""
    policy(running, pauseBilledLater=True)
    pause(running, "2026-10-20")
    resume(running, "2026-12-15")

    assert due(running) == day("2026-12-15")
    running.bill(day("2026-12-15"))
    assert billed(running)[2:] == [
        ("2026-11-01", "2026-12-01", 3000),
        ("2026-12-01", "2027-01-01", 3000),
    ]


def test_an_article_of_whole_periods_skips_the_rest(running):
    """P10: resumed in November, billed again from December; the gap is lawful."""
    policy(running, pauseWholePeriodsOnly=True)
    pause(running, "2026-10-20")
    resume(running, "2026-11-16")

    running.bill(day("2026-12-01"))

    assert billed(running)[2:] == [("2026-12-01", "2027-01-01", 3000)]
    assert violations(running) == []


def test_a_changed_policy_moves_the_due_day_of_paused_contracts(running):
    """P10: what decides about the due day rewrites it; a contract without a pause stays."""
    running.take("contracts", [contract("V-2")])
    pause(running, "2026-10-20", "2026-11-16")
    assert due(running) == day("2026-11-16")

    policy(running, pauseWholePeriodsOnly=True)

    assert due(running) == day("2026-12-01")
    assert due(running, "V-2") == day("2026-09-01")
    assert violations(running) == []


def test_a_pause_prolongs_a_service_without_renewal(peopled):
    """F027, P10: three months and 30 paused days: until 31 December (exclusive)."""
    policy(peopled, pauseExtendsTerm=True)
    peopled.take("contracts", [contract(term=THREE_MONTHS)])
    pause(peopled, "2026-10-01", "2026-10-31")

    peopled.bill(day("2027-03-01"))

    assert billed(peopled) == [
        ("2026-09-01", "2026-10-01", 3000),
        ("2026-10-31", "2026-11-01", 97),
        ("2026-11-01", "2026-12-01", 3000),
        # 30 of 31 days of December: 29.03.
        ("2026-12-01", "2026-12-31", 2903),
    ]
    assert due(peopled) is None
    assert violations(peopled) == []


def two_subscriptions():
    given = contract()
    given["subscriptions"] *= 2
    return given


def test_one_of_several_subscriptions_can_be_paused(peopled):
    """F030: a pause lies on the subscription; without a number all are meant."""
    peopled.take("contracts", [two_subscriptions()])

    pause(peopled, "2026-09-10", subscription=2)
    assert [len(own) for own in pauses(peopled)] == [0, 1]
    resume(peopled, "2026-09-20", subscription=2)
    pause(peopled, "2026-10-10")

    first, second = pauses(peopled)
    assert first == (Pause(day("2026-10-10"), None, "chargeback"),)
    assert second == (
        Pause(day("2026-09-10"), day("2026-09-20"), "chargeback"),
        Pause(day("2026-10-10"), None, "chargeback"),
    )
    assert [one.get("subscription") for one in told(peopled, "CONTRACT_PAUSED")] == [2, None]


def ending_items(house, *ends: str):
    """Each item gets that end, as an upgrade gives it."""
    for item_id, end in zip(sorted(items_of(house)), ends, strict=True):
        house.write(
            lambda tx, item_id=item_id, end=end: tx.connection.execute(
                update(subscription_item)
                .where(subscription_item.c.id == item_id)
                .values(until=day(end))
            )
        )


def items_of(house):
    with house.database.read(house.tenant.id) as tx:
        return tx.connection.execute(select(subscription_item.c.id)).scalars().all()


def test_a_subscription_without_service_left_is_not_paused(peopled):
    """F037: of two the second rests; behind both there is nothing to pause."""
    peopled.take("contracts", [two_subscriptions()])
    ending_items(peopled, "2026-10-01", "2026-12-01")

    pause(peopled, "2026-10-01", "2026-10-10")

    assert [len(own) for own in pauses(peopled)] == [0, 1]
    with pytest.raises(OutOfRange, match="F037") as refused:
        pause(peopled, "2026-12-01")
    assert refused.value.place == "start"


def test_pauses_may_touch(running):
    """P10: half-open, so the next one starts where the last one ended."""
    pause(running, "2026-11-05", "2026-11-10")
    pause(running, "2026-11-10", "2026-11-20")
    pause(running, "2026-11-01", "2026-11-05")

    assert due(running) == day("2026-11-20")


@pytest.mark.parametrize(
    ("start", "end", "error", "place"),
    [
        ("2026-11-10", "2026-11-10", OutOfRange, "end"),
        ("2026-11-10", "2026-11-09", OutOfRange, "end"),
        ("2026-08-31", None, OutOfRange, "start"),
        ("2026-10-01", "2026-10-11", FieldInvalid, "start"),
        ("2026-10-19", None, FieldInvalid, "start"),
        ("2026-10-01", None, FieldInvalid, "start"),
        ("2026-10-31", "9999-12-31", OutOfRange, ""),
    ],
)
def test_a_pause_that_cannot_be_is_refused_at_its_field(running, start, end, error, place):
    """P10: dates in order, within the term, no overlap; nothing is written."""
    pause(running, "2026-10-10", "2026-10-20")

    with pytest.raises(error) as refused:
        pause(running, start, end)

    assert refused.value.place == place
    assert len(pauses(running)[0]) == 1
    assert due(running) == day("2026-11-01")


def test_an_open_pause_is_resumed_before_another_begins(running):
    """P10."""
    pause(running, "2026-10-10")

    with pytest.raises(FieldInvalid, match="P10") as refused:
        pause(running, "2026-12-10", "2026-12-20")

    assert "Resume it first" in refused.value.mend


def test_a_pause_has_a_reason(running):
    """F030."""
    with pytest.raises(FieldInvalid) as refused:
        pause(running, "2026-11-10", reason="  ")
    assert refused.value.place == "reason"


def test_a_term_that_would_grow_out_of_the_calendar_is_refused(peopled):
    """P10: an end is left open instead of written far away."""
    policy(peopled, pauseExtendsTerm=True, pauseBilledLater=True)
    peopled.take("contracts", [contract(term=THREE_MONTHS)])

    with pytest.raises(OutOfRange, match="9999"):
        pause(peopled, "2026-09-10", "9999-12-01")

    assert pauses(peopled) == [()]


def test_only_a_contract_that_runs_is_paused(running):
    """F030: neither a draft nor a voided or ended one, by its state."""
    running.take("contracts", [contract("V-2", activate=False), contract("V-3", activate=False)])
    running.write(void_contract, "V-3")
    ended = running.read(read_contract, "V-1")
    object.__setattr__(ended, "state", ContractState.ENDED)
    running.write(update_states, [ended])

    for number in ("V-1", "V-2", "V-3"):
        with pytest.raises(TransitionRefused, match="F030") as refused:
            pause(running, "2026-11-10", number=number)
        assert refused.value.place == "contract.state"
        with pytest.raises(TransitionRefused, match="F030"):
            resume(running, "2026-11-10", number=number)


def test_a_terminated_contract_is_paused_and_resumed_until_its_end(running):
    """F004: the last day of service is 14 December."""
    terminated(running, "V-1", day("2026-12-15"))

    with pytest.raises(OutOfRange) as refused:
        pause(running, "2026-12-15")
    assert refused.value.place == "start"

    pause(running, "2026-12-14")
    with pytest.raises(OutOfRange) as refused:
        resume(running, "2026-12-16")
    assert refused.value.place == "on"
    resume(running, "2026-12-15")


def test_a_contract_without_subscription_has_nothing_to_pause(peopled):
    """F003, F030."""
    peopled.take("contracts", [contract(kind="SIMPLE", subscriptions=[])])

    with pytest.raises(TransitionRefused, match="no subscription"):
        pause(peopled, "2026-11-10")


@pytest.mark.parametrize("number", [0, 2])
def test_an_unknown_subscription_is_named(running, number):
    """Numbers count from 1."""
    with pytest.raises(NotFound) as refused:
        pause(running, "2026-11-10", subscription=number)
    assert refused.value.place == "subscription"


def test_what_does_not_rest_is_not_resumed(running):
    """F030: neither without a pause nor after one with an end; not on its first day."""
    pause(running, "2026-10-01", "2026-10-10")
    with pytest.raises(TransitionRefused, match="no open pause"):
        resume(running, "2026-10-05")

    pause(running, "2026-11-10")
    with pytest.raises(OutOfRange, match="P10") as refused:
        resume(running, "2026-11-10")
    assert refused.value.place == "on"
    resume(running, "2026-11-11")


def test_a_contract_of_another_project_is_not_there(running):
    """A key reaches its own projects only."""
    with pytest.raises(NotFound):
        pause(running, "2026-11-10", projects=())
    with pytest.raises(NotFound):
        resume(running, "2026-11-10", projects=())
