"""What finAPI says of tasks, forms, connections and accounts in our words (1.4, 1.6): pure.

Words that finAPI added since are no end: an unknown state runs, an unknown result is unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from faktura.kernel.bank_terms import (
    Consent,
    FeedAccountState,
    FeedResult,
    FeedTaskKind,
    FeedTaskState,
)
from faktura.plugin import FeedAccount, FeedConnection, FeedForm, FeedTask
from faktura_finapi.messages import (
    AccountInterfaceSaid,
    AccountSaid,
    ConnectionSaid,
    FormSaid,
    InterfaceSaid,
    PayloadSaid,
    ResultSaid,
    TaskSaid,
)

REJECTED: Final = "BANK_SERVER_REJECTION"
_TECHNICAL: Final = "TECHNICAL"
_BUSY: Final = "IN_PROGRESS"
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

_FORMS: Final[Mapping[str, FeedTaskState]] = {
    "NOT_YET_OPENED": FeedTaskState.FORM_NEEDED,
    "IN_PROGRESS": FeedTaskState.FORM_NEEDED,
    "COMPLETED": FeedTaskState.DONE,
    "COMPLETED_WITH_ERROR": FeedTaskState.FAILED,
    "EXPIRED": FeedTaskState.ABANDONED,
    "ABORTED": FeedTaskState.ABANDONED,
    "CANCELLED": FeedTaskState.ABANDONED,
}
_TASKS: Final[Mapping[str, FeedTaskState]] = {
    "WEB_FORM_REQUIRED": FeedTaskState.FORM_NEEDED,
    "COMPLETED": FeedTaskState.DONE,
    "COMPLETED_WITH_ERROR": FeedTaskState.FAILED,
}
_RESULTS: Final[Mapping[str, FeedResult]] = {
    "OK": FeedResult.OK,
    REJECTED: FeedResult.REJECTED,
    "INTERNAL_SERVER_ERROR": FeedResult.TECHNICAL,
}
_ACCOUNTS: Final[Mapping[str, FeedAccountState]] = {
    "UPDATED": FeedAccountState.UPDATED,
    "UPDATED_FIXED": FeedAccountState.UPDATED,
    "DOWNLOAD_IN_PROGRESS": FeedAccountState.RUNNING,
    "DOWNLOAD_FAILED": FeedAccountState.FAILED,
    "DEPRECATED": FeedAccountState.GONE,
}
_CONSENTS: Final[Mapping[str, Consent]] = {
    "PRESENT": Consent.PRESENT,
    "NOT_PRESENT": Consent.ABSENT,
}


def form_task(said: FormSaid) -> FeedTask:
    """Where the form for a new connection stands; ENTITY_EXISTS is told as its `code`."""
    state = _FORMS.get(said.status, FeedTaskState.RUNNING)
    form = None
    if state is FeedTaskState.FORM_NEEDED and said.url:
        form = FeedForm(url=said.url, expires_at=_utc(said.expiresAt))
    return _ended(
        FeedTask(reference=said.id, kind=FeedTaskKind.CONNECT, state=state, form=form),
        said.payload,
    )


def update_task(said: TaskSaid, kind: FeedTaskKind, form: FormSaid | None = None) -> FeedTask:
    """Where an update stands; `form` is the form it waits for, if it could be read by itself."""
    state = _TASKS.get(said.status, FeedTaskState.RUNNING)
    page = None
    needed = said.payload.webForm
    if state is FeedTaskState.FORM_NEEDED:
        word = form.status if form is not None else needed.status if needed is not None else ""
        at_form = _FORMS.get(word, FeedTaskState.FORM_NEEDED)
        # A form that is done or went wrong is not yet the end of the task.
        ends = at_form in (FeedTaskState.ABANDONED, FeedTaskState.FORM_NEEDED)
        state = at_form if ends else FeedTaskState.RUNNING
        if state is FeedTaskState.FORM_NEEDED and needed is not None:
            page = FeedForm(url=needed.url, expires_at=_utc(form.expiresAt) if form else None)
    return _ended(FeedTask(reference=said.id, kind=kind, state=state, form=page), said.payload)


def _ended(task: FeedTask, payload: PayloadSaid) -> FeedTask:
    failed = task.state is FeedTaskState.FAILED
    return task.model_copy(
        update={
            "connection": payload.bankConnectionId or "",
            "code": payload.errorCode or "",
            "message": payload.errorMessage or "",
            "rejected": failed and payload.errorCode == REJECTED,
        }
    )


def with_result(task: FeedTask, connection: FeedConnection) -> FeedTask:
    """A rejected task with what its connection knows better: the bank's words, whose fault it was."""
    if connection.result in (FeedResult.OK, FeedResult.UNKNOWN):
        return task
    return task.model_copy(
        update={
            "rejected": connection.result is FeedResult.REJECTED,
            "message": task.message or connection.message,
        }
    )


def connection(said: ConnectionSaid, accounts: Iterable[AccountSaid] = ()) -> FeedConnection:
    """A connection as it stands; of several ways to the bank the one that was used last counts."""
    leading = max(said.interfaces, key=_used_at, default=InterfaceSaid())
    consent, last = leading.aisConsent, _last(leading)
    return FeedConnection(
        reference=said.id,
        bank_name=said.name or said.bank.name,
        bic=said.bank.bic or None,
        is_busy=said.updateStatus == _BUSY,
        needs_person=any(one.userActionRequired for one in said.interfaces),
        consent=_CONSENTS.get(consent.status, Consent.UNKNOWN) if consent else Consent.UNKNOWN,
        consent_until=_utc(consent.expiresAt) if consent else None,
        result=_result(last),
        message=(last.errorMessage or "") if last else "",
        result_at=_utc(last.timestamp) if last else None,
        accounts=tuple(account(one) for one in accounts if one.bankConnectionId == said.id),
    )


def account(said: AccountSaid) -> FeedAccount:
    """An account as it stands."""
    last = max(said.interfaces, key=_tried_at, default=AccountInterfaceSaid())
    return FeedAccount(
        reference=said.id,
        iban="".join((said.iban or "").split()).upper() or None,
        number=said.accountNumber or "",
        holder=said.accountHolderName or "",
        name=said.accountName or "",
        currency=said.accountCurrency or None,
        balance=said.balance,
        is_seized=said.isSeized,
        state=_ACCOUNTS.get(last.status, FeedAccountState.UNKNOWN),
        updated_at=_utc(last.lastSuccessfulUpdate),
        tried_at=_utc(last.lastUpdateAttempt),
    )


def currencies(accounts: Sequence[AccountSaid]) -> dict[str, str]:
    """The currency of each account that has one, by id."""
    return {one.id: one.accountCurrency for one in accounts if one.accountCurrency}


def _result(last: ResultSaid | None) -> FeedResult:
    if last is None:
        return FeedResult.UNKNOWN
    found = _RESULTS.get(last.result, FeedResult.UNKNOWN)
    if found is FeedResult.REJECTED and last.errorType == _TECHNICAL:
        # The bank's machine failed; the login itself may be fine.
        return FeedResult.TECHNICAL
    return found


def _last(one: InterfaceSaid) -> ResultSaid | None:
    known = [update for update in (one.lastManualUpdate, one.lastAutoUpdate) if update is not None]
    return max(known, key=lambda update: update.timestamp, default=None)


def _used_at(one: InterfaceSaid) -> datetime:
    last = _last(one)
    return last.timestamp if last else _LONG_AGO


def _tried_at(one: AccountInterfaceSaid) -> datetime:
    return one.lastUpdateAttempt or _LONG_AGO


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
