"""How a question to a bank feed can come to nothing."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto


class FailureKind(Enum):
    """What is to be done about it.

    LATER was surely not done: come back. LOST came to nothing that could be read. BROKEN is our key or
    user, PERSON the bank, which wants to see somebody. A connection that is GONE is unknown there.
    """

    LATER = auto()
    LOST = auto()
    BROKEN = auto()
    PERSON = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class FeedFailure:
    """A question that came to nothing; `problem` is a sentence for people."""

    kind: FailureKind
    problem: str
    retry_after: timedelta = timedelta(0)
