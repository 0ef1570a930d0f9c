"""What mails say of money and days: only what is so for this reader."""

from dataclasses import replace
from datetime import date

import pytest
from tests.services.mails.scene import MailScene
from tests.services.mails.test_asking import CHARGEBACK, TROUBLE
from tests.services.mails.test_card_mails import card

from faktura.domain.customers import Customer
from faktura.domain.events import EventType
from faktura.domain.mail_mime import mail_bytes
from faktura.domain.mails import MailMessage
from faktura.kernel.outbox_terms import MailUse
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.services.mail_samples import samples
from faktura.services.mail_texts import preview, rendered, shown_text

COLLECTED = "ziehen wir wie vereinbart ein"
TO_PAY = "Bitte zahlen Sie 35,70 EUR"


def _written(scene: MailScene) -> MailMessage:
    scene.bill()
    scene.hand_out()
    scene.compose()
    message = scene.only().message
    assert message is not None
    return message


def _payer(scene: MailScene) -> Customer:
    return scene.customer(payment_method=PaymentMethod.CARD)


def test_who_pays_by_card_and_has_saved_none_is_asked_to_pay(scene: MailScene):
    """Nobody would collect it, and “you need do nothing” would end in a dunning notice."""
    _payer(scene)

    message = _written(scene)

    assert TO_PAY in message.plain
    assert "Online bezahlen: https://billing.example.com/pay/1." in message.plain
    assert COLLECTED not in message.plain + message.html


def test_what_is_collected_with_a_saved_card_is_said_to_be(scene: MailScene):
    card(scene, _payer(scene), date(2028, 1, 31))

    message = _written(scene)

    assert COLLECTED in message.plain
    assert "/pay/" not in message.plain


@pytest.mark.parametrize("state", [MeansState.SUSPENDED, MeansState.GONE])
def test_a_card_that_cannot_be_used_collects_nothing(scene: MailScene, state: MeansState):
    card(scene, _payer(scene), date(2028, 1, 31), state=state)

    assert TO_PAY in _written(scene).plain


def test_a_card_saved_for_another_contract_collects_nothing(scene: MailScene):
    """It is meant for that contract alone."""
    payer = _payer(scene)
    other = scene.company.contract(
        scene.company.customer(payment_method=PaymentMethod.TRANSFER), "A-1"
    )
    card(scene, payer, date(2028, 1, 31), contract_id=other.id)

    scene.bill()
    scene.hand_out()
    scene.compose()

    (mine,) = [one.message for one in scene.mails() if one.customer_id == payer.id]
    assert mine is not None
    assert TO_PAY in mine.plain


def test_the_day_of_the_next_try_is_that_of_the_tenant(scene: MailScene):
    """23:30 UTC is tomorrow already in Berlin."""
    scene.customer()
    scene.bill()
    scene.set_mail(off=frozenset({MailUse.INVOICE}))
    data = {**TROUBLE, "notice": "PAYMENT_FAILED", "nextRetryAt": "2026-10-07T23:30:00+00:00"}
    scene.tell(EventType.CUSTOMER_NOTICE, "payment_attempt", CHARGEBACK, data)
    scene.hand_out()

    scene.compose()

    message = scene.only().message
    assert message is not None
    assert "Am 08.10.2026 versuchen wir es erneut." in message.plain


def test_a_companys_name_with_unseen_signs_does_not_hold_its_mails_up(scene: MailScene):
    """A blank that does not break, copied from a website, stands in no header."""
    seller = replace(scene.company.tenant.seller, legal_name="Werk\u00a0& S\u00f6hne\u00ad GmbH")
    scene.change_tenant(seller=seller)
    scene.customer()

    message = _written(scene)

    assert message.sender_name == "Werk & S\u00f6hne GmbH"
    assert message.subject == "Ihre Rechnung RE-000001 von Werk & S\u00f6hne GmbH"
    files = {one.sha256: b"" for one in message.attachments}
    assert mail_bytes(message, files, scene.database.clock.now()).startswith(b"From: =?utf-8?")


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("de", "Korrektur GS-000010 zur Gutschrift GS-000009 von", "zu unserer Gutschrift"),
        ("en", "Correction GS-000010 of self-billed invoice GS-000009 from", "of our self-billed"),
    ],
)
def test_a_credit_note_that_takes_another_back_says_so(
    scene: MailScene, language: str, subject: str, words: str
):
    """It does not settle anybody's services."""
    with scene.database.read(scene.tenant_id) as tx:
        text = shown_text(tx, MailUse.CREDIT_NOTE, language)
    values = samples(MailUse.CREDIT_NOTE, language)
    document = values["document"]
    assert isinstance(document, dict)

    plain_one = preview(text)
    back = rendered(
        text,
        {**values, "document": {**document, "number": "GS-000010", "corrects": "GS-000009"}},
    )

    assert back.subject.startswith(subject)
    assert words in back.plain
    assert words in back.html
    assert words not in plain_one.plain


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Bitte überweisen Sie"), ("en", "Please transfer the amount")]
)
def test_a_failed_payment_without_a_page_and_another_try_names_the_account(
    scene: MailScene, language: str, words: str
):
    """Who is told that something failed is told what to do; not to pay what is tried again."""
    with scene.database.read(scene.tenant_id) as tx:
        text = shown_text(tx, MailUse.PAYMENT_FAILED, language)
    values = samples(MailUse.PAYMENT_FAILED, language)
    payment = values["payment"]
    assert isinstance(payment, dict)
    alone = {**payment, "payLink": "", "retryOn": None}

    last = rendered(text, {**values, "payment": alone})
    again = rendered(text, {**values, "payment": {**payment, "payLink": ""}})

    for part in (last.plain, last.html):
        assert words in part
        assert "DE02120300000000202051" in part
    assert words not in again.plain + again.html + preview(text).plain
