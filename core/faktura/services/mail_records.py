"""A mail as JSON has it, the same for every door."""

from faktura.domain.mails import MailMessage
from faktura.services.mails import MailView


def mail_record(view: MailView) -> dict[str, object]:
    """Where a mail stands, without what stands in it."""
    mail, message = view.mail, view.mail.message
    return {
        "mailId": mail.id,
        "use": mail.use.value,
        "state": mail.state.value,
        "fact": mail.fact,
        "customerNumber": view.customer or None,
        "invoiceNumber": view.document or None,
        "recipients": list(message.recipients) if message else [],
        "subject": message.subject if message else None,
        "attempts": mail.attempts,
        "createdAt": mail.created_at,
        "dueAt": mail.due_at,
        "sentAt": mail.sent_at,
        "answer": mail.answer,
        "error": dict(mail.last_error) if mail.last_error else None,
    }


def message_record(message: MailMessage) -> dict[str, object]:
    """What stands in a mail."""
    return {
        "messageId": message.message_id,
        "language": message.language,
        "sender": message.sender,
        "senderName": message.sender_name or None,
        "replyTo": message.reply_to or None,
        "bouncesTo": message.bounces_to,
        "recipients": list(message.recipients),
        "subject": message.subject,
        "plain": message.plain,
        "html": message.html,
        "attachments": [
            {
                "name": one.name,
                "mediaType": one.media_type,
                "size": one.size,
                "sha256": one.sha256,
            }
            for one in message.attachments
        ],
    }
