"""What a run does in one transaction: a range of whole customers (O20)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Chunk:
    """A range of whole customers, both ends inclusive, in id order."""

    no: int
    first_customer: UUID
    last_customer: UUID


@dataclass(frozen=True, slots=True)
class Chunked:
    """The chunks of a run, how many customers and entries they hold, and the hash over all entries."""

    chunks: list[Chunk]
    customers: int
    entries: int
    input_hash: bytes


def chunked(entries: Iterable[tuple[UUID, bytes]], size: int) -> Chunked:
    """Ranges of whole customers of about `size` entries; only the ranges are kept in memory.

    `entries` gives the customer of each entry and what the hash covers of it, by customer.
    """
    digest = sha256()
    chunks: list[Chunk] = []
    customers = total = in_chunk = 0
    for customer_id, own in groupby(entries, key=itemgetter(0)):
        if not chunks or in_chunk >= size:
            chunks.append(Chunk(len(chunks) + 1, customer_id, customer_id))
            in_chunk = 0
        customers += 1
        for _, covered in own:
            digest.update(covered)
            in_chunk += 1
            total += 1
        chunks[-1] = replace(chunks[-1], last_customer=customer_id)
    return Chunked(chunks, customers, total, digest.digest())
