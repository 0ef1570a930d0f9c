"""Mails: one for each fact and use; what stands in it is frozen once it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from faktura.domain.mail_addresses import domain_of
from faktura.kernel.outbox_terms import MailState, MailUse


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A file of the mail; its bytes lie in the content store under `sha256` (64 hex digits)."""

    name: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class MailMessage:
    """A written mail: to whom, from whom, what it says.

    `bounces_to` is the envelope's sender; `reply_to` is empty where answers go to the sender.
    `message_id` stays the same however often it is sent; it has its angle brackets. Addresses are
    checked and ASCII: domains in punycode.
    """

    id: UUID
    use: MailUse
    language: str
    sender: str
    sender_name: str
    reply_to: str
    bounces_to: str
    recipients: tuple[str, ...]
    subject: str
    plain: str
    html: str
    message_id: str
    attachments: tuple[MailAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it stands; `message` is None until it is written.

    `fact` names what it tells of: `event:<object id>:<sequence>`, `means:<id>:<last day>` and so on.
    `lane` is whose it is: those of one lane are sent in the order of (`place`, `id`). `given` is what
    writing it needs beside the fact. `answer` is what the server said, `last_error` why it waits or
    failed (code, problem, place, mend); moments are in UTC.
    """

    id: UUID
    fact: str
    use: MailUse
    lane: str
    place: int
    state: MailState
    due_at: datetime
    created_at: datetime
    given: Mapping[str, object] = field(default_factory=dict)
    customer_id: UUID | None = None
    document_id: UUID | None = None
    message: MailMessage | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    answer: str | None = None
    last_error: Mapping[str, str] | None = None


def message_id_of(mail_id: UUID, sender: str) -> str:
    """What a mail is called on its way, for ever: its id at the sender's domain, with angle brackets."""
    return f"<{mail_id.hex}@{domain_of(sender)}>"


@dataclass(frozen=True, slots=True)
class MailAsk:
    """That a mail of a use is to be written of a fact."""

    use: MailUse
    fact: str
    lane: str
    customer_id: UUID | None = None
    document_id: UUID | None = None
    given: Mapping[str, object] = field(default_factory=dict)
