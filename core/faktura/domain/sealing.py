"""Hashes over facts: one per row of fact, one seal per transaction, chained (O15).

A seal's hash covers the previous seal's hash, its number, and the sorted hashes of all facts of
its transaction; so any change, removal or reordering of facts is found by `faktura verify`.
"""

import json
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256

from faktura.kernel.decimals import PLACES

GENESIS = bytes(32)

_AS_IS = frozenset({str, int, bool, type(None)})
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value.scaleb(PLACES))
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def fact_digest(*rows: Iterable[object]) -> bytes:
    """SHA-256 over the values of a fact's rows (its own and its children's, in order)."""
    listed = [
        [value if value.__class__ in _AS_IS else _plain(value) for value in row] for row in rows
    ]
    return sha256(_encode(listed).encode()).digest()


def seal_root(digests: Iterable[bytes]) -> bytes:
    """One hash over a transaction's facts, whatever the order they are read in."""
    return sha256(b"".join(sorted(digests))).digest()


def seal_hash(prev: bytes, seq: int, root: bytes, count: int) -> bytes:
    """The link of the chain."""
    return sha256(prev + seq.to_bytes(8, "big") + root + count.to_bytes(8, "big")).digest()
