"""Access V2: users, connections, accounts, the client's configuration, banks, the test door."""

from collections.abc import Mapping

from aiohttp import web

from finapi_double import bodies
from finapi_double.guard import USER
from finapi_double.problems import WORLD, problem, wrong_fields
from finapi_double.records import Account, Connection, Json, User
from finapi_double.words import Trouble
from finapi_double.writing import answer

TEST_BANK = {
    "id": 277672,
    "name": "finAPI Test Bank",
    "bic": "TESTDE00XXX",
    "blz": "00000000",
    "isTestBank": True,
    "popularity": 95,
    "interfaces": [],
    "isBeta": False,
}


async def create_user(request: web.Request) -> web.Response:
    """POST /api/v2/users: id and password are chosen here unless they are given."""
    said = await bodies.body_of(request)
    found = bodies.wrong(said, bodies.USER)
    if found:
        return wrong_fields(request, found)
    world, said = request.app[WORLD], said or {}
    name = str(said.get("id") or world.new_word("user"))
    if name in world.users:
        return problem(request, 422, "ENTITY_EXISTS", name)
    user = User(name, str(said.get("password") or world.new_word("generated-password")))
    world.users[name] = user
    shown = {"id": name, "password": user.password, "isAutoUpdateEnabled": False}
    return answer(shown, 201)


async def own_user(request: web.Request) -> web.Response:
    """GET /api/v2/users: the user of the token, its password masked."""
    shown = {"id": request[USER], "password": "XXXXX", "isAutoUpdateEnabled": False}
    return answer(shown)


async def configuration(request: web.Request) -> web.Response:
    """GET /api/v2/clientConfiguration: a client without a licence of its own."""
    said = {
        "mandatorLicense": "UNLICENSED",
        "aisViaWebForm": True,
        "pisViaWebForm": True,
        "isAutomaticBatchUpdateEnabled": False,
        "maxUserLoginAttempts": request.app[WORLD].most_failures,
        "isMandatorAdmin": False,
    }
    return answer(said)


async def switch_version(request: web.Request) -> web.Response:
    """POST /api/v2/mandatorAdmin/switchApiVersion."""
    said = await bodies.body_of(request)
    found = bodies.wrong(said, {"apiVersion": bodies.text(4)}, ("apiVersion",))
    if found:
        return wrong_fields(request, found)
    request.app[WORLD].limited = False
    return web.Response()


async def connections(request: web.Request) -> web.Response:
    """GET /api/v2/bankConnections."""
    world = request.app[WORLD]
    own = [one for one in world.connections.values() if one.user == request[USER]]
    return answer({"connections": [_shown(request, one) for one in own]})


async def connection(request: web.Request) -> web.Response:
    """GET /api/v2/bankConnections/{id}."""
    found = request.app[WORLD].connection_of(request[USER], int(request.match_info["id"]))
    if found is None:
        return problem(request, 404, "UNKNOWN_ENTITY", request.match_info["id"])
    return answer(_shown(request, found))


async def delete_connection(request: web.Request) -> web.Response:
    """DELETE /api/v2/bankConnections/{id}, with its accounts and bookings; not while it is busy."""
    world = request.app[WORLD]
    found = world.connection_of(request[USER], int(request.match_info["id"]))
    if found is None:
        return problem(request, 404, "UNKNOWN_ENTITY", request.match_info["id"])
    if any(task.connection == found.id and task.runs for task in world.tasks.values()):
        return problem(request, 423, "LOCKED")
    for number in found.accounts:
        del world.accounts[number]
    gone = {k for k, one in world.transactions.items() if one["accountId"] in found.accounts}
    world.transactions = {k: v for k, v in world.transactions.items() if k not in gone}
    del world.connections[found.id]
    return web.Response()


async def accounts(request: web.Request) -> web.Response:
    """GET /api/v2/accounts."""
    world = request.app[WORLD]
    shown = [_account(request, one) for one in world.accounts_of(request[USER])]
    return answer({"accounts": shown})


async def banks(request: web.Request) -> web.Response:
    """GET /api/v2/banks: the directory knows names, BICs and bank codes, no IBANs."""
    search = request.query.get("search", "").lower()
    words = f"{TEST_BANK['name']} {TEST_BANK['bic']} {TEST_BANK['blz']}".lower()
    found = [TEST_BANK] if search in words else []
    paging = {"page": 1, "perPage": 20, "pageCount": 1, "totalCount": len(found)}
    return answer({"banks": found, "paging": paging})


async def direct_import(request: web.Request) -> web.Response:
    """POST /api/v2/bankConnections/import: for licensed clients only (1.3)."""
    return await _direct(request, bodies.DIRECT_IMPORT, "bankId")


async def direct_update(request: web.Request) -> web.Response:
    """POST /api/v2/bankConnections/update: for licensed clients only (1.3)."""
    return await _direct(request, bodies.DIRECT_UPDATE, "bankConnectionId")


async def _direct(
    request: web.Request, fields: Mapping[str, bodies.Check], key: str
) -> web.Response:
    found = bodies.wrong(await bodies.body_of(request), fields, (key, "bankingInterface"))
    if found:
        return wrong_fields(request, found)
    return problem(request, 403, "FORBIDDEN", "the mandator has no licence: use the web form")


def _shown(request: web.Request, one: Connection) -> Json:
    world = request.app[WORLD]
    updating = any(task.connection == one.id and task.runs for task in world.tasks.values())
    busy = updating or one.busy > 0
    one.busy = max(one.busy - 1, 0)
    consent: Json = {"status": one.consent, "supportsImportNewAccounts": False}
    if one.consent_until is not None:
        consent["expiresAt"] = world.moment(one.consent_until)
    credentials = [
        {"label": "Anmeldename", "value": one.login.name},
        {"label": "PIN", "value": "XXXXX"},
    ]
    interface: Json = {
        "bankingInterface": "XS2A",
        "loginCredentials": credentials,
        "twoStepProcedures": [],
        "aisConsent": consent,
        "lastManualUpdate": one.manual,
        "lastAutoUpdate": one.auto,
        "userActionRequired": one.needs_person,
        "maxDaysForDownload": 90,
    }
    return {
        "id": one.id,
        "name": None,
        "updateStatus": "IN_PROGRESS" if busy else "READY",
        "categorizationStatus": "READY",
        "interfaces": [interface],
        "accountIds": list(one.accounts),
        "owners": None,
        "bank": TEST_BANK,
        "somethingNew": {"of": "a later version"},
    }


def _account(request: web.Request, one: Account) -> Json:
    world, bank = request.app[WORLD], one.at_bank
    interface: Json = {
        "bankingInterface": "XS2A",
        "status": one.status,
        "capabilities": ["DATA_DOWNLOAD"],
        "paymentCapabilities": {},
        "lastSuccessfulUpdate": world.moment(one.succeeded_at) if one.succeeded_at else None,
        "lastUpdateAttempt": world.moment(one.tried_at) if one.tried_at else None,
    }
    return {
        "id": one.id,
        "bankConnectionId": one.connection,
        "accountName": bank.name,
        "iban": bank.iban,
        "accountNumber": bank.number,
        "accountHolderName": bank.holder,
        "accountCurrency": bank.currency,
        "accountType": bank.kind,
        "balance": bank.balance,
        "isNew": False,
        "interfaces": [interface],
        "isSeized": bank.trouble is Trouble.SEIZED,
    }
