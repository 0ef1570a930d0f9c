"""Looking at an errand: asked of the feed, never taken from a callback; then the second stage (P55)."""

import logging
from datetime import timedelta
from uuid import UUID

from faktura.domain.bank_connections import BankConnection, Errand
from faktura.domain.feed_failures import FailureKind, FeedFailure
from faktura.flows.feed_calls import FeedDesk, OpenFeed, open_feed
from faktura.flows.feed_reading import read_movements
from faktura.flows.transactions import in_tx
from faktura.kernel.bank_terms import FeedTaskState
from faktura.plugin import FeedForm, FeedTask
from faktura.services.bank_connections import keep_seen
from faktura.services.feed_ends import fail_update, finish_update, give_up
from faktura.services.feed_errands import (
    ENDS,
    Claimed,
    attach,
    claim_look,
    end_errand,
    is_overdue,
    keep_answer,
    wait_on,
)
from faktura.store.feed_errands import errand_of
from faktura.store.transaction import Tx

_log = logging.getLogger("faktura.feeds")

_NEVER_ANSWERED = FeedFailure(
    FailureKind.LOST, "nobody knows whether the feed was asked: it is asked anew", timedelta(0)
)
# What could not be read is the same a few seconds later.
_READ_AGAIN = timedelta(minutes=5)
_TOO_LONG = FeedFailure(FailureKind.LOST, "the feed did not end the update within two hours")


async def look(desk: FeedDesk, errand_id: UUID, number: int | None = None) -> None:
    """Find out what became of an errand and go on with it; twice, early or late does no harm.

    `number` is that of the look that was put off, None for one out of turn. Raises NotFound.
    """
    claimed = await in_tx(desk.database, desk.tenant.id, claim_look, errand_id, number)
    if claimed is None:
        return
    feed = await open_feed(desk, claimed.access)
    if isinstance(feed, FeedFailure):
        await _give_up(desk, errand_id, feed)
        return
    await _looked(feed, claimed)


async def _looked(feed: OpenFeed, claimed: Claimed) -> None:
    desk, errand = feed.desk, claimed.errand
    if errand.reference is None:
        # Who asked broke off. A form that nobody saw, or an update more, does no harm.
        await _give_up(desk, errand.id, _NEVER_ANSWERED)
        return
    if errand.state in ENDS:
        await _go_on(feed, errand)
        return
    answer = await feed.ask(lambda: feed.feed.look_up(feed.user, _task(claimed)))
    if isinstance(answer, FeedFailure):
        await _not_now(desk, errand, answer)
        return
    errand = await in_tx(desk.database, desk.tenant.id, keep_answer, errand.id, answer)
    if errand.ended_at is None:
        await _go_on(feed, errand)


async def _go_on(feed: OpenFeed, errand: Errand) -> None:
    """What comes next, as far as the feed has told what became of the errand."""
    match errand.state:
        case FeedTaskState.DONE:
            await _read(feed, errand)
        case FeedTaskState.FAILED | FeedTaskState.ABANDONED:
            await _failed(feed, errand)
        case FeedTaskState.RUNNING | FeedTaskState.FORM_NEEDED:
            if is_overdue(errand, feed.desk.database.clock.now()):
                await _give_up(feed.desk, errand.id, _TOO_LONG)


async def _failed(feed: OpenFeed, errand: Errand) -> None:
    """Keep the failure; what the feed says of the connection besides is worth to be known as well."""
    seen = await feed.ask(lambda: feed.feed.connections(feed.user))
    if not isinstance(seen, FeedFailure):
        await in_tx(
            feed.desk.database, feed.desk.tenant.id, keep_seen, errand.instance, seen, errand
        )
    await in_tx(feed.desk.database, feed.desk.tenant.id, fail_update, errand.id)


async def _read(feed: OpenFeed, errand: Errand) -> None:
    desk = feed.desk
    seen = await feed.ask(lambda: feed.feed.connections(feed.user))
    if isinstance(seen, FeedFailure):
        await _not_now(desk, errand, seen)
        return
    connection = await in_tx(
        desk.database, desk.tenant.id, keep_seen, errand.instance, seen, errand
    )
    if connection is None:
        await in_tx(desk.database, desk.tenant.id, end_errand, errand.id)
        return
    await in_tx(desk.database, desk.tenant.id, attach, errand.id, connection.id)
    if connection.facts.is_busy:
        # The feed goes on downloading after it has told that it is done.
        await _not_now(desk, errand, None)
        return
    await _import(feed, errand, connection)


async def _import(feed: OpenFeed, errand: Errand, connection: BankConnection) -> None:
    desk = feed.desk
    read = await read_movements(feed, connection, errand.id)
    if isinstance(read, FeedFailure):
        await _not_now(desk, errand, read)
        return
    await in_tx(desk.database, desk.tenant.id, finish_update, errand.id, read)


async def _not_now(desk: FeedDesk, errand: Errand, failure: FeedFailure | None) -> None:
    """Look again later; an errand that took too long, or that nothing helps, is given up."""
    hopeless = failure is not None and failure.kind in (FailureKind.BROKEN, FailureKind.PERSON)
    pause = timedelta(0) if failure is None else failure.retry_after
    if failure is not None and failure.kind is FailureKind.LOST:
        pause = max(pause, _READ_AGAIN)
    if hopeless or is_overdue(errand, desk.database.clock.now() + pause):
        await _give_up(desk, errand.id, failure or _TOO_LONG)
        return
    await in_tx(desk.database, desk.tenant.id, _wait, errand.id, pause)


def _wait(tx: Tx, errand_id: UUID, at_least: timedelta) -> None:
    errand = errand_of(tx, errand_id, lock=True)
    if errand.ended_at is None:
        wait_on(tx, errand, at_least)


async def _give_up(desk: FeedDesk, errand_id: UUID, failure: FeedFailure) -> None:
    _log.warning("feed_errand_given_up errand=%s reason=%s", errand_id, failure.problem)
    await in_tx(desk.database, desk.tenant.id, give_up, errand_id, failure)


def _task(claimed: Claimed) -> FeedTask:
    errand, facts = claimed.errand, claimed.errand.facts
    form = FeedForm(url=facts.url, expires_at=facts.url_until) if facts.url else None
    connection = facts.connection
    if claimed.connection is not None:
        connection = claimed.connection.reference
    return FeedTask(
        reference=errand.reference or "",
        kind=errand.kind,
        state=errand.state,
        connection=connection,
        form=form,
    )
