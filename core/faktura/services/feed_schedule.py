"""Which connections are updated by themselves, and when: by the clock, and when somebody signs in (F098)."""

from datetime import datetime, timedelta
from uuid import UUID

from faktura.domain.bank_connections import BankConnection, Errand
from faktura.domain.feed_rhythm import may_try_alone
from faktura.domain.jobs import Args, JobName
from faktura.kernel.bank_terms import FeedTaskKind
from faktura.kernel.errors import Conflict, TransitionRefused
from faktura.plugin import Attendance
from faktura.services.bank_connections import tell_what_time_changed
from faktura.services.feed_errands import LEASE, Wanted, begin_errand
from faktura.store.bank_connections import connection_of, list_connections
from faktura.store.bank_feeds import feed_of, list_feeds
from faktura.store.feed_errands import delete_errands, errands_under_way
from faktura.store.jobs import enqueue, hold_waiting
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

# A person waits no longer for what they did not ask for.
_STILL_THERE = timedelta(minutes=15)
_KEPT = timedelta(days=90)


def start_what_is_due(tx: Tx) -> None:
    """Put in a job for each connection whose time has come, and for each errand nobody looks at."""
    broken = {one.instance for one in list_feeds(tx) if one.problem}
    for connection in list_connections(tx):
        if connection.instance not in broken and _is_due(connection, tx.now()):
            _put_in(tx, connection.id, {"connection": str(connection.id)})
    for errand in errands_under_way(tx):
        if errand.look_at is not None and errand.look_at + LEASE < tx.now():
            enqueue(tx, JobName.SYNC_BANK, {"errand": str(errand.id), "look": errand.facts.looks})
    tell_what_time_changed(tx)


def start_at_sign_in(tx: Tx, attendance: Attendance) -> int:
    """Update what was not updated for a while, as a person is there who can answer; how many."""
    begun = 0
    for connection in list_connections(tx):
        if _is_due_for_person(tx, connection):
            args: Args = {
                "connection": str(connection.id),
                "at": tx.now().isoformat(),
                "ip": attendance.ip_address,
                "device": attendance.device,
                "agent": attendance.user_agent,
            }
            begun += _put_in(tx, connection.id, args)
    return begun


def is_any_due_at_sign_in(tx: Tx) -> bool:
    """Whether `start_at_sign_in` would begin something."""
    return any(_is_due_for_person(tx, one) for one in list_connections(tx))


def may_be_asked(tx: Tx) -> list[UUID]:
    """The connections that may be updated now without harm: none that runs, or that was refused."""
    return [
        one.id
        for one in list_connections(tx)
        if may_try_alone(one) and not one.is_busy(tx.now()) and not one.facts.needs_person
    ]


def attendance_of(args: Args, now: datetime) -> Attendance | None:
    """Who waits for a job's update; None for one by the clock, or where that was too long ago."""
    if "ip" not in args or now - datetime.fromisoformat(str(args["at"])) > _STILL_THERE:
        return None
    return Attendance(
        ip_address=str(args["ip"]), device=str(args["device"]), user_agent=str(args["agent"])
    )


def begin_due(tx: Tx, connection_id: UUID, token: str, *, attended: bool) -> Errand | None:
    """An errand for an update nobody asked for; None where it is not its time any more."""
    connection = connection_of(tx, connection_id, lock=True)
    is_due = _is_due_for_person(tx, connection) if attended else _is_due(connection, tx.now())
    if not is_due or feed_of(tx, connection.instance).problem:
        return None
    who = "sign-in" if attended else "schedule"
    try:
        return begin_errand(tx, connection_id, Wanted(FeedTaskKind.UPDATE, who, attended), token)
    except (Conflict, TransitionRefused):
        return None


def forget_old_errands(tx: Tx) -> int:
    """Delete errands that were over ninety days ago; how many they were."""
    return delete_errands(tx, tx.now() - _KEPT)


def _is_due(connection: BankConnection, now: datetime) -> bool:
    waits = connection.facts.needs_person or connection.is_busy(now)
    if waits or connection.next_at is None or not may_try_alone(connection):
        return False
    return connection.next_at <= now


def _is_due_for_person(tx: Tx, connection: BankConnection) -> bool:
    if connection.is_busy(tx.now()) or not may_try_alone(connection):
        return False
    pause = timedelta(hours=read_tenant(tx).bank.feed_hours)
    return connection.tried_at is None or connection.tried_at + pause <= tx.now()


def _put_in(tx: Tx, connection_id: UUID, args: Args) -> int:
    """Put the job in unless one waits already; how many were put in."""
    lock = f"bank:{connection_id}"
    if hold_waiting(tx, JobName.SYNC_BANK, lock):
        return 0
    enqueue(tx, JobName.SYNC_BANK, args, lock=lock)
    return 1
