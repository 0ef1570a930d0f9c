"""Whether the head of a file looks like camt.052, .053 or .054."""

import re

from faktura_camt.family import LOOKS_LIKE_IT

ZIP_MAGIC = b"PK\x03\x04"
HEAD_BYTES = 64 * 1024

_NAMED_IN_ZIP = re.compile(rb"\.(?:xml|zip)", re.IGNORECASE)


def is_zip(head: bytes) -> bool:
    """Whether the bytes start like a ZIP archive that is not empty."""
    return head.startswith(ZIP_MAGIC)


def looks_like_camt(head: bytes) -> bool:
    """Judged from at most the first 64 KiB, by content alone; never raises."""
    head = head[:HEAD_BYTES]
    if is_zip(head):
        return _NAMED_IN_ZIP.search(head) is not None
    return LOOKS_LIKE_IT.search(head.replace(b"\0", b"")) is not None
