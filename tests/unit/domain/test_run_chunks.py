"""Chunks of a run: whole customers, about so many entries."""

from hashlib import sha256
from uuid import UUID

from faktura.domain.run_chunks import Chunk, chunked


def _id(no: int) -> UUID:
    return UUID(int=no)


def test_a_customer_is_never_divided():
    """The second one fills the first chunk beyond its size; the hash covers every entry in order."""
    entries = [(_id(1), b"a"), (_id(2), b"b"), (_id(2), b"c"), (_id(3), b"d")]

    found = chunked(entries, 2)

    assert found.chunks == [Chunk(1, _id(1), _id(2)), Chunk(2, _id(3), _id(3))]
    assert (found.customers, found.entries) == (3, 4)
    assert found.input_hash == sha256(b"abcd").digest()


def test_nothing_has_no_chunk():
    """And the hash of nothing."""
    found = chunked([], 2)

    assert (found.chunks, found.customers, found.entries) == ([], 0, 0)
