"""`faktura verify` knows which gaps are lawful, and finds those that are not (P10)."""

import pytest
from tests.services.contracts.lives import contract, day, policy, violations

from faktura.domain.pauses import Pause
from faktura.services.pausing import pause_subscription


@pytest.fixture
def resumed(peopled):
    """V-1 rested from 20 September until 16 November 2026; billed are September and from then on."""
    peopled.take("contracts", [contract()])
    rest = Pause(day("2026-09-20"), day("2026-11-16"), "chargeback")
    peopled.write(pause_subscription, peopled.tenant, "V-1", rest)
    peopled.bill(day("2026-12-01"))
    return peopled


def change(house, statement):
    house.write(lambda tx: tx.connection.exec_driver_sql(statement))


def periods(house):
    """What the proof of periods says."""
    return [problem for proof, problem in violations(house) if proof == "PERIODS"]


def test_a_gap_in_a_pause_is_lawful(resumed):
    """P10: October and half of November were never to be billed."""
    assert violations(resumed) == []


def test_a_gap_that_is_longer_than_the_pause_is_named(resumed):
    """P10: service from 16 November, billed from 17 November only."""
    change(
        resumed,
        "UPDATE activity SET service_start = '2026-11-17' WHERE service_start = '2026-11-16'",
    )

    assert periods(resumed) == ["a gap from 2026-10-01 until before 2026-11-17"]


def test_a_pause_does_not_excuse_what_is_billed_twice(resumed):
    """P47: no overlap, paused or not."""
    change(
        resumed,
        "UPDATE activity SET service_end = '2026-12-02' WHERE service_start = '2026-11-16'",
    )

    assert periods(resumed) == ["an overlap from 2026-12-01 until before 2026-12-02"]


def test_a_gap_without_a_pause_stays_a_gap(resumed):
    """P10: the pause that would excuse it is another one."""
    change(
        resumed,
        "UPDATE subscription_pause SET start = '2026-10-02'",
    )

    assert periods(resumed) == ["a gap from 2026-10-01 until before 2026-11-16"]


def test_what_is_billed_later_leaves_no_gap(resumed):
    """P10: the article says so now; October and November are missing."""
    policy(resumed, pauseBilledLater=True)

    assert periods(resumed) == ["a gap from 2026-10-01 until before 2026-11-16"]


def test_whole_periods_leave_a_gap_up_to_the_next_one_only(peopled):
    """P10: resumed on 16 November, so from December on."""
    policy(peopled, pauseWholePeriodsOnly=True)
    peopled.take("contracts", [contract()])
    rest = Pause(day("2026-09-20"), day("2026-11-16"), "chargeback")
    peopled.write(pause_subscription, peopled.tenant, "V-1", rest)
    peopled.bill(day("2027-01-01"))
    assert violations(peopled) == []

    change(
        peopled,
        "UPDATE activity SET service_start = '2026-12-05' WHERE service_start = '2026-12-01'",
    )

    assert periods(peopled) == ["a gap from 2026-10-01 until before 2026-12-05"]


def test_a_pause_recorded_over_billed_time_is_lawful(resumed):
    """P10: what was billed behind the first pause stays billed when a second one covers it."""
    rest = Pause(day("2026-11-16"), day("2026-11-20"), "chargeback")
    resumed.write(pause_subscription, resumed.tenant, "V-1", rest)

    assert violations(resumed) == []


def test_billed_time_behind_an_open_pause_is_lawful(resumed):
    """P10: paused far back without an end: what is billed stays billed."""
    rest = Pause(day("2026-11-16"), None, "chargeback")
    resumed.write(pause_subscription, resumed.tenant, "V-1", rest)

    assert violations(resumed) == []


def test_a_period_begun_elsewhere_leaves_a_lawful_gap_before_a_later_pause(peopled):
    """P8, P10: billed elsewhere until 10 September, whole periods only, paused once October is billed."""
    subscription = {
        "items": [{"articleNumber": "WEB-M", "quantity": "1", "billedUntil": "2026-09-10"}]
    }
    peopled.take("contracts", [contract(dayCount="NONE", subscriptions=[subscription])])
    peopled.bill(day("2026-10-01"))
    rest = Pause(day("2026-10-01"), None, "moved house")
    peopled.write(pause_subscription, peopled.tenant, "V-1", rest)

    assert violations(peopled) == []
