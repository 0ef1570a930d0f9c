"""The double's login keeps DATEV's rules: each wrong request is refused, by its own reason."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from datev_double.server import running
from datev_double.visitor import BACK, SCOPES, Visitor, visiting
from datev_double.world import World
from faktura.kernel.clock import FixedClock


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    """A visitor at 1 December 2026, 08:00."""
    world = World(FixedClock(datetime(2026, 12, 1, 8, tzinfo=UTC)))
    async with running(world) as double, visiting(double) as found:
        yield found


async def test_discovery_names_every_endpoint(visitor: Visitor):
    """A client needs no other address than this one."""
    said = (await visitor.send("GET", "/openid/.well-known/openid-configuration")).json

    assert said["issuer"] == f"{visitor.double.base}/openid"
    assert {name for name in said if name.endswith(("_endpoint", "_uri"))} == {
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    }


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"client_id": "another"}, "not registered"),
        ({"redirect_uri": f"{BACK}/"}, "redirect_uri is not registered"),
        ({"redirect_uri": None}, "redirect_uri is not registered"),
        ({"response_type": "token"}, "response_type must be code"),
        ({"state": "s" * 19}, "state must have at least 20"),
        ({"state": None}, "state must have at least 20"),
        ({"nonce": "n" * 19}, "nonce must have at least 20"),
        ({"code_challenge_method": "plain"}, "must be S256"),
        ({"code_challenge_method": None}, "must be S256"),
        ({"code_challenge": "short"}, "no S256 challenge"),
        ({"code_challenge": None}, "no S256 challenge"),
        ({"enableWindowsSso": None}, "enableWindowsSso must be true"),
        ({"scope": "profile"}, "scope openid is missing"),
        ({"scope": f"{SCOPES} datev:everything"}, "datev:everything is not registered"),
    ],
)
async def test_a_wrong_login_is_refused(
    visitor: Visitor, changed: dict[str, str | None], told: str
):
    """Client, exact address, S256, state and nonce of 20 characters, scopes, Windows SSO."""
    answer = await visitor.authorize(**changed)

    assert answer.status == 400
    assert told in str(answer.json["error_description"])


@pytest.mark.parametrize("name", ["state", "nonce"])
async def test_state_and_nonce_are_fresh(visitor: Visitor, name: str):
    """One that was used before is refused."""
    assert (await visitor.authorize(**{name: "x" * 30})).status == 302

    again = await visitor.authorize(**{name: "x" * 30})

    assert (again.status, again.json["error_description"]) == (400, f"{name} was used before")


async def test_a_person_can_deny(visitor: Visitor):
    """The browser comes back with the error and the state."""
    visitor.double.world.person = None

    answer = await visitor.authorize(state="s" * 24)

    came_back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert came_back["error"] == ["access_denied"]
    assert came_back["state"] == ["s" * 24]


async def test_a_code_gives_tokens_for_a_quarter_of_an_hour(visitor: Visitor):
    """With an id token that is signed and holds the nonce."""
    said = (await visitor.redeem(await visitor.code(nonce="n" * 24))).json
    (key,) = json.loads((await visitor.send("GET", "/openid/certs")).text)["keys"]

    claims = jwt.decode(
        str(said["id_token"]),
        jwt.PyJWK(key),
        algorithms=["ES256"],
        audience="app-of-faktura",
        options={"verify_exp": False, "verify_iat": False},
    )

    assert (said["expires_in"], said["token_type"]) == (900, "Bearer")
    assert claims["nonce"] == "n" * 24


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"code": "unknown"}, "unknown or too old"),
        ({"redirect_uri": "https://billing.example/other"}, "redirect_uri is another one"),
        ({"code_verifier": "w" * 64}, "code_verifier does not fit"),
        ({"code_verifier": ""}, "code_verifier does not fit"),
        ({"grant_type": "password"}, "authorization_code or refresh_token"),
    ],
)
async def test_a_wrong_exchange_is_refused(visitor: Visitor, changed: dict[str, str], told: str):
    """Code, address and verifier must be those of the login."""
    answer = await visitor.redeem(await visitor.code(), **changed)

    assert answer.status == 400
    assert told in str(answer.json["error_description"])


async def test_credentials_come_by_basic_alone(visitor: Visitor):
    """client_secret_basic: none, a wrong one and one in the form are refused."""
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    world = visitor.double.world
    in_form = {"client_id": world.client_id, "client_secret": world.client_secret}

    refused = [
        await visitor.token({}, **form),
        await visitor.token(visitor.basic("wrong"), **form),
        await visitor.token({"Authorization": "Basic ???"}, **form),
        await visitor.token({}, **form, **in_form),
        await visitor.token(visitor.basic(), **form, **in_form),
    ]

    assert [answer.status for answer in refused] == [401] * 5
    as_json = await visitor.send("POST", "/token", headers=visitor.basic(), json=form)
    assert (as_json.status, as_json.json["error"]) == (400, "invalid_request")


async def test_a_code_is_good_once(visitor: Visitor):
    """The second time it also ends what it gave the first time."""
    code = await visitor.code()
    assert (await visitor.redeem(code)).status == 200

    again = await visitor.redeem(code)

    assert again.status == 400
    assert [family.alive for family in visitor.double.world.families] == [False]


async def test_a_code_is_good_for_a_minute(visitor: Visitor):
    """By the double's clock."""
    code = await visitor.code()
    visitor.double.world.clock.advance(timedelta(seconds=60))

    assert (await visitor.redeem(code)).status == 400


async def test_a_refresh_token_is_redeemed_once(visitor: Visitor):
    """The second time ends the whole session, also for the pair that replaced it."""
    await visitor.log_in()
    old = visitor.tokens["refresh_token"]
    fresh = (await visitor.token(grant_type="refresh_token", refresh_token=old)).json

    again = await visitor.token(grant_type="refresh_token", refresh_token=old)
    newest = await visitor.token(
        grant_type="refresh_token", refresh_token=str(fresh["refresh_token"])
    )

    assert (again.status, newest.status) == (400, 400)
    assert "session is ended" in str(again.json["error_description"])


@pytest.mark.parametrize(
    ("scope", "hours", "status"),
    [
        (SCOPES, 10, 200),
        (SCOPES, 11, 400),
        (f"{SCOPES} offline_access", 11, 400),
        (f"{SCOPES} offline_access datev:iam:client:29098-55003", 24 * 700, 200),
    ],
)
async def test_a_session_lasts_eleven_hours_or_two_years(
    visitor: Visitor, scope: str, hours: int, status: int
):
    """The long one wants offline_access and the scope of one client."""
    await visitor.log_in(scope=scope)
    visitor.double.world.clock.advance(timedelta(hours=hours))

    answer = await visitor.token(
        grant_type="refresh_token", refresh_token=visitor.tokens["refresh_token"]
    )

    assert answer.status == status


async def test_revoking_wants_the_kind_of_token(visitor: Visitor):
    """token_type_hint is mandatory; a revoked refresh token ends the session."""
    await visitor.log_in()
    form = {"token": visitor.tokens["refresh_token"]}

    without = await visitor.send("POST", "/revoke", headers=visitor.basic(), data=form)
    stranger = await visitor.send("POST", "/revoke", data=form)
    form |= {"token_type_hint": "refresh_token"}
    revoked = await visitor.send("POST", "/revoke", headers=visitor.basic(), data=form)

    assert (without.status, stranger.status, revoked.status) == (400, 401, 200)
    assert (await visitor.clients()).status == 401


async def test_the_name_is_told_to_a_living_token(visitor: Visitor):
    """Scope profile; an access token is over after 900 seconds."""
    await visitor.log_in()
    bearer = {"Authorization": f"Bearer {visitor.tokens['access_token']}"}

    told = await visitor.send("GET", "/userinfo", headers=bearer)
    visitor.double.world.clock.advance(timedelta(seconds=900))
    over = await visitor.send("GET", "/userinfo", headers=bearer)

    assert told.json["name"] == "Ada Adler"
    assert (over.status, (await visitor.clients()).status) == (401, 401)
