"""Asking bank feeds: every end that a question can have becomes an answer or a typed failure (P53)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from faktura.domain.feed_failures import FailureKind, FeedFailure
from faktura.domain.tenants import Tenant
from faktura.flows.statements import Bank
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import FakturaError, NotFound, shortened
from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable, PersonNeeded
from faktura.plugin import BankFeed, FeedUser
from faktura.services.feed_ends import mend_feed
from faktura.store.bank_feeds import FeedAccess, read_feed_user
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.secrets import KeyRing

CALL_LIMIT = timedelta(seconds=60)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FeedDesk:
    """What bank feeds of a tenant are asked with; `public_url` is where callbacks reach us, if at all."""

    database: Database
    keys: KeyRing
    content: ContentStore
    adapters: Adapters
    tenant: Tenant
    public_url: str | None = None
    limit: timedelta = CALL_LIMIT

    @property
    def bank(self) -> Bank:
        """Where the movements go."""
        return Bank(self.database, self.content, self.adapters, self.tenant)


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """A feed that can be asked as the tenant's user."""

    desk: FeedDesk
    access: FeedAccess
    feed: BankFeed
    user: FeedUser

    async def ask(self, call: Callable[[], Awaitable[T]]) -> T | FeedFailure:
        """What `call` answers, or how it failed; never raises but where we are stopped.

        A feed that answers can be used, whatever was said of it before.
        """
        answer = await asked(call, self.desk.limit)
        if not isinstance(answer, FeedFailure) and self.access.problem:
            await in_tx(self.desk.database, self.desk.tenant.id, mend_feed, self.access.instance)
        return answer


async def open_feed(desk: FeedDesk, access: FeedAccess) -> OpenFeed | FeedFailure:
    """The feed of an access; one that cannot be built is as good as one that refuses our key."""

    def build() -> BankFeed:
        # Building it may read its settings from the database: not on the event loop.
        return desk.adapters.bank_feed(desk.tenant.id, access.feed, access.instance)

    try:
        user = await in_read_tx(
            desk.database, desk.tenant.id, read_feed_user, desk.keys, access.instance
        )
        feed = await asyncio.to_thread(build)
    except FakturaError as error:
        return FeedFailure(FailureKind.BROKEN, _told(error))
    return OpenFeed(desk, access, feed, user)


async def asked(call: Callable[[], Awaitable[T]], limit: timedelta) -> T | FeedFailure:
    """The answer of one question within `limit`, or how it failed."""
    seconds = limit.total_seconds()
    deadline = asyncio.timeout(seconds)
    try:
        async with deadline:
            return await call()
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises is its answer to this question
        if deadline.expired():
            return FeedFailure(FailureKind.LOST, f"no answer within {seconds:g} seconds")
        return _failure(error)


def _failure(error: Exception) -> FeedFailure:
    pause = timedelta(0)
    match error:
        case OutsideUnavailable():
            kind, pause = FailureKind.LATER, timedelta(seconds=error.retry_after)
        case PersonNeeded():
            kind = FailureKind.PERSON
        case AccountBroken():
            kind = FailureKind.BROKEN
        case NotFound():
            kind = FailureKind.GONE
        case _:
            kind = FailureKind.LOST
    return FeedFailure(kind, _told(error), pause)


def _told(error: Exception) -> str:
    if isinstance(error, FakturaError):
        return shortened(error.problem)
    return f"{type(error).__name__}: {shortened(error)}"
