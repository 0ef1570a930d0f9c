"""Documents: totals are lines and tax to the cent, and numbers have no gap (P15, P20)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from uuid import UUID

from faktura.kernel.terms import DocumentKind
from faktura.store.simulation_books import (
    IssuedDocument,
    IssuedLine,
    counters_of_ranges,
    documents_since,
    last_seal,
    lines_since,
)
from faktura.store.transaction import Tx
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants import Breach, Invariant

_HUNDRED, _CENT = Decimal(100), Decimal(1)
_WITHOUT_LINES = frozenset({DocumentKind.OPENING, DocumentKind.DUNNING})
# What gives back, and what is computed out of gross amounts, may differ by a cent a rate.
_SPARE = frozenset(
    {
        DocumentKind.CORRECTION,
        DocumentKind.CANCELLATION,
        DocumentKind.CREDIT_NOTE_CORRECTION,
        DocumentKind.DEPOSIT,
    }
)
_Range = tuple[str, date, str, int]


@dataclass(slots=True)
class DocumentsAddUp:
    """A line is quantity x price, net the sum of the lines, tax follows from each rate's net.

    Computed with decimals here: nothing of the product's rounding is asked.
    """

    seal: int = 0

    def look(self, tx: Tx, _day: Day) -> Iterator[Breach]:
        """Documents behind the last seal seen."""
        lines = groupby(lines_since(tx, self.seal), key=_document_of)
        following = next(lines, None)
        for document in documents_since(tx, self.seal):
            own: list[IssuedLine] = []
            if following is not None and following[0] == document.id:
                own = list(following[1])
                following = next(lines, None)
            for problem in _problems(document, own):
                yield Breach(Invariant.DOCUMENTS_ADD_UP, f"document {document.number}", problem)
        self.seal = last_seal(tx)


def _document_of(line: IssuedLine) -> UUID:
    return line.document_id


def _problems(document: IssuedDocument, lines: Sequence[IssuedLine]) -> Iterator[str]:
    if document.gross != document.net + document.tax:
        yield f"net {document.net} and tax {document.tax} are not gross {document.gross}"
    if document.kind in _WITHOUT_LINES:
        if lines or document.tax:
            yield "it has lines or tax, which its kind has not"
        return
    sums: dict[tuple[str, Decimal], int] = {}
    for line in lines:
        printed = _rounded(line.quantity * line.price / line.base * _HUNDRED)
        if (line.list_net, line.net) != (printed, printed - line.discount):
            yield f"line {line.no} is {line.list_net} less {line.discount}, not {printed}"
        sums[line.category, line.rate] = sums.get((line.category, line.rate), 0) + line.net
    net = sum(sums.values())
    if not sums or net != document.net:
        yield f"its {len(sums)} rates come to net {net}, it says {document.net}"
    tax = sum(_rounded(part * rate / _HUNDRED) for (_, rate), part in sums.items())
    spare = len(sums) if document.kind in _SPARE else 0
    if abs(tax - document.tax) > spare:
        yield f"tax of its lines is {tax}, it says {document.tax}"


def _rounded(minor: Decimal) -> int:
    """Half a cent goes away from nothing."""
    return int(minor.quantize(_CENT, ROUND_HALF_UP))


@dataclass(slots=True)
class NumbersGapless:
    """Each range gives its numbers one after the other, up to the counter that it gives next."""

    seal: int = 0
    _last: dict[_Range, int] = field(default_factory=dict)

    def look(self, tx: Tx, _day: Day) -> Iterator[Breach]:
        """Numbers of documents behind the last seal seen, and every range's counter."""
        counters = counters_of_ranges(tx)
        following = {counter[:4]: counter[4] for counter in counters}
        given: dict[_Range, list[int]] = {}
        for document in documents_since(tx, self.seal):
            if document.kind is DocumentKind.OPENING:
                continue
            own = _range_of(document, following)
            if own is None:
                problem = f"no range gives this number on {document.issued_on}"
                yield _gap(f"document {document.number}", problem)
            else:
                given.setdefault(own, []).append(int(document.number.removeprefix(own[2])))
        for own, found in given.items():
            yield from self._follow(own, sorted(found))
        for own, last in self._last.items():
            if following.get(own) != last + 1:
                problem = f"it gives {following.get(own)} next, and gave {last} last"
                yield _gap(f"number range {own[0]} {own[2]}", problem)
        self.seal = last_seal(tx)

    def _follow(self, own: _Range, found: Sequence[int]) -> Iterator[Breach]:
        before = self._last.get(own, found[0] - 1)
        for counter in found:
            if counter != before + 1:
                place = f"number range {own[0]} {own[2]}"
                yield _gap(place, f"{counter} follows {before}")
            before = counter
        self._last[own] = before


def _gap(place: str, problem: str) -> Breach:
    return Breach(Invariant.NUMBERS_GAPLESS, place, problem)


def _range_of(document: IssuedDocument, ranges: dict[_Range, int]) -> _Range | None:
    fitting = [
        own for own in ranges if own[1] <= document.issued_on and _writes(own, document.number)
    ]
    # The longest prefix says most; of one range's formats the latest counts.
    return max(fitting, key=lambda own: (len(own[2]), own[1], own[0]), default=None)


def _writes(own: _Range, number: str) -> bool:
    digits = number.removeprefix(own[2])
    return (
        number.startswith(own[2])
        and digits.isascii()
        and digits.isdigit()
        and number == f"{own[2]}{int(digits):0{own[3]}d}"
    )
