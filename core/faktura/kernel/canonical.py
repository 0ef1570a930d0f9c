"""One way to write a value as bytes, so that equal content has an equal hash."""

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from uuid import UUID


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            # 1.10 and 1.1 are equal, so they are written alike; -0 is 0.
            return format((value + 0).normalize(), "f")
        case UUID():
            return str(value)
        case bytes():
            return value.hex()
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
).encode


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no blanks; dates ISO, ids and decimals as text.

    Raises TypeError for what has no canonical form and ValueError for NaN and infinity.
    """
    return _encode(value)


def content_hash(value: object) -> bytes:
    """SHA-256 of the canonical JSON, 32 bytes."""
    return sha256(_encode(value).encode()).digest()
