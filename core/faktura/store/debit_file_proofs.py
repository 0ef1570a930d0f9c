"""What the proof of debit files asks: files beside the attempts that say they are in them; streamed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from faktura.store.streams import streamed
from faktura.store.tables import debit_file, document, payment_attempt
from faktura.store.transaction import Tx

a, f = payment_attempt.c, debit_file.c


@dataclass(frozen=True, slots=True)
class ProvedFile:
    """A file of debits beside the attempts that say they are in it, in the order of their ids."""

    instance: str
    no: int
    items: int
    total: int
    attempts: tuple[tuple[UUID, int], ...]


def files_with_attempts(tx: Tx) -> Iterator[ProvedFile]:
    """Every file of debits with the attempts that say they are in it, a file at a time."""
    rows = streamed(
        tx,
        select(f.instance, f.no, f["items"].label("size"), f.total, a.id, a.amount)
        .outerjoin(
            payment_attempt,
            (a.tenant_id == f.tenant_id) & (a.instance == f.instance) & (a.file_no == f.no),
        )
        .where(f.tenant_id == tx.tenant_id)
        .order_by(f.instance, f.no, a.id),
    )
    held: list[Any] = []
    for row in rows:
        if held and (held[0].instance, held[0].no) != (row.instance, row.no):
            yield _proved(held)
            held = []
        held.append(row)
    if held:
        yield _proved(held)


def _proved(rows: Sequence[Any]) -> ProvedFile:
    first = rows[0]
    attempts = tuple((row.id, row.amount) for row in rows if row.id is not None)
    return ProvedFile(first.instance, first.no, first.size, first.total, attempts)


def attempts_without_file(tx: Tx) -> Iterator[tuple[UUID, str, str, int]]:
    """Attempts in a file that their account does not have: id, document, account, file."""
    rows = streamed(
        tx,
        select(a.id, document.c.number, a.instance, a.file_no)
        .join(document, (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id))
        .outerjoin(
            debit_file,
            (f.tenant_id == a.tenant_id) & (f.instance == a.instance) & (f.no == a.file_no),
        )
        .where(a.tenant_id == tx.tenant_id, a.file_no.is_not(None), f.no.is_(None))
        .order_by(a.id),
    )
    for row in rows:
        yield row.id, row.number, row.instance, row.file_no
