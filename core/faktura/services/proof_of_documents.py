"""Proof of the documents: every amount follows from what is frozen; numbers have no gap."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import cast
from uuid import UUID

from faktura.domain.derivation import recomputed_net
from faktura.domain.document_kinds import CORRECTING, WITHOUT_LINES
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.violations import Proof, Violation
from faktura.kernel.errors import FakturaError
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.rounding import line_total, net_within, percent_of
from faktura.kernel.terms import DocumentKind
from faktura.services.proof_of_corrections import corrections_add_up
from faktura.services.proof_of_links import links_follow
from faktura.store.billed_facts import (
    NumberRange,
    activities_without_line,
    document_numbers,
    document_ranges,
    lines_billed_otherwise,
)
from faktura.store.documents import document_ids, read_documents
from faktura.store.transaction import Tx

_DOCUMENTS_A_BATCH = 500
_COUNTS = ("none", "one")
_VatRow = tuple[str, Decimal, int, int]
_DAY = timedelta(days=1)
_WITHOUT_LINES = {
    DocumentKind.OPENING: "an opening item",
    DocumentKind.DUNNING: "charges of dunning",
}

# What reading or recomputing a row can raise whose values make no sense.
SENSELESS = (FakturaError, ValueError, KeyError, TypeError, ArithmeticError)


def documents_add_up(tx: Tx) -> Iterator[Violation]:
    """Lines follow from their derivations, totals from lines; each line bills one activity."""
    ids = document_ids(tx)
    while batch := list(islice(ids, _DOCUMENTS_A_BATCH)):
        yield from _batch(tx, batch)
    for number, no, times, wanted in lines_billed_otherwise(tx):
        problem = f"{times} activities bill its period and amount, not {_COUNTS[wanted]}"
        yield _violation(f"document_line {no} of document {number}", problem)
    for place in activities_without_line(tx):
        yield _violation(place, "its document has no such line")
    yield from corrections_add_up(tx)


def _violation(place: str, problem: str) -> Violation:
    return Violation(Proof.DOCUMENTS, place, problem)


def _batch(tx: Tx, ids: Sequence[UUID]) -> Iterator[Violation]:
    try:
        records = read_documents(tx, ids)
    except SENSELESS as error:
        if len(ids) == 1:
            yield _violation(f"document {ids[0]}", f"it cannot be read: {error}")
            return
        # One of them spoils the batch: find it.
        for one in ids:
            yield from _batch(tx, [one])
        return
    for record in records:
        for place, problem in _problems(record):
            yield _violation(place, problem)
    try:
        yield from links_follow(tx, records)
    except SENSELESS as error:
        yield _violation(f"document_link of document {records[0].number}", f"unreadable: {error!r}")


def _problems(record: DocumentRecord) -> Iterator[tuple[str, str]]:
    place = f"document {record.number}"
    if record.kind in WITHOUT_LINES:
        yield from ((place, problem) for problem in _one_amount_problems(record))
        return
    if [line.no for line in record.lines] != list(range(1, len(record.lines) + 1)):
        yield place, "its lines are not numbered from 1 without a gap"
    for line in record.lines:
        for problem in _line_problems(line):
            yield f"document_line {line.no} of {place}", problem
    try:
        yield from ((place, problem) for problem in _total_problems(record))
    except SENSELESS as error:
        yield place, f"its VAT table cannot be read: {error!r}"


def _line_problems(line: LineRecord) -> Iterator[str]:
    try:
        recomputed = recomputed_net(line.derivation)
    except SENSELESS as error:
        yield f"its derivation cannot be read: {error!r}"
    else:
        if recomputed != line.net:
            yield f"its derivation gives {recomputed}, the line says {line.net}"
    if line.net != line.list_net - line.discount:
        yield f"{line.list_net} less {line.discount} is not its net {line.net}"
    printed = line_total(line.price, line.quantity, line.net.currency, base=line.base)
    if printed != line.list_net:
        yield f"quantity × price / base is {printed}, the line says {line.list_net}"


def _total_problems(record: DocumentRecord) -> Iterator[str]:
    if not _vat_follows(record) and not _is_out_of_gross(record):
        yield "its VAT table does not follow from its lines"
    net = sum(line.net.minor for line in record.lines)
    tax = sum(row[3] for row in _vat_of_snapshot(record))
    totals = (record.net.minor, record.tax.minor, record.gross.minor)
    if totals != (net, tax, net + tax):
        yield f"its totals {record.net}, {record.tax}, {record.gross} do not follow from its lines"
    starts = [line.service.start for line in record.lines]
    ends = [line.service.end for line in record.lines]
    if not starts or record.service != Period(min(starts), max(ends)):
        yield "its service period is not that of its lines"


def _one_amount_problems(record: DocumentRecord) -> Iterator[str]:
    """An opening item, or charges of dunning, are one amount of one day: no lines, no tax (P54)."""
    if record.lines or record.snapshot["vat"]:
        yield f"it is {_WITHOUT_LINES[record.kind]}, which has neither lines nor VAT"
    if (record.net, record.tax.minor) != (record.gross, 0):
        yield f"its totals {record.net}, {record.tax}, {record.gross} are not one amount"
    if record.service != Period(record.issued_on, record.issued_on + _DAY):
        yield "its service period is not its day of issue"


def _is_out_of_gross(record: DocumentRecord) -> bool:
    """Whether the nets of a deposit were computed out of gross amounts, VAT being the rest (F061)."""
    rows = _vat_of_snapshot(record)
    if record.kind is not DocumentKind.DEPOSIT:
        return False
    return [row[:3] for row in rows] == [row[:3] for row in _vat_of_lines(record)] and all(
        net_within(Money(taxable + tax, record.currency), rate).minor == taxable
        for _, rate, taxable, tax in rows
    )


def _vat_follows(record: DocumentRecord) -> bool:
    """Whether the VAT table follows from the lines.

    What corrections take back adds up to their original's VAT (proof_of_corrections.py): each may
    differ by one minor unit from the VAT of its own amount.
    """
    computed, stored = _vat_of_lines(record), _vat_of_snapshot(record)
    spare = 1 if record.kind in CORRECTING else 0
    return len(computed) == len(stored) and all(
        one[:3] == other[:3] and abs(one[3] - other[3]) <= spare
        for one, other in zip(computed, stored, strict=True)
    )


def _vat_of_lines(record: DocumentRecord) -> list[_VatRow]:
    sums: dict[tuple[str, Decimal], int] = {}
    for line in record.lines:
        key = line.tax_category.value, line.tax_rate
        sums[key] = sums.get(key, 0) + line.net.minor
    return sorted(
        (category, rate, minor, percent_of(Money(minor, record.currency), rate).minor)
        for (category, rate), minor in sums.items()
    )


def _vat_of_snapshot(record: DocumentRecord) -> list[_VatRow]:
    rows = cast("list[dict[str, str | int]]", record.snapshot["vat"])
    return sorted(
        (str(row["category"]), Decimal(str(row["rate"])), int(row["taxable"]), int(row["tax"]))
        for row in rows
    )


def numbers_have_no_gap(tx: Tx) -> Iterator[Violation]:
    """Each range gave its numbers one after the other, up to the counter it gives next."""
    ranges = document_ranges(tx)
    last: dict[NumberRange, int] = {}
    for number, issued_on in document_numbers(tx):
        found = _range_of(ranges, number, issued_on)
        if found is None:
            yield Violation(
                Proof.NUMBERS, f"document {number}", f"no range gave this number on {issued_on}"
            )
            continue
        own, counter = found
        before = last.get(own)
        if before is not None and counter != before + 1:
            yield _gap(own, before + 1, counter)
        last[own] = counter
    for own, counter in last.items():
        if counter + 1 != own.next:
            yield _gap(own, counter + 1, own.next)


def _gap(own: NumberRange, expected: int, found: int) -> Violation:
    place = f"number_range {own.name}, number {own.format.write(expected)}"
    if found < expected:
        return Violation(Proof.NUMBERS, place, f"it would be given again: next is {found}")
    return Violation(Proof.NUMBERS, place, f"{found - expected} numbers are missing from here")


def _range_of(
    ranges: Sequence[NumberRange], number: str, issued_on: date
) -> tuple[NumberRange, int] | None:
    """The range whose format of that day wrote the number, and the number's counter."""
    seen: set[str] = set()
    for own in ranges:
        if own.valid_from > issued_on or own.name in seen:
            continue
        seen.add(own.name)
        digits = number.removeprefix(own.format.prefix)
        if digits.isascii() and digits.isdigit() and own.format.write(int(digits)) == number:
            return own, int(digits)
    return None
