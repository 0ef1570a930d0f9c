"""Laws of a dunning decision: sums, holds, levels, and that deciding twice changes nothing."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from faktura.domain.base_rates import BaseRates
from faktura.domain.dunning import Case, Debtor, OverdueDocument, Reached
from faktura.domain.dunning_interest import Owed
from faktura.domain.dunning_plan import Rules, decide
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.kernel.dunning_terms import DunningHold, InterestRule

ON = date(2026, 5, 4)
OWNER = UUID(int=1)
LEVELS = (
    DunningLevel(days=7),
    DunningLevel(days=14, fee=500, interest=InterestRule.LEGAL),
    DunningLevel(days=14, interest=InterestRule.LEGAL, flat=True),
)
# Most documents are free: a case of which all is held has no notice to look at.
HOLDS = st.sampled_from([*[None] * 3 * len(DunningHold), *DunningHold])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """What a customer owes, at any level, with any holds and any credit."""
    documents, holds, owed, debtors = [], {}, {}, {}
    for no in range(draw(st.integers(1, 5))):
        due = ON - timedelta(days=draw(st.integers(3, 90)))
        level = draw(st.integers(0, 3))
        reached = Reached(
            level,
            max(due, ON - timedelta(days=draw(st.integers(1, 40)))),
            None,
            flat_charged=level > 2,
        )
        amount = draw(st.integers(1, 100_000))
        one = OverdueDocument(
            UUID(int=100 + no), f"R-{no}", OWNER, due, due, amount, amount, reached
        )
        documents.append(one)
        hold = draw(HOLDS)
        if hold is not None:
            holds[one.id] = hold
        owed[one.id] = (Owed(due, amount),)
        debtors[one.id] = Debtor(draw(st.booleans()), draw(st.booleans()))
    documents.sort(key=lambda one: (one.due_on, one.number))
    credit = draw(st.integers(0, 20_000))
    return Case(OWNER, "EUR", tuple(documents), credit, (), holds, owed, debtors)


def _rules(least: int = 0) -> Rules:
    return Rules(DunningPolicy(LEVELS, least=least), "EUR", BaseRates({}), ON)


@given(cases())
def test_a_notice_asks_for_what_its_documents_and_charges_sum_to(case: Case):
    """Open, fee, flat sums and interest less the credit, which is always smaller."""
    notice = decide(case, _rules()).notice

    if notice is not None:
        open_ = sum(item.document.open for item in notice.items)
        charges = sum(item.interest + item.flat for item in notice.items) + notice.fee
        assert notice.total == open_ + charges - case.credit
        assert notice.total > 0
        assert notice.charges == charges


@given(cases())
def test_what_is_held_is_on_no_notice_and_nothing_is_lost(case: Case):
    """Each document of a case is on the notice or held, never both."""
    decision = decide(case, _rules())
    on_it = set() if decision.notice is None else {i.document.id for i in decision.notice.items}

    assert not on_it & set(case.holds)
    assert on_it | set(decision.held) == {one.id for one in case.documents}
    assert not on_it & set(decision.held)


@given(cases())
def test_a_level_is_raised_by_one_and_the_notice_bears_the_highest(case: Case):
    """Nobody jumps a level; what is not raised stands as it is and costs nothing."""
    notice = decide(case, _rules()).notice

    if notice is not None:
        raised = [item for item in notice.items if item.is_raised]
        assert all(item.level == item.document.reached.level + 1 for item in raised)
        assert notice.level == max(item.level for item in raised)
        for item in notice.items:
            if not item.is_raised:
                assert item.level == item.document.reached.level
                assert (item.interest, item.flat) == (0, 0)


@given(cases())
def test_a_consumer_who_was_not_told_is_charged_nothing(case: Case):
    """§ 286 Abs. 3 BGB, and the flat sum never falls on a consumer (§ 288 Abs. 5)."""
    notice = decide(case, _rules()).notice

    if notice is not None:
        bearing = False
        for item in notice.items:
            debtor = case.debtors[item.document.id]
            bears = item.is_raised and (debtor.is_business or debtor.was_told)
            assert bears or (item.interest, item.flat) == (0, 0)
            assert debtor.is_business or item.flat == 0
            bearing |= bears
        assert bearing or notice.charges == 0


@given(cases(), st.integers(1, 200_000))
def test_nobody_writes_for_less_than_the_tenant_wants(case: Case, least: int):
    """What is owed less the credit reaches the least amount, or there is no notice."""
    notice = decide(case, _rules(least)).notice

    assert notice is None or notice.open - case.credit >= least
