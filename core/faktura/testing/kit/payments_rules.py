"""What an answer may say, judged by the double's own books."""

import logging
import traceback
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

from faktura.kernel.errors import FakturaError
from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.plugin import (
    Absent,
    ActionNeeded,
    Cancelled,
    Declined,
    Pending,
    Rejected,
    Succeeded,
)
from faktura.testing.kit.payments_bench import Taken
from faktura.testing.kit.surroundings import ReadLog

NO: TypeAlias = ActionNeeded | Declined | Rejected | Cancelled | Absent
"""Answers by which no money moved."""

T = TypeVar("T")


async def told(answer: Awaitable[T]) -> T | OutsideUnavailable | AccountBroken:
    """What an adapter answers, the two errors that it may raise among it; others end the scenario."""
    try:
        return await answer
    except (OutsideUnavailable, AccountBroken) as not_now:
        return not_now


def assert_books_agree(answer: object, taken: Sequence[Taken]) -> None:
    """No answer denies money that moved, or promises money that did not (payments 6.5)."""
    if isinstance(answer, Succeeded | Pending):
        assert list(taken) == [Taken(answer.amount, answer.currency)], "it tells other money"
    if taken:
        assert not isinstance(answer, NO), f"it says {answer!r}, and the money moved"
        assert not isinstance(answer, FakturaError), f"it says nothing was done: {answer}"


@contextmanager
def every_log(own: ReadLog) -> Iterator[ReadLog]:
    """All that is logged meanwhile, by the adapter and by the libraries below it."""
    root = logging.getLogger()
    level = root.level
    root.addHandler(own)
    root.setLevel(logging.DEBUG)
    try:
        yield own
    finally:
        root.setLevel(level)
        root.removeHandler(own)


def as_printed(*values: object) -> str:
    """All that a log or a screen may come to show of these: text, repr, an error's causes."""
    return "\n".join(
        "".join(traceback.format_exception(one)) + str(vars(one))
        if isinstance(one, BaseException)
        else f"{one!s}\n{one!r}"
        for one in values
    )
