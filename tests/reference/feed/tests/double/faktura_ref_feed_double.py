"""REFFEED in memory, with a bank behind it and a person who comes to its forms."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from faktura.kernel.clock import FixedClock
from faktura.plugin import FeedTask, Http, HttpAnswer, HttpRequest
from faktura.testing.kit.feed_bank import BankMood, FeedBankDouble
from faktura.testing.kit.surroundings import KIT_NOW
from pydantic import SecretStr
from typing_extensions import override

from faktura_ref_feed.settings import RefFeedSettings

KEY = "reffeed-key-4711-0815"
PASSWORD = "reffeed-password-4711"
_A_DAY = timedelta(days=1)
_MOST_ALONE = 2
_JSON = {"content-type": "application/json"}
Json = dict[str, object]


class No(Exception):
    """A status that is no yes."""


@dataclass
class RefFeed(FeedBankDouble, Http):
    """The feed and the way to it."""

    page_size: ClassVar[int] = 3
    unattended_most: ClassVar[int | None] = _MOST_ALONE
    person_status: ClassVar[int | None] = 428

    time: FixedClock = field(default_factory=lambda: FixedClock(KIT_NOW))
    mood: BankMood = BankMood.LETS_IN
    users: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, Json] = field(default_factory=dict)
    links: dict[str, Json] = field(default_factory=dict)
    waiting: list[Json] = field(default_factory=list)
    imported: list[Json] = field(default_factory=list)
    ordered: list[tuple[datetime, bool]] = field(default_factory=list)
    wrong: int = 0
    slipped: str = ""
    _last: int = 100

    @property
    @override
    def http(self) -> Http:
        return self

    @property
    @override
    def clock(self) -> FixedClock:
        return self.time

    @override
    def settings(self) -> RefFeedSettings:
        return RefFeedSettings(url="https://reffeed.example/v1", key=SecretStr(KEY))

    @override
    def secrets(self) -> Sequence[str]:
        return (KEY, PASSWORD)

    @override
    async def log_in(self, task: FeedTask) -> None:
        if self.mood in (BankMood.WANTS_TAN, BankMood.CONSENT_ENDED):
            self.mood = BankMood.LETS_IN
        self._bank(self.tasks[task.reference])

    @override
    async def give_up(self, task: FeedTask) -> None:
        self.tasks[task.reference]["state"] = "closed"

    @override
    def turn(self, mood: BankMood) -> None:
        self.mood = mood

    @override
    def book(self, amount: str, text: str, *, day: str = "", account: int = 0) -> None:
        on = day or self.time.now().date().isoformat()
        self.waiting.append(
            {"id": self._new(), "account": f"A{account}", "day": on, "amount": amount, "text": text}
        )

    @override
    def slip_in(self, amount: str) -> None:
        self.slipped = amount

    @override
    def wrong_passwords(self) -> int:
        return self.wrong

    @override
    def updates(self) -> Sequence[bool]:
        return [attended for _, attended in self.ordered]

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request as REFFEED does."""
        try:
            said = self._said(request)
        except No as no:
            return HttpAnswer(int(str(no)), _JSON, b'{"error": "no"}')
        return HttpAnswer(200, _JSON, json.dumps(said, ensure_ascii=False).encode())

    def _said(self, request: HttpRequest) -> Json:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            raise No(403)
        address = urlsplit(request.url)
        _, _, path = address.path.partition("/v1/")
        what, _, which = path.partition("/")
        if (request.method, path) == ("POST", "users"):
            if not json.loads(request.body or b"{}").get("tenant"):
                raise No(400)
            self.users["U1"] = PASSWORD
            return {"id": "U1", "password": PASSWORD}
        if self.users.get(request.headers.get("x-user", "")) != request.headers.get("x-password"):
            self.wrong += 1
            raise No(401)
        match request.method, what:
            case "POST", "tasks":
                return self._begin(json.loads(request.body or b""))
            case "GET", "tasks":
                return self._task(unquote(which))
            case "GET", "connections":
                return {"connections": list(self.links.values())}
            case "GET", "bookings":
                return self._page({k: v[0] for k, v in parse_qs(address.query).items()})
            case "DELETE", "connections" if unquote(which) in self.links:
                return self.links.pop(unquote(which))
        raise No(404)

    def _begin(self, body: Json) -> Json:
        kind, person = body["kind"], bool(body.get("person"))
        if "bank" not in body or (kind == "CONNECT") is bool(body["connection"]):
            raise No(400)
        if kind != "CONNECT":
            self._check_order(str(body["connection"]), person=person)
        task: Json = {
            "id": self._new(), "kind": kind, "state": "running", "connection": body["connection"],
            "url": None, "ends": None, "message": "", "refused": False,
        }  # fmt: skip
        self.tasks[str(task["id"])] = task
        if kind != "UPDATE":
            self._ask_person(task)
        return task

    def _check_order(self, link: str, *, person: bool) -> None:
        if link not in self.links:
            raise No(404)
        if any(one["connection"] == link and one["state"] == "running" for one in self._live()):
            raise No(423)
        now = self.time.now()
        alone = [at for at, attended in self.ordered if not attended and now - at < _A_DAY]
        if not person and len(alone) >= _MOST_ALONE:
            raise No(429)
        self.ordered.append((now, person))

    def _live(self) -> list[Json]:
        """Tasks of today: an update that nobody looks at ends by itself."""
        is_today = bool(self.ordered) and self.ordered[-1][0] == self.time.now()
        return list(self.tasks.values()) if is_today else []

    def _task(self, which: str) -> Json:
        task = self.tasks.get(which)
        if task is None or self._is_over(task):
            raise No(404)
        if task["state"] == "running":
            looked = task["looked"] = int(str(task.get("looked", 0))) + 1
            if self.mood is not BankMood.SLOW or looked > 1:
                self._bank(task)
        return task

    def _is_over(self, task: Json) -> bool:
        ends = task["ends"]
        return ends is not None and self.time.now() >= datetime.fromisoformat(str(ends))

    def _ask_person(self, task: Json) -> None:
        ends = self.time.now() + timedelta(minutes=20)
        task |= {"state": "form", "url": f"https://reffeed.example/form/{task['id']}"}
        task["ends"] = ends.isoformat()

    def _bank(self, task: Json) -> None:
        """The bank takes a login, as its mood is."""
        task |= {"url": None, "ends": None}
        if task["kind"] == "CONNECT":
            link = self._new()
            accounts = [{"id": f"A{n}", "iban": iban} for n, iban in enumerate(self.ibans)]
            self.links[link] = {"id": link, "bank": "Refbank", "accounts": accounts}
            task["connection"] = link
        found = self.links[str(task["connection"])]
        found |= {"consent": True, "person": False, "result": "ok", "message": ""}
        if self.mood in (BankMood.LETS_IN, BankMood.SLOW):
            task["state"] = "done"
            today = self.time.now().date().isoformat()
            self.imported += [one | {"imported": today} for one in self.waiting]
            self.waiting.clear()
        elif self.mood in (BankMood.WANTS_TAN, BankMood.CONSENT_ENDED):
            found |= {"person": True, "consent": self.mood is BankMood.WANTS_TAN}
            self._ask_person(task)
        else:
            is_refused = self.mood is BankMood.WRONG_PIN
            message = "PIN falsch" if is_refused else "Wartungsarbeiten"
            task |= {"state": "failed", "refused": is_refused, "message": message}
            found |= {"result": "refused" if is_refused else "down", "message": message}

    def _page(self, query: dict[str, str]) -> Json:
        wanted, page = query["accounts"].split(","), int(query["page"])
        found = [
            one
            for one in self.imported
            if one["account"] in wanted and str(one["imported"]) >= query["since"]
        ]
        first = (page - 1) * self.page_size
        if self.slipped:
            amount, self.slipped = self.slipped, ""
            self.book(amount, "slipped in")
            today = self.time.now().date().isoformat()
            self.imported.append(self.waiting.pop() | {"imported": today})
        return {
            "bookings": found[first : first + self.page_size],
            "first": first,
            "more": first + self.page_size < len(found),
        }

    def _new(self) -> str:
        self._last += 1
        return f"N{self._last}"
