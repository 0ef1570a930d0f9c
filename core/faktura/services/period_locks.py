"""Locking months: what lies in them never changes from then on (P24, § 146 Abs. 4 AO, GoBD).

Later facts keep their value date and are booked on the first open day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from faktura.domain.events import EventType
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, FieldMissing, OutOfRange, TransitionRefused, shortened
from faktura.kernel.periods import last_of_month
from faktura.services.accounting_events import accounting_event
from faktura.services.imports.text_fields import checked_line
from faktura.services.outbox import announce
from faktura.store.export_entries import deferrals_due
from faktura.store.facts import Facts, write_facts
from faktura.store.journal import read_drafts
from faktura.store.period_locks import PeriodLock, read_locks, write_lock
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Locking:
    """Lock all months up to and including that of the day `month`.

    `with_drafts` says that entries of these months which wait for an account, and deferrals of them
    that are not posted yet, may come later: they are booked on the first open day then.
    """

    month: date
    reason: str
    by: str
    with_drafts: bool = False


@dataclass(frozen=True, slots=True)
class Locked:
    """The lock, and what it leaves to the first open day: keys of entries, and deferrals."""

    lock: PeriodLock
    drafts: tuple[str, ...]
    deferrals: int = 0

    @property
    def opens_on(self) -> date:
        """The first day that is open."""
        return self.lock.locked_to + timedelta(days=1)


def lock_period(tx: Tx, given: Locking) -> Locked:
    """Lock months for good; whoever posts at this moment is done before.

    Raises OutOfRange for a month that is not over, Conflict for one that is locked already,
    FieldMissing without a reason, and TransitionRefused where entries of these months wait for an
    account, or their deferrals are not posted, and nobody said that they may come later.
    """
    reason = checked_line(given.reason)
    if not reason:
        raise FieldMissing("why the month is locked is not said", place="reason")
    tenant = lock_tenant(tx)
    day = last_of_month(given.month)
    today = local_date(tx.clock, tenant.time_zone)
    if day >= today:
        raise OutOfRange(
            f"{day:%Y-%m} is not over on {today}", place="month", mend="Lock it when it is over"
        )
    locks = read_locks(tx)
    if locks and day <= locks[-1].locked_to:
        raise Conflict(
            f"{day:%Y-%m} is locked already", place="month", mend="A lock is never taken back"
        )
    drafts = tuple(d.key for d in read_drafts(tx) if d.entry.value_date <= day)
    if drafts and not given.with_drafts:
        raise _waiting(drafts, day)
    deferrals = deferrals_due(tx, day)
    if deferrals and not given.with_drafts:
        raise _not_posted(deferrals, day)
    lock = PeriodLock(len(locks) + 1, day, given.by, reason, tx.now())
    told = accounting_event(tx, EventType.PERIOD_LOCKED, lock_data(lock))
    seal = write_facts(tx, Facts(events=[told]))
    write_lock(tx, lock)
    announce(tx, seal)
    return Locked(lock, drafts, deferrals)


def lock_data(lock: PeriodLock) -> dict[str, object]:
    """What the event of a lock says; so the lock stands under a seal."""
    return {
        "no": lock.no,
        "lockedTo": str(lock.locked_to),
        "by": lock.locked_by,
        "reason": lock.reason,
        "recordedAt": lock.recorded_at.isoformat(),
    }


def _waiting(drafts: tuple[str, ...], day: date) -> TransitionRefused:
    named = ", ".join(drafts[:_NAMED]) + (", …" if len(drafts) > _NAMED else "")
    count = "1 entry waits" if len(drafts) == 1 else f"{len(drafts)} entries wait"
    return TransitionRefused(
        f"{count} for an account with value dates up to {day}: {shortened(named)}",
        place="month",
        mend="Set the accounts (faktura accounting drafts), or say that they may be booked on the"
        " first open day: --with-drafts, over REST withDrafts",
    )


def _not_posted(deferrals: int, day: date) -> TransitionRefused:
    """What the month earns, and does not, would be missing in it (HGB § 250 Abs. 2)."""
    count = "1 deferral is" if deferrals == 1 else f"{deferrals} deferrals are"
    return TransitionRefused(
        f"{count} not posted up to {day:%Y-%m}",
        place="month",
        mend=f"Post them (faktura accounting release --through {day:%Y-%m}), or say that they may"
        " be booked on the first open day: --with-drafts, over REST withDrafts",
    )
