"""Asking payment providers: every end that a call can have becomes one typed answer (P53).

Whatever an adapter raises, and that it does not answer, is the answer to this one call. Only what
surely was not sent counts as not sent; all else may have moved money.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, cast

from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.tenants import Tenant
from faktura.flows.transactions import in_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import FakturaError, shortened
from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.plugin import (
    Absent,
    ActionNeeded,
    Cancelled,
    Declined,
    Outcome,
    PaymentAdapter,
    Pending,
    Rejected,
    Succeeded,
    Unclear,
)
from faktura.services.broken_accounts import break_account
from faktura.store.database import Database

CALL_LIMIT = timedelta(seconds=60)
_OUTCOMES = (
    Succeeded,
    Pending,
    ActionNeeded,
    Declined,
    Rejected,
    Cancelled,
    Absent,
    Unclear,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely nothing happened there: ask again, not before `retry_after`."""

    problem: str
    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class Broken:
    """The provider does not take our key: nothing happened, and nobody asks until a person mends it."""

    problem: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Nobody knows what happened there: no answer, no sense in it, or an error in the adapter."""

    why: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A tenant's account at a provider, and the adapter that talks to it."""

    database: Database
    tenant: Tenant
    account: PaymentAccount
    adapter: PaymentAdapter
    limit: timedelta = CALL_LIMIT

    async def guarded(
        self, call: Callable[[], Awaitable[object]], *kinds: type[T]
    ) -> T | NotSent | Broken | Lost:
        """What `call` answers, which is one of `kinds`; never raises but where we are stopped.

        A key that is not taken breaks the account, so that nothing else is sent over it.
        """
        try:
            answer = await self._within_limit(call)
        except OutsideUnavailable as error:
            return NotSent(error.problem, timedelta(seconds=error.retry_after))
        except AccountBroken as error:
            await in_tx(
                self.database, self.tenant.id, break_account, self.account.instance, _told(error)
            )
            return Broken(_told(error))
        except asyncio.CancelledError:
            if _we_are_stopped():
                raise
            return Lost("the adapter cancelled its call")
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises is its answer to this call
            return Lost(_told(error))
        if isinstance(answer, (kinds, Lost)):
            return answer
        return Lost(f"the adapter answered with {shortened(type(answer).__name__)}")

    async def outcome(self, call: Callable[[], Awaitable[object]]) -> Outcome | NotSent | Broken:
        """The outcome of a call about one attempt; a lost one is Unclear."""
        answer = await self.guarded(call, *_OUTCOMES)
        if isinstance(answer, Lost):
            return Unclear(why=answer.why)
        return cast("Outcome | NotSent | Broken", answer)

    async def _within_limit(self, call: Callable[[], Awaitable[object]]) -> object:
        seconds = self.limit.total_seconds()
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                return await call()
        except TimeoutError:
            if deadline.expired():
                return Lost(f"no answer within {seconds:g} seconds")
            raise


async def provider_of(
    database: Database, adapters: Adapters, tenant: Tenant, account: PaymentAccount
) -> Provider | Broken:
    """Who talks to that account; an adapter that cannot be built breaks it, as a wrong key would."""

    def build() -> PaymentAdapter:
        # Building it may read its settings from the database: not on the event loop.
        return adapters.payment(tenant.id, account.provider, account.instance)

    try:
        adapter = await asyncio.to_thread(build)
    except Exception as error:  # noqa: BLE001 - a plugin's class: what it raises breaks this account alone
        await in_tx(database, tenant.id, break_account, account.instance, _told(error))
        return Broken(_told(error))
    return Provider(database, tenant, account, adapter)


def _told(error: Exception) -> str:
    if isinstance(error, FakturaError):
        return "; ".join(shortened(part) for part in (error.problem, error.mend) if part)
    return f"{type(error).__name__}: {shortened(error)}"


def _we_are_stopped() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
