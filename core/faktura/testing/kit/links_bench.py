"""What the scenarios of accounting links stand on: a double of the other side, and a wire to it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import FakturaError
from faktura.plugin import (
    AccountingLink,
    ExportFile,
    Http,
    LinkedDocument,
    LinkTokens,
    LoginRequest,
    Transfer,
    TransferState,
)
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.surroundings import ReadLog, Surroundings
from faktura.testing.kit.wire import Wire

_PAUSE = timedelta(seconds=10)
REFERENCE = "faktura kit 1-1"
IMAGE = LinkedDocument(
    guid=UUID("5f0c6a51-3a1e-4c1b-9d2e-7a4b8c9d0e1f"),
    number="RE-1",
    filename="RE-1.pdf",
    media_type="application/pdf",
    content=b"%PDF-1.7 a page",
    issued_on=date(2031, 2, 10),
)
"""The image of an invoice under an id of our own."""

Act = Callable[[], Awaitable[object]]


class LinkDouble(ABC):
    """The other side as its maker plays it: who logs in, what arrived, what becomes of it."""

    clock: FixedClock
    """The time on both sides."""
    back: str
    """Where the person comes back to; known at the other side."""

    @property
    @abstractmethod
    def http(self) -> Http:
        """The way to the double."""

    @property
    @abstractmethod
    def settings(self) -> Mapping[str, object]:
        """The link's settings for it."""

    @abstractmethod
    async def came_back(self, login: LoginRequest) -> str:
        """Let a person log in and agree; the code they come back with."""

    @abstractmethod
    def expire(self) -> None:
        """End every access token before its time; refresh tokens stay."""

    @abstractmethod
    def settle(self, job: str, state: TransferState | None) -> None:
        """From now on the job is in that state; None is one that nobody knows."""

    @abstractmethod
    def files(self) -> Sequence[bytes]:
        """The files that arrived."""

    @abstractmethod
    def documents(self) -> Sequence[bytes]:
        """The documents that lie there."""

    @abstractmethod
    def secrets(self) -> Sequence[str]:
        """What must never be shown, apart from tokens."""


@dataclass(slots=True)
class AtWork:
    """A link, the wire it uses and the double behind it."""

    link: AccountingLink
    wire: Wire
    double: LinkDouble
    log: ReadLog
    file: ExportFile

    @property
    def back(self) -> str:
        """Where the person comes back to."""
        return self.double.back

    async def tokens(self) -> LinkTokens:
        """The tokens of a login."""
        login = await self.link.login(self.back)
        return await self.link.redeem(login, await self.double.came_back(login))

    async def asked(self, tokens: LinkTokens, job: str) -> Transfer:
        """What became of a job, asked for when it may be asked for again."""
        self.double.clock.advance(_PAUSE)
        return await self.link.transfer(tokens, job)

    def questions(self, tokens: LinkTokens, job: str) -> Mapping[str, Act]:
        """Calls that change nothing there."""
        return {
            "client": lambda: self.link.client(tokens),
            "transfer": lambda: self.asked(tokens, job),
            "find": lambda: self.link.find(tokens, REFERENCE),
        }

    def acts(self, tokens: LinkTokens, job: str) -> Mapping[str, Act]:
        """All calls with a token."""
        return {
            **self.questions(tokens, job),
            "send_file": lambda: self.link.send_file(tokens, self.file, f"{REFERENCE} again"),
            "send_document": lambda: self.link.send_document(tokens, IMAGE),
        }


class LinkBench(ConnectorKit):
    """What a maker gives, and a link at work with its double."""

    adapter_class: ClassVar[type[AccountingLink]]  # type: ignore[mutable-override] # the family's

    def double(self) -> AbstractAsyncContextManager[LinkDouble]:
        """A double that runs while the block does."""
        raise AssertionError(f"{type(self).__name__} gives no double")

    def file(self) -> ExportFile:
        """A file that the other side takes."""
        raise AssertionError(f"{type(self).__name__} gives no file")

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[AtWork]:
        """A link with its double."""
        async with self.double() as double:
            wire, log = Wire(double.http), ReadLog()
            surroundings = Surroundings(http=wire, clock=double.clock, log=log)
            settings = self.adapter_class.Settings.model_validate(dict(double.settings))
            link = self.adapter_class(settings, surroundings.runtime())
            yield AtWork(link, wire, double, log, self.file())

    def assert_told(self, error: FakturaError) -> None:
        """The error says something."""
        assert error.problem.strip()

    def test_its_target_is_a_name(self) -> None:
        """That of the exporter whose files it takes."""
        assert self.adapter_class.target.strip()
