"""Mails that came back: which mail a report is about, and which addresses it names (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from itertools import islice
from uuid import UUID

from faktura.domain.mail_outcomes import Refusal, told
from faktura.kernel.errors import FileUnreadable
from faktura.kernel.outbox_terms import BounceKind

_BOUNCE = "bounce+"
_OWN_SENDER = re.compile(r"bounce\+([0-9a-f]{32})@", re.IGNORECASE)
# Seen signs of ASCII but < and >, as our own have: no database is asked for a NUL.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,300}@[!-;=?-~]{1,300}>")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_ANSWERED = ("In-Reply-To", "References")
_MOST = 100


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a report says: the mails it may be about, by id or message id, and the refused addresses."""

    mail_ids: tuple[UUID, ...]
    message_ids: tuple[str, ...]
    refusals: tuple[Refusal, ...]


def sender_for(mail_id: UUID, domain: str) -> str:
    """An envelope sender that names its mail: what comes back to it is about that one."""
    return f"{_BOUNCE}{mail_id.hex}@{domain}"


def read_report(content: bytes) -> BounceReport:
    """A mail that came back, with its machine-readable part; what it says of success is left out.

    At most 100 addresses and message ids are read. Raises FileUnreadable for a mail without such a part,
    or with parts in parts in parts without end.
    """
    try:
        mail = message_from_bytes(content)
        parts = list(mail.walk())
    except RecursionError:
        raise FileUnreadable(
            "its parts are nested too deeply", mend="Hand in the report as the server sent it"
        ) from None
    refusals = [
        found
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for block in islice(part.walk(), 1, None)
        if (found := _refusal(block)) is not None
    ]
    if not refusals:
        raise FileUnreadable(
            "it does not say which address was not reached",
            mend="Hand in the whole mail that came back, with its part message/delivery-status",
        )
    envelope = " ".join(str(value) for name in _ENVELOPE for value in mail.get_all(name, []))
    ids = tuple(UUID(found) for found in _OWN_SENDER.findall(envelope)[:_MOST])
    return BounceReport(ids, tuple(_message_ids(mail, parts))[:_MOST], tuple(refusals[:_MOST]))


def _refusal(block: Message) -> Refusal | None:
    """The refused address of one block of fields, None where it tells of none."""
    address = _address(block, "Original-Recipient") or _address(block, "Final-Recipient")
    action = str(block.get("Action", "")).strip().casefold()
    if not address or action not in ("failed", "delayed"):
        return None
    found = _STATUS.search(str(block.get("Status", "")))
    status = found[0] if found else ""
    later = action == "delayed" or status.startswith("4")
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2] or action
    kind = BounceKind.TEMPORARY if later else BounceKind.PERMANENT
    return Refusal(address, kind, status or action, told(said))


def _address(block: Message, name: str) -> str:
    kind, _, address = str(block.get(name, "")).partition(";")
    return told(address.strip().strip("<>")) if kind.strip().casefold() == "rfc822" else ""


def _message_ids(mail: Message, parts: list[Message]) -> Iterator[str]:
    """The message ids of what came back, then those that the report answers."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            returned = message_from_bytes(payload if isinstance(payload, bytes) else b"")
            yield from _MESSAGE_ID.findall(str(returned.get("Message-ID", "")))
        elif part is not mail:
            yield from _MESSAGE_ID.findall(str(part.get("Message-ID", "")))
    for name in _ANSWERED:
        yield from _MESSAGE_ID.findall(str(mail.get(name, "")))
