"""The line of what waits for one subscriber: lanes side by side, each strictly in its order (P48)."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from faktura.domain.events import Delivery

# What one lane has more than this waits for the next pass: others must not wait behind it.
MOST_OF_A_LANE = 100


@dataclass(slots=True)
class Line:
    """What is to be told in one pass; added in the order of the facts.

    A lane is told one fact at a time. It is closed for the rest of the pass behind one that is not
    due, or was not taken: what follows it must not overtake it.
    """

    now: datetime
    left_over: bool = False
    held: int = 0
    _queues: dict[str, deque[Delivery]] = field(default_factory=dict)
    _free: deque[str] = field(default_factory=deque)
    _closed: set[str] = field(default_factory=set)

    @property
    def free(self) -> int:
        """How many lanes have one that may be told now."""
        return len(self._free)

    def is_open_to(self, one: Delivery) -> bool:
        """Whether it could be told in this pass, for all that is known of its lane so far."""
        return one.is_due(self.now) and one.lane not in self._closed

    def add(self, one: Delivery) -> bool:
        """Put it behind the others of its lane; whether it is told in this pass if those are taken."""
        if one.lane in self._closed:
            return False
        queue = self._queues.get(one.lane)
        is_full = queue is not None and len(queue) >= MOST_OF_A_LANE
        if is_full or not one.is_due(self.now):
            self._closed.add(one.lane)
            self.left_over |= is_full
            return False
        if queue is None:
            queue = self._queues[one.lane] = deque()
            self._free.append(one.lane)
        queue.append(one)
        self.held += 1
        return True

    def take(self) -> Delivery | None:
        """The first of a lane that is free; the lane is taken until `end`. None where all are taken."""
        return self._queues[self._free.popleft()][0] if self._free else None

    def end(self, one: Delivery, *, goes_on: bool) -> None:
        """The one that `take` gave is over; its lane goes on, or is closed: then nothing of it is told."""
        queue = self._queues[one.lane]
        queue.popleft()
        self.held -= 1
        if goes_on and queue:
            self._free.append(one.lane)
            return
        del self._queues[one.lane]
        if not goes_on:
            self._closed.add(one.lane)
            self.held -= len(queue)
