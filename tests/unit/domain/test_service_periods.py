"""Which periods a pause holds up, what is billed of them, and when (F027, F030, F035, F037, P10)."""

from itertools import islice
from typing import Any

import pytest
from tests.unit.domain.builders import (
    MONTHLY,
    QUARTERLY,
    TENANT,
    YEARLY,
    article,
    contract,
    day,
    drafts,
    item,
    lines,
    view,
)

from faktura.domain.billing_plan import plan_contract
from faktura.domain.pauses import Pause, PausePolicy
from faktura.domain.service_periods import (
    ServicePeriod,
    due_on,
    period_of,
    unbilled_periods,
)
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit, DayCount, Renewal

LATER = PausePolicy(billed_later=True)
WHOLE = PausePolicy(whole_periods_only=True)
EXTENDS = PausePolicy(extends_term=True)


def pause(start, end=None):
    return Pause(day(start), None if end is None else day(end))


def paused(*rests: Pause, policy=None, start="01.01.2026", sold: Any = None, **changes: Any):
    """A monthly item of 30.00 with these pauses."""
    given: dict[str, Any] = {} if policy is None else {"pause_policy": policy}
    term = {"pauses": rests, **changes.pop("term", {})}
    return item(start, sold or article(**given), term=term, **changes)


def periods(of, frame=None, until=None, count=4):
    """The next unbilled periods as first and last day, with the day each falls due."""
    frame = frame or contract("01.01.2026")
    billed = None if until is None else day(until)
    return [
        (
            f"{one.service.start:%d.%m.}-{one.service.last_day:%d.%m.}",
            f"{due_on(of, frame, one)[1]:%d.%m.}",
        )
        for one in islice(unbilled_periods(of, frame, billed), count)
    ]


def test_a_period_that_runs_when_the_pause_begins_stays_whole():
    """P10: January is whole, February and March start in the pause, April does not."""
    found = periods(paused(pause("10.01.2026", "01.04.2026")), count=3)

    assert found == [
        ("01.01.-31.01.", "01.01."),
        ("01.04.-30.04.", "01.04."),
        ("01.05.-31.05.", "01.05."),
    ]


def test_resuming_inside_a_period_bills_its_rest():
    """domain.md, Pause: 17.-31.03. is a stub of March, due on its own first day."""
    found = periods(paused(pause("10.01.2026", "17.03.2026")), count=3)

    assert found == [
        ("01.01.-31.01.", "01.01."),
        ("17.03.-31.03.", "17.03."),
        ("01.04.-30.04.", "01.04."),
    ]


def test_the_rest_of_a_period_is_prorated_by_days():
    """P8, P10: 15 of 31 days of 30.00 are 14.52 (14.516)."""
    of = paused(pause("10.01.2026", "17.03.2026"))

    found = drafts(view(contract("01.01.2026"), of, until="01.02.2026"), "17.03.2026")

    assert [lines(document) for document in found] == [[("17.03.2026-31.03.2026", "14.52")]]


def test_in_arrears_the_rest_is_due_when_its_interval_is_over():
    """domain.md: as any other period in arrears."""
    frame = contract("01.01.2026", in_advance=False)

    assert periods(paused(pause("10.01.2026", "17.03.2026")), frame, count=2) == [
        ("01.01.-31.01.", "01.02."),
        ("17.03.-31.03.", "01.04."),
    ]


def test_an_article_of_whole_periods_only_starts_with_the_next_one():
    """P10: nothing of March; a resume on the first day of a period bills it."""
    inside = paused(pause("10.01.2026", "17.03.2026"), policy=WHOLE)
    on_the_first = paused(pause("10.01.2026", "01.03.2026"), policy=WHOLE)

    assert periods(inside, until="01.02.2026", count=1) == [("01.04.-30.04.", "01.04.")]
    assert periods(on_the_first, until="01.02.2026", count=1) == [("01.03.-31.03.", "01.03.")]


def test_a_contract_of_whole_periods_bills_no_rest_either():
    """P8: day count NONE knows whole periods only."""
    frame = contract("01.01.2026", day_count=DayCount.NONE)

    assert periods(paused(pause("10.01.2026", "17.03.2026")), frame, "01.02.2026", 1) == [
        ("01.04.-30.04.", "01.04.")
    ]


def test_while_a_pause_is_open_nothing_behind_its_start_comes():
    """F030: and nothing waits, so that no run looks at the contract."""
    of = paused(pause("10.02.2026"))

    assert periods(of) == [("01.01.-31.01.", "01.01."), ("01.02.-28.02.", "01.02.")]
    for policy in (LATER, WHOLE):
        assert periods(paused(pause("10.02.2026"), policy=policy), until="01.03.2026") == []


def test_a_pause_inside_one_period_changes_nothing():
    """P10: no period starts in it."""
    assert periods(paused(pause("10.01.2026", "20.01.2026")), count=2) == [
        ("01.01.-31.01.", "01.01."),
        ("01.02.-28.02.", "01.02."),
    ]


def test_a_pause_from_the_first_day_on_leaves_the_rest_of_the_period():
    """P10: the first paid day lies in the pause."""
    assert periods(paused(pause("01.01.2026", "20.01.2026")), count=2) == [
        ("20.01.-31.01.", "20.01."),
        ("01.02.-28.02.", "01.02."),
    ]


def test_pauses_that_touch_are_one():
    """P10: resumed and paused again on the same day, twice."""
    rests = (
        pause("20.01.2026", "10.02.2026"),
        pause("10.02.2026", "15.02.2026"),
        pause("15.02.2026", "20.02.2026"),
    )

    assert periods(paused(*rests), until="01.02.2026", count=2) == [
        ("20.02.-28.02.", "20.02."),
        ("01.03.-31.03.", "01.03."),
    ]


def test_each_of_several_pauses_holds_up_its_own_periods():
    """P10: February from 10.02., none of May."""
    rests = (pause("15.01.2026", "10.02.2026"), pause("30.04.2026", "01.06.2026"))

    assert periods(paused(*rests), until="01.02.2026", count=5) == [
        ("10.02.-28.02.", "10.02."),
        ("01.03.-31.03.", "01.03."),
        ("01.04.-30.04.", "01.04."),
        ("01.06.-30.06.", "01.06."),
        ("01.07.-31.07.", "01.07."),
    ]


def test_a_pause_that_begins_in_the_rest_of_a_period_leaves_it_whole():
    """P10: 10.-28.02. runs when the next pause begins."""
    rests = (pause("15.01.2026", "10.02.2026"), pause("20.02.2026", "05.03.2026"))

    assert periods(paused(*rests), until="01.02.2026", count=2) == [
        ("10.02.-28.02.", "10.02."),
        ("05.03.-31.03.", "05.03."),
    ]


def test_a_whole_period_that_would_start_in_the_next_pause_is_left_out_too():
    """P10: resumed on 17.03., but April starts in another pause."""
    rests = (pause("10.01.2026", "17.03.2026"), pause("01.04.2026", "15.04.2026"))

    assert periods(paused(*rests, policy=WHOLE), until="01.02.2026", count=1) == [
        ("01.05.-31.05.", "01.05.")
    ]


def test_what_is_billed_of_a_paused_time_stays_billed():
    """P10: paused far back; billed until April, so April is next."""
    assert periods(paused(pause("10.01.2026", "20.02.2026")), until="01.04.2026", count=1) == [
        ("01.04.-30.04.", "01.04.")
    ]


def test_what_is_left_of_a_billed_period_waits_for_the_end_of_the_pause():
    """F019, P10: billed until 10.02., which lies in the pause."""
    assert periods(paused(pause("05.02.2026", "20.02.2026")), until="10.02.2026", count=1) == [
        ("20.02.-28.02.", "20.02.")
    ]


def test_periods_billed_later_come_whole_when_the_pause_is_over():
    """P10: February and March from 17.03. on; April as usual."""
    found = periods(paused(pause("10.01.2026", "17.03.2026"), policy=LATER), count=4)

    assert found == [
        ("01.01.-31.01.", "01.01."),
        ("01.02.-28.02.", "17.03."),
        ("01.03.-31.03.", "17.03."),
        ("01.04.-30.04.", "01.04."),
    ]


def test_periods_billed_later_in_arrears_are_not_due_before_they_are_over():
    """P10: February when the pause is over, March when March is."""
    frame = contract("01.01.2026", in_advance=False)
    of = paused(pause("10.01.2026", "17.03.2026"), policy=LATER)

    assert periods(of, frame, "01.02.2026", 2) == [
        ("01.02.-28.02.", "17.03."),
        ("01.03.-31.03.", "01.04."),
    ]


def test_periods_billed_later_wait_for_the_last_of_pauses_that_touch():
    """P10."""
    rests = (pause("10.01.2026", "10.02.2026"), pause("10.02.2026", "05.03.2026"))

    assert periods(paused(*rests, policy=LATER), until="01.02.2026", count=2) == [
        ("01.02.-28.02.", "05.03."),
        ("01.03.-31.03.", "05.03."),
    ]


def test_a_reopened_period_of_an_open_pause_is_due_as_before():
    """A cancelled invoice of January is billed again though the subscription rests now."""
    of = paused(pause("01.01.2026"), policy=LATER)
    (january,) = islice(unbilled_periods(paused(), contract("01.01.2026"), None), 1)

    assert due_on(of, contract("01.01.2026"), january) == (0, day("01.01.2026"))


def test_a_quarterly_invoice_leaves_out_the_months_of_a_planned_pause():
    """P10: known beforehand: January and March in one invoice, February in none."""
    of = paused(pause("01.02.2026", "01.03.2026"))

    found = drafts(view(contract("01.01.2026", QUARTERLY), of), "01.01.2026")

    assert [lines(document) for document in found] == [
        [("01.01.2026-31.01.2026", "30.00"), ("01.03.2026-31.03.2026", "30.00")]
    ]


def test_the_next_due_day_is_that_of_what_comes_after_the_pause():
    """P10: nothing is due before 17.03."""
    billable = view(
        contract("01.01.2026"), paused(pause("10.01.2026", "17.03.2026")), until="01.02.2026"
    )

    assert plan_contract(TENANT, billable, day("01.01.2026")).next_due_on == day("17.03.2026")


def test_a_rest_that_would_start_behind_the_end_is_not_billed():
    """P9, P10: the contract ends on 10.03., the pause on 17.03."""
    of = paused(pause("10.01.2026", "17.03.2026"))
    frame = contract("01.01.2026", end=day("10.03.2026"))

    assert periods(of, frame, until="01.02.2026") == []


def test_an_item_that_ends_cuts_the_rest_to_the_day():
    """P10: until 25.03., so 17.-24.03."""
    of = paused(pause("10.01.2026", "17.03.2026"), until=day("25.03.2026"))

    assert periods(of, until="01.02.2026") == [("17.03.-24.03.", "17.03.")]


def test_no_period_starts_on_the_day_of_termination_or_behind_it():
    """F037: as of 15.03. March is the last, as of 01.03. it is February."""
    inside = item("01.01.2026", term={"terminated_as_of": day("15.03.2026")})
    on_the_first = item("01.01.2026", term={"terminated_as_of": day("01.03.2026")})

    assert periods(inside) == [
        ("01.01.-31.01.", "01.01."),
        ("01.02.-28.02.", "01.02."),
        ("01.03.-31.03.", "01.03."),
    ]
    assert [service for service, _due in periods(on_the_first)] == [
        "01.01.-31.01.",
        "01.02.-28.02.",
    ]


def without_renewal(*rests: Pause, policy):
    term = {"renewal": Renewal.NONE, "minimum_term": QUARTERLY}
    return paused(*rests, policy=policy, term=term)


@pytest.mark.parametrize("policy", [PausePolicy(), WHOLE])
def test_a_term_without_renewal_ends_when_it_ends(policy):
    """F027, P10: the article does not say that pauses prolong it."""
    assert periods(without_renewal(pause("15.01.2026", "01.03.2026"), policy=policy)) == [
        ("01.01.-31.01.", "01.01."),
        ("01.03.-31.03.", "01.03."),
    ]


def test_a_pause_prolongs_the_service_where_the_article_says_so():
    """F027, P10: 45 days of pause, so service until 16.05. (exclusive), to the day."""
    found = periods(without_renewal(pause("15.01.2026", "01.03.2026"), policy=EXTENDS))

    assert found == [
        ("01.01.-31.01.", "01.01."),
        ("01.03.-31.03.", "01.03."),
        ("01.04.-30.04.", "01.04."),
        ("01.05.-15.05.", "01.05."),
    ]


def test_prolonged_service_that_meets_another_pause_is_prolonged_again():
    """P10: 31 days reach 02.05. and meet a pause of ten days from 25.04.: 12.05."""
    rests = (pause("01.02.2026", "04.03.2026"), pause("25.04.2026", "05.05.2026"))

    assert periods(without_renewal(*rests, policy=EXTENDS), until="01.02.2026") == [
        ("04.03.-31.03.", "04.03."),
        ("01.04.-30.04.", "01.04."),
        ("05.05.-11.05.", "05.05."),
    ]


def test_payment_start_inside_a_period_bills_its_rest():
    """F035: free from 01.01. until 17.01.; pauses in free time change nothing."""
    term = {"payment_start": day("17.01.2026")}

    assert periods(item("01.01.2026", term=term), count=2) == [
        ("17.01.-31.01.", "17.01."),
        ("01.02.-28.02.", "01.02."),
    ]
    assert periods(paused(pause("05.01.2026", "10.01.2026"), term=term), count=1) == [
        ("17.01.-31.01.", "17.01.")
    ]


def test_a_yearly_period_is_resumed_as_the_rest_of_its_year():
    """P8: an article per year; resumed on 01.07., 184 days of the year."""
    sold = article("365.00", unit=ArticleUnit.YEAR)
    of = paused(pause("01.01.2026", "01.07.2026"), sold=sold)

    found = drafts(view(contract("01.01.2026", YEARLY), of), "01.07.2026")

    assert [lines(document) for document in found] == [[("01.07.2026-31.12.2026", "184.00")]]


def test_month_ends_are_kept_over_a_pause():
    """P2: from 31.01.: 28.02.-30.03. is skipped, 31.03.-29.04. comes."""
    of = paused(pause("10.02.2026", "31.03.2026"), start="31.01.2026")

    assert periods(of, contract("31.01.2026", MONTHLY), count=3) == [
        ("31.01.-27.02.", "31.01."),
        ("31.03.-29.04.", "31.03."),
        ("30.04.-30.05.", "30.04."),
    ]


def test_a_part_lies_in_the_whole_period_of_its_first_day():
    """P8: 17.-31.03. of March; the whole month is no part."""
    frame, of = contract("01.01.2026"), paused()
    rest = Period(day("17.03.2026"), day("01.04.2026"))
    march = Period(day("01.03.2026"), day("01.04.2026"))

    assert period_of(of, frame, rest) == ServicePeriod(march, rest)
    assert period_of(of, frame, march).is_whole
