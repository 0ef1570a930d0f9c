"""The double says no as finAPI does: forms, updates, their pages, callbacks (1.4, 1.5, 1.11)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from faktura.kernel.bank_terms import FeedTaskState
from faktura.plugin import FeedTask, FeedUser, FormRequest
from finapi_double.records import Json
from finapi_double.scene import Scene, new_world, url_of
from finapi_double.server import in_a_thread
from finapi_double.words import CallbackMode, Scenario

IMPORT = "/api/webForms/bankConnectionImport"
UPDATE = "/api/tasks/backgroundUpdate"


async def signed_in(scene: Scene) -> tuple[FeedUser, str, int]:
    """A user, a token of theirs, and the id of their connection."""
    user, connection = await scene.connected(scene.feed())
    return user, await scene.user_token(user), int(connection)


@pytest.mark.parametrize(
    ("body", "field_"),
    [
        ({"pin": "48151"}, "pin"),
        ({"bank": {"iban": "DE02"}}, "bank"),
        ({"bank": "Test"}, "bank"),
        ({"maxDaysForDownload": 13}, "maxDaysForDownload"),
        ({"maxDaysForDownload": 3651}, "maxDaysForDownload"),
        ({"accountTypes": ["Checking"]}, "accountTypes"),
        ({"allowedInterfaces": "XS2A"}, "allowedInterfaces"),
        ({"bankConnectionName": "x" * 65}, "bankConnectionName"),
        ({"profileId": "x" * 37}, "profileId"),
        ({"allowTestBank": "yes"}, "allowTestBank"),
        ({"callbacks": {"webFormRequired": "https://a.example"}}, "callbacks"),
        ({"callbacks": {"finalised": "http://a.example"}}, "callbacks.finalised"),
        ({"callbacks": {"finalised": "http://127.0.0.1/"}}, "callbacks.finalised"),
        ({"redirectUrl": "https://a.example"}, "redirectUrl"),
        (None, "body"),
    ],
)
async def test_a_form_that_is_asked_for_wrongly_is_refused(
    scene: Scene, body: Json | None, field_: str
) -> None:
    """1.4: unknown fields too; the web form names the field in a shape of its own."""
    _, token, _ = await signed_in(scene)

    refused = await scene.ask("POST", IMPORT, token=token, body=body)

    assert (refused.status, refused.code) == (400, field_)
    assert refused.json.keys() == {"errors", "timestamp", "endpoint"}


@pytest.mark.parametrize(
    ("changed", "field_"),
    [
        ({"importNewAccountsMode": None, "bankConnectionId": None}, "bankConnectionId"),
        ({"bankingInterface": "XS2A"}, "bankingInterface"),
        ({"manageSavedSettings": ["PIN"]}, "manageSavedSettings"),
        ({"importNewAccountsMode": "ALL"}, "importNewAccountsMode"),
        ({"bankConnectionId": "101"}, "bankConnectionId"),
        ({"userMetadata": {"ipAddress": "192.0.2.1"}}, "userMetadata"),
        ({"callbacks": {"webFormRequired": "http://a.example"}}, "callbacks.webFormRequired"),
    ],
)
async def test_an_update_that_is_asked_for_wrongly_is_refused(
    scene: Scene, changed: Json, field_: str
) -> None:
    """1.4: what is required, and what a person who waits must be told with."""
    _, token, connection = await signed_in(scene)
    right: Json = {"bankConnectionId": connection, "importNewAccountsMode": "SKIP"}
    body = {name: value for name, value in (right | changed).items() if value is not None}

    refused = await scene.ask("POST", UPDATE, token=token, body=body)

    assert (refused.status, refused.code) == (400, field_)
    assert scene.world.tasks == {}


async def test_the_mode_for_new_accounts_is_required(scene: Scene) -> None:
    """1.4: importNewAccounts alone is the old way."""
    _, token, connection = await signed_in(scene)
    body = {"bankConnectionId": connection, "importNewAccounts": False}

    assert (await scene.ask("POST", UPDATE, token=token, body=body)).status == 400


async def test_forms_are_for_users_and_say_no_in_their_own_words(scene: Scene) -> None:
    """1.4: UNAUTHORIZED, FORBIDDEN, NOT_FOUND, LOCKED."""
    _, token, connection = await signed_in(scene)
    client = str((await scene.token()).json["access_token"])
    update = {"bankConnectionId": connection, "importNewAccountsMode": "SKIP"}
    scene.world.logins[0].scenario = Scenario.LOCKED

    replies = [
        await scene.ask("POST", IMPORT, body={}),
        await scene.ask("POST", IMPORT, token=client, body={}),
        await scene.ask("GET", "/api/tasks/none", token=token),
        await scene.ask("GET", "/api/webForms/none", token=token),
        await scene.ask("DELETE", "/api/webForms/none", token=token),
        await scene.ask("POST", "/api/webForms/none/cancel", token=token),
        await scene.ask("POST", UPDATE, token=token, body=update | {"bankConnectionId": 99999}),
        await scene.ask("POST", UPDATE, token=token, body=update),
    ]

    assert [(reply.status, reply.code) for reply in replies] == [
        (401, "UNAUTHORIZED"),
        (403, "FORBIDDEN"),
        *[(404, "NOT_FOUND")] * 5,
        (423, "LOCKED"),
    ]
    assert replies[0].json.keys() == {"code", "description", "timestamp", "endpoint"}


async def test_a_page_is_opened_once_and_sent_once(scene: Scene) -> None:
    """1.4: the address is for one use; what is used, unknown or expired is gone."""
    user, _, _ = await signed_in(scene)
    feed = scene.feed()
    form = url_of(await feed.begin_connection(user, FormRequest()))
    late = url_of(await feed.begin_connection(user, FormRequest()))
    visitor = scene.visitor

    assert await visitor.send(form, action="abort") == 410
    assert await visitor.open(form) == 200
    assert await visitor.open(form) == 410
    assert await visitor.send(form, action="abort") == 200
    assert await visitor.send(form, action="complete", login="erika", pin="48151") == 410
    assert await visitor.open(f"{form}0") == 410
    scene.world.clock.advance(timedelta(minutes=20))
    assert await visitor.open(late) == 410


async def test_a_person_is_sent_back_to_where_they_came_from(scene: Scene) -> None:
    """1.4: as a part of the form's address; in a body only licensed clients may name it."""
    feed = scene.feed()
    user = await feed.create_user("werk")

    form = await feed.begin_connection(user, FormRequest(return_url="https://bill.example/b?c=1"))

    assert url_of(form).endswith("?redirectUrl=https%3A%2F%2Fbill.example%2Fb%3Fc%3D1")
    assert url_of(await feed.look_up(user, form)) == url_of(form)
    assert await scene.visitor.complete(url_of(form), pin="48151") == 302
    assert (await feed.look_up(user, form)).state is FeedTaskState.DONE


async def test_a_bank_that_is_down_cannot_be_connected(scene: Scene) -> None:
    """1.4: the form ends with an error of the technical kind."""
    feed = scene.feed()
    user = await feed.create_user("werk")
    scene.world.logins[0].scenario = Scenario.BANK_DOWN
    form = await feed.begin_connection(user, FormRequest())

    await scene.visitor.complete(url_of(form), pin="48151")

    told = await feed.look_up(user, form)
    assert (told.state, told.code) == (FeedTaskState.FAILED, "UNEXPECTED_ACCESS_RESPONSE")
    assert not told.rejected


async def test_lists_of_tasks_and_forms_have_pages_as_well(scene: Scene) -> None:
    """1.4: the newest first; a used form can be deleted, an open one cancelled, once."""
    user, token, connection = await signed_in(scene)
    feed = scene.feed()
    first = await feed.begin_update(user, str(connection), FormRequest())
    second = await feed.begin_update(user, str(connection), FormRequest())
    form = await feed.begin_connection(user, FormRequest())

    tasks = (await scene.ask("GET", "/api/tasks?perPage=1&page=2", token=token)).json
    forms = await scene.ask("GET", "/api/webForms?order=createdAt,asc", token=token)

    assert [one["id"] for one in listed(tasks)] == [first.reference]
    assert second.reference != first.reference
    assert [one["status"] for one in listed(forms.json)] == ["COMPLETED", "NOT_YET_OPENED"]
    for query in ("?perPage=501", "?page=0", "?order=id,asc", "?perPage=x"):
        assert (await scene.ask("GET", f"/api/tasks{query}", token=token)).status == 400
    cancel = f"/api/webForms/{form.reference}/cancel"
    assert (await scene.ask("POST", cancel, token=token)).json["status"] == "CANCELLED"
    assert (await scene.ask("POST", cancel, token=token)).status == 422
    door = f"/api/webForms/{form.reference}"
    assert (await scene.ask("DELETE", door, token=token)).status == 204
    assert (await scene.ask("GET", door, token=token)).status == 404


def listed(said: Json) -> list[Json]:
    """The objects of a list."""
    found = said["items"]
    assert isinstance(found, list)
    return found


@dataclass
class Hearer:
    """Who is called back: what came, and how it answers."""

    address: str
    status: int = 200
    heard: list[Json] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def first(self) -> Json:
        """The first that comes."""
        await asyncio.wait_for(self.came.wait(), 10)
        return self.heard[0]


@asynccontextmanager
async def hearing(status: int = 200) -> AsyncIterator[Hearer]:
    """A server that is called back."""

    async def hear(request: web.Request) -> web.Response:
        hearer.heard.append(await request.json())
        hearer.came.set()
        return web.Response(status=hearer.status)

    app = web.Application()
    app.router.add_post("/callback", hear)
    server = TestServer(app)
    await server.start_server()
    hearer = Hearer(f"http://127.0.0.1:{server.port}/callback", status)
    try:
        yield hearer
    finally:
        await server.close()


async def told_of(scene: Scene, hearer: Hearer) -> tuple[FeedUser, FeedTask]:
    """A form that was asked for with a callback and given up."""
    scene.world.plain_callbacks = True
    feed = scene.feed()
    user = await feed.create_user("werk")
    form = await feed.begin_connection(user, FormRequest(callback_url=hearer.address))
    await scene.visitor.abort(url_of(form))
    return user, form


async def test_a_callback_is_a_bare_trigger_and_its_answer_is_ignored(scene: Scene) -> None:
    """1.4: an id and a word; a 500 changes nothing and brings no second one."""
    async with hearing(status=500) as hearer:
        user, form = await told_of(scene, hearer)

        assert await hearer.first() == {"webFormId": form.reference, "status": "ABORTED"}
        assert (await scene.feed().look_up(user, form)).state is FeedTaskState.ABANDONED
    assert len(hearer.heard) == 1


async def test_a_callback_may_come_twice(scene: Scene) -> None:
    """1.11.5."""
    scene.world.callbacks = CallbackMode.TWICE
    async with hearing() as hearer:
        await told_of(scene, hearer)
        await hearer.first()

    assert len(scene.world.called) == 2
    assert scene.world.called[0] == scene.world.called[1]


async def test_a_callback_may_never_come(scene: Scene) -> None:
    """1.11.5: the form can be looked up all the same."""
    scene.world.callbacks = CallbackMode.NEVER
    async with hearing() as hearer:
        user, form = await told_of(scene, hearer)
        told = await scene.feed().look_up(user, form)

    assert (scene.world.called, hearer.heard) == ([], [])
    assert told.state is FeedTaskState.ABANDONED


async def test_a_callback_may_come_before_there_is_anything_to_read(scene: Scene) -> None:
    """1.11.5: the look-up after it finds nothing yet; the next one does."""
    scene.world.callbacks = CallbackMode.EARLY
    scene.world.plain_callbacks = True
    feed = scene.feed()
    async with hearing() as hearer:
        user = await feed.create_user("werk")
        form = await feed.begin_connection(user, FormRequest(callback_url=hearer.address))

        assert await hearer.first() == {"webFormId": form.reference, "status": "NOT_YET_OPENED"}

    assert await feed.look_up(user, form) == form
    assert scene.world.requests[-1].status == 404
    assert (await feed.look_up(user, form)).state is FeedTaskState.FORM_NEEDED
    assert scene.world.requests[-1].status == 200


async def test_an_update_calls_back_when_it_needs_a_person_and_when_it_ends(scene: Scene) -> None:
    """1.4: webFormRequired with the form, finalised with the end."""
    scene.world.plain_callbacks = True
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].scenario = Scenario.TAN_REQUIRED
    async with hearing() as hearer:
        request = FormRequest(callback_url=hearer.address)
        task = await feed.begin_update(user, connection, request)
        await hearer.first()
        waits = await feed.look_up(user, task)
        await scene.visitor.complete(url_of(waits))

    required, ended = [told for _, told in scene.world.called]
    assert required == {
        "taskId": task.reference,
        "status": "WEB_FORM_REQUIRED",
        "webForm": {
            "id": url_of(waits).rpartition("/")[2],
            "url": url_of(waits),
            "status": "NOT_YET_OPENED",
        },
    }
    assert ended == {"taskId": task.reference, "status": "COMPLETED"}


def test_the_double_runs_in_a_loop_of_its_own_for_other_processes() -> None:
    """For tests that start commands; callbacks go out from there as well."""

    async def ask(url: str) -> int:
        async with ClientSession() as session, session.get(url) as answer:
            return answer.status

    with in_a_thread(new_world()) as double:
        assert asyncio.run(ask(f"{double.access}/api/v2/accounts")) == 401
        assert double.hosts[1] in double.world.page_base
