"""REFFEED as a bank feed: orders are POSTs, questions GETs, nothing is kept."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, cast
from urllib.parse import urlencode

from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.errors import NotFound, shortened
from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.plugin import (
    AdapterSettings,
    BankFeed,
    FeedConnection,
    FeedPage,
    FeedTask,
    FeedUser,
    FormRequest,
    HttpAnswer,
    HttpRequest,
)
from typing_extensions import override

from faktura_ref_feed.answers import check_taken, read, unheard
from faktura_ref_feed.messages import BookingsSaid, ConnectionsSaid, TaskSaid, UserSaid
from faktura_ref_feed.settings import RefFeedSettings

_ID = re.compile(r"[A-Za-z0-9]+")


class RefBankFeed(BankFeed):
    """Reads accounts over REFFEED."""

    feed: ClassVar[str] = "ref-feed"
    Settings: ClassVar[type[AdapterSettings]] = RefFeedSettings

    @override
    async def create_user(self, tenant: str) -> FeedUser:
        """Make a user; REFFEED chooses id and password."""
        answer = await self._ask("POST", "/users", body={"tenant": tenant})
        said = read(UserSaid, answer, asking=False)
        return FeedUser(id=said.id, password=said.password)

    @override
    async def begin_connection(self, user: FeedUser, request: FormRequest) -> FeedTask:
        """Open the form for a new connection."""
        return await self._begun(user, FeedTaskKind.CONNECT, "", request)

    @override
    async def begin_update(
        self,
        user: FeedUser,
        connection: str,
        request: FormRequest,
        kind: FeedTaskKind = FeedTaskKind.UPDATE,
    ) -> FeedTask:
        """Have the bank asked."""
        return await self._begun(user, kind, connection, request)

    @override
    async def look_up(self, user: FeedUser, task: FeedTask) -> FeedTask:
        """Where it stands; one that REFFEED does not know comes back as it was until its form ends."""
        try:
            answer = await self._ask("GET", f"/tasks/{_id(task.reference)}", user)
        except NotFound:
            ends = task.form.expires_at if task.form else None
            if ends is not None and self.runtime.clock.now() >= ends:
                return task.model_copy(update={"state": FeedTaskState.ABANDONED, "form": None})
            return task
        return read(TaskSaid, answer, asking=True).task(task.kind)

    @override
    async def connections(self, user: FeedUser) -> Sequence[FeedConnection]:
        """All of the user's."""
        answer = await self._ask("GET", "/connections", user)
        return [one.connection() for one in read(ConnectionsSaid, answer, asking=True).connections]

    @override
    async def movements(
        self, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        """A page of bookings in the order of their import: new ones come last."""
        if not accounts:
            return FeedPage(movements=(), more=False, raw=b"")
        query = urlencode({"accounts": ",".join(accounts), "since": f"{since}", "page": f"{page}"})
        answer = await self._ask("GET", f"/bookings?{query}", user)
        said = read(BookingsSaid, answer, asking=True)
        return FeedPage(
            movements=tuple(
                one.movement(index) for index, one in enumerate(said.bookings, said.first)
            ),
            more=said.more,
            raw=answer.body,
        )

    @override
    async def disconnect(self, user: FeedUser, connection: str) -> None:
        """Delete the connection; it does not matter whether it is there."""
        try:
            await self._ask("DELETE", f"/connections/{_id(connection)}", user)
        except NotFound:
            return

    async def _begun(
        self, user: FeedUser, kind: FeedTaskKind, connection: str, request: FormRequest
    ) -> FeedTask:
        body = {"kind": kind.value, "connection": connection, "bank": request.bank}
        if request.attended is not None and request.attended.is_told:
            body["person"] = request.attended.ip_address
        answer = await self._ask("POST", "/tasks", user, body)
        return read(TaskSaid, answer, asking=False).task(kind)

    async def _ask(
        self,
        method: str,
        path: str,
        user: FeedUser | None = None,
        body: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """The answer of a yes; raises as check_taken does."""
        settings = cast("RefFeedSettings", self.settings)
        headers = {"authorization": f"Bearer {settings.key.get_secret_value()}"}
        if user is not None:
            headers["x-user"] = user.id
            headers["x-password"] = user.password.get_secret_value()
        content = None if body is None else json.dumps(body).encode()
        is_question = body is None
        try:
            answer = await self.runtime.http.request(
                HttpRequest(method, f"{settings.url}{path}", headers, content)
            )
        except OutcomeUnknown as lost:
            raise unheard(lost.problem, asking=is_question) from lost
        check_taken(answer, asking=is_question)
        return answer


def _id(reference: str) -> str:
    """An id of REFFEED; anything else must not get into an address."""
    if not _ID.fullmatch(reference):
        raise NotFound(f"“{shortened(reference)}” is no id of REFFEED")
    return reference
