"""Tokens: for the clients and for users, refreshed, revoked; a user is locked after wrong passwords."""

from datetime import timedelta

from aiohttp import web

from finapi_double.problems import WORLD, token_problem
from finapi_double.records import Token
from finapi_double.words import Kind
from finapi_double.world import World
from finapi_double.writing import answer


async def token(request: web.Request) -> web.Response:
    """POST /api/v2/oauth/token, form-encoded."""
    world = request.app[WORLD]
    form = {name: str(value) for name, value in (await request.post()).items()}
    kind = _client(world, form)
    if request.content_type != "application/x-www-form-urlencoded":
        return token_problem(400, "invalid_request", "form encoding is expected")
    if kind is None:
        return token_problem(401, "invalid_client", "Bad client credentials")
    match form.get("grant_type"):
        case "client_credentials":
            return _granted(world, kind, None)
        case "password" if kind is Kind.CLIENT:
            return _password(world, form)
        case "refresh_token" if kind is Kind.CLIENT:
            return _refresh(world, form)
        case other:
            return token_problem(400, "unsupported_grant_type", f"{other} is not supported")


async def revoke(request: web.Request) -> web.Response:
    """POST /api/v2/oauth/revoke."""
    form = await request.post()
    if "token" not in form:
        return token_problem(400, "invalid_request", "token is missing")
    request.app[WORLD].tokens.pop(str(form["token"]), None)
    return web.Response()


def _client(world: World, form: dict[str, str]) -> Kind | None:
    pair = (form.get("client_id"), form.get("client_secret"))
    if pair == (world.client_id, world.client_secret):
        return Kind.CLIENT
    return Kind.ADMIN if pair == (world.admin_id, world.admin_secret) else None


def _password(world: World, form: dict[str, str]) -> web.Response:
    user = world.users.get(form.get("username", ""))
    if user is None:
        return token_problem(400, "invalid_grant", "Bad credentials")
    if user.locked:
        return token_problem(423, "invalid_grant", "User is locked")
    if user.password != form.get("password"):
        user.failures += 1
        if user.failures >= world.most_failures:
            user.locked = True
            world.tokens = {w: t for w, t in world.tokens.items() if t.user != user.id}
        return token_problem(400, "invalid_grant", "Bad credentials")
    user.failures = 0
    return _granted(world, Kind.USER, user.id)


def _refresh(world: World, form: dict[str, str]) -> web.Response:
    found = world.tokens.get(form.get("refresh_token", ""))
    if found is None or not found.refreshes:
        return token_problem(400, "invalid_grant", "Invalid refresh token")
    return _granted(world, Kind.USER, found.user)


def _granted(world: World, kind: Kind, user: str | None) -> web.Response:
    until = None
    if world.token_seconds:
        until = world.clock.now() + timedelta(seconds=world.token_seconds)
    access = world.new_word(f"access-{kind.value}-token")
    world.tokens[access] = Token(kind, user, until)
    said: dict[str, object] = {
        "access_token": access,
        "token_type": "bearer",
        "expires_in": world.token_seconds,
        "scope": "all",
    }
    if kind is Kind.USER:
        said["refresh_token"] = world.new_word("refresh-token-of-user")
        world.tokens[str(said["refresh_token"])] = Token(kind, user, None, refreshes=True)
    return answer(said)
