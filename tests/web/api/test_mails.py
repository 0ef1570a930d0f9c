"""Mails over REST: what was written to whom, sent again, called off; who they come from."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import update
from tests.web.api.world import Caller, make_key

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.flows.fan_out import fan_out
from faktura.flows.job_context import JobContext
from faktura.flows.mail_composing import compose_mails
from faktura.kernel.outbox_terms import MailState
from faktura.store.mails import MailFilter, list_mails
from faktura.store.tables import mail
from faktura.web.application import create_app


@pytest.fixture
async def mailed(app: App) -> App:
    """Nordwind's mails about its four invoices are asked for, and written."""
    context = JobContext(app.database, app.registry, app.adapters, app.content)
    tenant = app.tenant_id("nord")

    def hand_out() -> None:
        fan_out(context, tenant, {"seal": 1})

    await asyncio.to_thread(hand_out)
    with app.database.read(tenant) as tx:
        ids = [one.id for one in list_mails(tx, MailFilter())]
    await compose_mails(context, tenant, ids)
    return app


async def rows(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    """The mails of a list."""
    answered = await caller.get(f"/Mails{query}")
    assert answered.status == 200, answered.body
    found: list[dict[str, Any]] = answered.json["data"]
    return found


async def test_mails_are_listed_newest_first_page_by_page(nord: Caller, mailed: App):
    """By customer, document, use and state."""
    first = await nord.get("/Mails?limit=2")
    rest = await rows(nord, f"?limit=2&cursor={first.json['nextCursor']}")

    assert [one["invoiceNumber"] for one in [*first.json["data"], *rest]] == [
        "RE-000004", "RE-000003", "RE-000002", "RE-000001",
    ]  # fmt: skip
    assert [one["invoiceNumber"] for one in await rows(nord, "?customerNumber=K-1")] == [
        "RE-000001"
    ]
    assert len(await rows(nord, "?invoiceNumber=RE-000002&use=INVOICE")) == 1
    assert await rows(nord, "?state=SENT") == []


async def test_one_mail_is_read_with_all_that_stands_in_it(nord: Caller, mailed: App):
    """Recipients, sender, texts and files."""
    (row,) = await rows(nord, "?customerNumber=K-1")

    mail = (await nord.get(f"/Mails/{row['mailId']}")).json

    assert (mail["state"], mail["recipients"]) == ("WAITING", ["kunde1@example.com"])
    message = mail["message"]
    assert (message["sender"], message["senderName"]) == ("mia@werk.example", "Nordwind GmbH")
    assert "71,40 EUR" in message["plain"]
    assert [one["name"] for one in message["attachments"]] == ["RE-000001.xml"]


async def test_a_mail_is_called_off_and_sent_after_all(nord: Caller, mailed: App):
    """To another address, if a person says so."""
    (row,) = await rows(nord, "?customerNumber=K-1")
    path = f"/Mails/{row['mailId']}"

    waits = await nord.post(f"{path}/resend", {})
    off = await nord.post(f"{path}/cancel")
    wrong = await nord.post(f"{path}/resend", {"to": "new@example"})
    again = await nord.post(f"{path}/resend", {"to": "new@example.com"})

    assert (waits.status, waits.json["errorKey"]) == (422, "transition_refused")
    assert (off.json["state"], off.json["message"]["recipients"]) == (
        "SKIPPED", ["kunde1@example.com"],
    )  # fmt: skip
    assert (wrong.status, wrong.json["errorKey"]) == (422, "field_invalid")
    assert (again.json["state"], again.json["recipients"]) == ("WAITING", ["new@example.com"])


async def test_a_copy_of_what_somebody_may_have_is_a_mail_of_its_own(nord: Caller, mailed: App):
    """The answer is the copy; the mail that was sent keeps who got it."""
    (row,) = await rows(nord, "?customerNumber=K-1")
    with mailed.database.write(mailed.tenant_id("nord")) as tx:
        tx.connection.execute(update(mail).values(state=MailState.SENT))

    copy = await nord.post(f"/Mails/{row['mailId']}/resend", {"to": "new@example.com"})
    first = await nord.get(f"/Mails/{row['mailId']}")

    assert copy.status == 200, copy.body
    assert copy.json["mailId"] != row["mailId"]
    assert (copy.json["state"], copy.json["recipients"]) == ("WAITING", ["new@example.com"])
    assert (first.json["state"], first.json["recipients"]) == ("SENT", ["kunde1@example.com"])


async def test_settings_are_changed_as_far_as_they_are_named(nord: Caller):
    """Null clears; a use that is off is written again when it is not named any more (F127)."""
    before = await nord.get("/MailSettings")
    changed = await nord.patch(
        "/MailSettings",
        {"sender": "post@bücher.example", "off": ["DUNNING"], "cardDays": 45},
    )
    cleared = await nord.patch("/MailSettings", {"sender": None, "off": [], "cardDays": None})
    wrong = await nord.patch("/MailSettings", {"replyTo": "post@werk"})

    assert before.json == {
        "sender": None, "senderName": None, "replyTo": None, "bouncesTo": None, "off": [],
        "cardDays": 30,
    }  # fmt: skip
    assert changed.status == 200, changed.body
    assert changed.json["sender"] == "post@xn--bcher-kva.example"
    assert (changed.json["off"], changed.json["cardDays"]) == (["DUNNING"], 45)
    assert cleared.json == before.json
    assert (wrong.status, wrong.json["errorKey"]) == (422, "field_invalid")


async def test_a_customer_is_sent_the_link_to_their_payment_data(nord: Caller, app: App):
    """Only where somebody said by which address browsers find us."""
    unreached = replace(app, settings=replace(app.settings, public_url=None))
    key = make_key(app, "nord", scopes=frozenset({Scope.MAILS_WRITE}))

    sent = await nord.post("/Customers/K-1/PortalAccess")
    async with TestClient(TestServer(create_app(unreached))) as browser:
        refused = await Caller(browser, key).post("/Customers/K-1/PortalAccess")

    assert (sent.status, sent.json["use"]) == (201, "PORTAL_ACCESS")
    assert sent.headers["Location"].endswith(f"/Mails/{sent.json['mailId']}")
    assert (refused.status, refused.json["errorKey"]) == (503, "unavailable")
