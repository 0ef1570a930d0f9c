"""Documents that take billed periods back: one correction for each original (P18, F071)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.contract_life import StandingPeriod
from faktura.domain.contracts import Contract
from faktura.domain.corrections import Correctable, TakenBack, correction
from faktura.domain.customers import Customer
from faktura.domain.invoices import DraftDocument
from faktura.kernel.errors import Conflict
from faktura.kernel.terms import DocumentKind
from faktura.store.articles import articles_by_number
from faktura.store.document_links import corrected_lines
from faktura.store.documents import read_documents
from faktura.store.transaction import Tx
from faktura.store.written_off import given_up

if TYPE_CHECKING:
    from faktura.domain.documents import DocumentRecord


@dataclass(frozen=True, slots=True)
class Reversal:
    """The corrections to issue, each with the activities that it reverses.

    `free` are reversed activities that no document charged anything for.
    """

    corrections: list[tuple[DraftDocument, tuple[UUID, ...]]] = field(default_factory=list)
    free: list[UUID] = field(default_factory=list)


def reversal_of(
    tx: Tx, contract: Contract, customer: Customer, periods: Sequence[StandingPeriod], on: date
) -> Reversal:
    """How billed periods of a contract are taken back on that day; reads, writes nothing.

    Raises Conflict where a document that billed them was written off or cash discount was
    taken: its VAT is corrected already, and nobody paid what its correction would give back (§ 17 UStG).
    """
    result = Reversal()
    billed: dict[UUID, dict[int, UUID]] = {}
    for one in periods:
        if one.document_id is None or one.line_no is None:
            result.free.append(one.activity_id)
        else:
            billed.setdefault(one.document_id, {})[one.line_no] = one.activity_id
    lessened = given_up(tx, list(billed))
    for original, articles in correctables(tx, contract, customer, list(billed)):
        if original.record.id in lessened:
            raise is_given_up(original.record.number)
        reversed_lines = billed[original.record.id]
        lines = [
            TakenBack(line, articles[line.article_number])
            for line in original.record.lines
            if line.no in reversed_lines and original.rest(line)
        ]
        if lines:
            draft = correction(original, lines, on, DocumentKind.CORRECTION)
            result.corrections.append((draft, tuple(reversed_lines.values())))
        else:
            result.free.extend(reversed_lines.values())
    return result


def is_given_up(number: str) -> Conflict:
    """Why a document is not taken back, and what to do first."""
    return Conflict(
        f"{number} is written off, or cash discount was taken of it",
        place="invoiceNumber",
        mend=f"Take that back first: faktura invoices write-off {number} --undo",
    )


def correctables(
    tx: Tx, contract: Contract, customer: Customer, document_ids: Sequence[UUID]
) -> Iterable[tuple[Correctable, dict[str, Article]]]:
    """Documents by number with what corrections took off them, and their lines' articles by number."""
    records: list[DocumentRecord] = read_documents(tx, document_ids)
    taken: dict[UUID, dict[int, int]] = {}
    for (document_id, line_no), minor in corrected_lines(tx, document_ids).items():
        taken.setdefault(document_id, {})[line_no] = minor
    numbers = {line.article_number for record in records for line in record.lines}
    articles = {number: sold.article for number, sold in articles_by_number(tx, numbers).items()}
    for record in records:
        yield Correctable(record, customer, contract, taken.get(record.id, {})), articles
