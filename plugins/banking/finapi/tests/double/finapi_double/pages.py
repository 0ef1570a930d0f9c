"""The page at finAPI where a person logs in: the only place that ever sees a PIN (1.5)."""

from aiohttp import web

from finapi_double.banking import confirm, import_connection
from finapi_double.callbacks import changed
from finapi_double.problems import WORLD
from finapi_double.records import Form
from finapi_double.web_form import expire
from finapi_double.world import World

_PAGE = """<!doctype html><html lang="de"><meta charset="utf-8"><title>finAPI</title>
<form method="post"><label>Anmeldename <input name="login"></label>
<label>PIN <input name="pin" type="password"></label><label>TAN <input name="tan"></label>
<button name="action" value="complete">Weiter</button>
<button name="action" value="abort">Abbrechen</button></form></html>"""


async def show(request: web.Request) -> web.Response:
    """GET /wf/{id}: can be opened once."""
    world = request.app[WORLD]
    form = _open_form(world, request.match_info["id"])
    if form is None or form.status != "NOT_YET_OPENED":
        return _used()
    form.status = "IN_PROGRESS"
    return web.Response(text=_PAGE, content_type="text/html")


async def submit(request: web.Request) -> web.Response:
    """POST /wf/{id}: complete or abort, once."""
    world = request.app[WORLD]
    form = _open_form(world, request.match_info["id"])
    if form is None or form.status != "IN_PROGRESS":
        return _used()
    said = {name: str(value) for name, value in (await request.post()).items()}
    if said.get("action") == "abort":
        form.status = "ABORTED"
    elif form.task is None:
        import_connection(world, form, said.get("login", ""), said.get("pin", ""))
    else:
        form.status = "COMPLETED"
        task = world.tasks[form.task]
        confirm(world, task, said.get("pin", ""))
        changed(request.app, task)
    if form.task is None:
        changed(request.app, form)
    return _done(request, form)


def _open_form(world: World, name: str) -> Form | None:
    form = world.forms.get(name)
    if form is not None:
        expire(world, form)
    return form


def _used() -> web.Response:
    return web.Response(status=410, text="Dieses Formular ist nicht mehr verfügbar.")


def _done(request: web.Request, form: Form) -> web.Response:
    back = request.query.get("redirectUrl")
    if back is not None and form.status == "COMPLETED":
        return web.Response(status=302, headers={"Location": back})
    return web.Response(text="Fertig.")
