"""A customer is sent the link to the page where they keep their means of payment (F089, F121)."""

import pytest
from tests.services.mails.scene import PUBLIC_URL, MailScene

from faktura.kernel.errors import Conflict, Misconfigured, NotFound
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.services.portal_access import send_access


def test_the_link_leads_to_the_page_behind_the_newest_document(scene: MailScene):
    """Asked for twice, it is sent twice: a person asks for it."""
    scene.customer()
    scene.bill()
    with scene.database.write(scene.tenant_id) as tx:
        first, second = (send_access(tx, "K-1", PUBLIC_URL).mail_id for _ in range(2))

    scene.compose()

    assert first != second
    message = scene.mails()[0].message
    assert message is not None
    assert message.recipients == ("kunde1@example.com",)
    assert "https://billing.example.com/pay/1." in message.plain
    assert "/method" in message.plain


def test_without_an_address_of_ours_nothing_is_sent(scene: MailScene):
    """Neither when it is asked for nor, where it was set then, when it is written."""
    scene.customer()
    scene.bill()
    with pytest.raises(Misconfigured), scene.database.write(scene.tenant_id) as tx:
        send_access(tx, "K-1", None)
    with scene.database.write(scene.tenant_id) as tx:
        send_access(tx, "K-1", PUBLIC_URL)

    scene.compose(public_url=None)

    mail = scene.only()
    assert mail.state is MailState.FAILED
    assert mail.last_error
    assert mail.last_error["place"] == "FAKTURA_PUBLIC_URL"


def test_who_has_no_invoice_yet_gets_none(scene: MailScene):
    """The page lies behind an invoice's link."""
    scene.company.customer()

    with (
        pytest.raises(Conflict, match="no invoice yet"),
        scene.database.write(scene.tenant_id) as tx,
    ):
        send_access(tx, "K-1", PUBLIC_URL)
    with pytest.raises(NotFound), scene.database.write(scene.tenant_id) as tx:
        send_access(tx, "K-9", PUBLIC_URL)


def test_a_use_that_is_off_is_said(scene: MailScene):
    """Whoever asks would wait for it."""
    scene.customer()
    scene.bill()
    scene.set_mail(off=frozenset({MailUse.PORTAL_ACCESS}))

    with pytest.raises(Conflict, match="switched off"), scene.database.write(scene.tenant_id) as tx:
        send_access(tx, "K-1", PUBLIC_URL)
