"""A whole database into another one, with the proof that both hold the same (O25).

It may be cut off anywhere and started again: it goes on behind what the target holds of each table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest

from faktura.kernel.errors import Conflict
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.table_copy import copied_tables, copy_rows
from faktura.store.table_hashes import first_difference, hash_table
from faktura.store.transaction import Tx
from faktura.store.two_databases import apart, check_is_beginning, make_ready, standing_still

CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Side:
    """A database and where it keeps its files."""

    database: Database
    contents: ContentStore


@dataclass(frozen=True, slots=True)
class Compared:
    """A table in both databases; `sha256` is the source's, `first` the first key that is not the same."""

    table: str
    rows: int
    sha256: bytes
    first: str | None = None

    @property
    def equal(self) -> bool:
        """Whether each row is the same in both."""
        return self.first is None


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy came to; `changed` says that somebody wrote to the source meanwhile."""

    tables: tuple[Compared, ...]
    changed: bool

    @property
    def equal(self) -> bool:
        """Whether both databases hold the same, as of the moment at which the copy began."""
        return all(table.equal for table in self.tables)


def copy_database(
    source: Side, target: Side, counted: Callable[[int], None], *, with_files: bool = True
) -> Copied:
    """Copy every row of every tenant, and the files unless both sides share them; then compare all of it.

    Raises Misconfigured for a target of another revision, Conflict for one with other data, the source
    itself, and where somebody writes; WriteRefused where a constraint does not take a row.
    """
    with apart(source.database, target.database):
        make_ready(source.database, target.database)
        with standing_still(source.database) as (snapshot, changed):
            check_is_beginning(snapshot, target.database)
            if with_files:
                _copy_files(source.contents, target.contents, counted)
            for table in copied_tables():
                copy_rows(snapshot, target.database, table, counted)
            found = list(_compared(snapshot, target.database))
            if with_files:
                found.append(_compared_files(source.contents, target.contents))
            return Copied(tuple(found), changed())


def _compared(snapshot: Tx, target: Database) -> Iterator[Compared]:
    with target.read(0) as tx:
        for table in copied_tables():
            ours, theirs = hash_table(snapshot, table), hash_table(tx, table)
            first = None if ours == theirs else first_difference(snapshot, tx, table)
            yield Compared(table.name, ours.rows, ours.sha256, first)


def _copy_files(source: ContentStore, target: ContentStore, counted: Callable[[int], None]) -> None:
    """Keep what the target lacks, each file proved as it is read; files come before the rows that name them."""
    there = target.listed()
    known = next(there, None)
    for key in source.listed():
        while known is not None and known < key:
            known = next(there, None)
        if known == key:
            continue
        tenant_id, digest = key
        with source.open(tenant_id, digest) as file:
            kept = target.keep(tenant_id, file)
        if kept != digest:
            raise Conflict("a file changed while it was copied", place=digest.hex())
        counted(1)


def _compared_files(source: ContentStore, target: ContentStore) -> Compared:
    """The hashes of all files, each of the target's proved by its bytes."""
    hashed, files, first = sha256(), 0, None
    for ours, theirs in zip_longest(source.listed(), target.listed()):
        if ours is not None:
            hashed.update(f"{ours[0]} {ours[1].hex()}\n".encode())
            files += 1
        if ours != theirs:
            tenant_id, digest = min(key for key in (ours, theirs) if key is not None)
            first = f"tenant_id={tenant_id}, sha256={digest.hex()}"
            break
        if theirs is not None:
            target.verify(*theirs)
    return Compared(CONTENT, files, hashed.digest(), first)
