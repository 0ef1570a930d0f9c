"""Who is let in, and what every answer carries."""

import logging
from dataclasses import replace

import pytest
from tests.web.visits import visiting

from faktura.bootstrap import PublicUrl
from faktura.kernel.errors import ServingRefused
from faktura.web.doors import address_of, check_serving

STATUS = "/admin/t/nord/status"


HTTPS = PublicUrl("https", "billing.example.com")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_alone_is_served(host):
    """Loopback in every spelling, with a public address and without one."""
    check_serving(host, None)
    check_serving(host, HTTPS)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.5", "example.com", ""],  # noqa: S104 - refused
)
def test_a_host_that_others_reach_wants_a_public_address(host):
    """By it a foreign name is told from ours."""
    with pytest.raises(ServingRefused, match="FAKTURA_PUBLIC_URL") as refused:
        check_serving(host, None)
    check_serving(host, HTTPS)

    assert refused.value.place == "--host"
    assert "https://billing.example.com" in refused.value.mend
    assert "ssh -L" in refused.value.mend


def test_an_address_can_be_opened():
    """IPv6 stands in brackets."""
    assert address_of("127.0.0.1", 8080) == "http://127.0.0.1:8080/"
    assert address_of("::1", 8080) == "http://[::1]:8080/"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
async def test_our_own_names_are_answered(browser, name):
    """With the port that the request came in by."""
    answer = await browser.get("/", headers={"Host": f"{name}:{browser.port}"})

    assert answer.status == 200


@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "localhost.evil.example:{port}", ""]
)
@pytest.mark.parametrize("path", ["/", STATUS, "/nothing"])
async def test_a_foreign_name_is_turned_away(browser, host, path):
    """Against DNS rebinding: a foreign page cannot read ours under its own name."""
    answer = await browser.get(path, headers={"Host": host.format(port=browser.port)})

    assert answer.status == 421
    assert "Nordwind" not in await answer.text()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_what_is_only_read_takes_no_other_method(browser, method):
    """405 names what is allowed."""
    answer = await browser.request(method, STATUS)

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,HEAD"
    assert "So kann man hier nicht anfragen." in await answer.text()


async def test_head_is_get_without_the_page(browser):
    """For monitors."""
    answer = await browser.head(STATUS)

    assert answer.status == 200
    assert await answer.read() == b""


async def test_a_large_body_is_refused(browser):
    """16 KiB is more than any page takes."""
    small = await browser.post("/", data=b"x" * 16_384)
    large = await browser.post("/", data=b"x" * 16_385)

    assert small.status == 405
    assert large.status == 413


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), (STATUS, 200), ("/nothing", 404), ("/status", 302)]
)
async def test_every_answer_carries_the_strict_headers(browser, path, status):
    """Pages, redirects and errors alike."""
    answer = await browser.get(path, allow_redirects=False)

    assert answer.status == status
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Server"] == "faktura"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers


async def test_the_pages_need_nothing_from_elsewhere(browser):
    """Stylesheet and icon are ours; there is no script and no inline style."""
    page = await (await browser.get(STATUS)).text()

    assert "<script" not in page
    assert " style=" not in page
    assert "<style" not in page
    assert "//" not in page.replace("<!--", "")


async def test_the_stylesheet_may_be_kept_because_its_address_is_its_content(browser):
    """Another content has another address."""
    page = await (await browser.get(STATUS)).text()
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = await browser.get(address)

    assert answer.status == 200
    assert answer.content_type == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert (await browser.get("/favicon.ico")).content_type == "image/svg+xml"


async def test_a_request_has_one_line_and_its_page_names_it(browser, caplog):
    """What was searched for and a faked second line do not get into the log."""
    caplog.set_level(logging.INFO, logger="faktura.web")

    answer = await browser.get("/nothing%0Arequest%20method=GET?q=Geheim")

    (line,) = [record.getMessage() for record in caplog.records if record.name == "faktura.web"]
    request_id = answer.headers["X-Request-Id"]
    assert line.startswith("request method=GET path=/nothing%0Arequest%20method=GET status=404 ms=")
    assert line.endswith(" peer=127.0.0.1")
    assert "Geheim" not in line
    assert request_id in await answer.text()


async def test_two_requests_have_two_ids(browser):
    """Whatever id a client sends along."""
    first = await browser.get("/", headers={"X-Request-Id": "mine"})
    second = await browser.get("/", headers={"X-Request-Id": "mine"})

    assert len({"mine", first.headers["X-Request-Id"], second.headers["X-Request-Id"]}) == 3


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("billing.example.com", 200),
        ("BILLING.example.com", 200),
        ("127.0.0.1:{port}", 200),
        ("localhost:{port}", 200),
        ("billing.example.com:{port}", 421),
        ("billing.example.com:443", 421),
        ("billing.example.com.", 421),
        ("billing.example.com.evil.example", 421),
        ("evil.example", 421),
        ("evil.example#billing.example.com", 421),
        ("127.0.0.1", 421),
        ("", 421),
    ],
)
async def test_with_a_public_address_that_name_is_answered_and_no_other(app, host, status):
    """Exactly as browsers send it; besides, this machine's own names on this machine."""
    opened = replace(app, settings=replace(app.settings, public_url=HTTPS))
    async with visiting(opened, None) as browser:
        for path in ("/", "/sign-in"):
            headers = {"Host": host.format(port=browser.port)}
            answer = await browser.get(path, headers=headers)

            assert answer.status == status
            assert "evil.example" not in await answer.text()


async def test_what_a_request_says_about_its_host_leads_nowhere(app):
    """Redirects have no host, and no header of a proxy is taken for one."""
    opened = replace(app, settings=replace(app.settings, public_url=HTTPS))
    async with visiting(opened, None) as browser:
        answer = await browser.get(
            STATUS,
            headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
            allow_redirects=False,
        )

    assert answer.headers["Location"] == "/sign-in?next=/admin/t/nord/status"
