"""Writing mails: recipients, text and files put together; what cannot be written says why (P48)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from faktura.domain.mails import Mail, MailAttachment, MailMessage, message_id_of
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import FakturaError, FieldMissing, SettingMissing
from faktura.kernel.outbox_terms import TO_TENANT, MailState
from faktura.services.mail_contents import contents_of
from faktura.services.mail_gathering import Gathered
from faktura.services.mail_recipients import Addressed, addressed, recipients_of
from faktura.services.mail_samples import samples
from faktura.services.mail_sender import MailSender, mail_sender, tenant_address
from faktura.services.mail_texts import rendered
from faktura.store.mails import end_waiting, postpone, write_messages
from faktura.store.tasks import ask_each, finish_open
from faktura.store.transaction import Tx

# A setting that is missing concerns every mail: they wait until somebody has set it.
_SETTING_PAUSE = timedelta(hours=1)
_SETTINGS = "mail settings"


@dataclass(frozen=True, slots=True)
class Files:
    """What mails carry, and of which the file could not be had; both by mail."""

    attached: Mapping[UUID, tuple[MailAttachment, ...]]
    refused: Mapping[UUID, FakturaError]


@dataclass(slots=True)
class Composed:
    """Mails that are written, those that cannot be, and what a person is asked, by subject.

    `waits_for` is why none of `held` can be written yet.
    """

    messages: list[MailMessage] = field(default_factory=list)
    ended: dict[UUID, tuple[MailState, FakturaError]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    held: list[UUID] = field(default_factory=list)
    waits_for: FakturaError | None = None


def compose(gathered: Gathered, files: Files) -> Composed:
    """Write the mails; no two of them depend on each other."""
    composed = Composed()
    try:
        sender = mail_sender(gathered.tenant)
    except SettingMissing as missing:
        composed.waits_for = missing
        composed.held += [mail.id for mail in gathered.mails]
        composed.problems[_SETTINGS] = _words(missing)
        return composed
    for mail in gathered.mails:
        try:
            _compose_one(composed, gathered, files, mail, sender)
        except FakturaError as error:
            composed.ended[mail.id] = MailState.FAILED, error
            composed.problems[f"mail {mail.id}"] = _words(error)
    return composed


def keep_composed(tx: Tx, composed: Composed) -> None:
    """Keep what was written, and ask a person about what was not; each thing once."""
    write_messages(tx, composed.messages)
    end_waiting(tx, composed.ended)
    if composed.waits_for is None:
        finish_open(tx, TaskKind.MAIL_FAILED, _SETTINGS)
    else:
        postpone(tx, composed.held, tx.now() + _SETTING_PAUSE, composed.waits_for)
    ask_each(tx, TaskKind.MAIL_FAILED, composed.problems)


def _compose_one(
    composed: Composed, gathered: Gathered, files: Files, mail: Mail, sender: MailSender
) -> None:
    if mail.id in files.refused:
        raise files.refused[mail.id]
    to = _recipients(gathered, mail)
    if not to.usable:
        _skip(composed, gathered, mail, to)
        return
    language = gathered.language_of(mail)
    text = gathered.texts[mail.use, language]
    written = rendered(text, _values(gathered, mail, text.language))
    composed.messages.append(
        MailMessage(
            id=mail.id,
            use=mail.use,
            language=text.language,
            sender=sender.email,
            sender_name=sender.name,
            reply_to=sender.reply_to,
            bounces_to=sender.bounces_to,
            recipients=to.usable,
            subject=written.subject,
            plain=written.plain,
            html=written.html,
            message_id=message_id_of(mail.id, sender.email),
            attachments=files.attached.get(mail.id, ()),
        )
    )
    for error in to.refused:
        # The others get it all the same; whose address is wrong is mended for the next time.
        composed.problems[_owner(gathered, mail)] = _words(error)


def _recipients(gathered: Gathered, mail: Mail) -> Addressed:
    if "to" in mail.given:
        return addressed([str(mail.given["to"])])
    customer = gathered.customer_of(mail)
    if mail.use in TO_TENANT:
        return addressed([tenant_address(gathered.tenant)])
    if customer is None:
        raise FieldMissing("whom it is for is not known", place=f"mail {mail.id}")
    return recipients_of(mail.use, customer, gathered.contracts_of(mail))


def _values(gathered: Gathered, mail: Mail, language: str) -> Mapping[str, object]:
    if mail.given.get("sample") is True:
        return samples(mail.use, language)
    return contents_of(gathered, mail)


def _skip(composed: Composed, gathered: Gathered, mail: Mail, to: Addressed) -> None:
    """Nobody can be written to: that is no failure of the mail, and one question a customer."""
    owner = _owner(gathered, mail)
    error = FieldMissing(
        to.refused[0].problem if to.refused else f"{owner} has no e-mail address",
        place="recipient",
        mend="Set one, then: faktura mails resend --all-failed",
    )
    composed.ended[mail.id] = MailState.SKIPPED, error
    composed.problems[owner] = _words(error)


def _owner(gathered: Gathered, mail: Mail) -> str:
    customer = gathered.customer_of(mail)
    return f"mail {mail.id}" if customer is None else f"customer {customer.number}"


def _words(error: FakturaError) -> str:
    return f"{error.problem}. {error.mend}" if error.mend else error.problem
