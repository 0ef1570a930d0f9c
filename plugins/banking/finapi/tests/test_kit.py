"""The feed keeps what the core relies on: the bank feeds' kit, on a finAPI of our own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.clock import FixedClock
from faktura.plugin import Adapter, FeedTask, Http
from faktura.testing.kit.bank_feeds import BankFeedKit
from faktura.testing.kit.feed_bank import BankMood, FeedBankDouble
from faktura.testing.outgoing import http_to
from faktura_finapi.adapter import FinapiFeed
from faktura_finapi.settings import FinapiSettings
from finapi_double.records import BankAccount, BankLogin
from finapi_double.scene import new_world
from finapi_double.server import Double, running
from finapi_double.visitor import Visitor
from finapi_double.words import Scenario

_SCENARIOS = {
    BankMood.LETS_IN: Scenario.OK,
    BankMood.WANTS_TAN: Scenario.TAN_REQUIRED,
    BankMood.CONSENT_ENDED: Scenario.CONSENT_EXPIRED,
    BankMood.IS_DOWN: Scenario.BANK_DOWN,
    BankMood.SLOW: Scenario.SLOW,
}


@dataclass
class Finapi(FeedBankDouble):
    """The double as the kit moves it."""

    page_size: ClassVar[int] = 500
    person_status: ClassVar[int | None] = 510

    double: Double
    visitor: Visitor = field(default_factory=Visitor)

    @property
    def login(self) -> BankLogin:
        """The person's login at the bank."""
        return self.double.world.logins[0]

    @property
    @override
    def http(self) -> Http:
        return http_to(*self.double.hosts)

    @property
    @override
    def clock(self) -> FixedClock:
        return self.double.world.clock

    @override
    def settings(self) -> FinapiSettings:
        return FinapiSettings.model_validate(self.double.settings)

    @override
    def secrets(self) -> Sequence[str]:
        return (self.double.world.client_secret, *self.double.world.tokens)

    @override
    async def log_in(self, task: FeedTask) -> None:
        assert task.form is not None
        await self.visitor.complete(task.form.url, pin=self.login.pin)

    @override
    async def give_up(self, task: FeedTask) -> None:
        assert task.form is not None
        await self.visitor.abort(task.form.url)

    @override
    def turn(self, mood: BankMood) -> None:
        if mood is BankMood.WRONG_PIN:
            self.login.pin = "16180"
        else:
            self.login.scenario = _SCENARIOS[mood]

    @override
    def book(self, amount: str, text: str, *, day: str = "", account: int = 0) -> None:
        days = {"bankBookingDate": day, "valueDate": day} if day else {}
        self.double.world.book(self.login.accounts[account], amount, purpose=text, **days)

    @override
    def slip_in(self, amount: str) -> None:
        world = self.double.world
        today = world.clock.now().date().isoformat()
        booking: dict[str, object] = {"amount": amount, "bankBookingDate": today}

        def arrives() -> None:
            world.imported(next(iter(world.accounts)), booking)

        world.hold_page = arrives

    @override
    def wrong_passwords(self) -> int:
        return sum(one.failures for one in self.double.world.users.values())

    @override
    def updates(self) -> Sequence[bool]:
        asked = self.double.world.asked("backgroundUpdate", "POST")
        return ["PSU-IP-Address" in one.headers for one in asked]


class TestFinapiFeed(BankFeedKit):
    """finAPI: it counts no unattended updates, the banks behind it do."""

    adapter_class: ClassVar[type[Adapter]] = FinapiFeed

    @override
    @asynccontextmanager
    async def running(self) -> AsyncIterator[FeedBankDouble]:
        world = new_world()
        world.logins[0].accounts.append(BankAccount("DE02120300000000202051"))
        async with running(world) as double:
            yield Finapi(double)
