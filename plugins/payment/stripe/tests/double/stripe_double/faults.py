"""What goes wrong on purpose, once or several times, with requests that fit."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum, unique


@unique
class Fault(StrEnum):
    """What happens instead of a right answer.

    Nothing is done: BUSY (429), LOCKED (lock_timeout), DOWN (503), KEY_REFUSED (401), FORBIDDEN
    (403), GATEWAY (400 of a machine in between). It is done and not heard of: LOST (connection
    cut), CUT (body breaks off), HTML (502), EMPTY ({}), A_LIST ([]), NOT_UTF8, ENDLESS (too long).
    SAVED_500 does it and answers with a 500 kept under the key; EMPTY_500 does nothing and does
    the same. HELD waits until the test lets it go.
    """

    BUSY = "BUSY"
    LOCKED = "LOCKED"
    DOWN = "DOWN"
    KEY_REFUSED = "KEY_REFUSED"
    FORBIDDEN = "FORBIDDEN"
    GATEWAY = "GATEWAY"
    LOST = "LOST"
    CUT = "CUT"
    HTML = "HTML"
    EMPTY = "EMPTY"
    A_LIST = "A_LIST"
    NOT_UTF8 = "NOT_UTF8"
    ENDLESS = "ENDLESS"
    SAVED_500 = "SAVED_500"
    EMPTY_500 = "EMPTY_500"
    HELD = "HELD"


@dataclass
class Switch:
    """A fault for requests of a method whose path contains a text.

    `skip` requests go well before it; then `times` of them have it.
    """

    fault: Fault
    method: str = "POST"
    path: str = "/v1/payment_intents"
    times: int = 1
    skip: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, method: str, path: str) -> bool:
        """Whether it is this request's turn; counts it."""
        if not self.times or self.method != method or self.path not in path:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True
