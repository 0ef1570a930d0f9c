"""What customers wish of their contracts: each has its next wish in a calendar, nobody asks all of them daily."""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from faktura.domain.pauses import Pause
from faktura.domain.tenants import Tenant
from faktura.services.contracts import add_activity
from faktura.services.imports.change_fields import (
    LargeUpgradeFields,
    SmallUpgradeFields,
    TerminateFields,
)
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.issuing import Desk
from faktura.services.large_upgrades import upgrade_large
from faktura.services.pausing import pause_subscription
from faktura.services.termination import terminate_contract
from faktura.services.upgrades import Asked, upgrade_small
from faktura.store.transaction import Tx
from faktura.testing.simulation.chance import Chance

_DAY = timedelta(days=1)
_FIRST, _NEXT = (20, 240), (60, 300)
_KINDS = (
    ("activity",) * 8 + ("upgrade",) * 6 + ("successor",) * 2 + ("pause",) * 2 + ("terminate",) * 4
)
_OTHER = {
    "M-BASIC": "M-PRO",
    "M-PRO": "M-BASIC",
    "M-PRINT": "M-PRO",
    "Y-LICENCE": "Y-CARE",
    "Y-CARE": "Y-LICENCE",
}
_SEAT = "SEAT"


@dataclass(frozen=True, slots=True)
class Life:
    """A contract as its customer knows it; `known` are its articles, empty where nobody knows them."""

    number: str
    unit: str
    count: int
    known: tuple[str, ...] = ()
    wishes: int = 0
    ends: date | None = None


@dataclass(slots=True)
class Calendar:
    """The next wish of each contract."""

    chance: Chance
    lives: dict[str, Life] = field(default_factory=dict)
    _days: list[tuple[date, str]] = field(default_factory=list)
    _ends: list[date] = field(default_factory=list)
    _over: int = 0

    def add(self, life: Life, today: date) -> None:
        """A contract has begun."""
        self.lives[life.number] = life
        self._plan(life, today, _FIRST)

    def due(self, today: date) -> list[Life]:
        """Whose day it is; each has its next one from now on."""
        found = []
        while self._days and self._days[0][0] <= today:
            life = self.lives[heapq.heappop(self._days)[1]]
            if life.ends is not None:
                continue
            found.append(life)
            after = replace(life, wishes=life.wishes + 1)
            self.lives[life.number] = after
            self._plan(after, today, _NEXT)
        return found

    def end(self, number: str, day: date) -> None:
        """A contract ends on that day."""
        self.lives[number] = replace(self.lives[number], ends=day)
        heapq.heappush(self._ends, day)

    def running(self, today: date) -> int:
        """How many contracts were concluded and are not over on that day."""
        while self._ends and self._ends[0] <= today:
            heapq.heappop(self._ends)
            self._over += 1
        return len(self.lives) - self._over

    def know(self, number: str, known: tuple[str, ...]) -> None:
        """The contract has these articles from now on."""
        self.lives[number] = replace(self.lives[number], known=known)

    def _plan(self, life: Life, today: date, days: tuple[int, int]) -> None:
        wait = self.chance.between(*days, "wish-day", life.number, life.wishes)
        heapq.heappush(self._days, (today + wait * _DAY, life.number))


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a wish is heard: one transaction, through the services that the doors call."""

    tx: Tx
    tenant: Tenant
    desk: Desk
    today: date
    chance: Chance
    calendar: Calendar

    def hear(self, kind: str, life: Life) -> Callable[[], None]:
        """Carry a wish out; what the customer remembers of it, to be called once it is committed."""
        return _HEARD[kind](self, life)

    def number(self, limit: int, name: str, life: Life) -> int:
        """A number for this wish."""
        return self.chance.below(limit, name, life.number, life.wishes)


def kind_of(chance: Chance, life: Life) -> str:
    """What the contract's customer wishes this time."""
    kind = chance.choose(_KINDS, "wish", life.number, life.wishes)
    # Of a contract that was here before nobody knows the articles.
    return kind if life.known or kind in ("pause", "terminate") else "pause"


def _activity(at: Counter, life: Life) -> Callable[[], None]:
    hours = at.number(8, "hours", life) + 1
    given = _fields(
        ActivityFields,
        {"articleNumber": "HOUR", "quantity": f"{hours * 25 / 100:.2f}", "from": str(at.today)},
    )
    add_activity(at.tx, at.tenant, life.number, given)
    return _nothing


def _upgrade(at: Counter, life: Life) -> Callable[[], None]:
    # Also some days back: what was billed beyond is credited.
    day = at.today + (at.number(25, "upgrade-day", life) - 10) * _DAY
    asked = Asked(life.number, at.today)
    main = life.known[0]
    if at.number(2, "upgrade", life):
        given = {
            "date": str(day),
            "items": [{"currentArticleNumber": main, "articleNumber": _OTHER[main]}],
        }
        known = (_OTHER[main], *life.known[1:])
    elif _SEAT in life.known:
        count = 1 + at.number(12, "seats", life)
        item = {"currentArticleNumber": _SEAT, "quantity": str(count)}
        given, known = {"date": str(day), "items": [item]}, life.known
    else:
        given = {"date": str(day), "add": [{"articleNumber": _SEAT, "quantity": "2"}]}
        known = (*life.known, _SEAT)
    upgrade_small(at.tx, at.desk, asked, _fields(SmallUpgradeFields, given))
    return lambda: at.calendar.know(life.number, known)


def _successor(at: Counter, life: Life) -> Callable[[], None]:
    day = at.today + (1 + at.number(20, "successor-day", life)) * _DAY
    number = f"{life.number}-{life.wishes + 1}"
    article = "M-PRO" if life.unit == "MONTH" else "Y-LICENCE"
    count = 3 if life.count == 1 and life.unit == "MONTH" else 1
    given = _fields(
        LargeUpgradeFields,
        {
            "date": str(day),
            "contractNumber": number,
            "billingInterval": {"count": count, "unit": life.unit},
            "subscriptions": [{"items": [{"articleNumber": article, "quantity": "2"}]}],
        },
    )
    upgrade_large(at.tx, at.desk, Asked(life.number, at.today), given)

    def remember() -> None:
        at.calendar.end(life.number, day)
        at.calendar.add(Life(number, life.unit, count, (article,)), day)

    return remember


def _pause(at: Counter, life: Life) -> Callable[[], None]:
    start = at.today + (1 + at.number(10, "pause-day", life)) * _DAY
    end = start + (14 + at.number(40, "pause-days", life)) * _DAY
    pause_subscription(at.tx, at.tenant, life.number, Pause(start, end, "Urlaub"))
    return _nothing


def _terminate(at: Counter, life: Life) -> Callable[[], None]:
    end = at.today + (1 + at.number(45, "end", life)) * _DAY
    given = _fields(
        TerminateFields,
        {
            "end": str(end),
            "toTheDay": at.number(2, "to-the-day", life) == 0,
            "extraordinary": True,
        },
    )
    terminate_contract(at.tx, at.desk, Asked(life.number, at.today), given)
    return lambda: at.calendar.end(life.number, end)


_HEARD: Mapping[str, Callable[[Counter, Life], Callable[[], None]]] = {
    "activity": _activity,
    "upgrade": _upgrade,
    "successor": _successor,
    "pause": _pause,
    "terminate": _terminate,
}


def _nothing() -> None:
    return None


def _fields(model: Any, given: Mapping[str, object]) -> Any:
    return fields_of(model, given, Form.REST)
