"""Collecting what is due: written down, sent, answered; never two transactions at once (payments 6.5).

Chunk by chunk: open pages of the documents are closed, attempts are written, the last look is
taken, and while providers are asked the next chunk is prepared.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.collection_dates import DebitRule
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.tenants import Tenant
from faktura.flows.attempt_calls import LEASE, Ask, Asking, Calls, Tally
from faktura.flows.pay_pages import close_open_page
from faktura.flows.payment_accounts import limits_of
from faktura.flows.providers import Provider, provider_of
from faktura.flows.transactions import in_read_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import DatabaseUnreachable
from faktura.kernel.payment_terms import (
    AttemptChannel,
    LookUp,
    MandateScheme,
    ProviderState,
)
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Capabilities, DebitFiling, PaymentAdapter
from faktura.services.attempts import UNDER_WAY, Left, Opened, Run, open_attempts
from faktura.services.sending_attempts import mark_sent
from faktura.store.collectable import Candidate, due_documents, numbers_of, retried_documents
from faktura.store.database import Database
from faktura.store.payment_accounts import list_accounts
from faktura.store.transaction import Tx

DOCUMENTS_A_CHUNK = 64
# Each look for candidates goes through all that is open: so it is for many chunks.
_READ_AT_ONCE = 5_000
# A debit stands in a file at most so many days before it is due, weekends and holidays besides.
_AHEAD = timedelta(days=28)
_MOST_SAID = 1_000
# What is assumed of an adapter that cannot say: no keys, and lists that lag behind.
_NOTHING_KNOWN = Capabilities(methods=frozenset(), look_up=LookUp.EVENTUAL)

log = logging.getLogger("faktura.payments")


@dataclass(frozen=True, slots=True)
class Till:
    """A tenant's money: where it is kept, and who builds the adapters of its accounts."""

    database: Database
    adapters: Adapters
    tenant: Tenant


@dataclass(frozen=True, slots=True)
class Desks:
    """The accounts that may be asked now: who talks to each, and what it can do."""

    accounts: tuple[PaymentAccount, ...]
    providers: dict[str, Provider]
    able: dict[str, Capabilities]

    @property
    def paused(self) -> frozenset[str]:
        """The accounts over which nothing new is sent, by instance."""
        paused = ProviderState.PAUSED
        return frozenset(one.instance for one in self.accounts if one.state is paused)

    @property
    def rules(self) -> dict[tuple[str, MandateScheme], DebitRule]:
        """When debits of accounts that write files must be at the bank, by instance and scheme."""
        return {
            (instance, scheme): rule
            for instance, provider in self.providers.items()
            if isinstance(provider.adapter, DebitFiling)
            for scheme in MandateScheme
            if (rule := _rule(provider.adapter, scheme)) is not None
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run collects: all that is due by the local day `on`, or only what is tried again.

    `documents` names them instead, as a person does. Where it `tells`, nobody watches: what a person
    must mend becomes a task.
    """

    on: date
    method: PaymentMethod | None = None
    retries_only: bool = False
    channel: AttemptChannel = AttemptChannel.BACKGROUND
    asked_by: str | None = None
    documents: tuple[UUID, ...] | None = None
    tells: bool = False


@dataclass(slots=True)
class Collected:
    """What came of a run; `left` are the first thousand documents that were not tried, with reasons.

    `reasons` counts all of them.
    """

    opened: int = 0
    tally: Tally = field(default_factory=Tally)
    left: list[Left] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    def say(self, left: Iterable[Left]) -> None:
        """Note documents that were not tried."""
        for one in left:
            self.reasons[one.reason] += 1
            if len(self.left) < _MOST_SAID:
                self.left.append(one)


async def collect(
    till: Till, wanted: Wanted, progress: Callable[[int], None] = lambda _done: None
) -> Collected:
    """Collect what is wanted; every attempt is committed before its provider is asked."""
    desks = await open_desks(till)
    collected = Collected()
    calls = Calls(till.database, till.tenant, desks.providers, desks.able)
    collected.tally = calls.tally
    run = await _run(till, desks, wanted)

    async def groups() -> AsyncIterator[Sequence[Ask]]:
        async for chunk in _chunks(till, run, wanted):
            opened = await _opened(calls, run, chunk)
            collected.opened += len(opened.attempts)
            collected.say(opened.left)
            if opened.attempts:
                sending = await calls.write(mark_sent, opened.attempts, LEASE)
                yield [Ask(one, Asking.COLLECT) for one in sending.sent]
            progress(len(chunk))

    await calls.run(groups())
    return collected


async def plan(till: Till, wanted: Wanted) -> tuple[Opened, ...]:
    """What a run would try and leave now; nothing is written, nobody is asked."""
    desks = await open_desks(till)
    run = await _run(till, desks, wanted)
    return tuple([await _rehearsed(till, run, chunk) async for chunk in _chunks(till, run, wanted)])


async def open_desks(till: Till, paused: Collection[str] = ()) -> Desks:
    """Who talks to each active account, and to these `paused` ones.

    One whose adapter cannot be built is broken from now on.
    """
    accounts = await in_read_tx(till.database, till.tenant.id, list_accounts)
    providers: dict[str, Provider] = {}
    able: dict[str, Capabilities] = {}
    for account in accounts:
        if account.state is ProviderState.ACTIVE or account.instance in paused:
            found = await provider_of(till.database, till.adapters, till.tenant, account)
            if isinstance(found, Provider):
                providers[account.instance] = found
                able[account.instance] = _able(found.adapter)
    return Desks(tuple(accounts), providers, able)


def _able(adapter: PaymentAdapter) -> Capabilities:
    try:
        return adapter.capabilities()
    except Exception:  # noqa: BLE001 - a plugin's: what it cannot say is not relied on
        return _NOTHING_KNOWN


def _rule(adapter: DebitFiling, scheme: MandateScheme) -> DebitRule | None:
    try:
        timing = adapter.timing(scheme)
        return DebitRule(timing.lead_days, timing.cut_off, timing.advance_days, timing.roll)
    except Exception:  # noqa: BLE001 - a plugin's: a scheme that it does not know is not collected early
        return None


async def _run(till: Till, desks: Desks, wanted: Wanted) -> Run:
    limits = await asyncio.to_thread(limits_of, till.adapters, till.tenant.id, desks.accounts)
    return Run(
        till.tenant,
        wanted.on,
        limits,
        desks.rules,
        wanted.method,
        wanted.channel,
        wanted.asked_by,
        wanted.tells,
    )


async def _chunks(till: Till, run: Run, wanted: Wanted) -> AsyncIterator[list[UUID]]:
    if wanted.documents is not None:
        yield list(wanted.documents)
        return
    # Debits in files are handed in ahead; whoever has none needs nothing that is not due.
    until = run.on + (_AHEAD if run.rules else timedelta(0))
    last: Candidate | None = None
    while True:
        some = await in_read_tx(till.database, till.tenant.id, _read, wanted, until, last)
        if not some:
            return
        for first in range(0, len(some), DOCUMENTS_A_CHUNK):
            yield [one.document_id for one in some[first : first + DOCUMENTS_A_CHUNK]]
        last = some[-1]


def _read(tx: Tx, wanted: Wanted, until: date, after: Candidate | None) -> list[Candidate]:
    if wanted.retries_only:
        return retried_documents(tx, tx.now(), after, _READ_AT_ONCE)
    return due_documents(tx, until, after, _READ_AT_ONCE)


async def _opened(calls: Calls, run: Run, chunk: Sequence[UUID]) -> Opened:
    opened = await calls.write(open_attempts, run, chunk)
    if not opened.behind:
        return opened
    for page in opened.behind:
        provider = calls.providers.get(page.instance)
        if provider is not None:
            await _close(provider, page)
    again = await calls.write(open_attempts, run, [one.document_id for one in opened.behind])
    numbers = await in_read_tx(
        calls.database, calls.tenant.id, numbers_of, [one.document_id for one in again.behind]
    )
    held = tuple(Left(number, UNDER_WAY) for number in numbers)
    return Opened((*opened.attempts, *again.attempts), (*opened.left, *again.left, *held))


async def _close(provider: Provider, page: Attempt) -> None:
    """Close a page; where that fails it stays in the way of its own document alone."""
    try:
        await close_open_page(provider, page)
    except DatabaseUnreachable:
        raise
    except (
        Exception
    ):  # one bad row must not stop the run: a live page only blocks, it never charges
        log.exception("page_not_closed attempt=%s", page.id)


async def _rehearsed(till: Till, run: Run, chunk: Sequence[UUID]) -> Opened:
    def rehearse() -> Opened:
        with till.database.rehearse(till.tenant.id) as tx:
            return open_attempts(tx, run, chunk)

    return await asyncio.to_thread(rehearse)
