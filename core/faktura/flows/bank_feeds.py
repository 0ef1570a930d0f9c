"""Bank feeds: accesses, forms for people, updates begun and looked after, connections ended (F098).

What a feed is asked for is committed before it is asked, so that a crash leaves nothing that nobody
knows of. A callback is a trigger and nothing else: what it says is never read.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NoReturn
from uuid import UUID

from faktura.domain.bank_connections import Errand
from faktura.domain.feed_failures import FailureKind, FeedFailure
from faktura.flows.feed_calls import FeedDesk, OpenFeed, asked, open_feed
from faktura.flows.feed_looks import look
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.errors import NumberTaken
from faktura.kernel.outside_errors import (
    AccountBroken,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import Attendance, FeedTask, FormRequest
from faktura.services.bank_connections import end_connection
from faktura.services.feed_ends import give_up
from faktura.services.feed_errands import Wanted, begin_errand, begin_form, keep_answer
from faktura.services.feed_schedule import (
    begin_due,
    is_any_due_at_sign_in,
    start_at_sign_in,
)
from faktura.store.bank_connections import connection_of
from faktura.store.bank_feeds import FeedAccess, feed_of, find_feed, write_feed
from faktura.store.database import Database
from faktura.store.feed_errands import errand_of
from faktura.store.transaction import Tx
from faktura.store.users import list_members_tenants

CALLBACKS = "/bank-callbacks"
_TOKEN_BYTES = 32
_SHORTEST_PAUSE = timedelta(seconds=1)

_log = logging.getLogger("faktura.feeds")

Pause = Callable[[float], Awaitable[object]]


async def add_feed(desk: FeedDesk, feed: str, instance: str) -> FeedAccess:
    """Make the tenant's user at the feed and keep it; raises NumberTaken, and as `asked_for`."""

    def check_absent(tx: Tx) -> None:
        if find_feed(tx, instance) is not None:
            raise NumberTaken(
                f"there is an access “{instance}” to a bank feed already", place="instance"
            )

    await in_read_tx(desk.database, desk.tenant.id, check_absent)
    # Without a key the user could not be kept: better asked before it is made.
    desk.keys.encrypt("")
    adapter = await asyncio.to_thread(desk.adapters.bank_feed, desk.tenant.id, feed, instance)
    user = await asked(lambda: adapter.create_user(desk.tenant.key), desk.limit)
    if isinstance(user, FeedFailure):
        raise_failure(user, instance)
    await in_tx(desk.database, desk.tenant.id, write_feed, desk.keys, instance, feed, user)
    return await in_read_tx(desk.database, desk.tenant.id, feed_of, instance)


async def begin_connecting(
    desk: FeedDesk, instance: str, request: FormRequest, asked_by: str
) -> Errand:
    """Open the form for a new connection; the errand with its address.

    Raises NotFound for the instance, and OutsideUnavailable, OutcomeUnknown, AccountBroken and
    LinkRefused where the feed gives none.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    errand = await in_tx(desk.database, desk.tenant.id, begin_form, instance, asked_by, token)
    access = await in_read_tx(desk.database, desk.tenant.id, feed_of, instance)
    with_token = request.model_copy(update={"callback_url": _callback(desk, token)})

    async def ask(feed: OpenFeed) -> Errand | FeedFailure:
        answer = await feed.ask(lambda: feed.feed.begin_connection(feed.user, with_token))
        return answer if isinstance(answer, FeedFailure) else await _kept(desk, errand, answer)

    return await _begun(desk, access, errand, ask)


async def begin_update(
    desk: FeedDesk,
    connection_id: UUID,
    request: FormRequest,
    asked_by: str,
    kind: FeedTaskKind = FeedTaskKind.UPDATE,
) -> Errand:
    """Let the feed ask the bank; with CREDENTIALS the person edits the stored login first.

    Raises as `begin_errand`, and OutsideUnavailable, OutcomeUnknown, AccountBroken, LinkRefused.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    attended = _is_told(request.attended) or kind is FeedTaskKind.CREDENTIALS
    wanted = Wanted(kind, asked_by, attended)
    errand = await in_tx(desk.database, desk.tenant.id, begin_errand, connection_id, wanted, token)
    return await send_errand(desk, errand, request, token)


async def send_errand(desk: FeedDesk, errand: Errand, request: FormRequest, token: str) -> Errand:
    """Ask the feed for an errand about a connection that was begun; raises as `begin_update`."""
    access = await in_read_tx(desk.database, desk.tenant.id, feed_of, errand.instance)
    reference = await in_read_tx(desk.database, desk.tenant.id, _reference_of, errand)
    with_token = request.model_copy(update={"callback_url": _callback(desk, token)})

    async def ask(feed: OpenFeed) -> Errand | FeedFailure:
        answer = await feed.ask(
            lambda: feed.feed.begin_update(feed.user, reference, with_token, errand.kind)
        )
        return answer if isinstance(answer, FeedFailure) else await _kept(desk, errand, answer)

    return await _begun(desk, access, errand, ask)


async def update_at_sign_in(database: Database, user_id: UUID, attendance: Attendance) -> None:
    """Update the banks of a user's tenants that were not updated for a while; a person is there now."""
    tenants = await in_read_tx(database, 0, list_members_tenants, user_id)
    for tenant in tenants:
        if await in_read_tx(database, tenant.id, is_any_due_at_sign_in):
            await in_tx(database, tenant.id, start_at_sign_in, attendance)


async def await_errand(
    desk: FeedDesk,
    errand: Errand,
    *,
    patience: timedelta,
    until_form: bool = False,
    pause: Pause = asyncio.sleep,
) -> Errand:
    """Look at the errand until it is over, or a form waits where `until_form`; at most `patience`."""
    ends_at = desk.database.clock.now() + patience
    current = errand
    while current.ended_at is None:
        now = desk.database.clock.now()
        if now >= ends_at or (until_form and current.state is FeedTaskState.FORM_NEEDED):
            return current
        due = current.look_at or now
        # Somebody else may be looking: then it is due for as long as they do.
        waits_until = min(max(due, now + _SHORTEST_PAUSE), ends_at)
        await pause((waits_until - now).total_seconds())
        await look(desk, current.id)
        current = await in_read_tx(desk.database, desk.tenant.id, errand_of, errand.id)
    return current


async def disconnect(desk: FeedDesk, connection_id: UUID) -> None:
    """Delete the connection at the feed, then end it here; what it brought stays.

    Raises NotFound, and OutsideUnavailable and the like where the feed did not do it.
    """
    connection = await in_read_tx(desk.database, desk.tenant.id, connection_of, connection_id)
    access = await in_read_tx(desk.database, desk.tenant.id, feed_of, connection.instance)
    if connection.ended_at is None:
        feed = await open_feed(desk, access)
        if isinstance(feed, FeedFailure):
            raise_failure(feed, access.instance)
        usable = feed
        done = await feed.ask(lambda: usable.feed.disconnect(usable.user, connection.reference))
        if isinstance(done, FeedFailure) and done.kind is not FailureKind.GONE:
            raise_failure(done, access.instance)
        await in_tx(desk.database, desk.tenant.id, end_connection, connection_id)


async def begin_alone(
    desk: FeedDesk, connection_id: UUID, attended: Attendance | None
) -> Errand | None:
    """Update a connection without being asked, where it is time; what fails is written down."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    errand = await in_tx(
        desk.database, desk.tenant.id, begin_due, connection_id, token,
        attended=_is_told(attended),
    )  # fmt: skip
    if errand is None:
        return None
    try:
        return await send_errand(desk, errand, FormRequest(attended=attended), token)
    except (OutsideUnavailable, OutcomeUnknown, AccountBroken, LinkRefused) as error:
        _log.warning("feed_not_asked connection=%s reason=%s", connection_id, error)
        return None


def raise_failure(failure: FeedFailure, instance: str) -> NoReturn:
    """Raise the error that a person is told of a failure."""
    place = f"bank feed {instance}"
    match failure.kind:
        case FailureKind.LATER:
            raise OutsideUnavailable(
                failure.problem, place=place, mend="Try again later",
                retry_after=int(failure.retry_after.total_seconds()),
            )  # fmt: skip
        case FailureKind.BROKEN:
            raise AccountBroken(
                failure.problem, place=place, mend=f"Check the settings of {instance}"
            )
        case FailureKind.LOST:
            raise OutcomeUnknown(failure.problem, place=place, mend="Try again")
        case FailureKind.PERSON | FailureKind.GONE:
            raise LinkRefused(failure.problem, place=place)


async def _begun(
    desk: FeedDesk,
    access: FeedAccess,
    errand: Errand,
    ask: Callable[[OpenFeed], Awaitable[Errand | FeedFailure]],
) -> Errand:
    feed = await open_feed(desk, access)
    kept = feed if isinstance(feed, FeedFailure) else await ask(feed)
    if isinstance(kept, FeedFailure):
        await in_tx(desk.database, desk.tenant.id, give_up, errand.id, kept)
        raise_failure(kept, access.instance)
    return kept


async def _kept(desk: FeedDesk, errand: Errand, answer: FeedTask) -> Errand:
    return await in_tx(desk.database, desk.tenant.id, keep_answer, errand.id, answer)


def _is_told(attended: Attendance | None) -> bool:
    """Whether the bank hears of a person: what it does not hear of, it counts as nobody."""
    return attended is not None and attended.is_told


def _reference_of(tx: Tx, errand: Errand) -> str:
    if errand.connection_id is None:
        return ""
    return connection_of(tx, errand.connection_id).reference


def _callback(desk: FeedDesk, token: str) -> str:
    if desk.public_url is None:
        # Nobody can call us: looks alone find out.
        return ""
    return f"{desk.public_url}{CALLBACKS}/{desk.tenant.key}/{token}"
