"""How mails and their settings are written."""

from typing import Self
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from faktura.domain.mail_policies import MailPolicy
from faktura.domain.mails import MailMessage
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.services.mails import MailView
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Moment


class MailAttachmentAnswer(Answer):
    """A file that a mail carries."""

    name: str = Field(description="What the file is called.")
    media_type: str = Field(description="What it is.")
    size: int = Field(description="In bytes.")
    sha256: str = Field(description="Of its bytes, as they are stored.")


class MailMessageAnswer(Answer):
    """What stands in a mail, frozen when it was written."""

    message_id: str = Field(description="The same however often it is sent.")
    language: str = Field(description="Of its text.")
    sender: str = Field(description="Who it comes from.")
    sender_name: str | None = Field(description="The name beside it.")
    reply_to: str | None = Field(description="Where answers go; null: to the sender.")
    bounces_to: str = Field(description="Where servers report what they cannot deliver.")
    recipients: tuple[str, ...] = Field(description="Who it goes to, domains in punycode.")
    subject: str = Field(description="Its subject.")
    plain: str = Field(description="Its text.")
    html: str = Field(description="The same as HTML; empty where it has none.")
    attachments: tuple[MailAttachmentAnswer, ...] = Field(description="The files it carries.")

    @classmethod
    def of(cls, message: MailMessage) -> Self:
        """The answer."""
        return cls(
            message_id=message.message_id,
            language=message.language,
            sender=message.sender,
            sender_name=message.sender_name or None,
            reply_to=message.reply_to or None,
            bounces_to=message.bounces_to,
            recipients=message.recipients,
            subject=message.subject,
            plain=message.plain,
            html=message.html,
            attachments=tuple(
                MailAttachmentAnswer(
                    name=one.name, media_type=one.media_type, size=one.size, sha256=one.sha256
                )
                for one in message.attachments
            ),
        )


class MailRowAnswer(Answer):
    """Where a mail stands."""

    mail_id: UUID = Field(description="What names the mail in addresses.")
    use: MailUse = Field(description="What it is for.")
    state: MailState = Field(
        description="UNCERTAIN: nobody knows whether a server took it, and only a person sends it"
        " again. SKIPPED: nobody could be written to, or a person called it off."
    )
    customer_number: str | None = Field(description="Whom it is for; null: the tenant.")
    invoice_number: str | None = Field(description="The document it is about.")
    recipients: tuple[str, ...] = Field(description="Who it goes to; none before it is written.")
    subject: str | None = Field(description="Its subject; null before it is written.")
    attempts: int = Field(description="How often a server was asked to take it.")
    created_at: Moment = Field(description="When it was asked for.")
    due_at: Moment = Field(description="When it is sent, or was to be.")
    sent_at: Moment | None = Field(description="When a server took it.")
    answer: str | None = Field(description="What the server said.")
    problem: str | None = Field(description="Why it waits, or was not sent.")

    @classmethod
    def of(cls, view: MailView) -> Self:
        """The answer."""
        return cls.model_validate(_row(view))


class MailAnswer(MailRowAnswer):
    """A mail with all that stands in it."""

    message: MailMessageAnswer | None = Field(description="Null before it is written.")

    @override
    @classmethod
    def of(cls, view: MailView) -> Self:
        """The answer."""
        message = view.mail.message
        written = None if message is None else MailMessageAnswer.of(message)
        return cls.model_validate({**_row(view), "message": written})


class MailSettingsAnswer(Answer):
    """How mails are sent from now on."""

    sender: str | None = Field(description="Who they come from; null: the contact person.")
    sender_name: str | None = Field(description="The name beside it; null: the company's.")
    reply_to: str | None = Field(description="Where answers go; null: to the sender.")
    bounces_to: str | None = Field(
        description="Where servers report what they cannot deliver; null: to the sender."
    )
    off: tuple[MailUse, ...] = Field(description="The uses of which none are written.")
    card_days: int = Field(description="How many days ahead a customer hears of a card.")

    @classmethod
    def of(cls, policy: MailPolicy) -> Self:
        """The answer."""
        return cls(
            sender=policy.sender_email or None,
            sender_name=policy.sender_name or None,
            reply_to=policy.reply_to or None,
            bounces_to=policy.bounces_to or None,
            off=tuple(sorted(policy.off)),
            card_days=policy.card_days,
        )


def _row(view: MailView) -> dict[str, object]:
    mail = view.mail
    return {
        "mail_id": mail.id,
        "use": mail.use,
        "state": mail.state,
        "customer_number": view.customer or None,
        "invoice_number": view.document or None,
        "recipients": mail.message.recipients if mail.message else (),
        "subject": mail.message.subject if mail.message else None,
        "attempts": mail.attempts,
        "created_at": mail.created_at,
        "due_at": mail.due_at,
        "sent_at": mail.sent_at,
        "answer": mail.answer,
        "problem": mail.last_error["problem"] if mail.last_error else None,
    }
