"""Errands at a bank feed: begun by one at a time, kept as they go, ended once (F098).

An errand is committed before the feed is called. Whatever breaks off in between is found by its
`look_at`: an errand without an answer is given up, which does no harm, and what it was for is begun
anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from faktura.domain.bank_connections import BankConnection, Errand, ErrandFacts
from faktura.domain.feed_rhythm import allowed_at, pause_after_look
from faktura.domain.jobs import JobName
from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.errors import Conflict, TransitionRefused
from faktura.plugin import FeedTask
from faktura.services.bank_connections import ask_person, keep_connection
from faktura.store.bank_connections import connection_of, rewrite_connection
from faktura.store.bank_feeds import FeedAccess, feed_of
from faktura.store.feed_errands import (
    errand_of,
    errands_since,
    errands_under_way,
    rewrite_errand,
    write_errand,
)
from faktura.store.jobs import enqueue
from faktura.store.transaction import Tx

# Longer than any one call, and than what is between two looks.
LEASE = timedelta(minutes=10)
_A_DAY = timedelta(days=1)
_A_CALL = timedelta(minutes=2)
# A form is good for some twenty minutes where the feed does not say until when.
_FORM_LASTS = timedelta(minutes=30)
_LONGEST = timedelta(hours=2)

ENDS = frozenset({FeedTaskState.DONE, FeedTaskState.FAILED, FeedTaskState.ABANDONED})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a feed is to be asked for, by whom; `attended` where a person waits for it."""

    kind: FeedTaskKind
    asked_by: str
    attended: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """An errand that only we look at now, under its access and about its connection."""

    errand: Errand
    access: FeedAccess
    connection: BankConnection | None


def begin_form(tx: Tx, instance: str, asked_by: str, token: str) -> Errand:
    """An errand for a new connection; raises NotFound for an unknown instance."""
    feed_of(tx, instance)
    wanted = Wanted(FeedTaskKind.CONNECT, asked_by, attended=True)
    return _begun(tx, instance, None, wanted, token)


def begin_errand(tx: Tx, connection_id: UUID, wanted: Wanted, token: str) -> Errand:
    """An errand about a connection, which nobody else updates until it is over.

    Raises NotFound, TransitionRefused for one that has ended or was asked too often for a day while
    nobody waited, Conflict while another one is under way.
    """
    connection = connection_of(tx, connection_id, lock=True)
    if connection.ended_at is not None:
        raise TransitionRefused(
            f"the connection to {connection.bank_name} has ended",
            place="connection",
            mend="Connect the bank again: faktura bank connect",
        )
    if connection.is_busy(tx.now()):
        raise Conflict(
            f"the connection to {connection.bank_name} is being updated",
            place="connection",
            mend="Wait until that is over, or fill in its form: faktura bank connections",
        )
    if not wanted.attended and allowed_at(unattended(tx, connection_id), tx.now()) > tx.now():
        raise TransitionRefused(
            f"{connection.bank_name} was asked four times in a day while nobody waited, and takes"
            " no more",
            place="connection",
            mend="Wait for the answer yourself: faktura bank sync --attended",
        )
    for left in errands_under_way(tx, connection_id):
        # Whoever had it broke off long ago: its time is over.
        rewrite_errand(tx, _ended(left, FeedTaskState.ABANDONED, tx.now()))
    errand = _begun(tx, connection.instance, connection_id, wanted, token)
    now = tx.now()
    rewrite_connection(tx, replace(connection, tried_at=now, busy_until=now + LEASE))
    return errand


def unattended(tx: Tx, connection_id: UUID) -> Sequence[datetime]:
    """When the connection was updated within the last day while nobody waited."""
    return [
        one.created_at
        for one in errands_since(tx, connection_id, tx.now() - _A_DAY)
        # What a clock that was ahead left behind says nothing.
        if not one.facts.attended and one.created_at <= tx.now()
    ]


def _begun(tx: Tx, instance: str, connection_id: UUID | None, wanted: Wanted, token: str) -> Errand:
    now = tx.now()
    new = Errand(
        tx.new_id(),
        instance,
        wanted.kind,
        FeedTaskState.RUNNING,
        connection_id,
        None,
        wanted.asked_by,
        now,
        now + _A_CALL,
        ErrandFacts(attended=wanted.attended),
    )
    write_errand(tx, new, token)
    _have_looked(tx, new)
    return new


def keep_answer(tx: Tx, errand_id: UUID, answer: FeedTask) -> Errand:
    """Keep what the feed says of an errand, and have it looked at again; the errand as it is now."""
    errand = errand_of(tx, errand_id, lock=True)
    if errand.ended_at is not None:
        return errand
    form = answer.form
    facts = replace(
        errand.facts,
        connection=answer.connection or errand.facts.connection,
        url=errand.facts.url if form is None else form.url,
        url_until=errand.facts.url_until if form is None else form.expires_at,
        code=answer.code,
        message=answer.message,
        rejected=answer.rejected,
    )
    reference = errand.reference or answer.reference
    kept = replace(errand, state=answer.state, reference=reference, facts=facts)
    if answer.state is FeedTaskState.FORM_NEEDED and _form_is_over(kept, tx.now()):
        kept = replace(kept, state=FeedTaskState.ABANDONED)
    return wait_on(tx, kept)


def wait_on(tx: Tx, errand: Errand, at_least: timedelta = timedelta(0)) -> Errand:
    """Look at the errand again after a while, at once where the feed has ended it.

    The connection stays busy meanwhile. Whoever looks at it as it ends goes on with it alone. The
    caller has locked the errand.
    """
    now = tx.now()
    at_once = errand.state in ENDS and errand.state is not errand_of(tx, errand.id).state
    pause = timedelta(0) if at_once else max(pause_after_look(errand.facts.looks), at_least)
    until = errand.facts.looking_until if at_once else None
    facts = replace(errand.facts, looks=errand.facts.looks + 1, looking_until=until)
    waiting = replace(errand, look_at=now + pause, facts=facts)
    rewrite_errand(tx, waiting)
    _have_looked(tx, waiting)
    if waiting.connection_id is not None:
        connection = connection_of(tx, waiting.connection_id, lock=True)
        held = replace(connection, busy_until=now + pause + LEASE)
        if _bank_asks(waiting) and not held.facts.needs_person:
            held = replace(held, facts=replace(held.facts, needs_person=True))
            ask_person(
                tx, held, "the bank asks for an approval", "Give it in the bank's form: faktura bank"
                " sync --attended",
            )  # fmt: skip
        keep_connection(tx, held)
    return waiting


def claim_look(tx: Tx, errand_id: UUID, look: int | None = None) -> Claimed | None:
    """The errand, to be looked at by nobody else for a while; None where there is nothing to do.

    `look` is the number of the look that was put off until now, None for a callback, which may come at
    any time. Raises NotFound.
    """
    errand = errand_of(tx, errand_id, lock=True)
    now = tx.now()
    looking = errand.facts.looking_until
    if errand.ended_at is not None or (looking is not None and looking > now):
        return None
    if look is not None and look != errand.facts.looks:
        return None
    if errand.reference is None and errand.look_at is not None and errand.look_at > now:
        # Its answer is on the way to whoever asked.
        return None
    claimed = replace(errand, facts=replace(errand.facts, looking_until=now + LEASE))
    rewrite_errand(tx, claimed)
    connection = None
    if claimed.connection_id is not None:
        connection = connection_of(tx, claimed.connection_id)
    return Claimed(claimed, feed_of(tx, claimed.instance), connection)


def is_overdue(errand: Errand, now: datetime) -> bool:
    """Whether the feed has had its time: it will hardly say any more what became of it."""
    return now - errand.created_at > _LONGEST


def end_errand(tx: Tx, errand_id: UUID, state: FeedTaskState | None = None) -> Errand:
    """All that came of the errand is kept; its connection is free again."""
    errand = errand_of(tx, errand_id, lock=True)
    ended = _ended(errand, state or errand.state, tx.now())
    rewrite_errand(tx, ended)
    return ended


def attach(tx: Tx, errand_id: UUID, connection_id: UUID) -> Errand:
    """The errand made that connection: it is about it from now on."""
    errand = errand_of(tx, errand_id, lock=True)
    if errand.connection_id is not None:
        return errand
    attached = replace(errand, connection_id=connection_id)
    rewrite_errand(tx, attached)
    connection = connection_of(tx, connection_id, lock=True)
    rewrite_connection(tx, replace(connection, busy_until=tx.now() + LEASE))
    return attached


def hold(tx: Tx, errand_id: UUID) -> None:
    """We still work on the errand: nobody else looks at it, nor updates its connection."""
    errand = errand_of(tx, errand_id, lock=True)
    until = tx.now() + LEASE
    rewrite_errand(tx, replace(errand, facts=replace(errand.facts, looking_until=until)))
    if errand.connection_id is not None:
        connection = connection_of(tx, errand.connection_id, lock=True)
        rewrite_connection(tx, replace(connection, busy_until=until))


def _bank_asks(errand: Errand) -> bool:
    """Whether an update needs a person; a form that was asked for says nothing of the bank."""
    return errand.state is FeedTaskState.FORM_NEEDED and errand.kind is FeedTaskKind.UPDATE


def _form_is_over(errand: Errand, now: datetime) -> bool:
    until = errand.facts.url_until
    return now >= (errand.created_at + _FORM_LASTS if until is None else until)


def _ended(errand: Errand, state: FeedTaskState, now: datetime) -> Errand:
    facts = replace(errand.facts, looking_until=None, url="")
    return replace(errand, state=state, look_at=None, ended_at=now, facts=facts)


def _have_looked(tx: Tx, errand: Errand) -> None:
    enqueue(
        tx,
        JobName.SYNC_BANK,
        {"errand": str(errand.id), "look": errand.facts.looks},
        run_at=errand.look_at,
    )
