"""The bench that bank feeds are tried on: a double with a bank behind it, a feed, a wire that fails."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from faktura.kernel.bank_terms import FeedTaskKind
from faktura.plugin import (
    BankFeed,
    FeedConnection,
    FeedMovement,
    FeedTask,
    FeedUser,
    FormRequest,
    Http,
)
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.feed_bank import FeedBankDouble
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.wire import Wire

_MOST_PAGES = 20
_MOST_LOOKS = 10


@dataclass(slots=True)
class Linked:
    """A feed, and a user of it whose person connected the bank."""

    bank: FeedBankDouble
    feed: BankFeed
    wire: Wire
    around: Surroundings
    user: FeedUser
    connection: str

    @property
    def today(self) -> date:
        """The day at the feed."""
        return self.bank.clock.now().date()

    async def state(self) -> FeedConnection:
        """The one connection, as the feed sees it."""
        (found,) = await self.feed.connections(self.user)
        return found

    async def accounts(self) -> list[str]:
        """The references of the two accounts, in the order of the double's IBANs."""
        found = {one.iban: one.reference for one in (await self.state()).accounts}
        return [found[iban] for iban in self.bank.ibans]

    async def update(
        self, request: FormRequest | None = None, kind: FeedTaskKind = FeedTaskKind.UPDATE
    ) -> FeedTask:
        """An update, looked at until it is no longer running."""
        task = await self.feed.begin_update(
            self.user, self.connection, request or FormRequest(), kind
        )
        return await self.looked(task)

    async def looked(self, task: FeedTask) -> FeedTask:
        """A task, looked at until it is no longer running."""
        for _ in range(_MOST_LOOKS):
            task = await self.feed.look_up(self.user, task)
            if task.state.value != "RUNNING":
                break
        return task

    async def read(self, since: date | None = None) -> list[FeedMovement]:
        """All pages of both accounts' bookings."""
        accounts = await self.accounts()
        found: list[FeedMovement] = []
        for number in range(1, _MOST_PAGES):
            page = await self.feed.movements(self.user, accounts, since or self.today, number)
            found += page.movements
            if not page.more:
                return found
        raise AssertionError("the pages do not end")

    async def rest(self) -> None:
        """Let so much time pass that the bank may be asked again."""
        self.bank.clock.advance(timedelta(days=1))

    def questions(self) -> dict[str, Callable[[], Awaitable[object]]]:
        """What changes nothing there, by name."""
        return {
            "connections": lambda: self.feed.connections(self.user),
            "movements": self._first_page,
        }

    def orders(self) -> dict[str, Callable[[], Awaitable[object]]]:
        """What makes or begins something there, by name."""
        return {
            "update": lambda: self.feed.begin_update(self.user, self.connection, FormRequest()),
            "form": lambda: self.feed.begin_connection(self.user, FormRequest()),
            "user": lambda: self.feed.create_user("werk"),
        }

    async def _first_page(self) -> object:
        return await self.feed.movements(self.user, ["1"], self.today, 1)


class BankFeedBench(ConnectorKit):
    """What a maker gives, and how the scenarios use it."""

    @property
    def feed_class(self) -> type[BankFeed]:
        """The class that is tried."""
        assert issubclass(self.adapter_class, BankFeed), "name its class in `adapter_class`"
        return self.adapter_class

    def running(self) -> AbstractAsyncContextManager[FeedBankDouble]:
        """A new double of the feed."""
        raise NotImplementedError("Write: a double of the feed, with a bank behind it")

    def on(self, bank: FeedBankDouble, http: Http) -> tuple[BankFeed, Surroundings]:
        """A feed that goes by the double's clock."""
        around = Surroundings(http, bank.clock)
        return self.feed_class(bank.settings(), around.runtime()), around

    @asynccontextmanager
    async def linked(self) -> AsyncIterator[Linked]:
        """A feed on a new double; its person has connected the bank."""
        async with self.running() as bank:
            wire = Wire(bank.http)
            feed, around = self.on(bank, wire)
            user = await feed.create_user("werk")
            task = await feed.begin_connection(user, FormRequest())
            await bank.log_in(task)
            done = await feed.look_up(user, task)
            wire.sent.clear()
            yield Linked(bank, feed, wire, around, user, done.connection)


def facts(movements: Sequence[FeedMovement]) -> list[tuple[str, str]]:
    """Amount and text of each booking."""
    return [
        (str(one.transaction.amount), "".join(one.transaction.remittance_lines))
        for one in movements
    ]
