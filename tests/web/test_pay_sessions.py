"""invoicePaymentSession: links and pages by REST, and by the command (F089)."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from click.testing import CliRunner
from tests.services.company import settle
from tests.services.payments.pay_scene import CARD, Scene, copied, pay_scene
from tests.web.api.world import Caller, make_key

from faktura.cli import pay_links
from faktura.cli.payments import payments
from faktura.domain.api_keys import Scope
from faktura.kernel.errors import Misconfigured
from faktura.services.api_keys import switch_api
from faktura.store.catalogue import Project, write_projects
from faktura.web.application import create_app

PATH = "/Invoices/RE-000001/PaymentSession"


@pytest.fixture
def scene(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Cards at the double, under a public address."""
    made = pay_scene(
        copied(migrated_file, tmp_path),
        tmp_path,
        {"double": frozenset({CARD})},
        FAKTURA_PUBLIC_URL="https://billing.example",
    )
    with made.app.database.write(made.tenant.id) as tx:
        switch_api(tx, "main", on=True)
    yield made
    made.app.close()


@pytest.fixture
async def caller(scene: Scene) -> AsyncIterator[Caller]:
    """With a key that may do everything."""
    async with TestClient(TestServer(create_app(scene.app))) as client:
        yield Caller(client, make_key(scene.app, "werk"))


async def test_the_link_is_made_when_it_is_asked_for_and_stays(scene, caller):
    """Nobody asked: there is none."""
    before = await caller.get(PATH)
    made = await caller.post(PATH, {})
    again = await caller.post(PATH, {})
    after = await caller.get(PATH)

    assert (before.status, before.json["url"]) == (200, None)
    assert made.json == {
        "invoiceNumber": "RE-000001",
        "url": f"https://billing.example/pay/{scene.token()}",
        "state": "PAYABLE",
        "amount": "71.40",
        "currency": "EUR",
        "pageUrl": None,
        "expiresAt": None,
    }
    assert again.json == made.json == after.json


async def test_a_page_is_opened_at_once_and_is_the_same_when_asked_again(scene, caller):
    """Comes back to our own page; the caller names no address."""
    wanted = {"method": "CARD", "save": True}
    first = await caller.post(PATH, wanted)
    second = await caller.post(PATH, wanted)

    (attempt,) = scene.attempts()
    assert first.json["pageUrl"] == "https://double.example/page/1"
    assert first.json["expiresAt"] == "2026-10-31T09:00:00.000Z"
    assert second.json == first.json
    assert json.loads(attempt.request)["return_url"] == (
        f"https://billing.example/pay/{scene.token()}/return"
    )


async def test_what_cannot_be_paid_or_is_not_offered_is_refused(scene, caller):
    """By name, never a page over nothing."""
    lacking = await caller.post(PATH, {"method": "PAYPAL"})
    settle(scene.app.database, scene.tenant, "RE-000001", 7_140)
    paid = await caller.post(PATH, {})
    nothing = await caller.post(PATH, {"method": "CARD"})
    foreign = await caller.post(PATH, {"returnUrl": "https://evil.example"})

    assert lacking.status == 422
    assert paid.json["state"] == "PAID"
    assert nothing.status == 409
    assert foreign.status == 400
    assert scene.attempts() == []


async def test_only_who_may_see_the_invoice_and_write_payments_gets_a_link(scene, caller):
    """A key of another project, one that only reads, an unknown number."""
    with scene.app.database.write(scene.tenant.id) as tx:
        write_projects(tx, [Project(tx.new_id(), "zweit", "Zweites")])
        switch_api(tx, "zweit", on=True)
    scopes = frozenset({Scope.PAYMENTS_READ, Scope.PAYMENTS_WRITE})
    other = Caller(caller.client, make_key(scene.app, "werk", project="zweit", scopes=scopes))
    reader = Caller(
        caller.client, make_key(scene.app, "werk", scopes=frozenset({Scope.PAYMENTS_READ}))
    )

    answers = [
        await other.post(PATH, {}),
        await other.get(PATH),
        await reader.post(PATH, {}),
        await caller.post("/Invoices/RE-999999/PaymentSession", {}),
    ]

    assert [answer.status for answer in answers] == [404, 404, 403, 404]


async def test_the_command_prints_the_same_link(scene, monkeypatch):
    """With what is open; without a public address it says which setting is missing."""
    monkeypatch.setattr(pay_links, "running", lambda: nullcontext(scene.app))
    printed = CliRunner().invoke(payments, ["link", "RE-000001", "--json"])
    bare = replace(scene.app, settings=replace(scene.app.settings, public_url=None))
    monkeypatch.setattr(pay_links, "running", lambda: nullcontext(bare))
    refused = CliRunner().invoke(payments, ["link", "RE-000001"])

    assert json.loads(printed.output) == {
        "invoiceNumber": "RE-000001",
        "url": f"https://billing.example/pay/{scene.token()}",
        "state": "PAYABLE",
        "open": "71.40",
        "currency": "EUR",
    }
    assert isinstance(refused.exception, Misconfigured)
    assert refused.exception.place == "FAKTURA_PUBLIC_URL"
