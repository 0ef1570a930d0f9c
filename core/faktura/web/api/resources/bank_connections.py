"""Bank connections: banks that are read over a feed; the PIN is typed at the bank's form alone (F098)."""

from typing import Annotated, Literal

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.bank_feeds import begin_connecting, begin_update, disconnect
from faktura.flows.feed_calls import FeedDesk
from faktura.flows.transactions import in_read_tx
from faktura.kernel.bank_terms import FeedTaskKind
from faktura.plugin import Attendance, FormRequest
from faktura.services.bank_connections import show_connection, show_connections
from faktura.services.feed_account_links import link_account
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled, Iban, Line
from faktura.services.named_connection import only_feed
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Page
from faktura.web.api.resources.bank_connection_answers import BankConnectionAnswer, ErrandAnswer

BANK_CONNECTIONS = Resource(
    "BankConnections", "Banks that are read over a feed, of all the tenant's projects."
)

_ONE = "/BankConnections/{connectionId}"
_ID = "connectionId"
_Language = Annotated[Literal["de", "en"], Field(description="The form's language.")]


class BankConnectionFields(Fields):
    """A bank to be connected."""

    instance: Line | None = Field(
        default=None, description="The access; may be left out where there is only one."
    )
    bank: Line = Field(default="", description="Name, BIC or bank code to begin with.")
    language: _Language = "de"


class SyncFields(Fields):
    """Who waits for what is fetched, as the bank asks for it (PSD2)."""

    ip_address: Line | None = Field(
        default=None, description="The waiting person's IPv4 address; null: nobody waits."
    )
    user_agent: Line = Field(default="", description="What their browser calls itself.")
    language: _Language = "de"


class FormFields(Fields):
    """How a form is opened."""

    language: _Language = "de"


class LinkFields(Fields):
    """Which account brings the movements of which of ours."""

    account: Filled = Field(description="The feed's id of the account, or its IBAN.")
    iban: Iban = Field(description="The IBAN of the bank account of ours.")


@BANK_CONNECTIONS.get("/BankConnections", Scope.BANK_READ)
def bank_connection_list(call: Call[Nothing, Nothing]) -> Page[BankConnectionAnswer]:
    """The connections that live, oldest first, on one page."""
    found = show_connections(call.tx)
    now = call.tx.now()
    return Page(
        data=[BankConnectionAnswer.of(one, call.tenant, now) for one in found], next_cursor=None
    )


@BANK_CONNECTIONS.get(_ONE, Scope.BANK_READ)
def bank_connection_get(call: Call[Nothing, Nothing]) -> BankConnectionAnswer:
    """One connection, also one that has ended."""
    found = show_connection(call.tx, id_of(call.path, _ID))
    return BankConnectionAnswer.of(found, call.tenant, call.tx.now())


@BANK_CONNECTIONS.post("/BankConnections", Scope.BANK_WRITE)
async def bank_connection_create(call: Flow[Nothing, BankConnectionFields]) -> ErrandAnswer:
    """Open the form in which a person chooses a bank and logs in there.

    The connection is there when the form is completed, and everything is fetched at once.
    """
    desk = _desk(call)
    given = call.body
    instance = await in_read_tx(desk.database, desk.tenant.id, only_feed, given.instance)
    request = FormRequest(bank=given.bank, language=given.language)
    return ErrandAnswer.of(await begin_connecting(desk, instance, request, _who(call)))


@BANK_CONNECTIONS.post(f"{_ONE}/sync", Scope.BANK_WRITE)
async def bank_connection_sync(call: Flow[Nothing, SyncFields]) -> ErrandAnswer:
    """Fetch from the bank now; what comes of it shows in the connection's state."""
    given = call.body
    attended = None
    if given.ip_address is not None:
        attended = Attendance(ip_address=given.ip_address, user_agent=given.user_agent)
    request = FormRequest(language=given.language, attended=attended)
    begun = await begin_update(_desk(call), id_of(call.path, _ID), request, _who(call))
    return ErrandAnswer.of(begun)


@BANK_CONNECTIONS.post(f"{_ONE}/newCredentials", Scope.BANK_WRITE)
async def bank_connection_new_credentials(call: Flow[Nothing, FormFields]) -> ErrandAnswer:
    """Open the form in which a person changes the banking PIN; it never comes here."""
    begun = await begin_update(
        _desk(call),
        id_of(call.path, _ID),
        FormRequest(language=call.body.language),
        _who(call),
        FeedTaskKind.CREDENTIALS,
    )
    return ErrandAnswer.of(begun)


@BANK_CONNECTIONS.post(f"{_ONE}/link", Scope.BANK_WRITE)
def bank_connection_link(call: Call[Nothing, LinkFields]) -> BankConnectionAnswer:
    """Let an account bring the movements of a bank account; all of it is read the next time."""
    connection_id = id_of(call.path, _ID)
    link_account(call.tx, connection_id, call.body.account, call.body.iban)
    found = show_connection(call.tx, connection_id)
    return BankConnectionAnswer.of(found, call.tenant, call.tx.now())


@BANK_CONNECTIONS.post(f"{_ONE}/disconnect", Scope.BANK_WRITE)
async def bank_connection_disconnect(call: Flow[Nothing, Nothing]) -> BankConnectionAnswer:
    """Delete it at the feed with all that is kept there; what it brought stays."""
    desk, connection_id = _desk(call), id_of(call.path, _ID)
    await disconnect(desk, connection_id)
    found = await in_read_tx(desk.database, desk.tenant.id, show_connection, connection_id)
    return BankConnectionAnswer.of(found, call.tenant, call.app.clock.now())


def _desk(call: Flow[Nothing, Fields]) -> FeedDesk:
    app = call.app
    public_url = app.settings.public_url
    return FeedDesk(
        app.database,
        app.keys,
        app.content,
        app.adapters,
        call.tenant,
        None if public_url is None else str(public_url),
    )


def _who(call: Flow[Nothing, Fields]) -> str:
    return call.access.key.name
