"""Ids made by the client: UUID version 7, ordered by time, from an injected source."""

import secrets
from collections.abc import Callable
from uuid import UUID, uuid5

from faktura.kernel.clock import Clock

IdSource = Callable[[], UUID]

_VERSION_7 = 7 << 76
_VARIANT = 2 << 62
_COUNTER_BITS = 12


def id_within(parent: UUID, name: str) -> UUID:
    """The one id that a name has within a parent: equal for equal names, else never (RFC 9562, 5.5)."""
    return uuid5(parent, name)


class Uuid7Source:
    """UUIDs of RFC 9562 section 5.7: 48 bits of milliseconds, 12 of counter, 62 random.

    Ids of one source strictly increase, also within a millisecond and if the clock steps back.
    """

    def __init__(self, clock: Clock, random_bits: Callable[[int], int] = secrets.randbits) -> None:
        self._clock = clock
        self._random_bits = random_bits
        self._last = 0

    def __call__(self) -> UUID:
        """The next id."""
        moment = int(self._clock.now().timestamp() * 1000) << _COUNTER_BITS
        self._last = max(self._last + 1, moment)
        milliseconds, counter = self._last >> _COUNTER_BITS, self._last & 0xFFF
        value = milliseconds << 80 | _VERSION_7 | counter << 64 | _VARIANT | self._random_bits(62)
        return UUID(int=value)
