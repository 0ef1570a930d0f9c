"""Visits to the pages: as somebody who is signed in, and as nobody."""

import re
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from tests.web.company import BERTA

from faktura.bootstrap import App
from faktura.services.sign_in import begin_session_by_link
from faktura.services.users import make_link
from faktura.web.application import create_app

Browser = TestClient[web.Request, web.Application]

SIGN_IN = "/sign-in"


def link_token(app: App, email: str) -> str:
    """The token of a fresh link."""
    with app.database.write(0) as tx:
        return make_link(tx, email)


def session_token(app: App, email: str = BERTA) -> str:
    """The token of a fresh session, as the cookie holds it."""
    token = link_token(app, email)
    with app.database.write(0) as tx:
        begun = begin_session_by_link(tx, token)
    assert begun is not None
    return begun.token


def visiting(
    app: App, email: str | None = BERTA, application: web.Application | None = None
) -> Browser:
    """A browser of that user, or of nobody; to be entered."""
    cookies = {} if email is None else {"faktura": session_token(app, email)}
    return TestClient(TestServer(application or create_app(app)), cookies=cookies)


def origin(browser: Browser) -> dict[str, str]:
    """What a browser says about a form of our own pages."""
    return {"Origin": f"http://127.0.0.1:{browser.port}"}


def form_token_in(page: str) -> str:
    """The token of the first form of a page."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def send(browser: Browser, path: str, **fields: str) -> ClientResponse:
    """Send a form as our page does; its answer, not where that leads."""
    return await browser.post(path, data=fields, headers=origin(browser), allow_redirects=False)


async def sign_in(browser: Browser, email: str, password: str, **fields: str) -> ClientResponse:
    """Open the sign-in page, fill it in and send it."""
    page = await (await browser.get(SIGN_IN)).text()
    return await send(
        browser,
        SIGN_IN,
        form_token=form_token_in(page),
        email=email,
        password=password,
        **fields,
    )


def wanted_after(answer: ClientResponse) -> str:
    """Where a redirect to the sign-in page leads afterwards."""
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == SIGN_IN
    return parse_qs(parts.query)["next"][0]
