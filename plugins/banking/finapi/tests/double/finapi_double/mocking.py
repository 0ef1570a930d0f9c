"""POST /api/v2/tests/mockBatchUpdate, as the real sandbox has it for its test bank (1.11.7)."""

from typing import cast

from aiohttp import web

from finapi_double import bodies
from finapi_double.banking import auto_result, mock_bookings
from finapi_double.guard import USER
from finapi_double.problems import WORLD, problem, wrong_fields
from finapi_double.records import Json


async def mock_batch_update(request: web.Request) -> web.Response:
    """Put bookings into accounts, or let the bank's login fail, as an update by night does."""
    said = await bodies.body_of(request)
    found = bodies.wrong(said, bodies.MOCK, ("mockBankConnectionUpdates",))
    if found:
        return wrong_fields(request, found)
    updates = cast("list[Json]", (said or {})["mockBankConnectionUpdates"])
    for update in updates:
        refused = _update(request, update)
        if refused is not None:
            return refused
    return web.Response()


def _update(request: web.Request, update: Json) -> web.Response | None:
    world = request.app[WORLD]
    made = world.connection_of(request[USER], int(str(update["bankConnectionId"])))
    if made is None:
        return problem(request, 404, "UNKNOWN_ENTITY", "bankConnectionId")
    fails = update.get("simulateBankLoginError") is True
    auto_result(world, made, fails=fails)
    if fails:
        return None
    for data in cast("list[Json]", update.get("mockAccountsData") or []):
        number = int(str(data["accountId"]))
        if number not in made.accounts:
            return problem(request, 404, "UNKNOWN_ENTITY", "accountId")
        new = [
            {k: str(v) if k.endswith("mount") else v for k, v in one.items()}
            for one in cast("list[Json]", data.get("newTransactions") or [])
        ]
        mock_bookings(world, world.accounts[number], str(data["accountBalance"]), new)
    return None
