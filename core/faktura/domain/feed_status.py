"""The state of a bank connection in lines for people, each with what to do about it (F098).

What is under way comes first, then what the bank says, what its consent allows, what the accounts
say, and what is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum, unique

from faktura.domain.bank_connections import BankConnection, ConnectedAccount, Errand
from faktura.domain.bank_policies import BankPolicy
from faktura.kernel.bank_terms import Consent, FeedAccountState, FeedResult, FeedTaskState

SILENT_DAYS = 3
_GAP_SHOWN = timedelta(days=30)


@unique
class StatusCode(StrEnum):
    """What can be said of a connection, in the order in which it is said."""

    ENDED = "ENDED"
    FEED_BROKEN = "FEED_BROKEN"
    UPDATING = "UPDATING"
    NEEDS_PERSON = "NEEDS_PERSON"
    REJECTED = "REJECTED"
    TECHNICAL = "TECHNICAL"
    CONSENT_ENDED = "CONSENT_ENDED"
    CONSENT_ENDS = "CONSENT_ENDS"
    ACCOUNT_FAILED = "ACCOUNT_FAILED"
    ACCOUNT_GONE = "ACCOUNT_GONE"
    ACCOUNT_DIFFERS = "ACCOUNT_DIFFERS"
    ACCOUNT_UNLINKED = "ACCOUNT_UNLINKED"
    SILENT = "SILENT"
    SEIZED = "SEIZED"
    GAP = "GAP"
    ADJUSTED = "ADJUSTED"
    WELL = "WELL"


_ORDER = {code: place for place, code in enumerate(StatusCode)}


@unique
class Severity(StrEnum):
    """How bad it is."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


@unique
class StatusAction(StrEnum):
    """What a person can do about it."""

    NONE = "NONE"
    WAIT = "WAIT"
    OPEN_FORM = "OPEN_FORM"
    NEW_PIN = "NEW_PIN"
    UPDATE = "UPDATE"
    LINK = "LINK"
    UPLOAD = "UPLOAD"
    SETTINGS = "SETTINGS"


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """One line about a connection; `account` names the account it is about, empty for all.

    `text` is what the bank or the feed says itself. The other values fill the line's words.
    """

    code: StatusCode
    severity: Severity
    action: StatusAction
    account: str = ""
    text: str = ""
    at: datetime | None = None
    days: int = 0
    first: date | None = None
    last: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """All that a connection's state is read off.

    `errand` is the one under way; `broken` says why its feed cannot be used at all.
    """

    connection: BankConnection
    accounts: Sequence[ConnectedAccount] = ()
    errand: Errand | None = None
    broken: str = ""
    policy: BankPolicy = field(default_factory=BankPolicy)


def statuses(view: ConnectionView, now: datetime) -> tuple[FeedStatus, ...]:
    """Every line that holds at that moment, in order; WELL alone where there is none."""
    connection = view.connection
    if connection.ended_at is not None:
        ended = FeedStatus(
            StatusCode.ENDED, Severity.INFO, StatusAction.NONE, at=connection.ended_at
        )
        return (ended,)
    found = (
        *_of_feed(view, now),
        *_of_consent(view, now),
        *_of_accounts(view, now),
        *_of_what_is_missing(connection, now),
    )
    if found:
        return tuple(sorted(found, key=lambda one: _ORDER[one.code]))
    well = FeedStatus(StatusCode.WELL, Severity.INFO, StatusAction.NONE, at=connection.succeeded_at)
    return (well,)


def _of_feed(view: ConnectionView, now: datetime) -> Iterator[FeedStatus]:
    facts, errand = view.connection.facts, view.errand
    if view.broken:
        yield FeedStatus(
            StatusCode.FEED_BROKEN, Severity.ERROR, StatusAction.SETTINGS, text=view.broken
        )
    waits = errand is not None and errand.state is FeedTaskState.FORM_NEEDED
    if facts.is_busy or (errand is not None and not waits):
        yield FeedStatus(StatusCode.UPDATING, Severity.INFO, StatusAction.WAIT)
    # What the bank refused needs more than an approval, and its line says so.
    if waits or (facts.needs_person and facts.result is not FeedResult.REJECTED):
        url = _open_form(errand, now)
        yield FeedStatus(StatusCode.NEEDS_PERSON, Severity.WARNING, StatusAction.OPEN_FORM, url=url)
    if facts.result is FeedResult.REJECTED:
        yield FeedStatus(
            StatusCode.REJECTED, Severity.ERROR, StatusAction.NEW_PIN, text=facts.message
        )
    elif facts.result is FeedResult.TECHNICAL or facts.problem:
        yield FeedStatus(
            StatusCode.TECHNICAL,
            Severity.WARNING,
            StatusAction.WAIT,
            text=facts.problem or facts.message,
            at=view.connection.next_at,
        )


def _open_form(errand: Errand | None, now: datetime) -> str:
    if errand is None or (errand.facts.url_until is not None and errand.facts.url_until <= now):
        return ""
    return errand.facts.url


def _of_consent(view: ConnectionView, now: datetime) -> Iterator[FeedStatus]:
    facts = view.connection.facts
    until = facts.consent_until
    if facts.consent is Consent.ABSENT or (until is not None and until <= now):
        yield FeedStatus(StatusCode.CONSENT_ENDED, Severity.ERROR, StatusAction.OPEN_FORM, at=until)
    elif until is not None and until < now + timedelta(days=view.policy.consent_days):
        yield FeedStatus(
            StatusCode.CONSENT_ENDS, Severity.WARNING, StatusAction.OPEN_FORM, at=until
        )


def _of_accounts(view: ConnectionView, now: datetime) -> Iterator[FeedStatus]:
    for one in view.accounts:
        yield from _of_account(one)
    silent = _silent_days(view, now)
    if silent >= SILENT_DAYS:
        yield FeedStatus(StatusCode.SILENT, Severity.WARNING, StatusAction.UPDATE, days=silent)


def _of_account(one: ConnectedAccount) -> Iterator[FeedStatus]:
    state = one.facts.state
    if one.bank_account_id is None:
        if state is not FeedAccountState.GONE:
            yield _of(one, StatusCode.ACCOUNT_UNLINKED, Severity.WARNING, StatusAction.LINK)
    elif state is FeedAccountState.FAILED:
        yield _of(one, StatusCode.ACCOUNT_FAILED, Severity.ERROR, StatusAction.UPDATE)
    elif state is FeedAccountState.GONE:
        yield _of(one, StatusCode.ACCOUNT_GONE, Severity.ERROR, StatusAction.LINK)
    if one.facts.differs:
        yield _of(one, StatusCode.ACCOUNT_DIFFERS, Severity.ERROR, StatusAction.LINK)
    if one.facts.is_seized:
        yield _of(one, StatusCode.SEIZED, Severity.WARNING, StatusAction.NONE)


def _of(
    account: ConnectedAccount, code: StatusCode, severity: Severity, action: StatusAction
) -> FeedStatus:
    return FeedStatus(code, severity, action, account=account.label)


def _silent_days(view: ConnectionView, now: datetime) -> int:
    """Whole days since the connection, or the account of it that is furthest behind, was updated."""
    spoken = (FeedAccountState.FAILED, FeedAccountState.GONE)
    moments = [
        one.facts.updated_at
        for one in view.accounts
        if one.is_read and one.facts.updated_at is not None and one.facts.state not in spoken
    ]
    if view.connection.succeeded_at is not None:
        moments.append(view.connection.succeeded_at)
    return (now - min(moments)).days if moments else 0


def _of_what_is_missing(connection: BankConnection, now: datetime) -> Iterator[FeedStatus]:
    gap = connection.facts.gap
    if gap is not None and now < gap.noted_at + _GAP_SHOWN:
        yield FeedStatus(
            StatusCode.GAP, Severity.WARNING, StatusAction.UPLOAD, first=gap.first, last=gap.last
        )
    if connection.facts.adjusted:
        yield FeedStatus(
            StatusCode.ADJUSTED,
            Severity.WARNING,
            StatusAction.UPLOAD,
            text="; ".join(connection.facts.adjusted),
        )
