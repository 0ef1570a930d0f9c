"""Connections to an accounting system: login, tokens redeemed once, check, end (F105)."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.services.accounting.linked import BACK, Office, office
from typing_extensions import override

from datev_double.world import Fault
from faktura.flows.accounting_links import (
    Linked,
    begin_login,
    check,
    connection,
    disconnect,
    finish_login,
    forget_old_logins,
    redirect_uri,
    tokens_of,
    with_tokens,
)
from faktura.flows.call_log import CallLog
from faktura.flows.link_jobs import forget_old_calls
from faktura.hub.adapters import Adapters, Installation
from faktura.kernel.errors import IntegrityBroken, Misconfigured, NotFound
from faktura.kernel.outside_errors import LinkExpired, LinkRefused, OutsideUnavailable
from faktura.plugin import Http, HttpAnswer, HttpRequest
from faktura.services.link_tokens import (
    Redeem,
    break_refreshed,
    give_turn_back,
    good_link,
    keep_refreshed,
    take_turn,
)
from faktura.services.link_view import LinkState, LinkView, view_link
from faktura.store.adapters import AdapterStore
from faktura.store.link_calls import read_calls
from faktura.store.links import list_links, read_tokens, take_login
from faktura.store.tables import adapter_secret, link_call, link_login


@pytest.fixture
async def here(database, contents) -> AsyncIterator[Office]:
    """The company beside the double."""
    async with office(database, contents) as found:
        yield found


def seen(here: Office) -> LinkView:
    """The connection as a person sees it."""
    with here.database.read(here.tenant.id) as tx:
        return view_link(tx, "datev")


async def test_a_login_makes_a_connection_that_was_checked(here: Office):
    """Who allowed it, for which client, until when; tokens lie encrypted."""
    assert seen(here).state is LinkState.NONE
    await here.log_in()

    view = seen(here)

    assert (view.state, view.person, view.client_name) == (
        LinkState.CONNECTED,
        "Ada Adler",
        "Musterholz GmbH",
    )
    assert view.refresh_until == here.world.clock.now() + timedelta(hours=11)
    with here.database.read(here.tenant.id) as tx:
        stored = read_tokens(tx, here.context.keys, "datev")
        ciphers = tx.connection.execute(select(adapter_secret.c.ciphertext)).scalars().all()
        assert [link.target for link in list_links(tx)] == ["datev"]
        assert good_link(tx, "datev").facts.person == "Ada Adler"
    assert [stored.access.get_secret_value().encode() in bytes(one) for one in ciphers] == [False]
    assert here.world.asked == {"GET": 1}


async def test_a_state_is_good_once_and_for_ten_minutes(here: Office):
    """Whoever brings another one, or brings it again or late, is turned away (CSRF)."""
    first, second = await here.came_back(), await here.came_back()

    with pytest.raises(LinkRefused, match="nobody is waiting"):
        await finish_login(here.linked, state="x" * 43, code=first["code"])
    await finish_login(here.linked, state=first["state"], code=first["code"])
    with pytest.raises(LinkRefused, match="nobody is waiting"):
        await finish_login(here.linked, state=first["state"], code=first["code"])
    here.world.clock.advance(timedelta(minutes=10, seconds=1))
    with pytest.raises(LinkRefused, match="older than ten minutes"):
        await finish_login(here.linked, state=second["state"], code=second["code"])


async def test_a_login_that_was_denied_is_told(here: Office):
    """In the words of the other side; the state is used up."""
    here.world.person = None
    back = await here.came_back()

    with pytest.raises(LinkRefused, match="The user denied the request"):
        await finish_login(
            here.linked, state=back["state"], code="", refusal=back["error_description"]
        )

    assert seen(here).state is LinkState.NONE


async def test_logins_nobody_finished_are_forgotten(here: Office):
    """After ten minutes, by the job that tidies up."""
    await begin_login(here.linked, BACK)
    here.world.clock.advance(timedelta(minutes=11))

    with here.database.write(here.tenant.id) as tx:
        assert forget_old_logins(tx) == 1


async def test_a_login_that_was_moved_to_another_target_is_not_opened(here: Office):
    """A ciphertext is bound to its row."""
    back = await here.came_back()
    with here.database.write(here.tenant.id) as tx:
        tx.connection.execute(link_login.update().values(target="other"))

    with pytest.raises(IntegrityBroken), here.database.write(here.tenant.id) as tx:
        take_login(tx, here.context.keys, "other", back["state"], tx.now() - timedelta(hours=1))


def test_without_a_public_address_nobody_can_come_back():
    """Named with the address to register."""
    with pytest.raises(Misconfigured, match="FAKTURA_PUBLIC_URL") as caught:
        redirect_uri(None, "datev", "werk")

    assert "/connect/datev/werk" in caught.value.mend


@pytest.mark.parametrize(
    ("client", "told"),
    [(55004, "has not booked the service"), (55999, "is not among the 3 clients")],
)
async def test_a_client_without_permission_is_no_good_connection(
    database, contents, client: int, told: str
):
    """It is kept with its problem; once it is mended a check makes it good (4.6)."""
    async with office(database, contents, client=client) as here:
        await here.log_in()
        view = seen(here)
        with (
            pytest.raises(LinkRefused, match=told),
            here.database.read(here.tenant.id) as tx,
        ):
            good_link(tx, "datev")
        here.world.clients[1] = replace(
            here.world.clients[0], number=client, name="Jetzt mit Dienst"
        )

        await check(here.linked)

        assert (view.state, seen(here).state) == (LinkState.INCOMPLETE, LinkState.CONNECTED)
        assert told in view.problems[0]
        assert seen(here).client_name == "Jetzt mit Dienst"


async def test_a_check_that_could_not_be_made_does_not_lose_the_login(here: Office):
    """The tokens are there; the connection is not called good."""
    here.world.turn_on(Fault.DOWN, "GET", "/clients")

    await here.log_in()

    assert seen(here).state is LinkState.INCOMPLETE
    assert "HTTP 503" in seen(here).problems[0]


async def test_an_address_that_is_not_called_does_not_lose_the_login(database, contents):
    """Its tokens could not be revoked any more; the setting is named with the connection."""
    clients_url = "https://127.0.0.1/platform/v2"
    async with office(database, contents, clients_url=clients_url) as here:
        await here.log_in()

        assert seen(here).state is LinkState.INCOMPLETE
        assert "leads into a private network" in seen(here).problems[0]


async def test_an_access_token_that_is_over_is_refreshed_by_one(here: Office):
    """Five at once, two of them in another process: the refresh token is redeemed once."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))
    other = another_process(here)

    found = await asyncio.gather(*(tokens_of(one) for one in [here.linked, other] * 2))

    assert len({tokens.access.get_secret_value() for tokens in found}) == 1
    assert [family.alive for family in here.world.families] == [True]
    assert sum(here.world.families[0].refresh.values()) == 1


def another_process(here: Office, **changed: str) -> Linked:
    """The same link from objects of its own."""
    context, double = here.context, here.double
    settings = {"consultant": 29098, "client": 55003} | double.settings | changed
    adapters = Adapters(
        context.registry,
        AdapterStore(context.database, context.keys),
        context.database.clock,
        Installation(file={"datev": settings}),
        lambda *_instance: here.linked.link.runtime.http,
    )
    link = adapters.link(here.tenant.id, "datev")
    return Linked(context.database, context.keys, here.tenant.id, link)


async def test_new_tokens_are_kept_before_they_are_used(here: Office):
    """What the database holds is what the caller was given."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))

    fresh = await tokens_of(here.linked)

    with here.database.read(here.tenant.id) as tx:
        assert read_tokens(tx, here.context.keys, "datev") == fresh
    assert (await connection(here.linked)).facts.refreshing_since is None


async def test_a_lost_answer_to_a_refresh_ends_the_connection(here: Office):
    """Redeeming the token again would end the session anyway: a new login is asked for."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))
    here.world.turn_on(Fault.LOST, "POST", "/token")

    with pytest.raises(LinkExpired, match="the answer to a refresh was lost") as caught:
        await tokens_of(here.linked)
    with pytest.raises(LinkExpired):
        await tokens_of(here.linked)

    assert caught.value.mend == "Log in again: faktura accounting connect datev"
    assert sum(here.world.families[0].refresh.values()) == 1
    assert seen(here).state is LinkState.ENDED
    await here.log_in()
    assert seen(here).state is LinkState.CONNECTED


async def test_a_process_that_died_while_refreshing_ends_the_connection(here: Office):
    """After ninety seconds nobody waits for it any more, and nobody redeems its token."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))
    with here.database.write(here.tenant.id) as tx:
        assert isinstance(take_turn(tx, here.context.keys, "datev"), Redeem)
    here.world.clock.advance(timedelta(seconds=91))

    with pytest.raises(LinkExpired, match="answer to a refresh was lost"):
        await tokens_of(here.linked)

    assert sum(here.world.families[0].refresh.values()) == 0


async def test_a_refresh_that_surely_did_not_happen_is_tried_again(here: Office):
    """503: the token is as good as before."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))
    here.world.turn_on(Fault.DOWN, "POST", "/token")

    with pytest.raises(OutsideUnavailable):
        await tokens_of(here.linked)

    assert (await tokens_of(here.linked)).person == "Ada Adler"
    assert seen(here).state is LinkState.CONNECTED


async def test_addresses_that_cannot_be_asked_for_end_no_connection(here: Office):
    """The refresh token was not sent anywhere: discovery was lost before."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))
    for fault in (Fault.LOST, Fault.BROKEN, Fault.FORBIDDEN):
        here.world.turn_on(fault, "GET", "/openid/.well-known")
        with pytest.raises(OutsideUnavailable):
            await tokens_of(another_process(here))

    assert seen(here).state is LinkState.CONNECTED
    assert (await tokens_of(another_process(here))).person == "Ada Adler"


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"client_secret": "wrong"}, OutsideUnavailable), ({"client_secret": ""}, Misconfigured)],
)
async def test_wrong_settings_end_no_connection(
    here: Office, changed: dict[str, str], error: type[Exception]
):
    """Who we are was refused or not said: nobody looked at the refresh token."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))

    with pytest.raises(error):
        await tokens_of(another_process(here, **changed))

    assert seen(here).state is LinkState.CONNECTED
    assert (await tokens_of(here.linked)).person == "Ada Adler"


@pytest.mark.parametrize("ending", ["kept", "broken", "given back"])
async def test_a_late_refresh_does_not_touch_a_newer_connection(here: Office, ending: str):
    """Somebody logged in anew while another process was refreshing the old tokens."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))
    with here.database.write(here.tenant.id) as tx:
        turn = take_turn(tx, here.context.keys, "datev")
    assert isinstance(turn, Redeem)
    here.world.clock.advance(timedelta(seconds=1))
    await here.log_in()
    before = await connection(here.linked)

    with here.database.write(here.tenant.id) as tx:
        match ending:
            case "kept":
                keep_refreshed(tx, here.context.keys, "datev", turn.tokens, turn.connected_at)
            case "broken":
                break_refreshed(tx, "datev", "lost", turn.connected_at)
            case _:
                give_turn_back(tx, "datev", turn.connected_at)

    assert await connection(here.linked) == before
    assert (await tokens_of(here.linked)).access != turn.tokens.access


async def test_a_refused_refresh_and_the_end_of_the_session_want_a_new_login(here: Office):
    """Named, with the command."""
    await here.log_in()
    here.world.families[0].alive = False
    here.world.clock.advance(timedelta(minutes=20))
    with pytest.raises(LinkExpired, match="unknown or over"):
        await tokens_of(here.linked)
    await here.log_in()
    here.world.clock.advance(timedelta(hours=11))
    assert seen(here).state is LinkState.ENDED
    with pytest.raises(LinkExpired, match="the time for which it was allowed is over"):
        await tokens_of(here.linked)


async def test_a_token_that_is_refused_early_is_refreshed_once(here: Office):
    """401 in the middle: once more with fresh tokens, not for ever."""
    await here.log_in()
    here.world.end_access_tokens()

    client = await with_tokens(here.linked, here.linked.link.client)

    assert client.problems == ()
    here.world.turn_on(Fault.EXPIRED, "GET", "/clients", times=2)
    with pytest.raises(LinkExpired, match="HTTP 401"):
        await with_tokens(here.linked, here.linked.link.client)


async def test_the_end_revokes_both_tokens_and_forgets_them(here: Office):
    """Then there is nothing to end."""
    await here.log_in()

    problem = await disconnect(here.linked)

    assert problem == ""
    assert sorted(here.world.revoked) == ["access_token", "refresh_token"]
    assert seen(here).state is LinkState.NONE
    with here.database.read(here.tenant.id) as tx:
        assert tx.connection.execute(select(adapter_secret)).all() == []
    with pytest.raises(NotFound, match="there is no connection to datev"):
        await disconnect(here.linked)


async def test_the_end_forgets_also_when_revoking_fails(here: Office):
    """And says so: a person ends it at the other side."""
    await here.log_in()
    here.world.turn_on(Fault.BROKEN, "POST", "/revoke", times=2)

    problem = await disconnect(here.linked)

    assert "HTTP 500" in problem
    assert seen(here).state is LinkState.NONE


async def test_every_call_is_written_down_without_its_secrets(here: Office):
    """Method, address, status, the ids of DATEV; kept for a month (4.6)."""
    await here.log_in()
    here.world.clock.advance(timedelta(minutes=20))
    here.world.turn_on(Fault.FORBIDDEN, "GET", "/clients")
    with pytest.raises(LinkRefused):
        await check(here.linked)

    with here.database.read(here.tenant.id) as tx:
        calls = read_calls(tx, "datev", 100)
        rows = tx.connection.execute(select(link_call)).all()
        tokens = read_tokens(tx, here.context.keys, "datev")
    assert {(one.method, one.url.rpartition("/")[2], one.status) for one in calls} == {
        ("GET", "openid-configuration", 200),
        ("POST", "token", 200),
        ("GET", "certs", 200),
        ("GET", "userinfo", 200),
        ("GET", "29098-55003", 200),
        ("GET", "29098-55003", 403),
    }
    (refused,) = [one for one in calls if one.status == 403]
    assert json.loads(str(refused.told["body"]))["title"] == "Forbidden"
    assert dict(refused.told["answer"])["x-global-transaction-id"] == "gt-2"  # type: ignore[call-overload]
    written = repr(rows)
    used = [*here.world.families[0].access, *here.world.families[0].refresh, *here.world.codes]
    assert [one for one in (*used, tokens.access.get_secret_value()) if one in written] == []
    assert here.world.client_secret not in written
    assert "Bearer" not in written
    assert "Basic" not in written
    here.world.clock.advance(timedelta(days=31))
    with here.database.write(here.tenant.id) as tx:
        assert forget_old_calls(tx) == len(calls)


class Parrot(Http):
    """Repeats what it was given, late in a long answer."""

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        said = b"x" * 4086 + request.form["refresh_token"].encode() + b"\x00"
        return HttpAnswer(400, {"set-cookie": "a=b"}, said)


async def test_half_of_a_secret_is_not_written_down_either(here: Office):
    """The body of an error is kept to 4,096 signs; a secret may lie across that end."""
    http = CallLog(here.database, Parrot()).http_of(here.tenant.id, "datev")
    form = {"grant_type": "refresh_token", "refresh_token": "secret-of-somebody-0123456789"}

    await http.request(HttpRequest("POST", "https://user:pass@example.com/token#x", form=form))

    with here.database.read(here.tenant.id) as tx:
        [call] = read_calls(tx, "datev", 9)
    assert call.told == {
        "request": {},
        "answer": {"set-cookie": "…"},
        "body": "x" * 4086 + "…",
    }
    assert call.url == "https://example.com/token"
