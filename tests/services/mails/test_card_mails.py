"""Customers hear in time that a card expires, and once (F087)."""

from dataclasses import replace
from datetime import date

import pytest
from tests.services.mails.scene import MailScene

from faktura.domain.customers import Customer
from faktura.domain.payment_means import PaymentMeans
from faktura.flows.mail_jobs import mail_day_job
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.services import card_mails
from faktura.store.payment_means import rewrite_means, write_means


def card(scene: MailScene, customer: Customer, last: date, **more: object) -> PaymentMeans:
    """A card of the customer; the scene's day is 1 October 2026."""
    with scene.database.write(scene.tenant_id) as tx:
        made = PaymentMeans(
            tx.new_id(), customer.id, PaymentMethod.CARD, f"tok-{tx.new_id()}", "Visa 4242",
            tx.now(), instance="till", expires_on=last, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        write_means(tx, [made])
    return made


def day(scene: MailScene) -> None:
    """Do the day's job."""
    mail_day_job(scene.context, scene.tenant_id, {})


def test_a_card_is_written_of_from_thirty_days_before_to_its_last_day(scene: MailScene):
    """Both inclusive; the link leads to the page for means of payment."""
    customers = [scene.customer() for _ in range(4)]
    for customer, last in zip(
        customers,
        (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)),
        strict=True,
    ):
        card(scene, customer, last)
    scene.bill()

    day(scene)
    day(scene)
    scene.compose()

    mails = scene.mails()
    assert [(one.lane, one.use.value) for one in mails] == [
        ("K-2", "CARD_EXPIRING"), ("K-3", "CARD_EXPIRING"),
    ]  # fmt: skip
    message = mails[1].message
    assert message is not None
    assert "Visa 4242" in message.plain
    assert "31.10.2026" in message.plain
    assert "/method" in message.plain


def test_a_renewed_card_is_written_of_again_when_it_ends(scene: MailScene):
    """Once a card and last day."""
    known = card(scene, scene.customer(), date(2026, 10, 5))
    day(scene)
    with scene.database.write(scene.tenant_id) as tx:
        rewrite_means(tx, [replace(known, expires_on=date(2026, 10, 20))])

    day(scene)

    assert [one.given["expiresOn"] for one in scene.mails()] == ["2026-10-05", "2026-10-20"]


def test_a_card_that_nothing_is_charged_to_is_not_written_of(scene: MailScene):
    """It is gone, or a newer one has taken over; of a contract's own card only that contract's counts."""
    customer = scene.customer()
    contract = scene.change_contract("V-1").id
    card(scene, customer, date(2026, 10, 5), state=MeansState.GONE)
    card(scene, customer, date(2026, 10, 6))
    card(scene, customer, date(2026, 10, 7), contract_id=contract)
    scene.later()
    card(scene, customer, date(2030, 12, 31))

    day(scene)

    assert [one.given["expiresOn"] for one in scene.mails()] == ["2026-10-07"]


def test_many_cards_are_written_of_some_at_a_time(
    scene: MailScene, monkeypatch: pytest.MonkeyPatch
):
    """A transaction each, so that nobody waits long for it."""
    monkeypatch.setattr(card_mails, "_CARDS_AT_ONCE", 2)
    for _ in range(5):
        card(scene, scene.company.customer(), date(2026, 10, 5))

    day(scene)

    assert len(scene.mails()) == 5
