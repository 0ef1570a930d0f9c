"""A double, the plugin's adapter on it by the core's own way out, and people who visit its forms."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from aiohttp import ClientSession
from typing_extensions import override

from faktura.kernel.bank_terms import FeedTaskKind
from faktura.kernel.clock import FixedClock
from faktura.plugin import (
    Attendance,
    FeedMovement,
    FeedPage,
    FeedTask,
    FeedUser,
    FormRequest,
    Runtime,
    StateStore,
)
from faktura.testing.outgoing import http_to
from faktura_finapi.adapter import FinapiFeed
from faktura_finapi.settings import FinapiSettings
from finapi_double.server import Double
from finapi_double.visitor import Visitor
from finapi_double.world import World

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SINCE = date(2026, 11, 29)
PERSON = Attendance(ip_address="192.0.2.17", device="Linux", user_agent="Browser/1.0 (Linux)")


class NoState(StateStore):
    """The feed keeps no state."""

    @override
    def get(self, key: str) -> object | None:
        """Nothing may be read."""
        raise AssertionError(key)

    @override
    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing may be kept."""
        raise AssertionError(key, value)


def new_world(**changed: object) -> World:
    """A double at 1 December 2026, 08:00 UTC, with Erika's login at the test bank."""
    world = World(FixedClock(NOW), **changed)  # type: ignore[arg-type]  # what a test gives
    world.have_login()
    return world


@dataclass(frozen=True)
class Reply:
    """What the double answered to a request of the test itself."""

    status: int
    text: str

    @property
    def json(self) -> dict[str, object]:
        """The JSON object in it."""
        said: dict[str, object] = json.loads(self.text)
        return said

    @property
    def code(self) -> str:
        """The word that says no, in any of the shapes."""
        said = self.json
        errors = said.get("errors")
        if isinstance(errors, list):
            return str(errors[0].get("code") or errors[0].get("field"))
        return str(said.get("code") or said.get("error"))


@dataclass
class Scene:
    """A double, and adapters on it."""

    double: Double
    visitor: Visitor = field(default_factory=Visitor)

    @property
    def world(self) -> World:
        """The double's world."""
        return self.double.world

    def feed(self, **changed: object) -> FinapiFeed:
        """The feed on the double, with some settings changed."""
        settings = FinapiSettings.model_validate(self.double.settings | changed)
        runtime = Runtime(
            self.world.clock,
            logging.getLogger("faktura.adapter.finapi"),
            NoState(),
            http_to(*self.double.hosts),
        )
        return FinapiFeed(settings, runtime)

    async def connected(self, feed: FinapiFeed) -> tuple[FeedUser, str]:
        """A user whose person connected Erika's login: the user, and the connection's id."""
        user = await feed.create_user("werk")
        return user, await self.connect(feed, user)

    async def connect(self, feed: FinapiFeed, user: FeedUser) -> str:
        """Connect Erika's login: the connection's id."""
        task = await feed.begin_connection(user, FormRequest())
        await self.visitor.complete(url_of(task), pin=self.world.logins[0].pin)
        return (await feed.look_up(user, task)).connection

    async def updated(self, feed: FinapiFeed, user: FeedUser, connection: str) -> FeedTask:
        """An update, and what became of it."""
        task = await feed.begin_update(user, connection, FormRequest(), FeedTaskKind.UPDATE)
        return await feed.look_up(user, task)

    async def read(
        self, feed: FinapiFeed, user: FeedUser, since: date = SINCE, page: int = 1
    ) -> FeedPage:
        """A page of all accounts' bookings."""
        accounts = [one.reference for own in await feed.connections(user) for one in own.accounts]
        return await feed.movements(user, accounts, since, page)

    async def one(self, feed: FinapiFeed, user: FeedUser) -> FeedMovement:
        """The only booking there is."""
        (found,) = (await self.read(feed, user)).movements
        return found

    async def ask(
        self,
        method: str,
        url: str,
        *,
        token: str = "",
        body: object = None,
        form: Mapping[str, str] | None = None,
        language: str = "de",
    ) -> Reply:
        """Ask the double as anybody might; `url` begins with the path, the listener is found."""
        is_form = url.startswith(("/api/tasks", "/api/webForms", "/wf/"))
        base = self.double.web_form if is_form else self.double.access
        headers = {"Accept-Language": language, "X-Request-Id": "ours"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            data = urlencode(form).encode()
        async with (
            ClientSession() as session,
            session.request(method, base + url, headers=headers, data=data) as answer,
        ):
            assert answer.headers["X-Request-Id"] == "ours"
            return Reply(answer.status, await answer.text())

    async def token(self, grant: str = "client_credentials", **fields: str) -> Reply:
        """Ask for a token as the data client."""
        client = {"client_id": self.world.client_id, "client_secret": self.world.client_secret}
        form = {"grant_type": grant, **client, **fields}
        return await self.ask("POST", "/api/v2/oauth/token", form=form)

    async def user_token(self, user: FeedUser) -> str:
        """A token of the user."""
        password = user.password.get_secret_value()
        reply = await self.token("password", username=user.id, password=password)
        return str(reply.json["access_token"])


def url_of(task: FeedTask) -> str:
    """The form's address."""
    assert task.form is not None
    return task.form.url
