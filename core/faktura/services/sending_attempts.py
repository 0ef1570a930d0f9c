"""The last look before a provider is asked: what is sent is written down as sent first (P26)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from faktura.domain.attempt_checks import is_unclear_for_long, next_send
from faktura.domain.attempts import Attempt
from faktura.kernel.canonical import canonical_json
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.payment_terms import AttemptState, MeansState
from faktura.services.attempt_questions import ask_about_unclear
from faktura.store.attempts import lock_attempts, read_attempt, rewrite_attempts
from faktura.store.chargebacks import documents_of_attempts
from faktura.store.collectable import states_of
from faktura.store.customers import lock_customers
from faktura.store.payment_means import means_of_customers
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

# May be sent: a new one, and one without an answer that is repeated to the letter.
_SENDABLE = frozenset({AttemptState.CREATED, AttemptState.SENT, AttemptState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Sending:
    """What may be sent now, and what is only asked about: its document owes another amount by now."""

    sent: tuple[Attempt, ...]
    asked: tuple[Attempt, ...]


def mark_sent(tx: Tx, attempts: Collection[Attempt], lease: timedelta) -> Sending:
    """Note that these are about to be sent; for the time of the lease nobody else takes them.

    A new one whose document is paid, or owes another amount by now, is cancelled, and so is one whose
    means of payment was taken away since. One that somebody else changed or took meanwhile is left
    to them.
    """
    lock_customers(tx, sorted({one.customer_id for one in attempts}))
    known = {one.id: one for one in attempts}
    locked = lock_attempts(tx, known)
    documents = states_of(tx, {one.document_id for one in locked.values()})
    usable = _usable_means(tx, locked.values())
    now = tx.now()
    sent: list[Attempt] = []
    asked: list[Attempt] = []
    ended: list[Attempt] = []
    for one in locked.values():
        if one.changes != known[one.id].changes:
            continue
        if _is_withdrawn(one, usable):
            ended.append(cancelled(one, now, "its means of payment is not used any more"))
        elif documents[one.document_id].open == one.amount and one.state in _SENDABLE:
            sent.append(_sent(one, now, lease))
        elif one.state is AttemptState.CREATED:
            ended.append(cancelled(one, now, "the document owes another amount by now"))
        else:
            asked.append(replace(one, next_check_at=now + lease))
    rewrite_attempts(tx, [*sent, *asked, *ended])
    return Sending(_rewritten(sent), _rewritten(asked))


def take_turn(tx: Tx, attempts: Collection[Attempt], lease: timedelta) -> list[Attempt]:
    """Note that somebody asks about these now; gives those that nobody else took meanwhile."""
    known = {one.id: one for one in attempts}
    locked = lock_attempts(tx, known)
    taken = [
        replace(one, next_check_at=tx.now() + lease)
        for one in locked.values()
        if one.changes == known[one.id].changes
    ]
    rewrite_attempts(tx, taken)
    return list(_rewritten(taken))


def wait_longer(tx: Tx, pauses: Mapping[UUID, timedelta]) -> None:
    """What was surely not sent is sent again later, not before its pause is over.

    After a day of that a person is asked: nothing waits without anybody knowing.
    """
    numbers = documents_of_attempts(tx, pauses)
    locked = lock_attempts(tx, pauses)
    now = tx.now()
    waiting = [one for one in locked.values() if one.is_live]
    for one in waiting:
        if is_unclear_for_long(one, now) and one.state is not AttemptState.PENDING:
            ask_about_unclear(tx, one, numbers[one.id])
    rewrite_attempts(
        tx, [replace(one, next_check_at=next_send(one, now, pauses[one.id])) for one in waiting]
    )


def ask_about_failed_report(tx: Tx, attempt_id: UUID, problem: str) -> None:
    """An answer could not be kept: the attempt stays as it is, and a person is asked, once."""
    one = read_attempt(tx, attempt_id)
    lock_customers(tx, [one.customer_id])
    ask_once(
        tx,
        TaskKind.PAYMENT_UNCLEAR,
        one.booking,
        f"What {one.instance} says of attempt {one.id.hex} could not be kept: {problem}."
        " It is asked again; its document is not collected meanwhile.",
    )


def cancel_attempt(tx: Tx, attempt_id: UUID, why: str) -> Attempt:
    """Give up an attempt that was never sent; raises NotFound, TransitionRefused once it was."""
    lock_customers(tx, [read_attempt(tx, attempt_id).customer_id])
    one = lock_attempts(tx, [attempt_id])[attempt_id]
    if one.state is not AttemptState.CREATED:
        raise TransitionRefused(
            f"the attempt is {one.state}: the provider may have been asked",
            place=f"attempt {attempt_id}",
        )
    ended = cancelled(one, tx.now(), why)
    rewrite_attempts(tx, [ended])
    return replace(ended, changes=ended.changes + 1)


def cancelled(one: Attempt, now: datetime, why: str) -> Attempt:
    """The attempt, given up before anything was sent; `why` is kept as its outcome."""
    return replace(
        one,
        state=AttemptState.CANCELLED,
        ended_at=now,
        next_check_at=None,
        outcome=canonical_json({"kind": "CANCELLED", "why": why}),
    )


def _usable_means(tx: Tx, attempts: Collection[Attempt]) -> set[UUID]:
    new = {one.customer_id for one in attempts if one.state is AttemptState.CREATED}
    return {
        one.id
        for of_customer in means_of_customers(tx, new).values()
        for one in of_customer
        if one.state is MeansState.ACTIVE
    }


def _is_withdrawn(one: Attempt, usable: Collection[UUID]) -> bool:
    # What was sent once is repeated to the letter, or asked about: that is no new use.
    is_new = one.state is AttemptState.CREATED
    return is_new and one.means_id is not None and one.means_id not in usable


def _rewritten(attempts: Collection[Attempt]) -> tuple[Attempt, ...]:
    return tuple(replace(one, changes=one.changes + 1) for one in attempts)


def _sent(one: Attempt, now: datetime, lease: timedelta) -> Attempt:
    first = one.state is AttemptState.CREATED
    return replace(
        one,
        state=AttemptState.SENT if first else one.state,
        first_sent_at=one.first_sent_at or now,
        last_sent_at=now,
        tries=one.tries + 1,
        next_check_at=now + lease,
    )
