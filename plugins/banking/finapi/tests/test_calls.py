"""Tokens, headers and everything that goes wrong on the way to finAPI and back (1.1, 1.2)."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from typing_extensions import override

from faktura.kernel.errors import AmountUnreadable, FakturaError, FileUnreadable, NotFound
from faktura.kernel.outside_errors import (
    AccountBroken,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
    PersonNeeded,
)
from faktura.plugin import (
    Attendance,
    FeedUser,
    FormRequest,
    Http,
    HttpAnswer,
    HttpRequest,
    Runtime,
)
from faktura.testing.outgoing import http_to
from faktura_finapi.adapter import FinapiFeed
from faktura_finapi.answers import content, told
from faktura_finapi.requests import psu_headers, user_metadata
from finapi_double.scene import PERSON, Scene
from finapi_double.words import Fault

LOGIN = "/oauth/token"


async def test_a_token_is_used_until_shortly_before_its_end_and_then_refreshed(
    scene: Scene,
) -> None:
    """One login serves many calls; the refresh token saves the password the way."""
    feed = scene.feed()
    user, _ = await scene.connected(feed)
    grants = [one.body.partition("&")[0] for one in scene.world.asked(LOGIN)]
    assert grants == ["grant_type=client_credentials", "grant_type=password"]

    scene.world.clock.advance(timedelta(seconds=3539))
    await feed.connections(user)
    assert len(scene.world.asked(LOGIN)) == 2
    scene.world.clock.advance(timedelta(seconds=1))
    await feed.connections(user)

    assert "grant_type=refresh_token" in scene.world.asked(LOGIN)[2].body


async def test_a_token_without_an_end_is_kept(scene: Scene) -> None:
    """1.1: expires_in 0 means never."""
    scene.world.token_seconds = 0
    feed = scene.feed()
    user, _ = await scene.connected(feed)

    scene.world.clock.advance(timedelta(days=400))
    await feed.connections(user)

    assert len(scene.world.asked(LOGIN)) == 2


async def test_a_short_token_is_used_for_half_its_time(scene: Scene) -> None:
    """A minute less of a minute would be nothing."""
    scene.world.token_seconds = 60
    feed = scene.feed()
    user, _ = await scene.connected(feed)

    scene.world.clock.advance(timedelta(seconds=29))
    await feed.connections(user)
    assert len(scene.world.asked(LOGIN)) == 2
    scene.world.clock.advance(timedelta(seconds=1))
    await feed.connections(user)

    assert len(scene.world.asked(LOGIN)) == 3


async def test_a_token_that_finapi_forgot_is_renewed_once(scene: Scene) -> None:
    """A 401 of a call costs one more login, by the refresh token or else by the password."""
    feed = scene.feed()
    user, _ = await scene.connected(feed)

    scene.world.end_tokens()
    assert len(await feed.connections(user)) == 1
    scene.world.end_tokens(refresh=True)
    assert len(await feed.connections(user)) == 1

    assert [one.status for one in scene.world.asked(LOGIN)] == [200, 200, 200, 400, 200]


async def test_an_order_after_a_lost_token_is_given_once(scene: Scene) -> None:
    """What was refused for its token was not done."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)

    scene.world.end_tokens()
    await feed.begin_update(user, connection, FormRequest())

    assert [one.status for one in scene.world.asked("backgroundUpdate")] == [401, 201]
    assert len(scene.world.tasks) == 1


async def test_a_token_that_is_refused_again_and_again_ends(scene: Scene) -> None:
    """One more login, not a loop."""
    feed = scene.feed()
    user, _ = await scene.connected(feed)
    scene.world.token_seconds = -1  # finAPI's clock is off: every token has ended already

    scene.world.end_tokens(refresh=True)
    with pytest.raises(AccountBroken, match="HTTP 401: UNAUTHORIZED_ACCESS"):
        await feed.connections(user)

    assert len(scene.world.asked("bankConnections")) == 2


async def test_a_refused_password_is_tried_once(scene: Scene) -> None:
    """1.1: wrong passwords lock the user at finAPI; nothing of ours may add to them."""
    feed = scene.feed()
    user = await feed.create_user("werk")
    wrong = FeedUser(id=user.id, password=SecretStr("not-the-password"))

    for _ in range(5):
        with pytest.raises(AccountBroken) as caught:
            await feed.connections(wrong)
        assert "not-the-password" not in f"{caught.value} {caught.value.as_dict()}"

    assert scene.world.users[user.id].failures == 1
    assert len(await feed.connections(user)) == 0


async def test_calls_at_once_spend_one_wrong_password(scene: Scene) -> None:
    """Five connections that are due together would lock the user at the third one."""
    feed = scene.feed()
    user = await feed.create_user("werk")
    wrong = FeedUser(id=user.id, password=SecretStr("not-the-password"))

    ends = await asyncio.gather(
        *(feed.connections(wrong) for _ in range(5)), return_exceptions=True
    )

    assert {type(end) for end in ends} == {AccountBroken}
    assert scene.world.users[user.id].failures == 1


async def test_calls_at_once_share_a_token_and_its_renewal(scene: Scene) -> None:
    """One login for all of them, and one more after finAPI forgot its tokens."""
    feed = scene.feed()
    user = await feed.create_user("werk")
    await asyncio.gather(*(feed.connections(user) for _ in range(5)))
    logins = len(scene.world.asked(LOGIN))
    for word in [word for word in scene.world.tokens if word.startswith("access")]:
        del scene.world.tokens[word]

    await asyncio.gather(*(feed.connections(user) for _ in range(5)))

    assert logins == 2
    assert len(scene.world.asked(LOGIN)) == 3


async def test_a_locked_user_is_a_broken_account(scene: Scene) -> None:
    """423 of the token means the user, not a connection that is busy."""
    feed = scene.feed()
    user = await feed.create_user("werk")
    scene.world.users[user.id].locked = True

    with pytest.raises(AccountBroken, match="HTTP 423: invalid_grant: User is locked"):
        await feed.connections(user)


async def test_a_wrong_secret_of_the_client_is_a_broken_account(scene: Scene) -> None:
    """error and error_description, not errors[]; the secret is in none of it."""
    feed = scene.feed(**{"client_secret": "another-secret-0123456789"})  # noqa: PIE804

    with pytest.raises(AccountBroken, match="invalid_client: Bad client credentials") as caught:
        await feed.create_user("werk")

    assert "another-secret" not in str(caught.value)


async def test_a_wrong_secret_of_the_client_is_not_held_against_the_user(scene: Scene) -> None:
    """finAPI does not look at the password then; it may be asked with again."""
    feed = scene.feed()
    user = await feed.create_user("werk")
    secret, scene.world.client_secret = scene.world.client_secret, "changed-at-finapi-0123456789"

    with pytest.raises(AccountBroken, match="invalid_client"):
        await feed.connections(user)

    scene.world.client_secret = secret
    assert await feed.connections(user) == []
    assert scene.world.users[user.id].failures == 0


async def test_a_mandator_of_the_first_version_is_told_what_finapi_says(scene: Scene) -> None:
    """1.1: 403 names the scope; the adviser is finAPI's admin client."""
    scene.world.limited = True

    with pytest.raises(AccountBroken, match="limited to /api/v1"):
        await scene.feed().create_user("werk")


async def test_each_call_has_an_id_of_its_own_and_asks_for_a_language(scene: Scene) -> None:
    """1.2: the id is in the error as well, for finAPI's support."""
    feed = scene.feed(language="en")
    user, _ = await scene.connected(feed)
    await feed.begin_connection(user, FormRequest(language="de"))
    scene.world.fail_next("/accounts", Fault.FORBIDDEN)
    with pytest.raises(AccountBroken, match="Access denied") as caught:
        await feed.connections(user)

    ours = [one for one in scene.world.requests if not one.path.startswith("/wf/")]
    ids = [one.headers["X-Request-Id"] for one in ours]
    assert len(set(ids)) == len(ids)
    assert caught.value.place == f"finAPI, GET /api/v2/accounts, request {ids[-1]}"
    languages = {one.path: one.headers["Accept-Language"] for one in ours}
    assert languages["/api/v2/accounts"] == "en"
    assert languages["/api/webForms/bankConnectionImport"] == "de"


async def test_the_bank_is_told_of_a_person_only_when_one_waits(scene: Scene) -> None:
    """1.2: PSU headers declare a human; without one the bank counts the call as unattended."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    await scene.updated(feed, user, connection)
    await scene.read(feed, user)
    assert not [one for one in scene.world.requests if "PSU-IP-Address" in one.headers]

    await feed.begin_update(user, connection, FormRequest(attended=PERSON))

    (attended,) = [one for one in scene.world.requests if "PSU-IP-Address" in one.headers]
    assert attended.path == "/api/tasks/backgroundUpdate"
    assert attended.headers["PSU-IP-Address"] == "192.0.2.17"
    assert attended.headers["PSU-Device-OS"] == "Linux"
    assert attended.headers["PSU-User-Agent"] == "Browser/1.0 (Linux)"
    assert (
        '"userMetadata": {"ipAddress": "192.0.2.17", "deviceOs": "Linux",'
        ' "userAgent": "Browser/1.0 (Linux)"}' in attended.body
    )


def test_who_waits_is_told_with_what_is_known_or_not_at_all() -> None:
    """The headers take IPv4; a half-known person is none; the browser names its device itself."""
    browser = Attendance(ip_address="192.0.2.1", user_agent="B/1 (Linux) ü")
    assert psu_headers(browser) == {
        "PSU-IP-Address": "192.0.2.1",
        "PSU-Device-OS": "B/1 (Linux) ?",
        "PSU-User-Agent": "B/1 (Linux) ?",
    }
    later = Attendance(ip_address="2001:db8::1", user_agent="B/1")
    assert psu_headers(later) == {}
    assert user_metadata(later)["ipAddress"] == "2001:db8::1"
    assert user_metadata(Attendance(ip_address="192.0.2.1")) == {}
    assert user_metadata(None) == {}


async def test_no_pin_and_no_secret_is_in_anything_of_ours(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """1.5: the PIN is typed at finAPI only; our secrets are in the token calls only."""
    caplog.set_level(logging.DEBUG)
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].pin = "16180"
    await scene.updated(feed, user, connection)
    errors = []
    for fault in (Fault.FORBIDDEN, Fault.BUSY, Fault.BAD_GATEWAY, Fault.MORE_AUTHENTICATION):
        scene.world.fail_next("/bankConnections", fault)
        with pytest.raises((AccountBroken, OutsideUnavailable, PersonNeeded)) as caught:
            await feed.connections(user)
        errors.append(f"{caught.value!r} {caught.value} {caught.value.as_dict()}")

    ours = [one for one in scene.world.requests if not one.path.startswith("/wf/")]
    sent = " ".join(f"{one.path} {one.query} {one.headers} {one.body}" for one in ours)
    logged = caplog.text + " ".join(str(record.__dict__) for record in caplog.records)
    for pin in ("48151", "16180"):
        assert pin not in sent + logged + " ".join(errors)
    password = user.password.get_secret_value()
    secrets = (scene.world.client_secret, password, "access-user-token", "refresh-token")
    for secret in secrets:
        assert secret not in logged + " ".join(errors)
        others = [one for one in ours if one.path != "/api/v2/oauth/token"]
        assert secret not in " ".join(f"{one.path} {one.query} {one.body}" for one in others)


@pytest.mark.parametrize(
    ("fault", "error", "pause"),
    [
        (Fault.BUSY, OutsideUnavailable, 7),
        (Fault.DOWN, OutsideUnavailable, 7),
        (Fault.BROKEN, OutsideUnavailable, 60),
        (Fault.BAD_GATEWAY, OutsideUnavailable, 60),
        (Fault.RESET, OutsideUnavailable, 0),
        (Fault.RESET_AFTER, OutsideUnavailable, 0),
        (Fault.CUT_AFTER, OutsideUnavailable, 60),
        (Fault.MORE_AUTHENTICATION, PersonNeeded, None),
        (Fault.FORBIDDEN, AccountBroken, None),
        (Fault.ODD_AFTER, FileUnreadable, None),
    ],
)
async def test_a_question_that_was_not_answered_is_asked_later(
    scene: Scene, fault: Fault, error: type[FakturaError], pause: int | None
) -> None:
    """A question changes nothing: whatever became of it, nothing was done."""
    feed = scene.feed()
    user, _ = await scene.connected(feed)
    scene.world.fail_next("/bankConnections", fault)

    with pytest.raises(error) as caught:
        await feed.connections(user)

    assert type(caught.value) is error
    assert getattr(caught.value, "retry_after", None) == pause
    assert len(await feed.connections(user)) == 1


@pytest.mark.parametrize(
    ("fault", "error", "tasks"),
    [
        (Fault.BUSY, OutsideUnavailable, 0),
        (Fault.DOWN, OutsideUnavailable, 0),
        (Fault.MORE_AUTHENTICATION, PersonNeeded, 0),
        (Fault.BAD_GATEWAY, OutcomeUnknown, 0),
        (Fault.BAD_GATEWAY_AFTER, OutcomeUnknown, 1),
        (Fault.BROKEN_AFTER, OutcomeUnknown, 1),
        (Fault.RESET_AFTER, OutcomeUnknown, 1),
        (Fault.CUT_AFTER, OutcomeUnknown, 1),
    ],
)
async def test_of_an_order_that_was_not_answered_nobody_knows(
    scene: Scene, fault: Fault, error: type[FakturaError], tasks: int
) -> None:
    """An update may have begun all the same; to ask for another one later does no harm."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.fail_next("backgroundUpdate", fault)

    with pytest.raises(error) as caught:
        await feed.begin_update(user, connection, FormRequest())

    assert type(caught.value) is error
    assert len(scene.world.tasks) == tasks
    assert (await feed.begin_update(user, connection, FormRequest())).connection == connection


async def test_a_token_that_was_not_answered_is_asked_for_later(scene: Scene) -> None:
    """A lost token is no harm: another one is made."""
    feed = scene.feed()
    scene.world.fail_next(LOGIN, Fault.RESET_AFTER)

    with pytest.raises(OutsideUnavailable):
        await feed.create_user("werk")

    assert (await feed.create_user("werk")).id in scene.world.users


@dataclass
class Impatient(Http):
    """The core's way out, with less patience."""

    http: Http

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Wait for a twentieth of a second."""
        return await self.http.request(replace(request, limit=timedelta(seconds=0.05)))


async def test_an_answer_that_hangs_is_given_up(scene: Scene) -> None:
    """The core waits for so long and no longer."""
    feed = scene.feed()
    user, _ = await scene.connected(feed)
    right = feed.runtime
    hasty = FinapiFeed(
        feed.settings, Runtime(right.clock, right.log, right.state, Impatient(right.http))
    )
    await hasty.connections(user)
    scene.world.fail_next("/bankConnections", Fault.HANG)

    with pytest.raises(OutsideUnavailable, match="did not come"):
        await hasty.connections(user)


async def test_finapi_that_is_not_there_is_asked_later(scene: Scene) -> None:
    """Nothing was sent."""
    right = scene.feed(access_url="http://127.0.0.1:9")
    runtime = Runtime(
        right.runtime.clock, right.runtime.log, right.runtime.state, http_to("127.0.0.1:9")
    )

    with pytest.raises(OutsideUnavailable, match="not reached"):
        await FinapiFeed(right.settings, runtime).create_user("werk")


async def test_any_other_no_is_told_in_finapis_words(scene: Scene) -> None:
    """A callback that is not https: the web form's own shape of error."""
    feed = scene.feed()
    user = await feed.create_user("werk")

    with pytest.raises(LinkRefused) as caught:
        await feed.begin_connection(user, FormRequest(callback_url="http://bill.example/cb"))

    assert caught.value.problem == "HTTP 400: callbacks.finalised: must be an https address"


def answer(body: bytes, status: int = 200, **headers: str) -> HttpAnswer:
    """An answer of finAPI's, or of what stands before it."""
    return HttpAnswer(
        status, {name.replace("_", "-"): text for name, text in headers.items()}, body
    )


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a":NaN}', b"[" * 100_000, b"<html>"])
def test_a_body_that_is_no_json_is_nothing_to_go_on_with(body: bytes) -> None:
    """Neither a number that is none, nor a bomb of brackets."""
    with pytest.raises(OutsideUnavailable):
        content(answer(body), "here", asking=True)
    with pytest.raises(OutcomeUnknown):
        content(answer(body), "here", asking=False)
    assert told(answer(body)) == ""


def test_numbers_are_exact() -> None:
    """Money is a JSON number at finAPI: read as a decimal, with its places."""
    said = content(answer(b'{"amount": -53.00, "many": 0.1}'), "here", asking=True)

    assert [str(value) for value in said.values()] == ["-53.00", "0.1"]
    assert content(answer(b"", 204), "here", asking=True) == {}


@pytest.mark.parametrize(
    ("text", "seconds"), [("12", 12), ("", 60), ("soon", 60), ("999999", 86400), ("9" * 30, 60)]
)
def test_a_pause_is_what_finapi_asks_for(text: str, seconds: int) -> None:
    """Retry-After in seconds; anything else is a minute, and never longer than a day."""
    with pytest.raises(OutsideUnavailable) as caught:
        content(answer(b"", 429, retry_after=text), "here", asking=True)

    assert caught.value.retry_after == seconds


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"errors":[{"code":"LOCKED","message":"busy"},7]}', "LOCKED: busy"),
        (b'{"error":"invalid_grant","error_description":"Bad"}', "invalid_grant: Bad"),
        (b'{"code":"NOT_FOUND","description":"no"}', "NOT_FOUND: no"),
        (b'{"errors":[{"field":"a","message":"b"},{"field":"c","message":"d"}]}', "a: b; c: d"),
        (b'{"errors":"none","code":5}', ""),
        (b"[]", ""),
    ],
)
def test_every_shape_of_a_no_is_read(body: bytes, words: str) -> None:
    """1.2: errors[] of Access, the tokens' own, and the two of the web form."""
    assert told(answer(body, 400)) == words


def test_a_long_no_is_cut() -> None:
    """An answer of somebody else fills no log."""
    said = told(answer(b'{"error":"' + b"x" * 5000 + b'"}', 400))

    assert len(said) == 500


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, LinkRefused), (404, LinkRefused), (422, LinkRefused), (501, LinkRefused)],
)
def test_a_no_is_a_no(status: int, error: type[FakturaError]) -> None:
    """Nothing of it is worth another try."""
    with pytest.raises(error) as caught:
        content(answer(b"", status), "here", asking=True)

    assert (caught.value.problem, caught.value.place) == (f"HTTP {status}", "here")


def test_only_finapi_itself_knows_that_something_is_gone() -> None:
    """A page of a gateway ends no connection."""
    known = b'{"errors":[{"code":"UNKNOWN_ENTITY","message":"no such connection"}]}'
    with pytest.raises(NotFound):
        content(answer(known, 404), "here", asking=True)
    with pytest.raises(LinkRefused):
        content(answer(b"<html>no backend</html>", 404), "here", asking=True)


@pytest.mark.parametrize(
    ("path", "body", "error", "words"),
    [
        ("/accounts", '{"accounts":[{"id":1}]}', FileUnreadable, "accounts.0.bankConnectionId"),
        (
            "/accounts",
            '{"accounts":[{"id":1,"bankConnectionId":2,"balance":true}]}',
            AmountUnreadable,
            "accounts.0.balance: Value error, this is no number",
        ),
        ("/bankConnections", '{"connections":[null]}', FileUnreadable, "connections.0"),
        ("/bankConnections", "{}", FileUnreadable, "connections"),
    ],
)
async def test_an_answer_without_what_is_read_of_it_is_refused(
    scene: Scene, path: str, body: str, error: type[FakturaError], words: str
) -> None:
    """The field is named, the value is not."""
    feed = scene.feed()
    user, _ = await scene.connected(feed)
    odd = answered(feed, path, body)

    with pytest.raises(error) as caught:
        await odd.connections(user)

    assert words in caught.value.problem


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ('{"id":"f-1","status":"SOMETHING_NEW"}', None),
        ('{"id":"f-1","status":"NOT_YET_OPENED"}', None),
        (
            '{"id":"f-1","status":"NOT_YET_OPENED","url":"https://a.example/f"}',
            "https://a.example/f",
        ),
    ],
)
async def test_a_form_without_an_address_is_waited_for(
    scene: Scene, said: str, form: str | None
) -> None:
    """Nothing is made up."""
    feed = scene.feed()
    user = await feed.create_user("werk")

    begun = await answered(feed, "/bankConnectionImport", said).begin_connection(
        user, FormRequest()
    )

    assert (begun.form.url if begun.form else None) == form


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://bank.example/\\u001b[2J", "https://bank.example/ x"]
)
async def test_a_person_is_sent_to_no_other_kind_of_address(scene: Scene, url: str) -> None:
    """What finAPI says becomes a link, and a line in a terminal."""
    feed = scene.feed()
    user = await feed.create_user("werk")
    said = f'{{"id":"f-1","status":"NOT_YET_OPENED","url":"{url}"}}'

    with pytest.raises(FileUnreadable, match="url"):
        await answered(feed, "/bankConnectionImport", said).begin_connection(user, FormRequest())


def answered(feed: FinapiFeed, path: str, said: str) -> FinapiFeed:
    """The feed, with another answer for one path."""
    right = feed.runtime
    http = Answering(right.http, path, said.encode())
    return FinapiFeed(feed.settings, Runtime(right.clock, right.log, right.state, http))


@dataclass
class Answering(Http):
    """The core's way out, but for one path, where somebody else answers."""

    http: Http
    path: str
    body: bytes

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """The body for the path."""
        if request.url.partition("?")[0].endswith(self.path):
            return HttpAnswer(200, {}, self.body)
        return await self.http.request(request)


async def test_what_a_later_version_adds_is_left_alone(scene: Scene) -> None:
    """1.2: unknown words and fields are no error: an unknown state runs on."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    form = await feed.begin_connection(user, FormRequest())
    scene.world.forms[form.reference].status = "WAITING_FOR_SOMETHING_NEW"
    made = scene.world.connections[int(connection)]
    made.consent = "HALF_PRESENT"
    made.manual = {"result": "PARTLY", "timestamp": scene.world.moment()}
    scene.world.accounts[made.accounts[0]].status = "RESTING"

    assert (await feed.look_up(user, form)).state.value == "RUNNING"
    (told,) = await feed.connections(user)

    assert (told.consent.value, told.result.value) == ("UNKNOWN", "UNKNOWN")
    assert told.accounts[0].state.value == "UNKNOWN"
