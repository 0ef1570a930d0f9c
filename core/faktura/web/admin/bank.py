"""The page of bank connections: their state, what to do about it, and the bank's form (F098).

No field of it takes a PIN: a person types theirs at the bank's form alone.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from faktura.domain.bank_connections import Errand
from faktura.domain.feed_status import statuses
from faktura.domain.feed_words import action_line, status_line
from faktura.flows.bank_feeds import begin_connecting, begin_update
from faktura.flows.feed_calls import FeedDesk
from faktura.flows.transactions import in_read_tx
from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.clock import zone
from faktura.kernel.errors import FakturaError, NotFound
from faktura.plugin import FormRequest
from faktura.services.bank_connections import Shown, show_connections
from faktura.services.named_connection import only_feed
from faktura.store.bank_feeds import list_feeds
from faktura.store.feed_errands import errands_under_way
from faktura.store.transaction import Tx
from faktura.web.addresses import address, redirect
from faktura.web.errors import status_of
from faktura.web.keys import APP, SIGNED_IN
from faktura.web.language import language_of
from faktura.web.pages import page
from faktura.web.peer import attendance_of
from faktura.web.tenant import InTenant, read_in_tenant

Act = Callable[[FeedDesk, FormRequest], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class BankPage:
    """What the page shows; `forms` are open forms for banks that are not connected yet."""

    connections: list[Shown]
    forms: list[Errand]
    has_feed: bool


async def bank_page(request: web.Request) -> web.StreamResponse:
    """The connections and their state."""
    return await _shown(request, None)


async def connect_bank(request: web.Request) -> web.StreamResponse:
    """Open the form in which a person chooses a bank; the page then leads there."""

    async def act(desk: FeedDesk, asked: FormRequest) -> None:
        instance = await in_read_tx(desk.database, desk.tenant.id, only_feed, None)
        back = ""
        if desk.public_url is not None:
            back = desk.public_url + address(request, "bank", tenant=desk.tenant.key)
        led_back = asked.model_copy(update={"return_url": back})
        await begin_connecting(desk, instance, led_back, request[SIGNED_IN].user.email)

    return await _done(request, act)


async def sync_bank(request: web.Request) -> web.StreamResponse:
    """Fetch from the bank now, as a person waits."""
    return await _update(request, FeedTaskKind.UPDATE)


async def change_pin(request: web.Request) -> web.StreamResponse:
    """Open the form in which a person changes the banking PIN."""
    return await _update(request, FeedTaskKind.CREDENTIALS)


async def _update(request: web.Request, kind: FeedTaskKind) -> web.StreamResponse:
    async def act(desk: FeedDesk, asked: FormRequest) -> None:
        try:
            connection = UUID(request.match_info["connection"])
        except ValueError:
            raise NotFound("there is no such connection") from None
        await begin_update(desk, connection, asked, request[SIGNED_IN].user.email, kind)

    return await _done(request, act)


async def _done(request: web.Request, act: Act) -> web.StreamResponse:
    here, _ = await read_in_tenant(request, _look)
    desk = _desk(request, here)
    asked = FormRequest(
        language=language_of(request).value,
        attended=attendance_of(request),
    )
    try:
        await act(desk, asked)
    except FakturaError as error:
        return await _shown(request, error)
    return redirect(address(request, "bank", tenant=here.tenant.key))


async def _shown(request: web.Request, error: FakturaError | None) -> web.StreamResponse:
    here, found = await read_in_tenant(request, _look)
    now, language = here.clock.now(), language_of(request).value
    local = zone(here.tenant.time_zone)
    lines = {
        one.connection.id: [
            (status, status_line(status, language, local), action_line(status.action, language))
            for status in statuses(one.view, now)
        ]
        for one in found.connections
    }
    return page(
        request,
        "admin/bank.html",
        status=200 if error is None else status_of(error),
        here=here,
        found=found,
        lines=lines,
        error=error,
    )


def _look(tx: Tx, _here: InTenant) -> BankPage:
    forms = [
        one
        for one in errands_under_way(tx)
        if one.connection_id is None and one.state is FeedTaskState.FORM_NEEDED
    ]
    return BankPage(show_connections(tx), forms, bool(list_feeds(tx)))


def _desk(request: web.Request, here: InTenant) -> FeedDesk:
    app = request.app[APP]
    public_url = app.settings.public_url
    return FeedDesk(
        app.database,
        app.keys,
        app.content,
        app.adapters,
        here.tenant,
        None if public_url is None else str(public_url),
    )
