"""What an audit pack of a document holds: the sealed facts about it and the chain above them (O27)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from faktura.domain.audit_pack import PackedFact, PackedSeal
from faktura.domain.document_files import rendering_id
from faktura.domain.sealing import written_rows
from faktura.store.batches import in_batches
from faktura.store.fact_tables import (
    ALLOCATIONS,
    DOCUMENTS,
    ENTRIES,
    EVENTS,
    FACT_TABLES,
    TRANSACTIONS,
    FactTable,
)
from faktura.store.sealed_facts import part_no, parts_of, place_of
from faktura.store.tables import (
    account_transaction,
    activity,
    allocation,
    document,
    document_link,
    event,
    journal_entry,
    rendering,
    seal,
)
from faktura.store.transaction import Tx

_STREAM = {"yield_per": 2000}


@dataclass(frozen=True, slots=True)
class Settled:
    """What settles documents: transactions by (customer, currency, number), entries, bank movements."""

    transactions: frozenset[tuple[UUID, str, int]]
    entry_keys: frozenset[str]
    movements: frozenset[UUID]


def family_of(tx: Tx, document_id: UUID) -> list[UUID]:
    """The document with all that correct, replace or deduct it or that it names, directly or not."""
    link = document_link.c
    family, fresh = {document_id}, {document_id}
    while fresh:
        found: set[UUID] = set()
        for batch in in_batches(sorted(fresh)):
            rows = tx.connection.execute(
                select(link.document_id, link.original_id).where(
                    link.tenant_id == tx.tenant_id,
                    or_(link.document_id.in_(batch), link.original_id.in_(batch)),
                )
            )
            found.update(one for row in rows for one in row)
        fresh = found - family
        family |= fresh
    return sorted(family)


def contract_ids_of(tx: Tx, documents: Collection[UUID]) -> list[UUID]:
    """The contracts that these documents are of, by themselves or by their activities."""
    own = select(document.c.contract_id).where(
        document.c.tenant_id == tx.tenant_id,
        document.c.id.in_(documents),
        document.c.contract_id.is_not(None),
    )
    billed = select(activity.c.contract_id).where(
        activity.c.tenant_id == tx.tenant_id, activity.c.document_id.in_(documents)
    )
    return sorted({row[0] for query in (own, billed) for row in tx.connection.execute(query)})


def settled_by(tx: Tx, documents: Collection[UUID]) -> Settled:
    """What counts, or counted, for these documents."""
    a = allocation.c
    rows = tx.connection.execute(
        select(a.customer_id, a.currency, a.transaction_no, a.entry_key, a.movement_id).where(
            a.tenant_id == tx.tenant_id, a.document_id.in_(documents)
        )
    ).all()
    return Settled(
        frozenset((row.customer_id, row.currency, row.transaction_no) for row in rows),
        frozenset(row.entry_key for row in rows),
        frozenset(row.movement_id for row in rows if row.movement_id is not None),
    )


def facts_about(
    tx: Tx, documents: Collection[UUID], contracts: Collection[UUID], settled: Settled
) -> Iterator[PackedFact]:
    """The facts about documents, their contracts and what settled them, as they were hashed."""
    t, e = account_transaction.c, journal_entry.c
    conditions: dict[FactTable, ColumnElement[bool]] = {
        DOCUMENTS: document.c.id.in_(documents),
        TRANSACTIONS: or_(
            t.document_id.in_(documents),
            tuple_(t.customer_id, t.currency, t.no).in_(sorted(settled.transactions)),
        ),
        ALLOCATIONS: allocation.c.document_id.in_(documents),
        ENTRIES: or_(
            e.document_id.in_(documents),
            e.entry_key.in_(sorted(settled.entry_keys)),
            e.reverses_key.in_(sorted(settled.entry_keys)),
        ),
        EVENTS: event.c.object_id.in_(_objects(tx, documents, contracts)),
    }
    for kind in FACT_TABLES:
        yield from _facts(tx, kind, conditions[kind])


def _objects(tx: Tx, documents: Collection[UUID], contracts: Collection[UUID]) -> list[UUID]:
    """Whose events belong to the pack: documents, their renderings, their contracts."""
    from_rows = tx.connection.execute(
        select(rendering.c.document_id, rendering.c.format, rendering.c.rule_set).where(
            rendering.c.tenant_id == tx.tenant_id, rendering.c.document_id.in_(documents)
        )
    )
    return [*documents, *contracts, *(rendering_id(*row) for row in from_rows)]


def _facts(tx: Tx, kind: FactTable, condition: ColumnElement[bool]) -> Iterator[PackedFact]:
    t, sealed = kind.table.c, kind.sealed
    rows = tx.connection.execute(
        select(*sealed, t.content_hash, t.seal_seq)
        .where(and_(t.tenant_id == tx.tenant_id, condition))
        .order_by(t.seal_seq, *sealed[:3])
    ).all()
    parts = parts_of(tx, kind, [row[0] for row in rows])
    for row in rows:
        own = sorted(parts.get(row[0], ()), key=part_no)
        hashed = kind.hashed(row[: len(sealed)], own)
        yield PackedFact(
            kind.table.name,
            place_of(kind, row),
            row.seal_seq,
            row.content_hash.hex(),
            written_rows(*hashed),
        )


def seals_from(tx: Tx, first: int, opened: Collection[int]) -> Iterator[PackedSeal]:
    """The seals from a number on up to the head, in order; `opened` with the digests of their facts."""
    digests = _digests(tx, sorted(opened))
    rows = tx.connection.execute(
        select(seal)
        .where(seal.c.tenant_id == tx.tenant_id, seal.c.seq >= first)
        .order_by(seal.c.seq),
        execution_options=_STREAM,
    )
    for row in rows:
        own = digests.get(row.seq)
        yield PackedSeal(
            row.seq,
            row.prev.hex(),
            row.root.hex(),
            row.facts,
            row.hash.hex(),
            row.recorded_at,
            None if own is None else tuple(sorted(own)),
        )


def _digests(tx: Tx, seals: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {seq: [] for seq in seals}
    for kind in FACT_TABLES:
        t = kind.table.c
        for batch in in_batches(seals):
            rows = tx.connection.execute(
                select(t.seal_seq, t.content_hash).where(
                    t.tenant_id == tx.tenant_id, t.seal_seq.in_(batch)
                )
            )
            for seq, digest in rows:
                found[seq].append(digest.hex())
    return found


def column_names() -> dict[str, list[str]]:
    """What the values of a fact's rows are called, by table, so that a person can read them."""
    names: dict[str, list[str]] = {}
    for kind in FACT_TABLES:
        names[kind.table.name] = _names(kind.sealed)
        if kind.parts is not None:
            names[kind.parts.name] = _names(kind.sealed_parts)
    return names


def place_in(table: str, named: Mapping[str, object]) -> str | None:
    """Where a fact with these named values stands, as `place_of` says it; None without its key."""
    for kind in FACT_TABLES:
        if kind.table.name == table:
            try:
                return place_of(kind, SimpleNamespace(**named))
            except AttributeError:
                return None
    return None


def _names(columns: Iterable[ColumnElement[object]]) -> list[str]:
    return [str(column.name) for column in columns if hasattr(column, "name")]
