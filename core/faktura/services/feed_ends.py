"""How an update ends: read and well, refused by the bank, waiting for a person, or to be tried again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from faktura.domain.bank_connections import BankConnection, Errand
from faktura.domain.feed_failures import FailureKind, FeedFailure
from faktura.domain.feed_rhythm import (
    allowed_at,
    gap_before,
    may_try_alone,
    pause_after_failure,
    read_from,
)
from faktura.domain.tenants import Tenant
from faktura.kernel.bank_terms import FeedResult, FeedTaskState
from faktura.kernel.clock import zone
from faktura.kernel.contract_terms import TaskKind
from faktura.services.bank_connections import ask_person, end_connection, keep_connection
from faktura.services.feed_errands import end_errand, unattended
from faktura.store.bank_connections import connection_of, list_feed_accounts
from faktura.store.bank_feeds import change_feed_problem
from faktura.store.feed_errands import errand_of
from faktura.store.tasks import ask_once, finish_open
from faktura.store.tenants import lock_tenant, read_tenant
from faktura.store.transaction import Tx

_NEW_PIN = "Change the banking PIN in the bank's form: faktura bank new-pin"
_APPROVE = "Give it in the bank's form: faktura bank sync --attended"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read after an update: sentences on adjusted balances, and a hash of all of it.

    `accounts` are the feed's ids of those that were read.
    """

    adjusted: tuple[str, ...]
    read_hash: str
    accounts: frozenset[str] = frozenset()


def finish_update(tx: Tx, errand_id: UUID, read: Read) -> Errand:
    """The feed has updated the connection, and its bookings were imported.

    The cursor moves only where the bank let everything be read.
    """
    if errand_of(tx, errand_id, lock=True).ended_at is not None:
        return errand_of(tx, errand_id)
    errand = end_errand(tx, errand_id)
    if errand.connection_id is None:
        return errand
    tenant = read_tenant(tx)
    connection = connection_of(tx, errand.connection_id, lock=True)
    facts = replace(connection.facts, adjusted=read.adjusted, problem="")
    connection = replace(connection, facts=facts, busy_until=None)
    if facts.result is FeedResult.REJECTED:
        keep_connection(tx, _refused(tx, connection))
    elif facts.needs_person:
        ask_person(tx, connection, "the bank asks for an approval", _APPROVE)
        keep_connection(tx, replace(connection, next_at=None))
    elif facts.result is FeedResult.TECHNICAL:
        keep_connection(tx, _tried_again(tx, connection, timedelta(0)))
    else:
        finish_open(tx, TaskKind.BANK_NEEDS_PERSON, str(connection.id))
        keep_connection(tx, _updated(tx, tenant, connection, errand, read))
    return errand


def fail_update(tx: Tx, errand_id: UUID) -> Errand:
    """The feed says that the errand came to nothing: the bank's refusal is never tried again alone."""
    if errand_of(tx, errand_id, lock=True).ended_at is not None:
        return errand_of(tx, errand_id)
    errand = end_errand(tx, errand_id)
    if errand.connection_id is None:
        return errand
    connection = replace(connection_of(tx, errand.connection_id, lock=True), busy_until=None)
    told = errand.facts.message or errand.facts.code
    facts = replace(connection.facts, is_busy=False, message=told, result_at=tx.now())
    if errand.state is FeedTaskState.ABANDONED:
        # Nobody came to the form: what the connection waits for, it waits for still.
        keep_connection(tx, replace(connection, next_at=_next(tx, connection)))
    elif errand.facts.rejected:
        rejected = replace(facts, result=FeedResult.REJECTED)
        keep_connection(tx, _refused(tx, replace(connection, facts=rejected)))
    elif connection.facts.result is FeedResult.REJECTED:
        # The bank's machine failed: that does not make the PIN right.
        keep_connection(tx, replace(connection, next_at=None))
    else:
        faulty = replace(facts, result=FeedResult.TECHNICAL)
        keep_connection(tx, _tried_again(tx, replace(connection, facts=faulty), timedelta(0)))
    return errand


def give_up(tx: Tx, errand_id: UUID, failure: FeedFailure) -> Errand:
    """The feed could not be asked: what is to be done about it is written down."""
    errand = errand_of(tx, errand_id, lock=True)
    if errand.ended_at is not None:
        return errand
    ended = end_errand(tx, errand_id, FeedTaskState.ABANDONED)
    if failure.kind is FailureKind.BROKEN:
        break_feed(tx, errand.instance, failure.problem)
    if errand.connection_id is None:
        return ended
    if failure.kind is FailureKind.GONE:
        end_connection(tx, errand.connection_id)
        return ended
    connection = replace(connection_of(tx, errand.connection_id, lock=True), busy_until=None)
    if failure.kind is FailureKind.PERSON:
        facts = replace(connection.facts, needs_person=True, message=failure.problem)
        ask_person(tx, connection, "the bank asks for an approval", _APPROVE)
        keep_connection(tx, replace(connection, facts=facts, next_at=None))
        return ended
    facts = replace(connection.facts, problem=failure.problem)
    keep_connection(tx, _tried_again(tx, replace(connection, facts=facts), failure.retry_after))
    return ended


def break_feed(tx: Tx, instance: str, problem: str) -> None:
    """The feed does not take our key or user: nothing is asked over it until a person does so."""
    lock_tenant(tx)
    if change_feed_problem(tx, instance, problem):
        ask_once(
            tx,
            TaskKind.BANK_NEEDS_PERSON,
            f"feed {instance}",
            f"The bank feed {instance} cannot be used: {problem}. Nothing is fetched over it until"
            " then: faktura bank sync",
        )


def mend_feed(tx: Tx, instance: str) -> None:
    """The feed has answered: it can be used."""
    lock_tenant(tx)
    if change_feed_problem(tx, instance, ""):
        finish_open(tx, TaskKind.BANK_NEEDS_PERSON, f"feed {instance}")


def _updated(
    tx: Tx, tenant: Tenant, connection: BankConnection, errand: Errand, read: Read
) -> BankConnection:
    local = zone(tenant.time_zone)
    begun_on = errand.created_at.astimezone(local).date()
    before = connection.succeeded_at
    before_on = None if before is None else before.astimezone(local).date()
    gap = gap_before(before_on, begun_on, tx.now())
    facts = replace(
        connection.facts,
        failures=0,
        gap=gap or connection.facts.gap,
        read_hash=read.read_hash,
    )
    if gap is not None:
        ask_once(
            tx,
            TaskKind.BANK_NEEDS_PERSON,
            f"{connection.id}:gap:{gap.first}",
            f"{connection.bank_name}: bookings from {gap.first} to {gap.last} may be missing, as the"
            " connection was not updated for too long. Upload the statements of these days: faktura"
            " bank import",
        )
    reads = {one.reference for one in list_feed_accounts(tx, connection.id) if one.is_read}
    # Of an account that was linked meanwhile nothing was read yet.
    cursor = read_from(begun_on) if reads <= read.accounts else None
    updated = replace(connection, facts=facts, succeeded_at=tx.now(), read_from=cursor)
    return replace(updated, next_at=_next(tx, updated))


def _refused(tx: Tx, connection: BankConnection) -> BankConnection:
    ask_person(tx, connection, f"the bank refuses the login: {connection.facts.message}", _NEW_PIN)
    return replace(connection, next_at=None)


def _tried_again(tx: Tx, connection: BankConnection, at_least: timedelta) -> BankConnection:
    failures = connection.facts.failures + 1
    wanted = tx.now() + max(pause_after_failure(failures), at_least)
    next_at = allowed_at(unattended(tx, connection.id), wanted)
    return replace(
        connection,
        facts=replace(connection.facts, failures=failures),
        next_at=next_at if may_try_alone(connection) else None,
    )


def _next(tx: Tx, connection: BankConnection) -> datetime | None:
    """When the connection is updated by itself; None while it waits for a person."""
    if connection.facts.needs_person or connection.facts.result is FeedResult.REJECTED:
        return None
    wanted = tx.now() + timedelta(hours=read_tenant(tx).bank.feed_hours)
    return allowed_at(unattended(tx, connection.id), wanted)
