"""When failed work is tried again: the only place that decides it, and only for what is idempotent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from faktura.domain.jobs import ClaimedJob, JobName, Outcome, Postponed, Quarantined
from faktura.kernel.errors import (
    FakturaError,
    FileUnreadable,
    PluginMissing,
    RenderRefused,
    WorkerLost,
    shortened,
)
from faktura.kernel.outside_errors import LinkExpired, LinkRefused, OutsideUnavailable


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Attempts in all, the first pause, and the longest one; each pause doubles the one before."""

    attempts: int
    first_pause: timedelta
    longest_pause: timedelta

    def pause_after(self, attempt: int) -> timedelta:
        """How long to wait after the failure of that attempt, counted from 1."""
        return min(self.first_pause * (1 << (attempt - 1)), self.longest_pause)


_INSIDE = RetryPolicy(8, timedelta(seconds=2), timedelta(minutes=5))
# Somebody else's system: 14 attempts last for 26 hours, a day's outage and the look at it.
_OUTSIDE = RetryPolicy(14, timedelta(seconds=30), timedelta(hours=6))

POLICIES: Mapping[JobName, RetryPolicy] = {
    JobName.FAN_OUT: _INSIDE,
    # What a subscriber does is no failure of this job: see when_to_deliver_again.
    JobName.DELIVER: _INSIDE,
    JobName.RUN_BILLING: _INSIDE,
    JobName.BILL_CHUNKS: _INSIDE,
    JobName.RENDER_DOCUMENTS: _INSIDE,
    JobName.CONTRACT_DAY: _INSIDE,
    JobName.ACCOUNTING_DAY: _INSIDE,
    JobName.SEND_EXPORT: _OUTSIDE,
    JobName.CHECK_TRANSFERS: _OUTSIDE,
    JobName.COLLECT_PAYMENTS: _INSIDE,
    JobName.RESOLVE_PAYMENTS: _INSIDE,
    JobName.PAYMENT_DAY: _INSIDE,
    JobName.HANDLE_INBOX: _INSIDE,
    JobName.POLL_PROVIDERS: _OUTSIDE,
    JobName.ACT_ON_CHARGEBACK: _OUTSIDE,
    JobName.SYNC_BANK: _OUTSIDE,
    JobName.BANK_DAY: _INSIDE,
    JobName.OUTBOX_ROUND: _INSIDE,
    JobName.SEND_MAILS: _INSIDE,
    JobName.MAIL_DAY: _INSIDE,
    JobName.RUN_DUNNING: _INSIDE,
    JobName.CHECK_VAT_ID: _OUTSIDE,
    JobName.VAT_DAY: _INSIDE,
    JobName.TIDY_UP: _INSIDE,
}


# An event that names a payment which is not known yet: ours commits after the provider told of it.
_PARKED = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# An event that could not be handled: also a night in which its adapter fails.
_UNHANDLED = (*_PARKED, timedelta(hours=6), timedelta(hours=24))


def when_to_look_again(tries: int, now: datetime) -> datetime | None:
    """When an event that waits for what it names is looked at again; None: it has waited enough."""
    return now + _PARKED[tries] if tries < len(_PARKED) else None


def when_to_handle_again(tries: int, now: datetime) -> datetime | None:
    """When an event is handled again after that many failures; None: a person must look."""
    return now + _UNHANDLED[tries] if tries < len(_UNHANDLED) else None


def when_to_ask_again(tries: int, now: datetime, at_least: timedelta = timedelta(0)) -> datetime:
    """When a provider that could not be asked about an event is asked again: as long as it takes."""
    pause = _UNHANDLED[min(tries, len(_UNHANDLED) - 2)]
    return now + max(pause, at_least)


# A subscriber that does not take a fact: ten tries in three days, a long weekend.
_UNTAKEN = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 18, 24)),
)
# Nobody is left alone for longer, whatever it asks for.
_LONGEST_WISH = timedelta(hours=24)


def when_to_deliver_again(
    tries: int, now: datetime, at_least: timedelta = timedelta(0)
) -> datetime | None:
    """When a fact is told again after that many tries, counted from 1; None: it is given up.

    The subscriber is left alone `at_least` so long, up to a day.
    """
    if tries > len(_UNTAKEN):
        return None
    return now + max(_UNTAKEN[tries - 1], min(at_least, _LONGEST_WISH))


# A mail that a server does not take now: for three days, as servers themselves try (RFC 5321, 4.5.4.1).
_MAIL_MINUTES = (5, 15, 30, 60, 120, 240, 480, 720, 1200, 1440)
_MAIL_SERVER = RetryPolicy(1, timedelta(minutes=1), timedelta(hours=1))
MAIL_PATIENCE = timedelta(days=3)


def when_to_mail_again(attempt: int, now: datetime) -> datetime | None:
    """When a mail is sent again that was not taken at that attempt, counted from 1; None: never."""
    if attempt > len(_MAIL_MINUTES):
        return None
    return now + timedelta(minutes=_MAIL_MINUTES[attempt - 1])


def when_to_ask_mail_server(tries: int, now: datetime) -> datetime:
    """When a mail server is asked again that could not be used so many times in a row."""
    return now + _MAIL_SERVER.pause_after(min(tries, 10))


# Asked again it is answered as before, and whoever waits behind it would wait in vain.
_FINAL: Mapping[JobName, tuple[type[FakturaError], ...]] = {
    JobName.CHECK_VAT_ID: (LinkRefused, FileUnreadable, PluginMissing),
}


def after_failure(job: ClaimedJob, error: Exception, now: datetime) -> Outcome:
    """What becomes of a job whose handler raised: tried again later, or quarantined at the end.

    A document that its format refuses is quarantined at once: it is frozen, and so is the answer;
    and so is a job that waits for a person to log in, and a question that a register refuses. Another
    system is left alone as long as it asks for.
    """
    policy = POLICIES[job.name]
    final = (RenderRefused, LinkExpired, _FINAL.get(job.name, ()))
    if job.attempt >= policy.attempts or isinstance(error, final):
        return Quarantined(described(error))
    pause = policy.pause_after(job.attempt)
    if isinstance(error, OutsideUnavailable):
        pause = max(pause, timedelta(seconds=error.retry_after))
    return Postponed(now + pause, described(error))


def after_loss(job: ClaimedJob, now: datetime) -> Outcome:
    """What becomes of a job whose worker died: due at once, as the job is not to blame.

    A job that takes its worker down each time is quarantined when its attempts are spent.
    """
    error = WorkerLost("the worker stopped before the job was done", place=f"job {job.id}")
    if job.attempt >= POLICIES[job.name].attempts:
        return Quarantined(error.as_dict())
    return Postponed(now, error.as_dict())


def described(error: Exception) -> dict[str, str]:
    """An error as it is kept with a job: its code, problem, place and mend.

    Halves of characters, which no database takes, are replaced: other jobs settle with this one.
    """
    if isinstance(error, FakturaError):
        return {
            name: text.encode(errors="replace").decode() for name, text in error.as_dict().items()
        }
    return {
        "code": "unexpected",
        "problem": f"{type(error).__name__}: {shortened(error)}",
        "place": "",
        "mend": "Report it, with the worker's log",
    }
