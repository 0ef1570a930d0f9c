"""Hashes over facts: one per row of fact, one seal per transaction, chained (O15).

A seal's hash covers the previous seal's hash, its number, its moment, and the sorted hashes of all
facts of its transaction; so any change, removal or reordering of facts is found by `faktura verify`.
"""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from faktura.kernel.decimals import PLACES

GENESIS = bytes(32)

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def _integer(value: Decimal) -> int:
    return int(value.scaleb(PLACES))


# Words of vocabularies are text and written as such; all else must be listed here or be JSON.
_WRITTEN: dict[type, Callable[[Any], object]] = {
    Decimal: _integer,
    UUID: str,
    bytes: bytes.hex,
    date: date.isoformat,
    datetime: datetime.isoformat,
}


def fact_digest(*rows: Iterable[object]) -> bytes:
    """SHA-256 over the values of a fact's rows (its own and its children's, in order)."""
    return digest_of_written(written_rows(*rows))


def written_rows(*rows: Iterable[object]) -> list[list[object]]:
    """The rows of a fact as they are hashed: plain JSON, readable without the product."""
    written = _WRITTEN
    return [
        [written[value.__class__](value) if value.__class__ in written else value for value in row]
        for row in rows
    ]


def digest_of_written(rows: list[list[object]]) -> bytes:
    """SHA-256 over rows that are plain JSON already. Raises ValueError, TypeError for anything else."""
    return digest_of_text(text_of_written(rows))


def text_of_written(rows: list[list[object]]) -> str:
    """The text that the hash of these rows is taken over."""
    return _encode(rows)


def digest_of_text(text: str) -> bytes:
    """SHA-256 over a fact's text."""
    return sha256(text.encode()).digest()


def seal_root(digests: Iterable[bytes]) -> bytes:
    """One hash over a transaction's facts, whatever the order they are read in."""
    return sha256(b"".join(sorted(digests))).digest()


def seal_hash(prev: bytes, seq: int, root: bytes, count: int, recorded_at: datetime) -> bytes:
    """The link of the chain; `recorded_at` in UTC."""
    numbered = seq.to_bytes(8, "big") + root + count.to_bytes(8, "big")
    return sha256(prev + numbered + recorded_at.isoformat().encode()).digest()
