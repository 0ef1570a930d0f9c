"""Signing in and out, as a browser does it and as whoever attacks it would."""

import re
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from tests.web.company import ANNA, BERTA, LOOKED_AT, PASSWORD
from tests.web.visits import (
    SIGN_IN,
    form_token_in,
    link_token,
    origin,
    send,
    session_token,
    sign_in,
    visiting,
    wanted_after,
)

from faktura.bootstrap import PublicUrl
from faktura.kernel.clock import FixedClock
from faktura.services.sign_in import who_is_here
from faktura.services.users import disable_user, enable_user
from faktura.web.addresses import own_address

NORD = "/admin/t/nord"


@pytest.fixture
def later(app):
    """The application and its clock, which may be moved: the others' stands still."""
    clock = FixedClock(LOOKED_AT)
    database = replace(app.database, clock=clock)
    return replace(app, clock=clock, database=database), clock


def cookie_of(answer, name="faktura"):
    """The cookie that an answer sets, with its attributes."""
    cookies = SimpleCookie()
    for header in answer.headers.getall("Set-Cookie", []):
        cookies.load(header)
    return cookies[name]


def is_signed_in(app, token: str) -> bool:
    """Whether a session of that token is there."""
    with app.database.read(0) as tx:
        return who_is_here(tx, token) is not None


async def test_a_page_leads_to_the_sign_in_and_that_back_to_the_page(stranger):
    """With everything that was asked for; the language goes along."""
    asked = await stranger.get(f"{NORD}/invoices?q=a%26b&lang=en", allow_redirects=False)
    page = await (await stranger.get(asked.headers["Location"])).text()
    signed_in = await send(
        stranger, SIGN_IN, form_token=form_token_in(page), email=ANNA, password=PASSWORD,
        next=wanted_after(asked),
    )  # fmt: skip
    shown = await stranger.get(signed_in.headers["Location"])

    assert asked.status == 303
    assert wanted_after(asked) == f"{NORD}/invoices?q=a%26b&lang=en"
    assert '<html lang="en">' in page
    assert (signed_in.status, signed_in.headers["Location"]) == (
        303, f"{NORD}/invoices?q=a%26b&lang=en",
    )  # fmt: skip
    assert shown.status == 200
    assert "Nordwind GmbH" in await shown.text()


@pytest.mark.parametrize(
    "path",
    ["/admin", f"{NORD}/status", f"{NORD}/invoices", f"{NORD}/invoices/RE-000001",
     f"{NORD}/invoices/RE-000001/file", "/admin/t/nowhere/status", "/status", "/invoices",
     "/invoices/RE-000001", "/invoices/RE-000001/file"],
)  # fmt: skip
async def test_without_a_session_there_is_nothing_but_the_sign_in(stranger, path):
    """Whether the tenant exists is not told either."""
    answer = await stranger.get(path, allow_redirects=False)
    head = await stranger.head(path, allow_redirects=False)

    assert (answer.status, head.status) == (303, 303)
    assert wanted_after(answer) == path
    assert await answer.read() == b""


async def test_every_page_is_closed_unless_it_is_named_open(app, stranger):
    """Health, the sign-in and the files that every page loads; a new page is closed by itself.

    Where a login elsewhere comes back to is open too: its state is the key, and works once. So are
    the pages on which customers pay, whose token is the key; the receiver proves signatures.
    """
    opened = set()
    for route in stranger.app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if route.method != "GET" or path.startswith(("/api", "/webhooks")):
            continue
        there = path.replace("{tenant}", "nord").replace("{number}", "RE-000001")
        answer = await stranger.get(there.replace("{page}", "0" * 36), allow_redirects=False)
        if answer.status != 303:
            opened.add(re.sub("[0-9a-f]{12}", "HASH", path))

    assert opened == {
        "/", "/connect/{target}/{tenant}", "/favicon.ico", "/live", "/metrics", "/ready", "/sign-in",
        "/sign-in/link",
        "/static/HASH/faktura.css", "/static/HASH/icon.svg", "/pay/{token}",
        "/pay/{token}/document", "/pay/{token}/fields", "/pay/{token}/method",
        "/pay/{token}/method/{page}", "/pay/{token}/method/{page}/fields", "/pay/{token}/return",
    }  # fmt: skip


async def test_the_session_is_a_cookie_that_only_we_read(app, stranger):
    """32 random bytes, out of scripts' reach, not sent by foreign sites' forms."""
    answer = await sign_in(stranger, " Anna@NORD.example ", PASSWORD)
    cookie = cookie_of(answer)

    assert (answer.status, answer.headers["Location"]) == (303, "/admin")
    assert re.fullmatch("[A-Za-z0-9_-]{43}", cookie.value)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == "604800"
    assert not cookie["secure"]
    assert not cookie["domain"]
    assert is_signed_in(app, cookie.value)


async def test_over_https_the_cookie_is_bound_to_the_host(app):
    """__Host- and Secure; the transport is held to https for a year."""
    public = PublicUrl("https", "billing.example.com")
    opened = replace(app, settings=replace(app.settings, public_url=public))
    there = {"Host": "billing.example.com", "Origin": "https://billing.example.com"}
    async with visiting(opened, None) as browser:
        first = await browser.get(SIGN_IN, headers=there)
        before = cookie_of(first, "__Host-faktura-form")
        answer = await browser.post(
            SIGN_IN,
            data={"form_token": before.value, "email": ANNA, "password": PASSWORD},
            headers={**there, "Cookie": f"__Host-faktura-form={before.value}"},
            allow_redirects=False,
        )
        cookie = cookie_of(answer, "__Host-faktura")
        page = await browser.get(
            f"{NORD}/status", headers={**there, "Cookie": f"__Host-faktura={cookie.value}"}
        )
        plain = await browser.get(
            f"{NORD}/status",
            headers={**there, "Cookie": f"faktura={cookie.value}"},
            allow_redirects=False,
        )

    assert cookie["secure"] is True
    assert before["secure"] is True
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert first.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert page.status == 200
    # A neighbour's host could have set the one without the prefix.
    assert plain.status == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [(ANNA, "wrong"), ("no@body.example", PASSWORD), ("", ""), ("\x00", "\x00")],
)
async def test_a_refusal_does_not_say_what_was_wrong(stranger, email, password):
    """The same page for an unknown address and a wrong password; no cookie of a session."""
    answer = await sign_in(stranger, email, password, next=f"{NORD}/status")
    page = await answer.text()

    assert answer.status == 422
    assert "Adresse und Passwort passen nicht zusammen." in page
    assert f'name="next" value="{NORD}/status"' in page
    assert "faktura=" not in answer.headers.get("Set-Cookie", "")


async def test_what_was_typed_is_shown_escaped_and_the_password_never(stranger):
    """Whatever it holds."""
    page = await (await sign_in(stranger, '"><script>alert(1)</script>', "my-secret-pw")).text()

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "my-secret-pw" not in page


async def test_a_token_that_the_browser_brought_is_not_taken_over(app, stranger):
    """No fixation: signed in is who has the new token, and the one brought along is worth nothing."""
    planted = "A" * 43
    stranger.session.cookie_jar.update_cookies({"faktura": planted})

    answer = await sign_in(stranger, ANNA, PASSWORD)

    assert cookie_of(answer).value != planted
    assert not is_signed_in(app, planted)


async def test_signing_in_again_ends_the_session_before(app):
    """Also as somebody else."""
    before = session_token(app, BERTA)
    async with visiting(app, None) as browser:
        browser.session.cookie_jar.update_cookies({"faktura": before})
        answer = await sign_in(browser, ANNA, PASSWORD)

    assert is_signed_in(app, cookie_of(answer).value)
    assert not is_signed_in(app, before)


async def test_signing_out_ends_the_session_in_the_database(app):
    """A copy of the cookie is worth nothing afterwards."""
    token = session_token(app, ANNA)
    async with visiting(app, None) as browser:
        browser.session.cookie_jar.update_cookies({"faktura": token})
        page = await (await browser.get(f"{NORD}/status")).text()
        answer = await send(browser, "/sign-out", form_token=form_token_in(page))
        after = await browser.get(f"{NORD}/status", allow_redirects=False)
        copied = await browser.get(
            f"{NORD}/status", headers={"Cookie": f"faktura={token}"}, allow_redirects=False
        )

    assert "Anna" in page
    assert (answer.status, answer.headers["Location"]) == (303, SIGN_IN)
    assert cookie_of(answer)["max-age"] == "0"
    assert (after.status, copied.status) == (303, 303)


async def test_an_idle_session_ends(later):
    """Seen within twelve hours it goes on; the moment is written down once a minute."""
    app, clock = later
    async with visiting(app, ANNA) as browser:

        async def status() -> int:
            return (await browser.get(f"{NORD}/status", allow_redirects=False)).status

        clock.advance(timedelta(hours=11, minutes=59))
        assert await status() == 200
        clock.advance(timedelta(hours=11, minutes=59))
        assert await status() == 200
        clock.advance(timedelta(seconds=59))
        # Not written down: too soon after the one before.
        assert await status() == 200
        clock.advance(timedelta(hours=11, minutes=59, seconds=1))

        assert await status() == 303


async def test_a_disabled_user_is_out_with_the_next_page(app):
    """And stays out with the same cookie when they come back."""
    async with visiting(app, ANNA) as browser:
        before = await browser.get(f"{NORD}/status", allow_redirects=False)
        with app.database.write(0) as tx:
            disable_user(tx, ANNA)
        during = await browser.get(f"{NORD}/status", allow_redirects=False)
        refused = await sign_in(browser, ANNA, PASSWORD)
        with app.database.write(0) as tx:
            enable_user(tx, ANNA)
        after = await browser.get(f"{NORD}/status", allow_redirects=False)

    assert (before.status, during.status, refused.status, after.status) == (200, 303, 422, 303)


async def test_a_link_signs_in_at_once_and_only_once(app, stranger, caplog):
    """Opened by hand; replayed it leads to the form, and its token is in no log."""
    caplog.set_level("DEBUG")
    token = link_token(app, ANNA)
    path = f"/sign-in/link?token={token}"

    opened = await stranger.get(path, headers={"Sec-Fetch-Site": "none"}, allow_redirects=False)
    shown = await stranger.get(f"{NORD}/status")
    async with visiting(app, None) as thief:
        replayed = await thief.get(path)
        told = await replayed.text()

    assert (opened.status, opened.headers["Location"]) == (303, "/admin")
    assert shown.status == 200
    assert replayed.status == 422
    assert "Dieser Link gilt nicht mehr." in told
    assert "faktura=" not in replayed.headers.get("Set-Cookie", "")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("faktura")]
    assert "signed_in" in ours[0]
    assert token not in "".join(ours)


async def test_a_link_on_a_foreign_page_asks_before_it_signs_in(app, stranger):
    """Else a page could sign its readers in as somebody, and a preview would use the link up."""
    token = link_token(app, ANNA)
    path = f"/sign-in/link?token={token}"

    asked = await stranger.get(path, headers={"Sec-Fetch-Site": "cross-site"})
    page = await asked.text()
    confirmed = await send(stranger, "/sign-in/link", form_token=form_token_in(page), token=token)

    assert asked.status == 200
    assert "einen Link geöffnet, der Sie anmeldet" in page
    assert confirmed.status == 303
    assert is_signed_in(app, cookie_of(confirmed).value)


async def test_asking_for_a_links_head_does_not_use_it_up(app, stranger):
    """Mail servers do that."""
    path = f"/sign-in/link?token={link_token(app, ANNA)}"

    head = await stranger.head(path)
    opened = await stranger.get(path, allow_redirects=False)

    assert (head.status, opened.status) == (405, 303)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "%00", "%ED%B2%80"])
async def test_a_made_up_link_is_none(stranger, token):
    """Whatever it holds."""
    answer = await stranger.get(f"/sign-in/link?token={token}", allow_redirects=False)

    assert answer.status == 422


ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "/%0d%0aSet-Cookie:x=y\r\n", "javascript:alert(1)", "evil.example",
    "https:evil.example", " //evil.example", "/ä", "", "/a\nb", "/" + "a" * 2_000,
]  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=range(len(ELSEWHERE)))
async def test_nobody_is_led_elsewhere(app, elsewhere):
    """No open redirect: what is not plainly an address of ours is the overview."""
    async with visiting(app, None) as browser:
        answer = await sign_in(browser, ANNA, PASSWORD, next=elsewhere)

    assert (answer.status, answer.headers["Location"]) == (303, "/admin")


@pytest.mark.parametrize("path", ["/", "/admin", "/invoices?q=a//b&after=%C3%A4", "/a\u007e-._~!$"])
def test_an_address_of_ours_is_kept(path):
    """Two slashes are harmless behind the question mark."""
    assert own_address(path) == path


async def test_wrong_passwords_make_an_account_wait(later):
    """Five are free, then it takes 2, 4, 8 seconds; who knows the password waits as well."""
    app, clock = later
    async with visiting(app, None) as browser:
        statuses = [(await sign_in(browser, BERTA, "wrong")).status for _ in range(5)]
        sixth = await sign_in(browser, BERTA, PASSWORD)
        page = await sixth.text()
        other = await sign_in(browser, ANNA, PASSWORD)
        clock.advance(timedelta(seconds=2))
        seventh = await sign_in(browser, BERTA, "wrong")
        eighth = await sign_in(browser, BERTA, "wrong")
        clock.advance(timedelta(seconds=4))
        right = await sign_in(browser, BERTA, PASSWORD)

    assert statuses == [422] * 5
    assert (sixth.status, sixth.headers["Retry-After"]) == (429, "2")
    assert "Zu viele Versuche." in page
    assert "Wait 2 seconds" in page
    assert other.status == 303
    assert (seventh.status, eighth.status, eighth.headers["Retry-After"]) == (422, 429, "4")
    assert right.status == 303


async def test_made_up_links_make_an_address_wait(later):
    """Each is a transaction that writes."""
    app, _ = later
    async with visiting(app, None) as browser:
        statuses = [
            (await browser.get("/sign-in/link?token=x", headers=origin(browser))).status
            for _ in range(21)
        ]

    assert statuses == [422] * 20 + [429]
