"""What mails say, to whom they go and what they carry; what cannot be written asks a person."""

from dataclasses import replace

import pytest
from tests.services.mails.scene import MailScene
from tests.services.mails.test_asking import CHARGEBACK, TROUBLE

from faktura.domain.addresses import ContactPerson
from faktura.domain.customers import Recipient
from faktura.domain.events import EventType
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.kernel.terms import RecipientUse
from faktura.services.mail_outbox import ask_for_mail
from faktura.services.mail_texts import MailText, set_text


def test_an_invoice_is_written_to_the_customer_with_its_file(scene: MailScene):
    """F084, F127: from the tenant's contact, the document's stored bytes attached."""
    scene.customer()
    scene.bill()
    scene.hand_out()

    scene.compose()

    mail = scene.only()
    assert (mail.use, mail.state, mail.lane) == (MailUse.INVOICE, MailState.WAITING, "K-1")
    message = mail.message
    assert message is not None
    assert message.recipients == ("kunde1@example.com",)
    assert (message.sender, message.sender_name) == ("mia@werk.example", "Werk GmbH")
    assert (message.reply_to, message.bounces_to) == ("", "mia@werk.example")
    assert message.message_id == f"<{mail.id.hex}@werk.example>"
    assert "RE-000001" in message.subject
    assert "35,70 EUR" in message.plain
    assert "https://billing.example.com/pay/1." in message.plain
    (file,) = message.attachments
    assert (file.name, file.media_type) == ("RE-000001.xml", "application/xml")
    content = scene.context.contents.get(scene.tenant_id, bytes.fromhex(file.sha256))
    assert (len(content), content[:5]) == (file.size, b"<?xml")


def test_what_is_written_stays_as_it_was_written(scene: MailScene):
    """Whoever composes again changes nothing, whatever changed meanwhile."""
    customer = scene.customer()
    scene.bill()
    scene.hand_out()
    scene.compose()
    before = scene.only().message

    scene.change_customer(replace(customer, email="new@example.com"))
    scene.compose()

    assert scene.only().message == before


def test_without_an_address_of_ours_the_text_names_no_link(scene: MailScene):
    """A link that leads nowhere is worse than none."""
    scene.customer()
    scene.bill()
    scene.hand_out()

    scene.compose(public_url=None)

    message = scene.only().message
    assert message is not None
    assert "/pay/" not in message.plain + message.html


def test_a_mail_speaks_the_language_of_its_reader(scene: MailScene):
    """F128: English for whoever reads neither of the languages that ship."""
    scene.customer(language="en")
    scene.customer(language="fr")
    scene.bill()
    scene.hand_out()

    scene.compose()

    messages = [one.message for one in scene.mails()]
    assert [one.language for one in messages if one] == ["en", "en"]
    assert all("EUR 35.70" in one.plain for one in messages if one)


def test_the_contracts_recipients_come_first(scene: MailScene):
    """F017, F085, F126: of the use; any number; each once whatever its capitals."""
    recipients = (
        Recipient("a@example.com"),
        Recipient("A@example.com"),
        Recipient("b@bücher.example"),
        Recipient("dun@example.com", RecipientUse.DUNNING),
    )
    scene.customer(recipients=(Recipient("customer@example.com"),))
    scene.change_contract("V-1", recipients=recipients)
    scene.customer(recipients=(Recipient("customer@example.com"),))
    scene.bill()
    scene.hand_out()

    scene.compose()

    assert [one.message and one.message.recipients for one in scene.mails()] == [
        ("a@example.com", "b@xn--bcher-kva.example"),
        ("customer@example.com",),
    ]


def test_a_customer_without_an_address_is_asked_about_once(scene: MailScene):
    """The mails are skipped with the reason; one task a customer, however many mails."""
    scene.customer(email="")
    for amount in ("1.00", "2.00"):
        data = {"notice": "CHARGEBACK", **TROUBLE, "amount": amount}
        scene.tell(EventType.CUSTOMER_NOTICE, "payment_attempt", CHARGEBACK, data)
    scene.hand_out()

    scene.compose()

    mails = scene.mails()
    assert [one.state for one in mails] == [MailState.SKIPPED] * 2
    assert mails[0].last_error == {
        "code": "field_missing",
        "problem": "customer K-1 has no e-mail address",
        "place": "recipient",
        "mend": "Set one, then: faktura mails resend --all-failed",
    }
    assert scene.tasks() == [("MAIL_FAILED", "customer K-1")]


def test_a_recipient_no_server_takes_does_not_keep_it_from_the_others(scene: MailScene):
    """It is told of by a task, with the sign that cannot stand there."""
    scene.customer(recipients=(Recipient("ok@example.com"), Recipient("jö@example.com")))
    scene.customer(email="jö@example.com")
    scene.bill()
    scene.hand_out()

    scene.compose()

    first, second = scene.mails()
    assert first.message
    assert first.message.recipients == ("ok@example.com",)
    assert second.state is MailState.SKIPPED
    assert second.last_error
    assert "“ö” cannot stand before the @" in second.last_error["problem"]
    assert scene.tasks() == [("MAIL_FAILED", "customer K-1"), ("MAIL_FAILED", "customer K-2")]


def test_the_settings_say_who_a_mail_comes_from(scene: MailScene):
    """F127: sender, name, answers and bounces apart from the master data."""
    scene.set_mail(
        sender_email="billing@mail.example",
        sender_name="Werk Rechnungen",
        reply_to="help@werk.example",
        bounces_to="bounce@mail.example",
    )
    scene.customer()
    scene.bill()
    scene.hand_out()

    scene.compose()

    message = scene.only().message
    assert message is not None
    assert (message.sender, message.sender_name) == ("billing@mail.example", "Werk Rechnungen")
    assert (message.reply_to, message.bounces_to) == ("help@werk.example", "bounce@mail.example")
    assert message.message_id.endswith("@mail.example>")


def test_without_a_sender_mails_wait_for_the_setting(scene: MailScene):
    """None is lost: all wait an hour, a person is asked once, and then they are written and that settles it."""
    scene.customer()
    scene.customer()
    scene.bill()
    scene.hand_out()
    _contact(scene, "")

    scene.compose()
    scene.compose()
    waiting, asked = scene.mails(), scene.tasks()
    _contact(scene, "mia@werk.example")
    scene.compose()

    assert [one.state for one in waiting] == [MailState.WAITING] * 2
    assert [one.message for one in waiting] == [None, None]
    assert (waiting[0].due_at - waiting[0].created_at).seconds == 3600
    assert (asked, scene.tasks()) == ([("MAIL_FAILED", "mail settings")], [])
    assert [one.message is None for one in scene.mails()] == [False, False]


def test_a_document_that_cannot_be_rendered_stops_its_own_mail_only(scene: MailScene):
    """For a consumer no format is enabled, and nobody has named one."""
    scene.change_tenant(document_format=None)
    scene.customer(leitweg_id="04011000-12345-03")
    scene.customer(leitweg_id="04011000-12345-03")
    broken = scene.customer(is_business=False)
    scene.bill()
    scene.hand_out()

    scene.compose()

    mails = scene.mails()
    assert {one.lane: one.state for one in mails} == {
        "K-1": MailState.WAITING, "K-2": MailState.WAITING, "K-3": MailState.FAILED,
    }  # fmt: skip
    (failed,) = [one for one in mails if one.customer_id == broken.id]
    assert failed.last_error
    assert failed.last_error["code"] == "field_missing"
    assert scene.tasks() == [("MAIL_FAILED", f"mail {failed.id}")]


def test_a_document_whose_bytes_changed_is_not_sent(scene: MailScene):
    """P23: what lies in the store is proved before it goes out; the others are sent."""
    scene.customer()
    scene.customer()
    scene.bill()
    scene.hand_out()
    scene.compose()
    first = scene.mails()[0]
    assert first.message is not None
    digest = first.message.attachments[0].sha256
    (file,) = (scene.folder / "content").rglob(digest)
    file.write_bytes(b"<?xml other")
    scene.forget_messages()

    scene.compose()

    assert [one.state for one in scene.mails()] == [MailState.FAILED, MailState.WAITING]
    failed = scene.mails()[0]
    assert failed.last_error
    assert failed.last_error["code"] == "integrity_broken"


def test_a_text_that_cannot_be_filled_in_fails_its_mail(scene: MailScene):
    """A value that is not there today is not guessed (F128)."""
    customer = scene.customer()
    scene.bill()
    with scene.database.write(scene.tenant_id) as tx:
        set_text(tx, MailText(MailUse.CHARGEBACK, "de", "{{ customer.name }}", "x", ""))
        ask_for_mail(
            tx, MailUse.CHARGEBACK, "a:1", lane="K-1", customer_id=customer.id, given=_GIVEN
        )
        ask_for_mail(
            tx,
            MailUse.CHARGEBACK,
            "a:0",
            lane="K-1",
            customer_id=customer.id,
            given={"method": "CARD"},
        )
        ask_for_mail(tx, MailUse.CHARGEBACK, "a:2", lane="K-9", given=_GIVEN)

    scene.compose()

    written, incomplete, failed = scene.mails()
    assert incomplete.last_error
    assert incomplete.last_error["problem"] == "its currency is not known"
    assert written.message
    assert written.message.subject == "Kunde 1 GmbH"
    assert failed.state is MailState.FAILED
    assert failed.last_error
    assert failed.last_error["problem"] == "whom it is for is not known"
    assert scene.tasks() == [
        ("MAIL_FAILED", f"mail {incomplete.id}"),
        ("MAIL_FAILED", f"mail {failed.id}"),
    ]


_GIVEN = {"invoices": ["RE-000001"], "currency": "EUR", "amount": "35.70", "method": "SEPA_DEBIT"}


def test_a_failed_payment_says_why_and_when_it_is_tried_again(scene: MailScene):
    """F087: in words of the customer's language, with the page on which it can be paid."""
    scene.customer(recipients=(Recipient("pay@example.com", RecipientUse.PAYMENT),))
    scene.bill()
    scene.set_mail(off=frozenset({MailUse.INVOICE}))
    data = {**TROUBLE, "notice": "PAYMENT_FAILED", "nextRetryAt": "2026-10-08T06:00:00+00:00"}
    scene.tell(EventType.CUSTOMER_NOTICE, "payment_attempt", CHARGEBACK, data)
    scene.hand_out()

    scene.compose()

    message = scene.only().message
    assert message is not None
    assert message.recipients == ("pay@example.com",)
    assert "Das Konto war nicht ausreichend gedeckt." in message.plain
    assert "08.10.2026" in message.plain
    assert "https://billing.example.com/pay/1." in message.plain
    assert message.attachments == ()


def test_a_mail_about_the_tenants_own_affairs_goes_to_the_tenant(scene: MailScene):
    """In the tenant's language, whoever the customer is that it names (F118)."""
    customer = scene.customer(language="en")
    check = {
        "vatId": "ATU12345675",
        "checkedOn": "2026-10-01",
        "result": "nicht gültig",
        "findings": ["Name"],
    }
    endpoint = {
        "url": "https://hooks.example.com",
        "since": "2026-09-28",
        "failures": 12,
        "problem": "500",
    }
    with scene.database.write(scene.tenant_id) as tx:
        ask_for_mail(
            tx,
            MailUse.VAT_CHECK_FAILED,
            "check:1",
            lane="K-1",
            customer_id=customer.id,
            given={"check": check},
        )
        ask_for_mail(
            tx, MailUse.WEBHOOK_DISABLED, "hook:1", lane="webhooks", given={"endpoint": endpoint}
        )

    scene.compose()

    check_mail, hook_mail = (one.message for one in scene.mails())
    assert check_mail
    assert check_mail.recipients == ("mia@werk.example",)
    assert check_mail.language == "de"
    assert "ATU12345675" in check_mail.plain
    assert hook_mail
    assert "hooks.example.com" in hook_mail.plain


@pytest.mark.parametrize("use", list(MailUse))
def test_every_text_that_ships_can_be_filled_in(scene: MailScene, use: MailUse):
    """In both languages, with made-up contents; nothing is attached to a trial."""
    with scene.database.write(scene.tenant_id) as tx:
        for language in ("de", "en"):
            given = {"sample": True, "to": "me@example.com", "language": language}
            ask_for_mail(tx, use, f"test:{language}", lane="test", given=given)

    scene.compose()

    messages = [one.message for one in scene.mails()]
    assert [one.language for one in messages if one] == ["de", "en"]
    assert [one.recipients for one in messages if one] == [("me@example.com",)] * 2
    assert all(one.subject and one.plain and not one.attachments for one in messages if one)


def test_many_mails_are_written_by_few_statements(scene: MailScene):
    """Ten times as many customers need no more of them."""
    counts = []
    for more in (2, 20):
        for _ in range(more):
            scene.company.contract(scene.company.customer(), "A-1")
        scene.bill()
        scene.hand_out()
        asked = scene.statements()
        scene.compose()
        counts.append(len(asked))

    assert counts[1] <= counts[0] + 3


def _contact(scene: MailScene, email: str) -> None:
    contact = ContactPerson("Mia Werk", "+49 30 111222", email)
    scene.change_tenant(seller=replace(scene.company.tenant.seller, contact=contact))
