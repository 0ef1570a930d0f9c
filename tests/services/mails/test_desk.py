"""Mails as a person looks at them: listed, sent again, called off, tried out."""

from dataclasses import replace

import pytest
from sqlalchemy import update
from tests.services.mails.scene import MailScene

from faktura.domain.customers import Customer
from faktura.domain.jobs import JobName
from faktura.domain.mails import Mail
from faktura.kernel.errors import (
    Conflict,
    FieldInvalid,
    FieldMissing,
    NotFound,
    TransitionRefused,
)
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.services.mails import (
    MailQuery,
    cancel,
    mails,
    resend,
    resend_failed,
    send_trial,
    show_mail,
)
from faktura.store.customers import read_customer
from faktura.store.tables import mail


def stands(scene: MailScene, state: MailState, **columns: object) -> None:
    """What a pump would have made of all mails."""
    with scene.database.write(scene.tenant_id) as tx:
        tx.connection.execute(update(mail).values(state=state, **columns))


def written(scene: MailScene) -> Mail:
    """A mail about an invoice of K-1."""
    scene.customer()
    scene.bill()
    scene.hand_out()
    scene.compose()
    return scene.only()


def test_mails_are_listed_newest_first_with_the_numbers_people_know(scene: MailScene):
    """By customer, document, use and state; a page at a time."""
    scene.customer()
    scene.customer()
    scene.bill()
    scene.hand_out()

    with scene.database.read(scene.tenant_id) as tx:
        found = mails(tx)
        older = mails(tx, before=found[0].mail.id, limit=1)
        own = mails(tx, MailQuery(customer="K-1"))
        about = mails(tx, MailQuery(document="RE-000002", use=MailUse.INVOICE))
        sent = mails(tx, MailQuery(state=MailState.SENT))
        ever = mails(tx, MailQuery(since=tx.now(), until=tx.now()))
        with pytest.raises(NotFound):
            mails(tx, MailQuery(customer="K-9"))

    assert [(one.customer, one.document) for one in found] == [
        ("K-2", "RE-000002"), ("K-1", "RE-000001"),
    ]  # fmt: skip
    assert (older, own, about) == (found[1:], found[1:], found[:1])
    assert (sent, ever) == ([], [])


@pytest.mark.parametrize("state", [MailState.SENT, MailState.UNCERTAIN])
def test_what_somebody_may_have_is_sent_again_as_it_was_written(scene: MailScene, state: MailState):
    """Its Message-ID is the same, so a mail program shows it once."""
    before = written(scene)
    scene.change_customer(replace(_customer(scene, "K-1"), email="other@example.com"))
    stands(scene, state, attempts=1)

    with scene.database.write(scene.tenant_id) as tx:
        again = resend(tx, before.id).mail

    assert (again.state, again.attempts, again.last_error) == (MailState.WAITING, 0, None)
    assert again.message == before.message
    assert len(scene.jobs(JobName.SEND_MAILS)) == 1


def test_what_nobody_has_is_written_anew(scene: MailScene):
    """The address that was wrong is mended meanwhile; the Message-ID is that of the mail."""
    before = written(scene)
    stands(scene, MailState.FAILED)
    scene.change_customer(replace(_customer(scene, "K-1"), email="mended@example.com"))

    with scene.database.write(scene.tenant_id) as tx:
        resend(tx, before.id)
    scene.compose()

    message = scene.only().message
    assert message
    assert before.message
    assert message.recipients == ("mended@example.com",)
    assert message.message_id == before.message.message_id


def test_a_mail_can_be_sent_to_another_address(scene: MailScene):
    """F125: to that one alone, and nothing else of it changes."""
    before = written(scene)
    stands(scene, MailState.SENT)

    with scene.database.write(scene.tenant_id) as tx:
        again = resend(tx, before.id, to="new@bücher.example").mail

    assert before.message is not None
    assert again.message == replace(
        before.message,
        id=again.id,
        recipients=("new@xn--bcher-kva.example",),
        message_id=f"<{again.id.hex}@werk.example>",
    )


@pytest.mark.parametrize("state", [MailState.SENT, MailState.UNCERTAIN])
def test_who_got_a_mail_stays_on_record_when_another_gets_a_copy(
    scene: MailScene, state: MailState
):
    """The log says to whom it was sent, also after somebody else has asked for it."""
    before = written(scene)
    stands(scene, state)

    with scene.database.write(scene.tenant_id) as tx:
        copy = resend(tx, before.id, to="new@example.com").mail
        twice = resend(tx, before.id, to="new@example.com").mail

    first = scene.mails()[0]
    assert (first.id, first.state, first.message) == (before.id, state, before.message)
    assert copy.id != twice.id
    assert (copy.state, copy.lane, copy.document_id) == (
        MailState.WAITING,
        "K-1",
        before.document_id,
    )


def test_a_mail_that_nobody_has_goes_to_another_address_itself(scene: MailScene):
    """There is nobody whose name the log would lose."""
    before = written(scene)
    stands(scene, MailState.FAILED)

    with scene.database.write(scene.tenant_id) as tx:
        again = resend(tx, before.id, to="new@example.com").mail

    assert again.id == scene.only().id == before.id
    assert again.message
    assert again.message.recipients == ("new@example.com",)


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.SKIPPED])
def test_what_was_sent_once_stays_as_it_was_also_when_sending_it_again_failed(
    scene: MailScene, state: MailState
):
    """Somebody has it: it is not written anew, not sent by a word for all, nor to others in its place."""
    before = written(scene)
    stands(scene, state, sent_at=before.created_at, attempts=1, last_error="{}")

    with scene.database.write(scene.tenant_id) as tx:
        all_of_them = resend_failed(tx)
        copy = resend(tx, before.id, to="new@example.com").mail
        again = resend(tx, before.id).mail

    assert all_of_them == 0
    assert copy.id != before.id
    assert (again.state, again.message) == (MailState.WAITING, before.message)


def test_a_mail_on_its_way_is_not_sent_a_second_time(scene: MailScene):
    """Nobody could say afterwards which of the two arrived."""
    before = written(scene)

    for state in (MailState.WAITING, MailState.SENDING):
        stands(scene, state)
        with (
            pytest.raises(TransitionRefused, match="on its way"),
            scene.database.write(scene.tenant_id) as tx,
        ):
            resend(tx, before.id)


def test_another_address_is_checked_and_needs_a_mail_that_is_written(scene: MailScene):
    """A mail that could not be written has nothing that could go there."""
    before = written(scene)
    stands(scene, MailState.SENT)
    with pytest.raises(FieldInvalid), scene.database.write(scene.tenant_id) as tx:
        resend(tx, before.id, to="new@example.com\nBcc: all@example.com")
    stands(scene, MailState.FAILED, message=None)

    with pytest.raises(FieldMissing), scene.database.write(scene.tenant_id) as tx:
        resend(tx, before.id, to="new@example.com")


def test_all_that_nobody_has_are_sent_by_one_word(scene: MailScene):
    """Never an UNCERTAIN one, nor one that a person called off; their tasks are done."""
    scene.customer()
    scene.bill()
    scene.hand_out()
    with scene.database.write(scene.tenant_id) as tx:
        trial = send_trial(tx, MailUse.INVOICE, "me@example.com")
        cancel(tx, trial, by="mia")
    scene.change_customer(replace(_customer(scene, "K-1"), email=""))
    scene.compose()
    states = {one.lane: one.state for one in scene.mails()}

    with scene.database.write(scene.tenant_id) as tx:
        other = resend_failed(tx, MailUse.DUNNING)
        all_of_them = resend_failed(tx)
        none = resend_failed(tx)

    assert set(states.values()) == {MailState.SKIPPED}
    assert (other, all_of_them, none) == (0, 1, 0)
    assert {one.state for one in scene.mails() if one.id != trial} == {MailState.WAITING}


def test_a_failed_mails_task_is_done_when_it_is_sent_again(scene: MailScene):
    """And when it is called off."""
    scene.change_tenant(document_format=None)
    scene.customer(is_business=False)
    scene.customer(is_business=False)
    scene.bill()
    scene.hand_out()
    scene.compose()
    first, second = scene.mails()
    assert len(scene.tasks()) == 2

    with scene.database.write(scene.tenant_id) as tx:
        resend(tx, first.id)
        called_off = cancel(tx, second.id, by="mia").mail

    assert scene.tasks() == []
    assert (called_off.state, called_off.answer) == (MailState.SKIPPED, "called off by mia")


def test_what_was_sent_cannot_be_called_off(scene: MailScene):
    """Nor what is being handed to a server."""
    before = written(scene)

    for state in (MailState.SENT, MailState.SENDING, MailState.SKIPPED):
        stands(scene, state)
        with pytest.raises(TransitionRefused), scene.database.write(scene.tenant_id) as tx:
            cancel(tx, before.id, by="mia")


def test_a_trial_of_a_use_that_is_off_is_refused(scene: MailScene):
    """With the command that switches it on."""
    scene.set_mail(off=frozenset({MailUse.DUNNING}))

    with (
        pytest.raises(Conflict, match="switched off") as refused,
        scene.database.write(scene.tenant_id) as tx,
    ):
        send_trial(tx, MailUse.DUNNING, "me@example.com")

    assert refused.value.mend == "Run: faktura mails settings --on DUNNING"


def test_a_trial_in_a_language_that_is_none_is_refused(scene: MailScene):
    """Nobody is to believe that they have seen the text of “deutsch”."""
    with (
        pytest.raises(FieldInvalid, match="“deutsch” is not a language"),
        scene.database.write(scene.tenant_id) as tx,
    ):
        send_trial(tx, MailUse.INVOICE, "me@example.com", language="deutsch")


def test_a_mail_that_does_not_exist_is_not_found(scene: MailScene):
    """Also one of another tenant."""
    before = written(scene)

    with scene.database.read(scene.tenant_id + 1) as tx, pytest.raises(NotFound):
        show_mail(tx, before.id)
    with scene.database.write(scene.tenant_id + 1) as tx, pytest.raises(NotFound):
        resend(tx, before.id)


def _customer(scene: MailScene, number: str) -> Customer:
    with scene.database.read(scene.tenant_id) as tx:
        return read_customer(tx, number)
