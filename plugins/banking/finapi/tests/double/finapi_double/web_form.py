"""Web Form 2.0: forms for new connections, updates as tasks, and what became of both (1.4)."""

from collections.abc import Sequence

from aiohttp import web

from finapi_double import bodies
from finapi_double.banking import new_task
from finapi_double.callbacks import advance, begun, form_info, form_url, wrong_addresses
from finapi_double.guard import USER
from finapi_double.problems import WORLD, problem, wrong_fields
from finapi_double.records import Form, Json, Task
from finapi_double.words import Scenario
from finapi_double.world import World
from finapi_double.writing import answer

_OPEN = ("NOT_YET_OPENED", "IN_PROGRESS")


async def import_form(request: web.Request) -> web.Response:
    """POST /api/webForms/bankConnectionImport."""
    world = request.app[WORLD]
    said = await bodies.body_of(request)
    found = bodies.wrong(said, bodies.IMPORT) or wrong_addresses(world, said or {})
    if found:
        return wrong_fields(request, found)
    form = Form(
        world.new_word("form"),
        request[USER],
        "BANK_CONNECTION_IMPORT",
        world.clock.now(),
        world.form_ends(),
        said or {},
    )
    world.forms[form.id] = form
    begun(request.app, form)
    return answer(shown_form(world, form), 201)


async def background_update(request: web.Request) -> web.Response:
    """POST /api/tasks/backgroundUpdate; one at a time for each connection."""
    world = request.app[WORLD]
    said = await bodies.body_of(request)
    required = ("bankConnectionId", "importNewAccountsMode")
    found = bodies.wrong(said, bodies.UPDATE, required) or wrong_addresses(world, said or {})
    if found:
        return wrong_fields(request, found)
    details = said or {}
    made = world.connection_of(request[USER], int(str(details["bankConnectionId"])))
    if made is None:
        return problem(request, 404, "UNKNOWN_ENTITY", "bankConnectionId")
    runs = any(one.connection == made.id and one.runs for one in world.tasks.values())
    if runs or made.login.scenario is Scenario.LOCKED:
        return problem(request, 423, "LOCKED")
    task = new_task(world, made, details)
    shown = shown_task(world, task)
    begun(request.app, task)
    return answer(shown, 201)


async def task(request: web.Request) -> web.Response:
    """GET /api/tasks/{id}."""
    world = request.app[WORLD]
    found = world.tasks.get(request.match_info["id"])
    if found is None or found.user != request[USER] or _is_hidden(found):
        return problem(request, 404, "UNKNOWN_ENTITY", request.match_info["id"])
    advance(request.app, found)
    return answer(shown_task(world, found))


async def form(request: web.Request) -> web.Response:
    """GET /api/webForms/{id}."""
    world = request.app[WORLD]
    found = world.forms.get(request.match_info["id"])
    if found is None or found.user != request[USER] or _is_hidden(found):
        return problem(request, 404, "UNKNOWN_ENTITY", request.match_info["id"])
    expire(world, found)
    return answer(shown_form(world, found))


async def cancel_form(request: web.Request) -> web.Response:
    """POST /api/webForms/{id}/cancel: no callback comes after it."""
    world = request.app[WORLD]
    found = world.forms.get(request.match_info["id"])
    if found is None or found.user != request[USER]:
        return problem(request, 404, "UNKNOWN_ENTITY", request.match_info["id"])
    if found.status not in _OPEN:
        return problem(request, 422, "ILLEGAL_FIELD_VALUE", "the form is done")
    found.status = "CANCELLED"
    return answer(shown_form(world, found))


async def delete_form(request: web.Request) -> web.Response:
    """DELETE /api/webForms/{id}."""
    world = request.app[WORLD]
    found = world.forms.get(request.match_info["id"])
    if found is None or found.user != request[USER]:
        return problem(request, 404, "UNKNOWN_ENTITY", request.match_info["id"])
    del world.forms[found.id]
    return web.Response(status=204)


async def tasks(request: web.Request) -> web.Response:
    """GET /api/tasks: the newest first where that is asked for."""
    world = request.app[WORLD]
    own = [one for one in world.tasks.values() if one.user == request[USER]]
    return _listed(request, [(one.id, shown_task(world, one)) for one in own])


async def forms(request: web.Request) -> web.Response:
    """GET /api/webForms."""
    world = request.app[WORLD]
    own = [one for one in world.forms.values() if one.user == request[USER]]
    return _listed(request, [(one.id, shown_form(world, one)) for one in own])


def _listed(request: web.Request, found: Sequence[tuple[str, Json]]) -> web.Response:
    order = request.query.get("order", "createdAt,desc")
    page, size = request.query.get("page", "1"), request.query.get("perPage", "20")
    numbers = page.isdigit() and size.isdigit() and int(page) > 0 and 0 < int(size) <= 500
    if order not in ("createdAt,asc", "createdAt,desc") or not numbers:
        return wrong_fields(request, [("order, page or perPage", "is out of range")])
    ordered = sorted(found, reverse=order.endswith("desc"))
    first = (int(page) - 1) * int(size)
    count = len(ordered)
    paging = {
        "page": int(page),
        "perPage": int(size),
        "pageCount": -(-count // int(size)),
        "totalCount": count,
    }
    items = [one for _, one in ordered[first : first + int(size)]]
    return answer({"items": items, "paging": paging})


def expire(world: World, one: Form) -> None:
    """A form that nobody finished in time."""
    if one.status in _OPEN and world.clock.now() >= one.expires:
        one.status = "EXPIRED"


def shown_form(world: World, one: Form) -> Json:
    """A form as it is read."""
    return {
        "id": one.id,
        "url": form_url(world, one),
        "createdAt": world.moment(one.created),
        "expiresAt": world.moment(one.expires),
        "type": one.kind,
        "status": one.status,
        "payload": dict(one.payload),
    }


def shown_task(world: World, one: Task) -> Json:
    """A task as it is read."""
    payload = dict(one.payload)
    if one.form is not None and one.form in world.forms:
        expire(world, world.forms[one.form])
        payload["webForm"] = form_info(world, one.form)
    return {
        "id": one.id,
        "createdAt": world.moment(one.created),
        "type": "BANK_CONNECTION_UPDATE",
        "status": one.status,
        "payload": payload,
    }


def _is_hidden(one: Task | Form) -> bool:
    one.hidden -= 1
    return one.hidden >= 0
