"""How a subscriber is told: what the pump asks of a messenger, and what a messenger tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from faktura.domain.events import Delivery


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one attempt.

    `answer` is what the other side said, shortened and without secrets; `error` says why it was not
    taken, as an error is kept; `retry_after` is how many seconds it wants to be left alone.
    """

    taken: bool
    status: int | None
    answer: str
    milliseconds: int
    error: Mapping[str, str] | None = None
    retry_after: int = 0


class Messenger(Protocol):
    """The way to one subscriber, open for one pass over what waits for it."""

    @property
    def in_flight(self) -> int:
        """How many facts may be on their way at once; asked anew before each."""
        ...

    async def prepare(self, deliveries: Sequence[Delivery]) -> None:
        """Get ready what these need; each is told later, or not in this pass.

        What is prepared may be many at a time, and others may be prepared before these are told.
        """
        ...

    async def tell(self, delivery: Delivery) -> Told:
        """Tell one fact, once; whatever the other side does is an outcome and raises nothing."""
        ...

    async def close(self) -> None:
        """The pass is over."""
        ...
