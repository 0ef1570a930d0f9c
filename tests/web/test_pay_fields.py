"""The provider's fields in a page of ours: what it may load, and that a result is charged once (F089)."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.services.company import settle
from tests.services.payments.pay_scene import CARD, FieldsProvider, Scene, copied, pay_scene
from tests.web.paying import pay
from tests.web.visits import Browser, form_token_in, origin, send, visiting

from faktura.plugin import Embedded


@pytest.fixture
def scene(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Cards, in a page of ours."""
    made = pay_scene(copied(migrated_file, tmp_path), tmp_path, {"fields": frozenset({CARD})})
    yield made
    made.app.close()


@pytest.fixture
async def visitor(scene: Scene) -> AsyncIterator[Browser]:
    """A customer."""
    async with visiting(scene.app, None) as client:
        yield client


async def test_the_page_may_load_exactly_what_the_adapter_names(scene, visitor):
    """Scripts by nonce and host alone; nothing in line, nothing from anywhere else."""
    begun = await pay(scene, visitor)
    answer = await visitor.get(begun.headers["Location"])
    page = await answer.text()
    again = await (await visitor.get(begun.headers["Location"])).text()

    nonces = set(re.findall(r'nonce="([^"]+)"', page))
    (nonce,) = nonces
    assert begun.headers["Location"] == f"/pay/{scene.token()}/fields"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none';"
        f" script-src 'nonce-{nonce}' https://js.double.example;"
        " frame-src https://assets.double.example https://*.double.example"
    )
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert nonces.isdisjoint(re.findall(r'nonce="([^"]+)"', again))
    assert page.count("<script") == page.count(f'<script nonce="{nonce}"') == 2
    assert f'<script nonce="{nonce}" src="https://js.double.example/fields.js"></script>' in page
    assert 'data-token="&lt;tok&gt;&amp;"' in page
    assert 'name="result" value=""' in page
    assert "71,40\u00a0€" in page


async def test_a_result_is_charged_once_however_often_it_is_sent(scene, visitor):
    """The form again, and another result."""
    begun = await pay(scene, visitor)
    page = await (await visitor.get(begun.headers["Location"])).text()
    address, token = f"/pay/{scene.token()}/result", form_token_in(page)
    first = await send(visitor, address, form_token=token, result="nonce")
    for result in ("nonce", "other"):
        await send(visitor, address, form_token=token, result=result)
    fields = await visitor.get(begun.headers["Location"], allow_redirects=False)

    assert (first.status, first.headers["Location"]) == (303, f"/pay/{scene.token()}")
    assert scene.store.audit().charges == {"RE-000001": 1}
    assert scene.states() == ["SUCCEEDED"]
    assert fields.status == 303


async def test_a_declined_result_is_told_and_may_be_tried_again(scene, visitor):
    """In our words, not the provider's."""
    begun = await pay(scene, visitor)
    page = await (await visitor.get(begun.headers["Location"])).text()
    address, token = f"/pay/{scene.token()}/result", form_token_in(page)
    await send(visitor, address, form_token=token, result="decline")
    told = await (await visitor.get(f"/pay/{scene.token()}")).text()
    await pay(scene, visitor)
    await send(visitor, address, form_token=token, result="nonce")

    assert "Die Zahlung ist nicht gelungen" in told
    assert "internal" not in told
    assert scene.states() == ["FAILED", "SUCCEEDED"]
    assert scene.store.audit().charges == {"RE-000001": 1}


async def test_no_result_counts_that_is_empty_foreign_or_over_another_amount(scene, visitor):
    """An empty one without script, a form of another page, a page from before a credit note."""
    begun = await pay(scene, visitor)
    page = await (await visitor.get(begun.headers["Location"])).text()
    address, token = f"/pay/{scene.token()}/result", form_token_in(page)
    empty = await send(visitor, address, form_token=token, result="")
    foreign = await visitor.post(address, data={"result": "nonce"}, headers=origin(visitor))
    settle(scene.app.database, scene.tenant, "RE-000001", 1_140)
    fields = await visitor.get(begun.headers["Location"], allow_redirects=False)
    await send(visitor, address, form_token=token, result="nonce")

    assert (empty.status, foreign.status, fields.status) == (303, 403, 303)
    assert scene.store.audit().charges == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"scripts": ("http://js.double.example/fields.js",)},
        {"scripts": ("javascript:alert(1)",)},
        {"own_script": "var a = '</SCRIPT>';"},
        {"values": {'x onload="alert(1)"': "1"}},
        {"sources": {"script-src": ("'unsafe-inline'",)}},
        {"sources": {"script-src": ("https:",)}},
        {"sources": {"script-src": ("https://a.example; form-action *",)}},
        {"sources": {"form-action": ("https://evil.example",)}},
        {"sources": {"frame-src": ("http://assets.double.example",)}},
        {"sources": {"connect-src": ("*",)}},
    ],
)
async def test_what_no_adapter_may_name_is_not_loaded(scene, visitor, monkeypatch, changed):
    """The page is not shown at all; the customer is told that it does not work now."""
    embedded: Embedded = FieldsProvider.embedded.model_copy(update=changed)
    monkeypatch.setattr(FieldsProvider, "embedded", embedded)
    begun = await pay(scene, visitor)
    answer = await visitor.get(begun.headers["Location"])

    assert answer.status == 503
    assert "evil" not in answer.headers["Content-Security-Policy"]
    assert "<script" not in await answer.text()
