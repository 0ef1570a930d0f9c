"""finAPI as a bank feed: forms and updates by Web Form 2.0, everything else by Access V2 (1.4-1.8)."""

import re
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.errors import FieldInvalid, NotFound, SettingMissing, shortened
from faktura.plugin import (
    AdapterSettings,
    BankFeed,
    FeedConnection,
    FeedPage,
    FeedTask,
    FeedUser,
    FormRequest,
    Runtime,
    SandboxAddress,
)
from faktura_finapi.bodies import import_body, returning, update_body
from faktura_finapi.calls import Calls, Said
from faktura_finapi.messages import (
    AccountSaid,
    AccountsSaid,
    ConnectionSaid,
    ConnectionsSaid,
    FormSaid,
    TaskSaid,
    TransactionsSaid,
    UserSaid,
    read,
)
from faktura_finapi.pages import page_of
from faktura_finapi.requests import Call
from faktura_finapi.settings import HOSTS, Environment, FinapiSettings
from faktura_finapi.states import connection, form_task, update_task, with_result

_PER_PAGE = 500
_MOST_DIGITS = 18
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class FinapiFeed(BankFeed):
    """Reads accounts over finAPI for customers without a licence of their own (F098)."""

    feed: ClassVar[str] = "finapi"
    Settings: ClassVar[type[AdapterSettings]] = FinapiSettings
    sandbox: ClassVar[tuple[SandboxAddress, ...]] = tuple(
        SandboxAddress(url) for url in HOSTS[Environment.SANDBOX]
    )

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        if not isinstance(settings, FinapiSettings):
            raise SettingMissing(
                "finAPI needs settings of its own", mend="Set `client_id` and `client_secret`"
            )
        self._own = settings
        self._calls = Calls(settings, runtime)

    @override
    async def create_user(self, tenant: str) -> FeedUser:
        """Make a user; finAPI chooses id and password. Its batch update stays off: we ask."""
        call = Call("POST", self._access("users"), body={"isAutoUpdateEnabled": False})
        said = await self._calls.ask(call, None)
        user = read(UserSaid, said.content, said.place)
        return FeedUser(id=user.id, password=user.password)

    @override
    async def begin_connection(self, user: FeedUser, request: FormRequest) -> FeedTask:
        """Open the form for a new connection."""
        said = await self._ordered(
            "webForms/bankConnectionImport", import_body(self._own, request), user, request
        )
        task = form_task(read(FormSaid, said.content, said.place))
        if task.form is None:
            return task
        url = returning(task.form.url, request.return_url)
        return task.model_copy(update={"form": task.form.model_copy(update={"url": url})})

    @override
    async def begin_update(
        self,
        user: FeedUser,
        connection: str,
        request: FormRequest,
        kind: FeedTaskKind = FeedTaskKind.UPDATE,
    ) -> FeedTask:
        """Have the bank asked, by a task of finAPI's; OutsideUnavailable while one runs (423)."""
        body = update_body(self._own, request, int(_number(connection)), kind)
        said = await self._ordered("tasks/backgroundUpdate", body, user, request)
        # A form that it may need already is read by look_up: what was begun must not get lost here.
        return update_task(read(TaskSaid, said.content, said.place), kind)

    @override
    async def look_up(self, user: FeedUser, task: FeedTask) -> FeedTask:
        """Read the form or the task; one that finAPI does not know (yet) comes back as it was."""
        try:
            if task.kind is FeedTaskKind.CONNECT:
                return _same_form(form_task(await self._form(task.reference, user)), task)
            said = await self._asked(self._web_form("tasks", _word(task.reference)), user)
        except NotFound:
            return self._unknown(task)
        found = read(TaskSaid, said.content, said.place)
        now = update_task(found, task.kind, await self._form_of(found, user))
        if now.rejected and now.connection:
            return await self._explained(now, user)
        return now

    @override
    async def connections(self, user: FeedUser) -> Sequence[FeedConnection]:
        """All connections, each with its accounts."""
        said = await self._asked(self._access("bankConnections"), user)
        found = read(ConnectionsSaid, said.content, said.place).connections
        accounts = await self._accounts(user) if found else ()
        return [connection(one, accounts) for one in found]

    @override
    async def movements(
        self, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        """A page of bookings in the order of their ids: new ones come last, on no page twice."""
        if not accounts:
            # No account at all would be every account.
            return FeedPage(movements=(), more=False, raw=b"")
        query = {
            "view": "bankView",
            "accountIds": ",".join(_number(one) for one in accounts),
            "minImportDate": since.isoformat(),
            "page": str(page),
            "perPage": str(_PER_PAGE),
            "order": "id,asc",
        }
        said = await self._asked(self._access("transactions"), user, query)
        found = read(TransactionsSaid, said.content, said.place)
        known: Sequence[AccountSaid] = ()
        if any(one.currency is None for one in found.transactions):
            known = await self._accounts(user)
        first = (page - 1) * _PER_PAGE
        return page_of(found, said.raw, frozenset(accounts), known, first)

    @override
    async def disconnect(self, user: FeedUser, connection: str) -> None:
        """Delete the connection; it does not matter whether it is there."""
        try:
            url = self._access("bankConnections", _number(connection))
            await self._calls.ask(Call("DELETE", url), user)
        except NotFound:
            return

    def _unknown(self, task: FeedTask) -> FeedTask:
        """Not there yet, or not any more: only a form past its end is surely given up."""
        ends = task.form.expires_at if task.form else None
        if ends is not None and self.runtime.clock.now() >= ends:
            return task.model_copy(update={"state": FeedTaskState.ABANDONED, "form": None})
        return task

    async def _explained(self, task: FeedTask, user: FeedUser) -> FeedTask:
        """A refusal, told from a failure of the bank's machine: only the connection knows."""
        try:
            said = await self._asked(
                self._access("bankConnections", _number(task.connection)), user
            )
        except NotFound:
            return task
        return with_result(task, connection(read(ConnectionSaid, said.content, said.place)))

    async def _form_of(self, task: TaskSaid, user: FeedUser) -> FormSaid | None:
        """The form that a task waits for: it knows when it ends."""
        needed = task.payload.webForm
        if needed is None or task.status != "WEB_FORM_REQUIRED":
            return None
        try:
            return await self._form(needed.id, user)
        except NotFound:
            return None

    async def _form(self, reference: str, user: FeedUser) -> FormSaid:
        said = await self._asked(self._web_form("webForms", _word(reference)), user)
        return read(FormSaid, said.content, said.place)

    async def _accounts(self, user: FeedUser) -> Sequence[AccountSaid]:
        said = await self._asked(self._access("accounts"), user)
        return read(AccountsSaid, said.content, said.place).accounts

    async def _asked(self, url: str, user: FeedUser, query: dict[str, str] | None = None) -> Said:
        return await self._calls.ask(Call("GET", url, query or {}), user)

    async def _ordered(
        self, path: str, body: dict[str, object], user: FeedUser, request: FormRequest
    ) -> Said:
        call = Call(
            "POST",
            self._web_form(*path.split("/")),
            body=body,
            language=request.language,
            attended=request.attended,
        )
        return await self._calls.ask(call, user)

    def _access(self, *path: str) -> str:
        return "/".join((self._own.access, "api/v2", *path))

    def _web_form(self, *path: str) -> str:
        return "/".join((self._own.web_form, "api", *path))


def _same_form(now: FeedTask, before: FeedTask) -> FeedTask:
    """The form under the address that it was begun with, which knows the way back."""
    if now.form is None or before.form is None or not before.form.url.startswith(now.form.url):
        return now
    return now.model_copy(update={"form": now.form.model_copy(update={"url": before.form.url})})


def _word(reference: str) -> str:
    """An id of the web form's; anything else must not get into an address."""
    if not _ID.fullmatch(reference):
        raise FieldInvalid(f"“{shortened(reference)}” is no id of finAPI", place="finAPI")
    return reference


def _number(reference: str) -> str:
    """An id of Access, which is a number; anything else must not get into an address."""
    if not (reference.isascii() and reference.isdigit() and len(reference) <= _MOST_DIGITS):
        raise FieldInvalid(f"“{shortened(reference)}” is no id of finAPI", place="finAPI")
    return reference
