"""Decisions of a dunning run case by case."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from faktura.domain.base_rates import BaseRates
from faktura.domain.dunning import NEVER_DUNNED, Case, Debtor, OverdueDocument, Reached
from faktura.domain.dunning_interest import Owed
from faktura.domain.dunning_plan import Rules, decide
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.kernel.dunning_terms import DunningHold, InterestRule

ON = date(2026, 3, 23)
OWNER, ONE, OTHER = UUID(int=1), UUID(int=11), UUID(int=12)
OWN_RATE = DunningLevel(days=7, interest=InterestRule.OWN, rate=Decimal(5), fee=250, flat=True)


def _document(
    document_id: UUID = ONE, reached: Reached = NEVER_DUNNED, amount: int = 10_000
) -> OverdueDocument:
    due = date(2026, 3, 2)
    number = f"R-{document_id.int}"
    return OverdueDocument(document_id, number, OWNER, due, due, amount, amount, reached)


def _case(*documents: OverdueDocument, business: bool = True, **more: object) -> Case:
    case = Case(
        OWNER,
        "EUR",
        documents,
        owed={one.id: (Owed(one.issued_on, one.gross),) for one in documents},
        debtors={one.id: Debtor(business, was_told=True) for one in documents},
    )
    return replace(case, **more)  # type: ignore[arg-type]  # fields of a case


def _rules(*levels: DunningLevel, on: date = ON, least: int = 0, currency: str = "EUR") -> Rules:
    return Rules(DunningPolicy(levels, least=least), currency, BaseRates({}), on)


def test_a_rate_of_ones_own_is_reckoned_for_the_same_days():
    """100.00 at 5 percent for 21 days are 0.29; the flat sum takes the place of the fee."""
    notice = decide(_case(_document()), _rules(OWN_RATE)).notice

    assert notice is not None
    assert (notice.interest, notice.flat, notice.fee) == (29, 4_000, 0)
    assert (notice.items[0].interest_from, notice.items[0].interest_until) == (
        date(2026, 3, 3),
        ON,
    )


def test_a_consumer_pays_the_fee_that_the_flat_sum_replaces_between_businesses():
    """§ 288 Abs. 5 BGB is for creditors of businesses only; default came with the notice of 9 March."""
    reached = Reached(1, date(2026, 3, 9), None, flat_charged=False)
    case = _case(_document(reached=reached), business=False)

    notice = decide(case, _rules(OWN_RATE, OWN_RATE)).notice

    assert notice is not None
    # From 10 to 23 March: 100.00 × 5 % × 14 / 365.
    assert (notice.interest, notice.flat, notice.fee) == (19, 0, 250)


@pytest.mark.parametrize(
    ("on", "interest", "fee"),
    [(date(2026, 4, 1), 0, 0), (date(2026, 4, 2), 1, 250), (date(2026, 4, 11), 14, 250)],
)
def test_a_consumer_whom_nobody_reminded_is_in_default_after_thirty_days(
    on: date, interest: int, fee: int
):
    """§ 286 Abs. 3 BGB: due on 2 March, the thirty days end with 1 April; a day is 1.37 cents."""
    notice = decide(_case(_document(), business=False), _rules(OWN_RATE, on=on)).notice

    assert notice is not None
    assert (notice.interest, notice.fee) == (interest, fee)


def test_what_credit_covers_wholly_rises_no_level_and_costs_nothing():
    """The older document is covered: only the other one bears the flat sum and interest."""
    covered, other = _document(amount=4_000), _document(OTHER)

    notice = decide(_case(covered, other, credit=4_000), _rules(OWN_RATE)).notice

    assert notice is not None
    assert [(one.level, one.flat, one.interest) for one in notice.items] == [
        (0, 0, 0),
        (1, 4_000, 29),
    ]
    assert notice.total == 10_000 + 4_000 + 29


def test_where_all_that_would_rise_is_covered_nobody_writes():
    """What waits for its next level is not asked for before its time."""
    waiting = Reached(1, date(2026, 3, 22), None, flat_charged=False)
    covered, other = _document(amount=4_000), _document(OTHER, waiting)

    decision = decide(_case(covered, other, credit=4_000), _rules(OWN_RATE, OWN_RATE))

    assert decision.notice is None
    assert decision.held == {ONE: DunningHold.CREDIT, OTHER: DunningHold.NOT_YET}


def test_what_bore_the_flat_sum_before_bears_no_fee_after_it():
    """§ 288 Abs. 5 Satz 3 BGB: it is set against what reminders cost."""
    reached = Reached(1, date(2026, 3, 9), date(2026, 3, 9), flat_charged=True)
    again = replace(OWN_RATE, days=14)

    notice = decide(_case(_document(reached=reached)), _rules(OWN_RATE, again)).notice

    assert notice is not None
    # From 10 to 23 March: 100.00 × 5 % × 14 / 365.
    assert (notice.level, notice.interest, notice.flat, notice.fee) == (2, 19, 0, 0)


def test_no_interest_is_asked_for_twice_for_a_day():
    """A level whose days were charged already costs none."""
    reached = Reached(1, date(2026, 3, 9), ON, flat_charged=True)

    notice = decide(
        _case(_document(reached=reached)), _rules(OWN_RATE, replace(OWN_RATE, days=14))
    ).notice

    assert notice is not None
    assert (notice.items[0].interest, notice.items[0].interest_until) == (0, None)


def test_what_the_credit_covers_bears_no_interest():
    """60.00 of 100.00 are covered: 40.00 at 5 percent for 21 days are 0.12."""
    notice = decide(_case(_document(), credit=6_000), _rules(OWN_RATE)).notice

    assert notice is not None
    assert notice.interest == 12


@pytest.mark.parametrize(
    ("least", "currency", "hold"),
    [
        (10_000, "EUR", None),
        (10_001, "EUR", DunningHold.SMALL),
        (10_001, "CHF", None),
    ],
)
def test_nobody_is_written_to_for_a_trifle(least: int, currency: str, hold: DunningHold | None):
    """The least amount is in the tenant's currency and says nothing of another one."""
    decision = decide(_case(_document()), _rules(OWN_RATE, least=least, currency=currency))

    assert decision.held == ({} if hold is None else {ONE: hold})


@pytest.mark.parametrize("flat", [False, True])
def test_a_consumer_who_was_not_told_is_reminded_for_nothing(flat: bool):
    """§ 286 Abs. 3 BGB: neither interest nor fee, though the notice of 9 March put them in default."""
    reached = Reached(1, date(2026, 3, 9), None, flat_charged=False)
    debtors = {ONE: Debtor(is_business=False, was_told=False)}
    case = _case(_document(reached=reached), debtors=debtors)

    notice = decide(case, _rules(OWN_RATE, replace(OWN_RATE, flat=flat))).notice

    assert notice is not None
    assert (notice.level, notice.interest, notice.flat, notice.fee) == (2, 0, 0, 0)


def test_a_level_without_a_debtor_that_bears_it_costs_nothing():
    """What nobody looked up is not charged."""
    case = _case(_document(), debtors={})

    notice = decide(case, _rules(OWN_RATE)).notice

    assert notice is not None
    assert notice.charges == 0


def test_without_levels_nobody_is_dunned_and_nothing_is_exhausted():
    """A tenant may switch it off; what was dunned before stays as it is."""
    reached = Reached(2, date(2026, 3, 9), None, flat_charged=False)

    decision = decide(_case(_document(reached=reached)), _rules())

    assert (decision.notice, decision.held, decision.exhausted) == (
        None,
        {ONE: DunningHold.NOT_YET},
        [],
    )


def test_the_last_level_is_exhausted_when_its_time_to_pay_is_over():
    """Seven days after the notice, not on the seventh itself."""
    reached = Reached(1, date(2026, 3, 16), None, flat_charged=False)
    document = _document(reached=reached)

    on_the_day = decide(_case(document), _rules(OWN_RATE))
    after_it = decide(_case(document), _rules(OWN_RATE, on=date(2026, 3, 24)))

    assert (on_the_day.exhausted, after_it.exhausted) == ([], [document])


def test_an_exhausted_document_stands_on_the_notice_and_does_not_raise_it():
    """The notice bears level 1, which the other document reached with it."""
    old = _document(reached=Reached(1, date(2026, 3, 16), None, flat_charged=False))
    new = _document(OTHER)

    notice = decide(_case(old, new), _rules(replace(OWN_RATE, flat=False))).notice

    assert notice is not None
    assert notice.level == 1
    assert [(item.level, item.is_raised) for item in notice.items] == [(1, False), (1, True)]
