"""Facts made ready before their numbers are known: what is locked is locked for the writing alone.

The documents carry a stand-in where their numbers will be: an id of this transaction, hexadecimal digits
that stand in no other text. Rows are encoded, and the texts that hashes are taken over are written,
before numbers and chain are locked; then each fact gets its number, its place, its hash and its seal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table

from faktura.domain.sealing import digest_of_text, text_of_written, written_rows
from faktura.store.accounts import open_item_rows
from faktura.store.bulk import Row, encode, write_encoded
from faktura.store.document_links import write_links
from faktura.store.event_details import write_details
from faktura.store.fact_rows import (
    Facts,
    document_rows,
    draft_entry_rows,
    entry_rows,
    event_rows,
    transaction_rows,
)
from faktura.store.fact_tables import (
    DOCUMENTS,
    ENTRIES,
    EVENTS,
    TRANSACTIONS,
    Fact,
    FactTable,
)
from faktura.store.seals import lock_head, locked_through, write_seal
from faktura.store.tables import draft_entry, open_item
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class _Rows:
    """Encoded rows; each has the stand-in of its document at the places marked."""

    table: Table
    rows: list[list[Any]]
    owners: Sequence[int]
    marks: list[list[int]]

    def number(self, stand_in: str, numbers: Sequence[str]) -> None:
        """Put the documents' numbers in."""
        for row, owner, marks in zip(self.rows, self.owners, self.marks, strict=True):
            for place in marks:
                row[place] = row[place].replace(stand_in, numbers[owner])

    def write(self, tx: Tx) -> None:
        """Insert them."""
        if self.rows:
            write_encoded(tx, self.table, self.rows)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Facts of a table with their parts, and the texts their hashes are taken over."""

    kind: FactTable
    facts: _Rows
    texts: list[str]
    parts: list[list[Any]]

    def write(self, tx: Tx, stand_in: str, numbers: Sequence[str], seal_seq: int) -> list[bytes]:
        """Insert them under a seal; returns their hashes."""
        hash_at = self.kind.hash_at
        self.facts.number(stand_in, numbers)
        digests = []
        for row, text, owner in zip(self.facts.rows, self.texts, self.facts.owners, strict=True):
            digest = digest_of_text(text.replace(stand_in, numbers[owner]))
            row[hash_at], row[hash_at + 1] = digest, seal_seq
            digests.append(digest)
        self.facts.write(tx)
        if self.kind.parts is not None and self.parts:
            write_encoded(tx, self.kind.parts, self.parts)
        return digests

    def placed(self, first: int) -> "_Sealed":
        """The same, whose keys counted from 0, with keys that count from `first`."""
        texts = []
        for no, (row, text) in enumerate(zip(self.facts.rows, self.texts, strict=True), first):
            row[1] = no
            # The key is the first value of the first row: `[[0,…`.
            texts.append(f"[[{no}{text[text.index(',') :]}")
        for part in self.parts:
            part[1] += first
        return _Sealed(self.kind, self.facts, texts, self.parts)


@dataclass(frozen=True, slots=True)
class FactsAhead:
    """New documents with all that follows from them, ready but for their numbers and their seal."""

    facts: Facts
    stand_in: str
    recorded_at: datetime
    locked_to: date | None
    documents: _Sealed
    transactions: _Sealed
    entries: _Sealed
    events: _Sealed
    open_items: _Rows
    drafts: _Rows

    def write(self, tx: Tx, numbers: Sequence[str]) -> int:
        """Write all of it, each document under its number, and the seal; returns the seal's number.

        Done once: the rows are changed in place.
        """
        head = lock_head(tx, entries=len(self.entries.texts))
        entries = self.entries
        if head.locked_to != self.locked_to:
            # Somebody locked a month meanwhile: what belongs to it is booked in the first open one (P24).
            entries = _entries(tx, self.facts, self.stand_in, self.recorded_at, head.locked_to)
        entries = entries.placed(head.first_entry_seq)
        digests: list[bytes] = []
        for sealed in (self.documents, self.transactions, entries, self.events):
            digests += sealed.write(tx, self.stand_in, numbers, head.seal_seq)
        for rows in (self.open_items, self.drafts):
            rows.number(self.stand_in, numbers)
            rows.write(tx)
        write_details(tx, self.facts.events)
        write_links(tx, [(frozen.id, frozen.draft) for frozen in self.facts.documents])
        write_seal(tx, head, digests)
        return head.seal_seq


def facts_ahead(tx: Tx, facts: Facts, stand_in: str) -> FactsAhead:
    """Make facts ready whose documents have `stand_in` for a number.

    Of every document there are one transaction and one event, in the same order; nothing is allocated,
    and no other document is named. Nothing is written and nothing locked yet.
    """
    now, locked_to = tx.now(), locked_through(tx)
    every = range(len(facts.documents))
    missing = [entry for entry in facts.entries if entry.missing]
    of_document = {frozen.id: no for no, frozen in enumerate(facts.documents)}
    owed = [of_document[item.document_id] for item in facts.open_items]
    waiting = [of_document[entry.document_id] for entry in missing if entry.document_id]
    return FactsAhead(
        facts,
        stand_in,
        now,
        locked_to,
        _sealed(tx, DOCUMENTS, document_rows(facts.documents, now), every, stand_in),
        _sealed(tx, TRANSACTIONS, transaction_rows(facts.transactions, now), every, stand_in),
        _entries(tx, facts, stand_in, now, locked_to),
        _sealed(tx, EVENTS, event_rows(facts.events, now), every, stand_in),
        _rows(tx, open_item, open_item_rows(tx, facts.open_items), owed, stand_in),
        _rows(tx, draft_entry, draft_entry_rows(tx, missing, now), waiting, stand_in),
    )


def _entries(tx: Tx, facts: Facts, stand_in: str, now: datetime, locked_to: date | None) -> _Sealed:
    """The complete entries, counted from 0."""
    complete = [entry for entry in facts.entries if not entry.missing]
    of_document = {frozen.id: no for no, frozen in enumerate(facts.documents)}
    owners = [of_document[entry.document_id] for entry in complete if entry.document_id]
    return _sealed(tx, ENTRIES, entry_rows(complete, 0, locked_to, now), owners, stand_in)


def _sealed(
    tx: Tx, kind: FactTable, stated: Iterable[Fact], owners: Sequence[int], stand_in: str
) -> _Sealed:
    tenant, framed = tx.tenant_id, kind.hash_at - 1
    rows: list[Row] = []
    parts: list[Row] = []
    texts: list[str] = []
    for values, own in stated:
        listed = list(own)
        texts.append(text_of_written(written_rows(*kind.hashed(values, listed))))
        rows.append((tenant, *values[:framed], b"", 0, *values[framed:]))
        parts.extend((tenant, values[0], *part) for part in listed)
    encoded = [] if kind.parts is None or not parts else _encoded(tx, kind.parts, parts)
    return _Sealed(kind, _rows(tx, kind.table, rows, owners, stand_in), texts, encoded)


def _rows(tx: Tx, table: Table, rows: Sequence[Row], owners: Sequence[int], stand_in: str) -> _Rows:
    encoded = _encoded(tx, table, rows) if rows else []
    marks = [
        [place for place, cell in enumerate(row) if cell.__class__ is str and stand_in in cell]
        for row in encoded
    ]
    return _Rows(table, encoded, owners, marks)


def _encoded(tx: Tx, table: Table, rows: Sequence[Row]) -> list[list[Any]]:
    return [list(row) for row in encode(tx.connection.dialect, table, rows)]
