"""Attached documents (BG-24): a reference, and a file or a place where it lies."""

import re
from collections.abc import Iterator
from typing import Final

from faktura.plugin import Attachment, Finding, InvoiceDocument
from faktura_en16931.findings import error
from faktura_en16931.text import is_blank

_MEND: Final = "document.attachments"
# BR-TMP-2: a scheme of two signs at least, so that C:\... is no address.
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]+:.", re.ASCII | re.IGNORECASE)


def check_attachments(document: InvoiceDocument) -> Iterator[Finding]:
    """Attachments nobody could open: without reference, name, content or address."""
    for attachment in document.attachments:
        yield from _attachment(attachment)


def _attachment(attachment: Attachment) -> Iterator[Finding]:
    file, location = attachment.file, attachment.location
    name = file.filename if file else attachment.reference
    if is_blank(attachment.reference) or is_blank(name):
        message = "An attachment has no reference or no file name"
        yield error("BR-52", "BT-122", message, _MEND)
    named = f"The attachment “{attachment.reference}”"
    if file is None and location is None:
        message = f"{named} has neither a file nor an address"
        yield error("faktura-attachment", "BT-125", message, _MEND)
    if file is not None and not file.content:
        yield error("faktura-attachment", "BT-125", f"{named} is an empty file", _MEND)
    if location and not _URL.match(location):
        message = f"{named} lies at no address such as https://…"
        yield error("BR-TMP-2", "BT-124", message, _MEND)
