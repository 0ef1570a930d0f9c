"""Holds the books against the day table and against themselves; every finding is an assertion."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

from tests.lives.books import Books, LineKey
from tests.lives.day_table import Stretch, cents, rounded
from tests.lives.records import ContractRecord, ItemRecord

CORRECTING = {"CORRECTION", "CANCELLATION"}
FAR = date(2060, 1, 1)
DAY = timedelta(days=1)


def audit(
    books: Books, records: Sequence[ContractRecord], credited: Mapping[LineKey, int], paid: int
) -> None:
    """Everything that holds after every step; `credited` are partial corrections, `paid` cents."""
    for record in records:
        _states_are_as_agreed(books, record)
        _items_are_as_agreed(books, record)
        _days_are_billed_once(books, record)
        _one_offs_are_billed_once(books, record)
    _lines_are_what_stands(books, credited)
    _documents_add_up(books)
    _documents_are_legal(books)
    _account_adds_up(books, paid)


def nothing_is_left(books: Books, record: ContractRecord) -> None:
    """At the end of a life each day is billed exactly once, and nothing waits."""
    billed = _spans(books, record)
    for item_id, item in record.items.items():
        covered = billed.get(item_id, {})
        for stretch in record.table(item, FAR):
            left = [
                day
                for day in stretch.days()
                if not any(start <= day < end for start, end in covered)
            ]
            assert not left, f"{item} is not billed from {left[0]} to {left[-1]}: {stretch}"
    waiting = [row for row in books.waiting if row.contract_id == record.id]
    assert not waiting, f"still waits: {waiting}"


def _states_are_as_agreed(books: Books, record: ContractRecord) -> None:
    """A terminated contract becomes ended by itself, but only once everything is billed."""
    state = books.states[record.id]
    if state == "ENDED" and record.state == "TERMINATED":
        nothing_is_left(books, record)
        record.state = "ENDED"
    assert state == record.state


def _spans(books: Books, record: ContractRecord) -> dict[UUID, dict[tuple[date, date], Any]]:
    found: dict[UUID, dict[tuple[date, date], Any]] = defaultdict(dict)
    for row in books.standing:
        if row.contract_id == record.id and row.item_id is not None:
            span = row.service_start, row.service_end
            assert span not in found[row.item_id], f"billed twice: {row}"
            found[row.item_id][span] = row
    return found


def _items_are_as_agreed(books: Books, record: ContractRecord) -> None:
    said = {
        row.id: (Fraction(row.quantity), row.anchor, row.start, row.until)
        for row in books.items.values()
        if row.contract_id == record.id
    }
    agreed = {
        item_id: (item.quantity, item.anchor, item.start, item.until)
        for item_id, item in record.items.items()
    }
    assert said == agreed


def _days_are_billed_once(books: Books, record: ContractRecord) -> None:
    for item_id, billed in _spans(books, record).items():
        item = record.items[item_id]
        for (start, end), (behind, _) in pairwise(sorted(billed)):
            assert end <= behind, f"{item}: {start} to {end} overlaps what begins on {behind}"
        horizon = max(start for start, _ in billed) + DAY
        table = {(s.start, s.end): s for s in record.table(item, horizon)}
        for span, row in billed.items():
            if row.origin == "MIGRATION":
                assert span[1] == item.elsewhere_until
                continue
            stretch = table.get(span)
            if stretch is None:
                assert record.spares(item_id, *span), f"{item} is not to be billed for {span}"
                nominal = item.offer.cycle(record.interval).around(item.anchor, span[0])
                stretch = Stretch(*span, nominal)
            _costs_what_its_days_cost(books, record, item, stretch, row)


def _costs_what_its_days_cost(
    books: Books, record: ContractRecord, item: ItemRecord, stretch: Stretch, row: Any
) -> None:
    expected = cents(*record.facts(item), stretch)
    if row.document_id is None:
        given = (row.item_id, stretch.start, stretch.end) in record.given_away
        assert not row.net, f"no document bills {row}"
        assert given or record.discounted or expected == 0, f"free: {row}"
        return
    line = books.lines[row.document_id, row.line_no]
    assert (line.service_start, line.service_end) == (stretch.start, stretch.end)
    assert line.net == row.net == line.list_net - line.discount
    if record.discounted:
        assert 0 <= line.net <= expected, f"{line.net} of {expected} for {stretch} of {item}"
    else:
        assert line.net == expected, f"{line.net} instead of {expected} for {stretch} of {item}"


def _one_offs_are_billed_once(books: Books, record: ContractRecord) -> None:
    standing = [
        row for row in books.standing if row.contract_id == record.id and row.item_id is None
    ]
    waiting = [row for row in books.waiting if row.contract_id == record.id and row.item_id is None]
    assert len(standing) + len(waiting) == len(record.one_offs)
    # What discounts left nothing of stands on no document: how much it was cannot be seen.
    listed = [
        books.lines[row.document_id, row.line_no].list_net if row.document_id else 0
        for row in standing
        if row.document_id is not None or not record.discounted
    ]
    agreed = sorted(record.one_offs.values())
    for amount in listed:
        assert amount in agreed, f"a one-off of {amount} cents was never recorded"
        agreed.remove(amount)


def _lines_are_what_stands(books: Books, credited: Mapping[LineKey, int]) -> None:
    """What is left of a line after its corrections is what its activity still stands for."""
    by_line: dict[LineKey, int] = defaultdict(int)
    for row in books.standing:
        if row.document_id is not None:
            by_line[row.document_id, row.line_no] += row.net
            assert (row.document_id, row.line_no) in books.lines
    for key in books.lines:
        document = books.documents[key[0]]
        if document.kind in CORRECTING:
            assert key not in by_line
            continue
        expected = by_line[key] - credited.get(key, 0) if key in by_line else 0
        rest = books.rest(key)
        assert rest == expected, f"{rest} of line {key[1]} of {document.number}, not {expected}"


def _documents_add_up(books: Books) -> None:
    nets: dict[UUID, int] = defaultdict(int)
    left: dict[tuple[UUID, str, Any], int] = defaultdict(int)
    for key, line in books.lines.items():
        nets[key[0]] += line.net
        if books.documents[key[0]].kind not in CORRECTING:
            left[key[0], line.tax_category, line.tax_rate] += books.rest(key)
    taxes: dict[UUID, int] = defaultdict(int)
    for document in books.documents.values():
        assert document.net == nets[document.id]
        assert document.gross == document.net + document.tax
        taxes[_original_of(books, document)] += document.tax
    expected: dict[UUID, int] = defaultdict(int)
    for (document_id, _, rate), net in left.items():
        expected[document_id] += rounded(Fraction(net) * Fraction(rate) / 100)
    assert {k: v for k, v in taxes.items() if v} == {k: v for k, v in expected.items() if v}


def _original_of(books: Books, document: Any) -> UUID:
    if document.kind not in CORRECTING:
        own: UUID = document.id
        return own
    original: UUID
    (original,) = {
        row.original_id
        for row in books.links
        if row.document_id == document.id and row.kind == "CORRECTS"
    }
    return original


def _documents_are_legal(books: Books) -> None:
    counters: dict[str, list[int]] = defaultdict(list)
    for document in books.documents.values():
        prefix, _, counter = document.number.partition("-")
        counters[prefix].append(int(counter))
        assert document.kind in {"INVOICE", *CORRECTING}
        assert prefix == ("RK" if document.kind in CORRECTING else "RE")
        if document.kind == "INVOICE":
            assert document.gross >= 0, f"{document.number} is negative"
            continue
        original = books.documents[_original_of(books, document)]
        assert original.kind == "INVOICE"
        assert original.issued_on <= document.issued_on
        assert document.gross <= 0
    for numbers in counters.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def _account_adds_up(books: Books, paid: int) -> None:
    balance = 0
    for no, row in enumerate(books.transactions, 1):
        balance += row.amount
        assert (row.no, row.balance_after) == (no, balance)
    assert balance == sum(row.gross for row in books.documents.values()) - paid
    for document in books.documents.values():
        rest = document.gross - books.allocated.get(document.id, 0)
        assert books.open.get(document.id, 0) == rest, f"open of {document.number}"
        assert min(0, document.gross) <= rest <= max(0, document.gross), document.number
    entries: dict[int, int] = defaultdict(int)
    receivable = 0
    for leg in books.legs:
        minor = leg.minor if leg.side == "D" else -leg.minor
        entries[leg.entry_seq] += minor
        receivable += minor if leg.slot == "RECEIVABLES" else 0
    assert not any(entries.values())
    assert receivable == balance


def credit_was_used(books: Books, before: Books) -> None:
    """Credit of a change is spent before anything of the same change is collected (domain.md)."""
    new = [d for d in books.documents.values() if d.id not in before.documents]
    for document in new:
        if document.kind not in CORRECTING or not books.open.get(document.id, 0):
            continue
        owed = [
            other
            for other in (*new, books.documents[_original_of(books, document)])
            if books.open.get(other.id, 0) > 0
        ]
        assert not owed, f"{document.number} has credit left, {owed[0].number} is open"


def nothing_came_early(
    books: Books, before: Books, records: Sequence[ContractRecord], today: date
) -> None:
    """A change bills ahead of time only what it took back, and what stands for it now (F071)."""
    known = {row.id for row in before.standing}
    stands = {row.id for row in books.standing}
    gone = {row.item_id for row in before.standing if row.id not in stands}
    for record in records:
        for item_id, billed in _spans(books, record).items():
            if item_id in gone or item_id not in before.items:
                continue
            item = record.items[item_id]
            for (start, end), row in billed.items():
                nominal = item.offer.cycle(record.interval).around(item.anchor, start)
                if row.id not in known:
                    stretch = Stretch(start, end, nominal)
                    assert record.is_due(item, stretch, today, put_off=False), (
                        f"{row} was not due on {today}"
                    )
