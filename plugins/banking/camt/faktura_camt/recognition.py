"""Whether the head of a file looks like camt.053."""

import re

ZIP_MAGIC = b"PK\x03\x04"
HEAD_BYTES = 64 * 1024

_NAMED_IN_ZIP = re.compile(rb"\.(?:xml|zip)", re.IGNORECASE)
# The family's namespace, or the element that only camt.053 has; text of UTF-16 has NULs between.
_FAMILY = re.compile(rb"camt\.053\.001\.|<(?:[A-Za-z0-9_.-]+:)?BkToCstmrStmt[\s>]")


def is_zip(head: bytes) -> bool:
    """Whether the bytes start like a ZIP archive that is not empty."""
    return head.startswith(ZIP_MAGIC)


def looks_like_camt053(head: bytes) -> bool:
    """Judged from at most the first 64 KiB, by content alone; never raises."""
    head = head[:HEAD_BYTES]
    if is_zip(head):
        return _NAMED_IN_ZIP.search(head) is not None
    return _FAMILY.search(head.replace(b"\0", b"")) is not None
