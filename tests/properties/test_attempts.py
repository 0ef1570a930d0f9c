"""Attempts: whatever the order of reports, the end is the same (O5, P31)."""

from hypothesis import given
from hypothesis import strategies as st

from faktura.domain.attempts import LIVE, moves
from faktura.kernel.payment_terms import AttemptState

S = AttemptState
# What providers report; the states of one rank exclude each other at a provider.
REPORTED = st.sampled_from([S.UNKNOWN, S.ACTION_NEEDED, S.PENDING, S.FAILED, S.SUCCEEDED])


def _after(reports: list[AttemptState]) -> AttemptState:
    state = S.SENT
    for reported in reports:
        state = reported if moves(state, reported) else state
    return state


@given(st.lists(REPORTED, max_size=6).flatmap(lambda r: st.tuples(st.just(r), st.permutations(r))))
def test_reports_lead_to_one_end_in_any_order(
    orders: tuple[list[AttemptState], list[AttemptState]],
):
    """O5: the order of reports does not matter."""
    first, second = orders

    assert _after(first) == _after(second)


@given(st.lists(REPORTED, max_size=6))
def test_reports_that_come_twice_change_nothing(reports: list[AttemptState]):
    """P31: a replay of everything changes nothing."""
    assert _after(reports + reports) == _after(reports)


@given(st.lists(REPORTED, max_size=6), REPORTED)
def test_an_attempt_that_ended_is_never_live_again(
    reports: list[AttemptState], one_more: AttemptState
):
    """P28: otherwise two attempts of a document could be live."""
    before, after = _after(reports), _after([*reports, one_more])

    assert before in LIVE or after not in LIVE
