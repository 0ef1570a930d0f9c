"""Proof of the corrections: together they never take back more than was charged, to the cent (P18)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import cast
from uuid import UUID

from faktura.domain.documents import DocumentRecord
from faktura.domain.violations import Proof, Violation
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of
from faktura.store.document_links import corrected_lines, corrected_originals, corrections_of
from faktura.store.documents import read_documents
from faktura.store.reversed_activities import reversed_with_rest
from faktura.store.transaction import Tx

_ORIGINALS_A_BATCH = 500
_Rate = tuple[str, Decimal]
_Sums = dict[_Rate, tuple[int, int]]


def corrections_add_up(tx: Tx) -> Iterator[Violation]:
    """Of each line at most its net is taken back, of each rate the VAT of what is taken of it.

    A rate of which nothing is left has no VAT left either; of a reversed activity nothing is left.
    """
    ids = corrected_originals(tx)
    while batch := list(islice(ids, _ORIGINALS_A_BATCH)):
        yield from _batch(tx, batch)
    for number, line_no in reversed_with_rest(tx):
        yield Violation(
            Proof.DOCUMENTS,
            f"document_line {line_no} of document {number}",
            "its activity is reversed, but no correction takes all of it back",
        )


def _batch(tx: Tx, ids: Sequence[UUID]) -> Iterator[Violation]:
    by_original = corrections_of(tx, ids)
    named = {one for corrections in by_original.values() for one in corrections}
    records = {record.id: record for record in read_documents(tx, {*ids, *named})}
    taken = corrected_lines(tx, ids)
    for document_id in ids:
        original = records.get(document_id)
        if original is None:
            yield Violation(
                Proof.DOCUMENTS, "line_correction", f"there is no document {document_id}"
            )
            continue
        own = [records[one] for one in by_original[document_id] if one in records]
        for problem in _problems(original, own, taken):
            yield Violation(Proof.DOCUMENTS, f"document {original.number}", problem)


def _problems(
    original: DocumentRecord,
    corrections: Sequence[DocumentRecord],
    taken: Mapping[tuple[UUID, int], int],
) -> Iterator[str]:
    for line in original.lines:
        off, net = taken.get((original.id, line.no), 0), line.net.minor
        if off * net > 0 or abs(off) > abs(net):
            yield f"corrections take {-off} of its line {line.no}, which has {net}"
    charged, given_back = _vat(original), _sums(corrections)
    for rate, (taxable, tax) in given_back.items():
        has_taxable, has_tax = charged.get(rate, (0, 0))
        left, left_tax = has_taxable + taxable, has_tax + tax
        expected = percent_of(Money(left, original.currency), rate[1]).minor if taxable else has_tax
        if left_tax != expected:
            yield (
                f"corrections leave {left_tax} VAT of its {rate[0]} {rate[1]} %,"
                f" not the {expected} of the {left} that are left"
            )


def _sums(corrections: Sequence[DocumentRecord]) -> _Sums:
    found: _Sums = {}
    for record in corrections:
        for rate, (taxable, tax) in _vat(record).items():
            before = found.get(rate, (0, 0))
            found[rate] = before[0] + taxable, before[1] + tax
    return found


def _vat(record: DocumentRecord) -> _Sums:
    rows = cast("list[Mapping[str, object]]", record.snapshot["vat"])
    return {
        (str(row["category"]), Decimal(str(row["rate"]))): (
            cast("int", row["taxable"]),
            cast("int", row["tax"]),
        )
        for row in rows
    }
