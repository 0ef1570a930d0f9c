"""Lives as hypothesis makes them up; a shorter list of steps is a simpler life."""

from datetime import date, timedelta

from hypothesis import strategies as st
from tests.lives.amendments import (
    cancel,
    correct,
    discount,
    interim,
    put_off,
    rebill,
    succeed,
)
from tests.lives.changes import align, pause, resume, split, terminate, upgrade
from tests.lives.day_table import Cycle
from tests.lives.dealings import activate, bill, bounce, settle, use
from tests.lives.machine import Acts, Plan, Step

ACTS: Acts = {
    "bill": bill,
    "activate": activate,
    "upgrade": upgrade,
    "use": use,
    "settle": settle,
    "align": align,
    "pause": pause,
    "resume": resume,
    "terminate": terminate,
    "split": split,
    "bounce": bounce,
    "cancel": cancel,
    "rebill": rebill,
    "correct": correct,
    "interim": interim,
    "discount": discount,
    "put_off": put_off,
    "succeed": succeed,
}

# How often each happens; most lives are billed and changed many times before they end.
_WORDS = (
    ["bill"] * 6
    + ["upgrade"] * 5
    + ["settle"] * 3
    + ["use", "align", "pause", "cancel", "succeed"] * 2
    + ["resume", "resume", "terminate", "split", "bounce", "rebill", "correct", "interim"]
    + ["discount", "put_off"]
)
_INTERVALS = (
    Cycle(1, "MONTH"),
    Cycle(3, "MONTH"),
    Cycle(1, "YEAR"),
    Cycle(2, "WEEK"),
    Cycle(12, "MONTH"),
    Cycle(1, "WEEK"),
)
_MONTH_ENDS = (date(2024, 1, 31), date(2024, 2, 29), date(2024, 8, 30), date(2025, 12, 31))

_steps = st.builds(
    Step,
    st.sampled_from(_WORDS),
    st.one_of(st.integers(0, 40), st.integers(0, 400)),
    st.integers(0, 112),
    st.integers(0, 11),
    st.integers(0, 19),
)
_starts = st.one_of(
    st.sampled_from(_MONTH_ENDS),
    st.integers(0, 700).map(lambda days: date(2024, 1, 1) + timedelta(days=days)),
)
_items = st.tuples(
    st.integers(0, 9),
    st.integers(1, 4),
    st.one_of(st.none(), st.none(), st.none(), st.integers(1, 80)),
)


def plans(shortest: int = 4, longest: int = 11) -> st.SearchStrategy[Plan]:
    """Contracts of two to four items, active from the start, and what happens to them."""
    steps = st.lists(_steps, min_size=shortest, max_size=longest).map(tuple)
    return st.builds(
        Plan,
        _starts,
        st.sampled_from(_INTERVALS),
        st.sampled_from((True, True, False)),
        st.sampled_from(("ACTUAL", "ACTUAL", "THIRTY_360", "NONE")),
        st.lists(_items, min_size=2, max_size=4).map(tuple),
        st.one_of(st.none(), st.none(), st.integers(1, 45)),
        st.one_of(st.none(), st.none(), st.none(), st.integers(1, 14)),
        steps.map(lambda rest: (Step("activate"), *rest)),
    )
