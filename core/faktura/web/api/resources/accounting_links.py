"""Accounting links: connections to accounting systems on the net."""

import asyncio
from typing import Self

from pydantic import Field

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.flows.accounting_links import Linked, begin_login, disconnect, redirect_uri
from faktura.kernel.errors import NotFound, PluginMissing
from faktura.services.link_view import LinkState, LinkView, view_link
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer, Page
from faktura.web.api.shapes import Moment

ACCOUNTING_LINKS = Resource(
    "AccountingLinks", "Connections to accounting systems, which a person allowed there."
)


class AccountingLinkAnswer(Answer):
    """A connection to an accounting system; tokens are never shown."""

    target: str = Field(description="What it is a connection to, e.g. `datev`.")
    state: LinkState = Field(
        description="INCOMPLETE lacks a permission there; ENDED needs a new login."
    )
    person: str | None = Field(description="The full name of who allowed it.")
    client_name: str | None = Field(description="The client's name there.")
    connected_at: Moment | None = Field(description="Since when; null where there is none.")
    refresh_until: Moment | None = Field(description="When somebody must log in again by.")
    checked_at: Moment | None = Field(description="When its permissions were asked for last.")
    problems: list[str] = Field(description="What it lacks, or why it ended, in words.")
    manage_url: str | None = Field(description="Where the person sees and ends it there.")

    @classmethod
    def of(cls, view: LinkView, manage_url: str) -> Self:
        """The answer."""
        return cls(
            target=view.target,
            state=view.state,
            person=view.person or None,
            client_name=view.client_name or None,
            connected_at=view.connected_at,
            refresh_until=view.refresh_until,
            checked_at=view.checked_at,
            problems=list(view.problems),
            manage_url=manage_url or None,
        )


class LoginAnswer(Answer):
    """A login that was begun."""

    url: str = Field(description="Open it in a browser within ten minutes; it works once.")
    redirect_uri: str = Field(description="Where the person comes back to; registered there.")


class DisconnectedAnswer(Answer):
    """A connection that was ended; its tokens are forgotten in any case."""

    target: str = Field(description="What it was a connection to.")
    revoked: bool = Field(description="Whether the other side said that it forgot them, too.")
    problem: str | None = Field(description="Why not, in words.")


@ACCOUNTING_LINKS.get("/AccountingLinks", Scope.ACCOUNTING_READ)
def accounting_link_list(call: Call[Nothing, Nothing]) -> Page[AccountingLinkAnswer]:
    """Every system that can be connected, with its connection; all on one page."""
    adapters, tenant_id = call.app.adapters, call.tenant.id
    found = [
        AccountingLinkAnswer.of(
            view_link(call.tx, target), adapters.link(tenant_id, target).manage_url
        )
        for target in adapters.link_targets()
    ]
    return Page(data=found, next_cursor=None)


@ACCOUNTING_LINKS.post("/AccountingLinks/{target}/login", Scope.ACCOUNTING_WRITE)
async def accounting_link_login(call: Flow[Nothing, Nothing]) -> LoginAnswer:
    """Begin a connection: a person opens the address and allows it there.

    They come back to this installation, which keeps the connection. A present one stays until then.
    """
    linked = await asyncio.to_thread(_linked, call.app, call.tenant.id, call.path["target"])
    public_url = call.app.settings.public_url
    back = redirect_uri(
        None if public_url is None else str(public_url), linked.target, call.tenant.key
    )
    return LoginAnswer(url=await begin_login(linked, back), redirect_uri=back)


@ACCOUNTING_LINKS.post("/AccountingLinks/{target}/disconnect", Scope.ACCOUNTING_WRITE)
async def accounting_link_disconnect(call: Flow[Nothing, Nothing]) -> DisconnectedAnswer:
    """Revoke the tokens there and forget them here."""
    linked = await asyncio.to_thread(_linked, call.app, call.tenant.id, call.path["target"])
    problem = await disconnect(linked)
    return DisconnectedAnswer(target=linked.target, revoked=not problem, problem=problem or None)


def _linked(app: App, tenant_id: int, target: str) -> Linked:
    try:
        link = app.adapters.link(tenant_id, target)
    except PluginMissing as missing:
        raise NotFound(missing.problem, place="target", mend=missing.mend) from missing
    return Linked(app.database, app.keys, tenant_id, link)
