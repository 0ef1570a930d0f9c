"""The double's login: OpenID Connect with code, PKCE, rotating refresh tokens, revocation."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from urllib.parse import unquote, urlencode

import jwt
from aiohttp import web
from jwt.algorithms import ECAlgorithm

from datev_double.world import (
    ACCESS_LASTS,
    CODE_LASTS,
    REFRESH_LASTS,
    Code,
    Family,
    World,
    new_token,
)

WORLD = web.AppKey("world", World)
_KEY_ID = "double-1"
_SHORTEST = 20
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_CLIENT_SCOPE = re.compile(r"datev:iam:client:\d{4,7}-\d{1,5}")
_LONG_LASTS = timedelta(days=730)


def _no(error: str, description: str, status: int = 400) -> web.Response:
    said = {"error": error, "error_description": description}
    return web.json_response(said, status=status, headers={"Cache-Control": "no-store"})


def base_of(request: web.Request) -> str:
    """The double's own address."""
    return f"http://{request.host}"


async def discovery(request: web.Request) -> web.Response:
    """Where things are."""
    base = base_of(request)
    return web.json_response(
        {
            "issuer": f"{base}/openid",
            "authorization_endpoint": f"{base}/openid/authorize",
            "token_endpoint": f"{base}/token",
            "revocation_endpoint": f"{base}/revoke",
            "userinfo_endpoint": f"{base}/userinfo",
            "jwks_uri": f"{base}/openid/certs",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }
    )


async def keys(request: web.Request) -> web.Response:
    """The key that id tokens are signed with."""
    world = request.app[WORLD]
    key = json.loads(ECAlgorithm.to_jwk(world.signing_key.public_key()))
    return web.json_response({"keys": [{**key, "kid": _KEY_ID, "use": "sig", "alg": "ES256"}]})


async def authorize(request: web.Request) -> web.Response:
    """The page of the login, where a person of few words says yes or no at once."""
    world, asked = request.app[WORLD], request.query
    if asked.get("client_id") != world.client_id:
        return _no("unauthorized_client", "the application is not registered")
    if asked.get("redirect_uri") not in world.redirect_uris:
        return _no("invalid_request", "redirect_uri is not registered")
    problem = _problem_of(world, asked)
    if problem is not None:
        return _no("invalid_request", problem)
    world.used_states |= {asked["state"], asked["nonce"]}
    if world.person is None:
        query = {
            "error": "access_denied",
            "error_description": "The user denied the request",
            "state": asked["state"],
        }
    else:
        code = new_token()
        world.codes[code] = Code(
            asked["redirect_uri"],
            asked["code_challenge"],
            asked["nonce"],
            frozenset(asked["scope"].split()),
            world.clock.now() + CODE_LASTS,
        )
        query = {"code": code, "state": asked["state"]}
    raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(query)}")


def _problem_of(world: World, asked: Mapping[str, str]) -> str | None:
    state, nonce = asked.get("state", ""), asked.get("nonce", "")
    problems = (
        (asked.get("response_type") != "code", "response_type must be code"),
        (len(state) < _SHORTEST, "state must have at least 20 characters"),
        (len(nonce) < _SHORTEST, "nonce must have at least 20 characters"),
        (state in world.used_states, "state was used before"),
        (nonce in world.used_states, "nonce was used before"),
        (asked.get("code_challenge_method") != "S256", "code_challenge_method must be S256"),
        (
            not _CHALLENGE.fullmatch(asked.get("code_challenge", "")),
            "code_challenge is no S256 challenge",
        ),
        (asked.get("enableWindowsSso") != "true", "enableWindowsSso must be true"),
    )
    found = next((problem for wrong, problem in problems if wrong), None)
    return found or _scope_problem(world, asked.get("scope", "").split())


def _scope_problem(world: World, scopes: list[str]) -> str | None:
    if "openid" not in scopes:
        return "scope openid is missing"
    for scope in scopes:
        if scope not in world.registered_scopes and not _CLIENT_SCOPE.fullmatch(scope):
            return f"scope {scope} is not registered"
    return None


def _authenticated(request: web.Request) -> bool:
    """client_secret_basic: both values are form-encoded inside (RFC 6749 section 2.3.1)."""
    world = request.app[WORLD]
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Basic":
        return False
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        return False
    return (unquote(name), unquote(secret)) == (world.client_id, world.client_secret)


async def token(request: web.Request) -> web.Response:
    """Tokens for a code, or for a refresh token."""
    if request.content_type != "application/x-www-form-urlencoded":
        return _no("invalid_request", "a form is wanted")
    form = {name: str(value) for name, value in (await request.post()).items()}
    if "client_secret" in form or not _authenticated(request):
        return _no("invalid_client", "client_secret_basic is wanted", 401)
    match form.get("grant_type"):
        case "authorization_code":
            return _for_code(request, form)
        case "refresh_token":
            return _for_refresh(request, form)
        case _:
            return _no("unsupported_grant_type", "authorization_code or refresh_token")


def _for_code(request: web.Request, form: Mapping[str, str]) -> web.Response:
    world = request.app[WORLD]
    code = world.codes.get(form.get("code", ""))
    if code is None or code.until <= world.clock.now():
        return _no("invalid_grant", "the code is unknown or too old")
    if code.family is not None:
        # RFC 6749 section 4.1.2: a code that comes twice was stolen.
        code.family.alive = False
        return _no("invalid_grant", "the code was used before")
    if form.get("redirect_uri") != code.redirect_uri:
        return _no("invalid_grant", "redirect_uri is another one than at the login")
    verifier = form.get("code_verifier", "")
    digest = sha256(verifier.encode()).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
        return _no("invalid_grant", "code_verifier does not fit")
    is_long = "offline_access" in code.scopes and any(map(_CLIENT_SCOPE.fullmatch, code.scopes))
    lasts = _LONG_LASTS if is_long else REFRESH_LASTS
    family = code.family = Family(code.scopes, world.clock.now() + lasts)
    world.families.append(family)
    return _issued(request, family, _id_token(request, code.nonce))


def _for_refresh(request: web.Request, form: Mapping[str, str]) -> web.Response:
    world, given = request.app[WORLD], form.get("refresh_token", "")
    family = next((one for one in world.families if given in one.refresh), None)
    if family is None or not family.alive or family.until <= world.clock.now():
        return _no("invalid_grant", "the refresh token is unknown or over")
    if family.refresh[given]:
        family.alive = False
        return _no("invalid_grant", "the refresh token was used before: the session is ended")
    family.refresh[given] = True
    return _issued(request, family, None)


def _issued(request: web.Request, family: Family, id_token: str | None) -> web.Response:
    world, access, refresh = request.app[WORLD], new_token(), new_token()
    family.access[access] = world.clock.now() + ACCESS_LASTS
    family.refresh[refresh] = False
    said: dict[str, object] = {
        "access_token": access,
        "refresh_token": refresh,
        "token_type": "Bearer",
        "expires_in": round(ACCESS_LASTS.total_seconds()),
        "scope": " ".join(sorted(family.scopes)),
    }
    return web.json_response(said | ({"id_token": id_token} if id_token else {}))


def _id_token(request: web.Request, nonce: str) -> str:
    world = request.app[WORLD]
    now = round(world.clock.now().timestamp())
    claims = {
        "iss": f"{base_of(request)}/openid",
        "aud": world.client_id,
        "sub": "person-1",
        "nonce": nonce,
        "iat": now,
        "exp": now + 900,
    }
    return jwt.encode(claims, world.signing_key, algorithm="ES256", headers={"kid": _KEY_ID})


async def revoke(request: web.Request) -> web.Response:
    """Forget a token; which kind it is must be said."""
    world = request.app[WORLD]
    form = {name: str(value) for name, value in (await request.post()).items()}
    if not _authenticated(request):
        return _no("invalid_client", "client_secret_basic is wanted", 401)
    hint, given = form.get("token_type_hint"), form.get("token", "")
    if hint not in ("access_token", "refresh_token"):
        return _no("invalid_request", "token_type_hint is missing")
    world.revoked.append(hint)
    for family in world.families:
        family.access.pop(given, None)
        if given in family.refresh:
            family.alive = False
    return web.Response()


async def userinfo(request: web.Request) -> web.Response:
    """The name of the person."""
    world = request.app[WORLD]
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    family = world.family_of_access(given) if scheme == "Bearer" else None
    if family is None:
        return _no("invalid_token", "the token is unknown or over", 401)
    said = {"sub": "person-1"} | ({"name": world.person} if "profile" in family.scopes else {})
    return web.json_response(said)
