"""What happens in an experiment, drawn from its number, and the clockwork that kills."""

import os
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from random import Random
from typing import Any

from typing_extensions import override

from faktura.testing.double_steps import Do, Step

KILLED = 137
# Longer than a run of three documents takes steps: some schedules kill nobody.
_MOST_TICKS = 100
ENDS = (
    Do.SUCCEED, Do.SUCCEED, Do.SUCCEED, Do.LOSE, Do.LOSE, Do.DROP, Do.RAISE, Do.GARBAGE,
    Do.PEND, Do.DECLINE, Do.UNAVAILABLE, Do.ACT,
)  # fmt: skip


@dataclass(frozen=True)
class Schedule:
    """What happens in one experiment, all of it drawn from its number."""

    steps: tuple[Step, ...]
    dies_at: int
    dies_again_at: int
    two_at_once: bool
    settings: dict[str, object]
    seed: int

    @classmethod
    def drawn(cls, seed: int) -> "Schedule":
        """The schedule of that number."""
        random = Random(seed)
        steps = tuple(Step(random.choice(ENDS)) for _ in range(random.randrange(7)))
        settings: dict[str, object] = {
            "look_up": random.choice(("CONSISTENT", "EVENTUAL")),
            "key_window_hours": random.choice((0, 24, 24)),
            "lag_seconds": 0,
        }
        if settings["look_up"] == "EVENTUAL":
            settings["lag_seconds"] = random.choice((0, 120, 900))
        return cls(
            steps,
            random.randrange(1, _MOST_TICKS),
            random.choice((0, 0, random.randrange(1, _MOST_TICKS))),
            random.random() < 0.2,
            settings,
            seed,
        )


class Ticks:
    """Counts awaits and commits; the process dies at the one that is named, with nothing tidied up."""

    def __init__(self, dies_at: int) -> None:
        self._left = dies_at

    def __call__(self) -> None:
        """One more; never at all where 0 was named."""
        self._left -= 1
        if self._left == 0:
            os._exit(KILLED)


class Stepped(Coroutine[Any, Any, Any]):
    """A coroutine that ticks each time it goes on after an await."""

    def __init__(self, inner: Coroutine[Any, Any, Any], tick: Callable[[], None]) -> None:
        self._inner, self._tick = inner, tick

    @override
    def send(self, value: object) -> Any:
        self._tick()
        return self._inner.send(value)

    @override
    def throw(self, *error: Any) -> Any:
        return self._inner.throw(*error)

    @override
    def close(self) -> None:
        self._inner.close()

    @override
    def __await__(self) -> Generator[Any, Any, Any]:
        raise TypeError("a task runs it")
