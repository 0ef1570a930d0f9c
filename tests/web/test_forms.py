"""Forms that change something: only ours, only from our pages, only with the session's token."""

import asyncio
from uuid import UUID

import pytest
from aiohttp import web
from tests.web.company import ANNA, BERTA, PASSWORD
from tests.web.visits import (
    SIGN_IN,
    form_token_in,
    origin,
    send,
    visiting,
)

from faktura.web.application import create_app

STATUS = "/admin/t/nord/status"


async def token_of(browser) -> str:
    """The form token of a signed-in page."""
    return form_token_in(await (await browser.get(STATUS)).text())


def changing_routes(application: web.Application) -> list[tuple[str, str]]:
    """Method and address of every route that is not only read, but for the REST door's."""
    return [
        (route.method, route.resource.canonical if route.resource else "")
        for route in application.router.routes()
        if route.method not in ("GET", "HEAD")
        and not (
            route.resource
            and route.resource.canonical.startswith(("/api", "/webhooks", "/bank-callbacks"))
        )
    ]


async def test_nothing_changes_anything_without_the_token(app, browser, stranger):
    """Every route, signed in or not, by a form that says it is ours: a new one is guarded by itself."""
    routes = changing_routes(create_app(app))

    for method, path in routes:
        there = path.replace("{tenant}", "nord").replace("{number}", "RE-000001")
        there = there.replace("{page}", "0" * 36).replace("{connection}", str(UUID(int=0)))
        for visitor in (browser, stranger):
            answer = await visitor.request(method, there, data={"a": "b"}, headers=origin(visitor))
            assert (path, answer.status) == (path, 403)

    assert {path for _, path in routes} >= {"/sign-in", "/sign-in/link", "/sign-out"}


async def test_a_screen_to_come_needs_only_the_token_in_its_template(app):
    """A handler that reads its form; without the token it is not reached."""
    reached = []

    async def saves(request: web.Request) -> web.Response:
        reached.append((await request.post())["name"])
        return web.Response(text="saved")

    application = create_app(app)
    application.router.add_post("/admin/saves", saves)
    async with visiting(app, ANNA, application) as browser:
        right = await send(browser, "/admin/saves", form_token=await token_of(browser), name="one")
        wrong = await send(browser, "/admin/saves", form_token="x" * 43, name="two")

    assert (right.status, wrong.status) == (200, 403)
    assert reached == ["one"]


@pytest.mark.parametrize("token", ["", "x", "é", "\udcff".encode("utf-8", "replace").decode()])
async def test_a_wrong_token_is_refused_with_a_page_that_helps(browser, token):
    """And the session goes on."""
    answer = await send(browser, "/sign-out", form_token=token)

    assert answer.status == 403
    assert "Dieses Formular gilt nicht mehr." in await answer.text()
    assert (await browser.get(STATUS)).status == 200


async def test_another_sessions_token_is_worth_nothing(app, browser):
    """Not that of somebody else, nor of another session of the same user."""
    async with visiting(app, ANNA) as anna, visiting(app, BERTA) as berta:
        foreign = [await token_of(anna), await token_of(berta)]

    statuses = [(await send(browser, "/sign-out", form_token=token)).status for token in foreign]

    assert statuses == [403, 403]


async def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it(browser):
    """The cookie of the sign-in form is no session's."""
    page = await (await browser.get(SIGN_IN)).text()

    answer = await send(browser, "/sign-out", form_token=form_token_in(page))

    assert answer.status == 403


async def test_a_form_without_a_session_is_refused(app, stranger):
    """Without a token as well as with one of the sign-in page: there is nothing to sign out of."""
    page = await (await stranger.get(SIGN_IN)).text()

    bare = await send(stranger, "/sign-out")
    with_token = await send(stranger, "/sign-out", form_token=form_token_in(page))

    assert bare.status == 403
    assert (with_token.status, with_token.headers["Location"]) == (303, SIGN_IN)


OURS = "http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:{port}.evil.example"},
        # Another name of ours is another place to a browser.
        {"Origin": "http://localhost:{port}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
async def test_a_form_of_elsewhere_is_refused_even_with_the_token(browser, headers):
    """What the browser says about where the form stands; saying nothing is not enough."""
    sent = {name: value.format(port=browser.port) for name, value in headers.items()}

    answer = await browser.post(
        "/sign-out", data={"form_token": await token_of(browser)}, headers=sent
    )

    assert answer.status == 403
    assert (await browser.get(STATUS)).status == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": OURS}, {"Sec-Fetch-Site": "same-origin"},
     {"Origin": OURS, "Sec-Fetch-Site": "same-origin"}],
)  # fmt: skip
async def test_a_form_of_our_own_page_is_taken(app, headers):
    """Either header, or both."""
    async with visiting(app, ANNA) as browser:
        sent = {name: value.format(port=browser.port) for name, value in headers.items()}
        answer = await browser.post(
            "/sign-out",
            data={"form_token": await token_of(browser)},
            headers=sent,
            allow_redirects=False,
        )

    assert answer.status == 303


async def test_the_sign_in_form_is_guarded_too(stranger):
    """Else a foreign page could sign its readers in as somebody else."""
    page = await (await stranger.get(SIGN_IN)).text()
    fields = {"email": ANNA, "password": PASSWORD, "form_token": form_token_in(page)}

    foreign = await stranger.post(SIGN_IN, data=fields, headers={"Origin": "https://evil.example"})
    wrong = await send(stranger, SIGN_IN, **{**fields, "form_token": "x" * 43})
    stranger.session.cookie_jar.clear()
    without_cookie = await send(stranger, SIGN_IN, **fields)
    stranger.session.cookie_jar.update_cookies({"faktura-form": ""})
    empty = await send(stranger, SIGN_IN, **{**fields, "form_token": ""})

    assert [foreign.status, wrong.status, without_cookie.status, empty.status] == [403] * 4


async def test_two_tabs_of_the_sign_in_page_share_a_token(stranger):
    """The second one does not spoil the first."""
    first = form_token_in(await (await stranger.get(SIGN_IN)).text())
    second = form_token_in(await (await stranger.get(SIGN_IN)).text())

    assert first == second


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("application/json", b'{"form_token": "x"}', 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("text/plain", b"form_token=x", 415),
        ("application/x-www-form-urlencoded; charset=utf-16", b"a=b", 415),
        ("application/x-www-form-urlencoded; charset=nonsense", b"a=b", 415),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%ff", 400),
        ("application/x-www-form-urlencoded", b"&&==;%%%", 403),
        ("application/x-www-form-urlencoded", b"", 403),
    ],
)
async def test_what_is_no_form_is_refused(browser, media_type, body, status):
    """The right status, no trace of internals, and the session goes on."""
    answer = await browser.post(
        "/sign-out", data=body, headers={**origin(browser), "Content-Type": media_type}
    )

    assert answer.status == status
    assert "Traceback" not in await answer.text()
    assert (await browser.get(STATUS)).status == 200


async def test_a_large_form_is_refused(browser):
    """With its length and without."""

    async def without_length():
        for _ in range(20):
            yield b"x" * 1024

    headers = {**origin(browser), "Content-Type": "application/x-www-form-urlencoded"}

    said = await browser.post("/sign-out", data=b"x" * 20_000, headers=headers)
    unsaid = await browser.post("/sign-out", data=without_length(), headers=headers)

    assert (said.status, unsaid.status) == (413, 413)


async def test_a_form_that_is_not_encoded_as_it_says_is_a_bad_request(stranger):
    """Whoever sends it made a mistake, not we."""
    answer = await stranger.post(
        SIGN_IN,
        data=b"no gzip",
        headers={
            **origin(stranger),
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Encoding": "gzip",
        },
        skip_auto_headers=["Accept-Encoding"],
    )

    assert answer.status == 400


async def test_a_form_that_does_not_come_is_not_waited_for(stranger, monkeypatch):
    """Nobody has signed in yet: anybody could hold connections for days."""
    monkeypatch.setattr("faktura.web.application._PATIENCE_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", stranger.port)
    host = f"127.0.0.1:{stranger.port}"

    writer.write(
        f"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n".encode()
    )
    answer = await reader.readline()
    writer.close()

    assert answer == b"HTTP/1.1 408 Request Timeout\r\n"
