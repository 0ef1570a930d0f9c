"""A written mail as it is handed over: its bytes with all files, and its envelope."""

from datetime import datetime

from faktura.domain.mail_bounces import sender_for
from faktura.domain.mail_mime import mail_bytes
from faktura.domain.mails import MailMessage
from faktura.flows.mail_transport import Parcel
from faktura.store.blobs import ContentStore


def parcel_of(
    message: MailMessage, contents: ContentStore, tenant_id: int, on: datetime, bounce_domain: str
) -> Parcel:
    """The mail, dated `on` (UTC).

    Raises IntegrityBroken for a file that is missing or changed, FieldInvalid for a mail that cannot be
    put together: it must not hold up all others.
    """
    files = {
        one.sha256: contents.get(tenant_id, bytes.fromhex(one.sha256))
        for one in message.attachments
    }
    content = mail_bytes(message, files, on)
    sender = sender_for(message.id, bounce_domain) if bounce_domain else message.bounces_to
    return Parcel(message.id, sender, message.recipients, content)
