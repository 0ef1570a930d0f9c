"""A mail as bytes on the wire: plain text and HTML, files attached (RFC 5322, 2045-2047, 2231).

Everything is 7-bit in short lines, so that no server on the way need change it. It is put together
here and not by the library's message classes, which read back each header that they are given and take
ten times as long.
"""

import base64
from binascii import b2a_qp
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from faktura.domain.mails import MailAttachment, MailMessage
from faktura.kernel.errors import FieldInvalid

_END = b"\r\n"
_LONG = 60
_PLAIN_NAME = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+ !#$%&'*/=?^`{|}~"
)


def mail_bytes(message: MailMessage, files: Mapping[str, bytes], on: datetime) -> bytes:
    """The mail with CRLF line ends; `files` are the attachments' bytes by sha256 (hex), `on` is its Date.

    The same mail of the same moment has the same bytes. Raises FieldInvalid for a text that is no
    Unicode or has a control character in a header, KeyError for a file that is missing.
    """
    try:
        return _END.join([*_head(message, on), *_body(message, files)])
    except UnicodeError:
        raise FieldInvalid("its text is no Unicode", place=f"mail {message.id}") from None


def _head(message: MailMessage, on: datetime) -> Iterator[bytes]:
    yield _line("From", f"{_phrase(message.sender_name)}<{message.sender}>")
    yield _line("To", ",\r\n ".join(message.recipients))
    if message.reply_to:
        yield _line("Reply-To", message.reply_to)
    yield _line("Subject", _words("Subject", message.subject))
    yield _line("Date", format_datetime(on))
    yield _line("Message-ID", message.message_id)
    yield _line("Content-Language", message.language)
    # RFC 3834: no machine is to answer it with a notice of absence.
    yield _line("Auto-Submitted", "auto-generated")
    yield _line("MIME-Version", "1.0")


def _line(name: str, value: str) -> bytes:
    # A header of two lines would be two headers: only folds of our own stand in it.
    if any(not sign.isprintable() for sign in value.replace("\r\n ", "")):
        raise FieldInvalid(f"the header {name} has a control character", place="mail")
    return f"{name}: {value}".encode("ascii")


def _phrase(name: str) -> str:
    if not name:
        return ""
    if not name.isascii():
        return _words("From", name) + " "
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" '


def _words(name: str, text: str) -> str:
    """Text as a header carries it: encoded words where it is not ASCII, folded."""
    if not all(sign.isprintable() for sign in text):
        raise FieldInvalid(f"the header {name} has a control character", place="mail")
    # What looks like an encoded word would be read as one, and a long word can be folded in no other way.
    is_plain = text.isascii() and "=?" not in text and max(map(len, text.split(" "))) <= _LONG
    charset = "us-ascii" if is_plain else "utf-8"
    return Header(text, charset, header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _body(message: MailMessage, files: Mapping[str, bytes]) -> Iterator[bytes]:
    """The texts, and around them as many wrappings as there is to wrap."""
    texts = _texts(message)
    if not message.attachments:
        yield from texts
        return
    parts = [_attached(one, files[one.sha256]) for one in message.attachments]
    yield from _multipart("mixed", f"=_{message.id.hex}_m", [texts, *parts])


def _texts(message: MailMessage) -> Iterator[bytes]:
    plain = _text("plain", message.plain)
    if not message.html:
        return plain
    return _multipart("alternative", f"=_{message.id.hex}_a", [plain, _text("html", message.html)])


def _multipart(kind: str, boundary: str, parts: list[Iterator[bytes]]) -> Iterator[bytes]:
    # "=_" stands in no part: neither encoding has it.
    yield f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"'.encode()
    yield b""
    for part in parts:
        yield f"--{boundary}".encode()
        yield from part
    yield f"--{boundary}--".encode()
    yield b""


def _text(kind: str, text: str) -> Iterator[bytes]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    yield f"Content-Type: text/{kind}; charset=utf-8".encode()
    yield b"Content-Transfer-Encoding: quoted-printable"
    yield b""
    yield b2a_qp(lines, istext=True).replace(b"\n", _END)


def _attached(attachment: MailAttachment, content: bytes) -> Iterator[bytes]:
    yield _line("Content-Type", attachment.media_type)
    yield b"Content-Transfer-Encoding: base64"
    if _PLAIN_NAME.issuperset(attachment.name):
        name = f'filename="{attachment.name}"'
    else:
        name = f"filename*=utf-8''{quote(attachment.name, safe='')}"
    yield f"Content-Disposition: attachment;\r\n {name}".encode("ascii")
    yield b""
    yield base64.encodebytes(content).replace(b"\n", _END)
