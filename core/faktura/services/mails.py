"""Mails as a person looks at them: which there are, what stands in them, sent again or called off."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from faktura.domain.mail_addresses import checked_address
from faktura.domain.mails import Mail, MailAsk, MailMessage, message_id_of
from faktura.kernel.errors import Conflict, FieldMissing, TransitionRefused
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.services.mail_outbox import ask_for_mail
from faktura.services.mail_pump import start_sending
from faktura.services.mail_texts import check_language
from faktura.store.customers import read_customer, read_customers_by_id
from faktura.store.documents import document_id
from faktura.store.mail_acts import revive_failed, rewrite_message, settle_tasks, skip
from faktura.store.mail_documents import read_heads
from faktura.store.mails import (
    MailFilter,
    last_place,
    list_mails,
    lock_mail,
    mail_of_fact,
    make_waiting,
    read_mail,
    write_mails,
)
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

_ON_ITS_WAY = frozenset({MailState.WAITING, MailState.SENDING})


@dataclass(frozen=True, slots=True)
class MailQuery:
    """Which mails a person asks for; what is None filters nothing. Moments: `until` exclusive."""

    state: MailState | None = None
    use: MailUse | None = None
    customer: str | None = None
    document: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail with the numbers of whom and what it is about; empty where it is about nobody's."""

    mail: Mail
    customer: str
    document: str


_ALL = MailQuery()


def mails(
    tx: Tx, wanted: MailQuery = _ALL, *, before: UUID | None = None, limit: int | None = None
) -> list[MailView]:
    """Mails, newest first, of those before `before`; raises NotFound for an unknown number."""
    found = list_mails(
        tx,
        MailFilter(
            wanted.state,
            wanted.use,
            None if wanted.customer is None else read_customer(tx, wanted.customer).id,
            None if wanted.document is None else document_id(tx, wanted.document),
            wanted.since,
            wanted.until,
        ),
        before=before,
        limit=limit,
    )
    return _views(tx, found)


def show_mail(tx: Tx, mail_id: UUID) -> MailView:
    """One mail; raises NotFound."""
    return _views(tx, [read_mail(tx, mail_id)])[0]


def resend(tx: Tx, mail_id: UUID, *, to: str | None = None) -> MailView:
    """Have a mail sent again, or after all, at a person's word; gives it as it waits.

    What was sent, or may have been, stays as it was written, with its Message-ID: readers see it once.
    What nobody has is written anew. `to` sends it to that address alone; of what somebody may have,
    a copy, so that it stays on record who got it. Raises NotFound, TransitionRefused for one that is
    on its way, FieldInvalid for an address that is none.
    """
    known = lock_mail(tx, mail_id)
    if known.state in _ON_ITS_WAY:
        raise TransitionRefused(
            f"the mail is {known.state} and on its way already",
            place=f"mail {mail_id}",
            mend="Wait for what becomes of it",
        )
    message = known.message
    if to is not None:
        if message is None:
            raise FieldMissing(
                "the mail was never written, so it can only go to its own recipients",
                place=f"mail {mail_id}",
                mend="Mend what is missing and send it again without an address",
            )
        message = replace(message, recipients=(checked_address(to, field="to"),))
        if not _nobody_has(known):
            return show_mail(tx, _copied(tx, known, message))
    elif _nobody_has(known):
        message = None
    rewrite_message(tx, mail_id, message)
    make_waiting(tx, mail_id)
    settle_tasks(tx, [mail_id])
    start_sending(tx)
    return show_mail(tx, mail_id)


def _nobody_has(mail: Mail) -> bool:
    """Whether it is written anew from how things stand; one that somebody may have stays as it is.

    What was sent once is with somebody, also when sending it again failed or was called off.
    """
    return mail.state in (MailState.FAILED, MailState.SKIPPED) and mail.sent_at is None


def _copied(tx: Tx, known: Mail, message: MailMessage) -> UUID:
    """A mail of its own that says the same to somebody else, as it waits."""
    fact = f"copy:{known.id.hex}:{tx.new_id().hex}"
    ask = MailAsk(known.use, fact, known.lane, known.customer_id, known.document_id, known.given)
    write_mails(tx, [ask], place=last_place(tx))
    copy = mail_of_fact(tx, fact, known.use)
    name = message_id_of(copy, message.sender)
    rewrite_message(tx, copy, replace(message, id=copy, message_id=name))
    start_sending(tx)
    return copy


def resend_failed(tx: Tx, use: MailUse | None = None) -> int:
    """The same for all that nobody has, of that use or of all; gives how many, written anew.

    Never for an UNCERTAIN one, nor for one called off: of each of them a person says it.
    """
    revived = revive_failed(tx, use)
    if revived:
        settle_tasks(tx, revived)
        start_sending(tx)
    return len(revived)


def cancel(tx: Tx, mail_id: UUID, *, by: str) -> MailView:
    """Do not send a mail that waits, or that nobody is sure of; raises NotFound, TransitionRefused."""
    known = lock_mail(tx, mail_id)
    if known.state not in (MailState.WAITING, MailState.UNCERTAIN, MailState.FAILED):
        raise TransitionRefused(
            f"the mail is {known.state}",
            place=f"mail {mail_id}",
            mend="Only one that waits, FAILED or is UNCERTAIN can be called off",
        )
    skip(tx, mail_id, f"called off by {by}")
    settle_tasks(tx, [mail_id])
    return show_mail(tx, mail_id)


def send_trial(tx: Tx, use: MailUse, to: str, *, language: str | None = None) -> UUID:
    """Have a mail of that use sent to one address with made-up contents; gives its id.

    Raises FieldInvalid for an address or a language that is none, Conflict where the use is switched off.
    """
    address = checked_address(to, field="to")
    if language is not None:
        check_language(language)
    key = tx.new_id()
    given = {"sample": True, "to": address, "language": language or read_tenant(tx).language}
    fact = f"test:{key.hex}"
    if not ask_for_mail(tx, use, fact, lane=fact, given=given):
        raise Conflict(
            f"mails for {use} are switched off", mend=f"Run: faktura mails settings --on {use}"
        )
    return mail_of_fact(tx, fact, use)


def _views(tx: Tx, found: list[Mail]) -> list[MailView]:
    customers = read_customers_by_id(tx, {one.customer_id for one in found if one.customer_id})
    documents = read_heads(tx, {one.document_id for one in found if one.document_id})
    return [
        MailView(
            one,
            customers[one.customer_id].number if one.customer_id in customers else "",
            documents[one.document_id].number if one.document_id in documents else "",
        )
        for one in found
    ]
