"""Locked months: what lies in them never changes from then on (P24)."""

from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, WithJsonSchema

from faktura.domain.api_keys import Scope
from faktura.kernel.errors import NotFound
from faktura.kernel.periods import month_from_text
from faktura.services.imports.checks import Fields, checked
from faktura.services.imports.text_fields import Filled
from faktura.services.imports.value_fields import Flag
from faktura.services.period_locks import Locking, lock_period
from faktura.store.period_locks import PeriodLock, read_locks
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer, Created, Page
from faktura.web.api.shapes import Day, Moment

PERIOD_LOCKS = Resource("PeriodLocks", "Months that never change any more.")

_Month = Annotated[
    date,
    BeforeValidator(checked(lambda value: month_from_text(str(value)))),
    WithJsonSchema(
        {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "examples": ["2026-10"]}
    ),
]


class PeriodLockFields(Fields):
    """Which months are locked, and why."""

    month: _Month = Field(description="This month and all before it.")
    reason: Filled = Field(description="It is kept with the lock.")
    with_drafts: Flag = Field(
        default=False,
        description="Even if entries of these months wait for an account, or their deferrals are"
        " not posted: once complete, they are booked on the first open day.",
    )


class PeriodLockAnswer(Answer):
    """A lock, which is never taken back."""

    no: int = Field(description="Counts the locks from 1.")
    locked_to: Day = Field(description="The last day that is locked.")
    by: str = Field(description="Who locked it.")
    reason: str = Field(description="Why.")
    recorded_at: Moment = Field(description="When.")

    @classmethod
    def of(cls, lock: PeriodLock) -> Self:
        """The answer."""
        return cls.model_validate(_fields(lock))


class NewPeriodLockAnswer(PeriodLockAnswer):
    """A lock that was just set."""

    drafts: tuple[str, ...] = Field(
        description="Keys of entries of these months that wait for an account."
    )
    deferrals_due: int = Field(
        description="Deferrals of which a month up to this one is not posted yet."
    )


@PERIOD_LOCKS.get("/PeriodLocks", Scope.ACCOUNTING_READ)
def period_lock_list(call: Call[Nothing, Nothing]) -> Page[PeriodLockAnswer]:
    """All locks, in the order in which they were set, on one page."""
    found = read_locks(call.tx)
    return Page(data=[PeriodLockAnswer.of(lock) for lock in found], next_cursor=None)


@PERIOD_LOCKS.get("/PeriodLocks/{lockNo}", Scope.ACCOUNTING_READ)
def period_lock_get(call: Call[Nothing, Nothing]) -> PeriodLockAnswer:
    """One lock."""
    no = call.path["lockNo"]
    found = next((lock for lock in read_locks(call.tx) if str(lock.no) == no), None)
    if found is None:
        raise NotFound(f"there is no lock {no}", place="lockNo")
    return PeriodLockAnswer.of(found)


@PERIOD_LOCKS.post("/PeriodLocks", Scope.ACCOUNTING_WRITE)
def period_lock_create(call: Call[Nothing, PeriodLockFields]) -> Created[NewPeriodLockAnswer]:
    """Lock a month that is over and all before it, for good.

    What comes later keeps its value date and is booked on the first open day.
    """
    body = call.body
    given = Locking(body.month, body.reason, call.access.key.name, body.with_drafts)
    done = lock_period(call.tx, given)
    waiting = {"drafts": done.drafts, "deferrals_due": done.deferrals}
    answer = NewPeriodLockAnswer.model_validate({**_fields(done.lock), **waiting})
    return Created(answer, f"/PeriodLocks/{done.lock.no}")


def _fields(lock: PeriodLock) -> dict[str, object]:
    return {
        "no": lock.no,
        "locked_to": lock.locked_to,
        "by": lock.locked_by,
        "reason": lock.reason,
        "recorded_at": lock.recorded_at,
    }
