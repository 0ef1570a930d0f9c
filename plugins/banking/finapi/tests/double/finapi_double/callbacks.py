"""Callbacks: really posted, once, twice, too early or never; nobody looks at the answer (1.4)."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from finapi_double.banking import settle
from finapi_double.problems import WORLD
from finapi_double.records import Form, Json, Task
from finapi_double.words import CallbackMode
from finapi_double.world import World


@dataclass
class Running:
    """What the double is still doing by itself."""

    tasks: set[asyncio.Task[None]] = field(default_factory=set)


RUNNING = web.AppKey("running", Running)


def wrong_addresses(world: World, details: Json) -> list[tuple[str, str]]:
    """Callbacks that are not https, and a way back, which only licensed clients may name."""
    callbacks = details.get("callbacks")
    given = (
        {f"callbacks.{k}": v for k, v in callbacks.items()} if isinstance(callbacks, dict) else {}
    )
    wrong = []
    if "redirectUrl" in details:
        wrong.append(("redirectUrl", "may not be provided without a licence"))
    for name, url in given.items():
        if url is None:
            continue
        address = urlsplit(str(url))
        is_own = world.plain_callbacks and address.hostname in ("127.0.0.1", "localhost")
        if not (address.scheme == "https" or (is_own and address.scheme == "http")):
            wrong.append((name, "must be an https address"))
    return wrong


def begun(app: web.Application, one: Task | Form) -> None:
    """Something began: an early callback goes out, and an update goes on by itself."""
    if app[WORLD].callbacks is CallbackMode.EARLY:
        one.hidden = 1
        _post(app, one)
    if isinstance(one, Task):
        _run(app, _background(app, one))


def advance(app: web.Application, task: Task) -> None:
    """A read of an update that runs: the bank is asked for as many reads as the scenario says."""
    if not task.runs:
        return
    if task.polls > 0:
        task.polls -= 1
        task.status = "IN_PROGRESS"
        return
    settle(app[WORLD], task)
    changed(app, task)


def changed(app: web.Application, one: Task | Form) -> None:
    """Something ended, or needs a person now."""
    times = {CallbackMode.TWICE: 2, CallbackMode.NEVER: 0}.get(app[WORLD].callbacks, 1)
    for _ in range(times):
        _post(app, one)


async def _background(app: web.Application, task: Task) -> None:
    if task.polls == 0:
        advance(app, task)


def _post(app: web.Application, one: Task | Form) -> None:
    world = app[WORLD]
    told: Json
    if isinstance(one, Form):
        told, event = {"webFormId": one.id, "status": one.status}, "finalised"
    else:
        told, event = {"taskId": one.id, "status": one.status}, "finalised"
        if one.form is not None and one.status == "WEB_FORM_REQUIRED":
            told["webForm"], event = form_info(world, one.form), "webFormRequired"
    callbacks = one.details.get("callbacks")
    url = callbacks.get(event) if isinstance(callbacks, dict) else None
    if isinstance(url, str):
        world.called.append((url, told))
        _run(app, _send(url, told))


def form_info(world: World, name: str) -> Json:
    """A form as a task names it: without its end."""
    form = world.forms[name]
    return {"id": form.id, "url": form_url(world, form), "status": form.status}


def form_url(world: World, form: Form) -> str:
    """Where the form is opened; it can be done once."""
    return f"{world.page_base}/wf/{form.id}"


async def _send(url: str, told: Json) -> None:
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=10)) as session,
            session.post(url, json=told),
        ):
            return
    except (ClientError, TimeoutError):
        return


def _run(app: web.Application, work: Coroutine[None, None, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    app[RUNNING].tasks.add(task)
    task.add_done_callback(app[RUNNING].tasks.discard)
