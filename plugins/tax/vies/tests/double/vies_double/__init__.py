"""A VIES of our own: it knows some numbers, compares names, is overloaded, breaks off, and counts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+*")
_STATES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE",
    "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
})  # fmt: skip


@dataclass(frozen=True)
class Registered:
    """Who holds a number; a member state that is `silent` tells neither name nor address."""

    name: str
    street: str
    zip_code: str
    city: str
    silent: bool = False


@dataclass
class World:
    """What the double knows and how it behaves: `down` member states, an `error` for everybody."""

    numbers: dict[str, Registered] = field(default_factory=dict)
    requesters: set[str] = field(default_factory=set)
    down: dict[str, str] = field(default_factory=dict)
    error: str = ""
    page: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)


_WORLD = web.AppKey("world", World)


@dataclass(frozen=True)
class Double:
    """A running double."""

    world: World
    url: str

    @property
    def host(self) -> str:
        """Name and port."""
        return self.url.removeprefix("http://").partition("/")[0]


@asynccontextmanager
async def running(world: World) -> AsyncIterator[Double]:
    """The double on a free port of this machine."""
    application = web.Application()
    application[_WORLD] = world
    application.router.add_post("/rest-api/check-vat-number", _check)
    async with TestServer(application) as server:
        yield Double(world, f"http://127.0.0.1:{server.port}/rest-api")


async def _check(request: web.Request) -> web.Response:
    world = request.app[_WORLD]
    asked = await request.json()
    world.asked.append(asked)
    if world.page:
        return web.Response(status=world.page, text="<html>The service is being maintained</html>")
    refused = _refused(world, asked)
    if refused:
        return web.json_response(
            {"actionSucceed": False, "errorWrappers": [{"error": refused}]}, status=500
        )
    return web.json_response(_answer(world, asked))


def _refused(world: World, asked: dict[str, str]) -> str:
    if world.error:
        return world.error
    country, number = asked.get("countryCode", ""), asked.get("vatNumber", "")
    if country not in _STATES or not number or not set(number) <= _LETTERS:
        return "INVALID_INPUT"
    requester = asked.get("requesterMemberStateCode", "") + asked.get("requesterNumber", "")
    if requester and requester not in world.requesters:
        return "INVALID_REQUESTER_INFO"
    return world.down.get(country, "")


def _answer(world: World, asked: dict[str, str]) -> dict[str, object]:
    vat_id = asked["countryCode"] + asked["vatNumber"]
    found = world.numbers.get(vat_id)
    told = found is not None and not found.silent
    compared = {
        "traderName": found.name if found else "",
        "traderStreet": found.street if found else "",
        "traderPostalCode": found.zip_code if found else "",
        "traderCity": found.city if found else "",
    }
    answer: dict[str, object] = {
        "countryCode": asked["countryCode"],
        "vatNumber": asked["vatNumber"],
        "requestDate": "2026-11-22T10:00:00.000Z",
        "valid": found is not None,
        "requestIdentifier": f"WAPI{len(world.asked):08d}" if asked.get("requesterNumber") else "",
        "name": found.name if found and told else "---",
        "address": f"{found.street}\n{found.zip_code} {found.city}" if found and told else "---",
    }
    for name, known in compared.items():
        given = asked.get(name)
        answer[name] = given or "---"
        answer[f"{name}Match"] = _compared(known, given) if given and told else "NOT_PROCESSED"
    return answer


def _compared(known: str, given: str) -> str:
    return "VALID" if known.casefold() == given.casefold() else "INVALID"
