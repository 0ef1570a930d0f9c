"""Reading facts back as they were sealed: each with the hash it was given and the one it has now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from faktura.store.fact_tables import DOCUMENTS, FACT_TABLES, FactTable
from faktura.store.tables import chain_head, journal_entry, seal
from faktura.store.transaction import Tx

_STREAM = {"yield_per": 2000}
# So many facts are held in memory at a time; a seal is never read in parts.
_FACTS_A_BATCH = 5000
_SEALS_A_BATCH = 500
_FACTS_A_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Seal:
    """A link of the chain as stored."""

    seq: int
    prev: bytes
    root: bytes
    facts: int
    hash: bytes
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SealedFact:
    """The hash that was stored with a fact and that of what is stored now.

    `place` is where it stands if the two differ, else empty.
    """

    seal_seq: int
    place: str
    stored: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where the chain ends as its writers see it."""

    seal_seq: int
    seal_hash: bytes
    entry_seq: int


def seal_batches(tx: Tx) -> Iterator[list[Seal]]:
    """All seals in order, in batches of a bounded number of facts."""
    batch: list[Seal] = []
    facts = 0
    for row in tx.connection.execute(
        select(seal).where(seal.c.tenant_id == tx.tenant_id).order_by(seal.c.seq),
        execution_options=_STREAM,
    ):
        batch.append(Seal(row.seq, row.prev, row.root, row.facts, row.hash, row.recorded_at))
        facts += row.facts
        if facts >= _FACTS_A_BATCH or len(batch) == _SEALS_A_BATCH:
            yield batch
            batch, facts = [], 0
    if batch:
        yield batch


def facts_of_seals(tx: Tx, first: int, last: int) -> Iterator[SealedFact]:
    """The facts of a range of seals, both ends inclusive, with their hashes computed anew."""
    for kind in FACT_TABLES:
        yield from _facts(tx, kind, first, last)


def _facts(tx: Tx, kind: FactTable, first: int, last: int) -> Iterator[SealedFact]:
    t = kind.table.c
    sealed = kind.sealed
    rows = tx.connection.execute(
        select(*sealed, t.content_hash, t.seal_seq).where(
            t.tenant_id == tx.tenant_id, t.seal_seq.between(first, last)
        ),
        execution_options={"yield_per": _FACTS_A_PAGE},
    )
    for page in rows.partitions():
        parts = parts_of(tx, kind, [row[0] for row in page])
        for row in page:
            own = sorted(parts.get(row[0], ()), key=part_no)
            digest = kind.digest(row[: len(sealed)], own)
            # Only where something is wrong is anybody told the place.
            place = "" if digest == row.content_hash else place_of(kind, row)
            yield SealedFact(row.seal_seq, place, row.content_hash, digest)


def part_no(part: tuple[Any, ...]) -> int:
    """The number by which a fact's parts are ordered: the first of their sealed values."""
    number: int = part[0]
    return number


def parts_of(
    tx: Tx, kind: FactTable, keys: Sequence[object]
) -> dict[object, list[tuple[Any, ...]]]:
    """The parts of these facts; by their keys, so that no database has to guess a plan."""
    found: dict[object, list[tuple[Any, ...]]] = {}
    if kind.parts is None:
        return found
    owner = tuple(kind.parts.columns)[1]
    rows = tx.connection.execute(
        select(owner, *kind.sealed_parts).where(
            kind.parts.c.tenant_id == tx.tenant_id, owner.in_(keys)
        )
    )
    for row in rows:
        found.setdefault(row[0], []).append(tuple(row[1:]))
    return found


def place_of(kind: FactTable, row: Any) -> str:
    """`document RE-000017 with its document_line`: table and key of a fact."""
    if kind is DOCUMENTS:
        key = str(row.number)
    else:
        names = [column.name for column in kind.table.primary_key.columns][1:]
        key = " ".join(str(getattr(row, name)) for name in names)
    place = f"{kind.table.name} {key}"
    return place if kind.parts is None else f"{place} with its {kind.parts.name}"


def facts_outside_seals(tx: Tx) -> Iterator[str]:
    """Places of facts whose seal does not exist, and of parts whose fact does not exist."""
    for kind in FACT_TABLES:
        t = kind.table.c
        rows = tx.connection.execute(
            select(kind.table)
            .outerjoin(seal, (seal.c.tenant_id == t.tenant_id) & (seal.c.seq == t.seal_seq))
            .where(t.tenant_id == tx.tenant_id, seal.c.seq.is_(None)),
            execution_options=_STREAM,
        )
        for row in rows:
            yield f"{place_of(kind, row)}, seal {row.seal_seq}"
        yield from _orphans(tx, kind)


def _orphans(tx: Tx, kind: FactTable) -> Iterator[str]:
    if kind.parts is None:
        return
    p, t = kind.parts.c, kind.table.c
    owner = tuple(kind.parts.columns)[1]
    own = and_(t.tenant_id == p.tenant_id, kind.sealed[0] == owner)
    rows = tx.connection.execute(
        select(owner, p.no)
        .select_from(kind.parts)
        .outerjoin(kind.table, own)
        .where(p.tenant_id == tx.tenant_id, t.tenant_id.is_(None)),
        execution_options=_STREAM,
    )
    for row in rows:
        yield f"{kind.parts.name} {row[0]} {row[1]}"


def chain_end(tx: Tx) -> ChainHead | None:
    """The stored head of the chain; None where the tenant has none."""
    row = tx.connection.execute(
        select(chain_head).where(chain_head.c.tenant_id == tx.tenant_id)
    ).one_or_none()
    return None if row is None else ChainHead(row.seal_seq, row.seal_hash, row.entry_seq)


def seal_hash_of(tx: Tx, seq: int) -> bytes | None:
    """The hash of the seal of that number; None where there is none."""
    found: bytes | None = tx.connection.execute(
        select(seal.c.hash).where(seal.c.tenant_id == tx.tenant_id, seal.c.seq == seq)
    ).scalar()
    return found


def entry_numbers(tx: Tx) -> Iterator[int]:
    """The numbers of all journal entries in order; streamed."""
    e = journal_entry.c
    rows = tx.connection.execute(
        select(e.seq).where(e.tenant_id == tx.tenant_id).order_by(e.seq),
        execution_options=_STREAM,
    )
    for row in rows:
        yield row.seq
