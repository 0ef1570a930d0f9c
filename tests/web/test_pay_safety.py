"""The page on which a customer pays: who gets in, where it may lead, what it never tells (F089)."""

import io
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.services.payments.pay_scene import CARD, PAYPAL, Scene, copied, pay_scene
from tests.web.paying import pay
from tests.web.visits import Browser, form_token_in, origin, visiting

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import OpenedPage, PageRequest
from faktura.store.customers import replace_customers
from faktura.testing.payment_double import DoubleProvider

HOSTILE = '<script>alert("K")</script> & Söhne'


@pytest.fixture
def scene(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Cards and PayPal at the double."""
    url = copied(migrated_file, tmp_path)
    made = pay_scene(url, tmp_path, {"double": frozenset({CARD, PAYPAL})})
    yield made
    made.app.close()


@pytest.fixture
async def visitor(scene: Scene) -> AsyncIterator[Browser]:
    """A customer, of whom we know nothing but the link."""
    async with visiting(scene.app, None) as client:
        yield client


@contextmanager
def log_lines() -> Iterator[io.StringIO]:
    """What the log says meanwhile."""
    stream = io.StringIO()
    handler, logger = logging.StreamHandler(stream), logging.getLogger("faktura")
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    try:
        yield stream
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)


async def test_forms_of_foreign_pages_begin_nothing(scene, visitor):
    """No token, a wrong one, another origin."""
    address = f"/pay/{scene.token()}"
    page = await (await visitor.get(address)).text()
    fields = {"method": "CARD", "amount": "71.40"}
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    token = form_token_in(page)

    answers = [
        await visitor.post(address, data=fields, headers=origin(visitor)),
        await visitor.post(address, data={**fields, "form_token": "x"}, headers=origin(visitor)),
        await visitor.post(address, data={**fields, "form_token": token}, headers=foreign),
    ]

    assert [answer.status for answer in answers] == [403, 403, 403]
    assert scene.attempts() == []


async def test_a_form_that_is_too_old_leads_back_to_its_own_page(scene, visitor):
    """A customer has no business on the admin pages."""
    token = scene.token()
    paths = (f"/pay/{token}", f"/pay/{token}/method")

    old = [
        await visitor.post(path, data={"method": "CARD"}, headers=origin(visitor)) for path in paths
    ]
    lost = [await visitor.get(f"/pay/{token}/nowhere"), await visitor.get("/pay/")]
    texts = [await answer.text() for answer in (*old, *lost)]

    assert [answer.status for answer in (*old, *lost)] == [403, 403, 404, 404]
    for text, path in zip(texts, (*paths, f"/pay/{token}", "/pay/"), strict=True):
        assert f'class="button" href="{path}"' in text
        assert "/admin" not in text


async def test_nothing_of_ours_is_told_when_the_provider_is_away(scene, visitor, monkeypatch):
    """Neither its words nor an error's."""

    async def fails(_self: DoubleProvider, _request: PageRequest) -> OpenedPage:
        raise OutsideUnavailable("sk_live_internal.example is away")

    monkeypatch.setattr(DoubleProvider, "open_page", fails)
    answer = await pay(scene, visitor)
    page = await answer.text()

    assert answer.status == 503
    assert "Es wurde nichts abgebucht" in page
    assert "sk_live" not in page
    assert 'name="method"' in page


@pytest.mark.parametrize(
    "url",
    [
        "http://double.example/page/1",
        "javascript:alert(1)",
        "//evil.example/",
        "https://user:secret@evil.example/",
        "http://169.254.169.254/latest",
        "",
        "https://[",
    ],
)
async def test_the_browser_is_never_led_to_what_is_not_https(scene, visitor, monkeypatch, url):
    """Whatever an adapter answers."""

    async def opens(_self: DoubleProvider, _request: PageRequest) -> OpenedPage:
        return OpenedPage(reference="pg_1", url=url)

    monkeypatch.setattr(DoubleProvider, "open_page", opens)
    answer = await pay(scene, visitor)

    assert answer.status == 503
    assert "Location" not in answer.headers
    assert "evil" not in await answer.text()


async def test_hosts_of_our_own_network_may_be_named(migrated_file, tmp_path, monkeypatch):
    """For a sandbox: name and port as the settings say, and only these."""

    async def opens(_self: DoubleProvider, _request: PageRequest) -> OpenedPage:
        return OpenedPage(reference="pg_1", url="http://sandbox.internal:8080/page")

    monkeypatch.setattr(DoubleProvider, "open_page", opens)
    scene = pay_scene(
        copied(migrated_file, tmp_path),
        tmp_path,
        {"double": frozenset({CARD})},
        FAKTURA_PRIVATE_HOSTS="sandbox.internal:8080",
    )
    async with visiting(scene.app, None) as visitor:
        begun = await pay(scene, visitor)
        shown = await visitor.get(f"/pay/{scene.token()}")
    scene.app.close()

    assert (begun.status, begun.headers["Location"]) == (303, "http://sandbox.internal:8080/page")
    assert (
        "form-action 'self' https: http://sandbox.internal:8080;"
        in (shown.headers["Content-Security-Policy"])
    )


async def test_hostile_texts_are_texts(scene, visitor):
    """A customer's name, an adapter's words."""
    customer = replace(scene.customer(), name=HOSTILE)
    with scene.app.database.write(scene.tenant.id) as tx:
        replace_customers(tx, [customer])

    page = await (await visitor.get(f"/pay/{scene.token()}")).text()

    assert "&lt;script&gt;alert(&#34;K&#34;)&lt;/script&gt; &amp; Söhne" in page
    assert "<script" not in page


async def test_a_wrong_token_opens_nothing_and_guessing_makes_wait(scene, visitor):
    """Those of other forms, of other tenants, of nobody; all look alike (payments 7)."""
    right = scene.token()
    tenant, _, secret = right.partition(".")
    tokens = [
        f"{tenant}.{'A' * 32}", f"2.{secret}", f"zzzzzz.{secret}", f"0.{secret}", secret,
        f"{tenant}.{secret}x", f"{tenant}.{secret[:-1]}", "%00", "x", f"1{tenant}.{secret}",
    ]  # fmt: skip
    answers = [await visitor.get(f"/pay/{token}") for token in tokens]
    texts = {re.sub(r"<code>.*</code>", "", await one.text()) for one in answers}
    for _ in range(10):
        await visitor.get(f"/pay/{tenant}.{'B' * 32}")
    blocked = await visitor.get(f"/pay/{tenant}.{'C' * 32}")

    assert {answer.status for answer in answers} == {404}
    assert len({text.partition("hreflang")[2].partition("</head>")[2] for text in texts}) == 1
    assert blocked.status == 429
    assert int(blocked.headers["Retry-After"]) > 0


async def test_right_links_are_never_counted_against_anybody(scene, visitor):
    """An office has one address for all of its people."""
    statuses = {(await visitor.get(f"/pay/{scene.token()}")).status for _ in range(30)}

    assert statuses == {200}


async def test_the_log_holds_no_token(scene, visitor):
    """Whoever reads it must not be able to open the page."""
    token = scene.token()
    with log_lines() as written:
        await visitor.get(f"/pay/{token}")
        await visitor.get(f"/pay/{token}/return")
        await visitor.get(f"/pay/{token}x/document")

    lines = written.getvalue()
    assert "path=/pay/- status=200" in lines
    assert "path=/pay/-/return status=303" in lines
    assert "path=/pay/-/document status=404" in lines
    assert token.partition(".")[2] not in lines


async def test_the_headers_keep_the_address_to_its_owner(scene, visitor):
    """Kept by nobody, indexed by nobody, told to no other host; forms lead to https alone."""
    headers = (await visitor.get(f"/pay/{scene.token()}")).headers

    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "no-store"
    # Other hosts get no referrer at all; under no-referrer our own forms would look foreign.
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:;"
        " form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'"
    )
