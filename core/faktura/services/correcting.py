"""Correcting parts of an issued document: lines, or shares of them (F066).

A correction reverses no activity: what was billed stays billed, for less.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.corrections import TakenBack, correction, gross_left
from faktura.domain.invoices import DraftDocument
from faktura.domain.line_parts import LinePart, amount_of
from faktura.kernel.errors import (
    Conflict,
    FakturaError,
    FieldMissing,
    FieldRepeated,
    NegativeTotal,
    NotFound,
)
from faktura.kernel.terms import DocumentKind
from faktura.services.issuing import Desk, issue
from faktura.services.originals import LockedOriginal, day_of_correction, locked_original
from faktura.store.facts import FrozenDocument
from faktura.store.transaction import Tx

# A deposit is deducted as a whole, so it is taken back as a whole.
_IN_PARTS = frozenset({DocumentKind.INVOICE, DocumentKind.FINAL})


@dataclass(frozen=True, slots=True)
class Correcting:
    """What is corrected and why; `on` None is today."""

    lines: tuple[LinePart, ...]
    reason: str
    on: date | None = None


def correct_invoice(
    tx: Tx, desk: Desk, number: str, given: Correcting, projects: Collection[UUID] | None = None
) -> FrozenDocument:
    """Take parts of an invoice back by a correction (381); its credit pays what is open of it.

    Raises NotFound, Conflict where nothing is left of it, OutOfRange for more than is left of a
    line, NegativeTotal where the correction would ask for money or give more than is left.
    """
    original = locked_original(tx, number, _IN_PARTS, projects)
    draft = corrected(tx, desk, original, given, DocumentKind.CORRECTION)
    if draft.gross.minor > 0:
        raise NegativeTotal(
            f"the correction would ask for {draft.gross} more (P18)",
            place="lines",
            mend="Cancel the invoice and bill it again",
        )
    left = gross_left(original.document)
    if (left + draft.gross).minor < 0:
        raise NegativeTotal(
            f"of {number} {left} are left: {-draft.gross} are more than was charged (P18)",
            place="lines",
            mend="Take its deductions back along with them",
        )
    return issued(tx, desk, draft)


def corrected(
    tx: Tx, desk: Desk, original: LockedOriginal, given: Correcting, kind: DocumentKind
) -> DraftDocument:
    """The document of that kind that takes the parts back; raises as `correct_invoice`."""
    record = original.record
    if original.document.is_used_up:
        raise Conflict(
            f"nothing is left of {record.number}:"
            f" {', '.join(original.corrections)} took it back (F064)",
            place="invoiceNumber",
            mend="Correct another document",
        )
    on = day_of_correction(tx, desk.tenant, record, given.on)
    try:
        lines = _taken(original, given.lines)
        return correction(original.document, lines, on, kind, given.reason)
    except FakturaError as error:
        raise _as_given(error, given.lines) from None


def issued(tx: Tx, desk: Desk, draft: DraftDocument) -> FrozenDocument:
    """The only document of an act, issued on its own day."""
    (document,) = issue(tx, desk.tenant, [desk.prepare(draft)], on=draft.issued_on, run_id=None)
    return document


def _as_given(error: FakturaError, parts: Sequence[LinePart]) -> FakturaError:
    """The error at the place in the list that was given, not at the line of the document."""
    for index, part in enumerate(parts, 1):
        if error.place == part.place:
            error.place = f"lines.{index}"
            break
    return error


def _taken(original: LockedOriginal, parts: Sequence[LinePart]) -> list[TakenBack]:
    if not parts:
        raise FieldMissing("no line is named", place="lines", mend="Name the lines to correct")
    lines = {line.no: line for line in original.record.lines}
    seen: set[int] = set()
    for part in parts:
        if part.line_no not in lines:
            raise NotFound(
                f"{original.record.number} has no line {part.line_no}",
                place=part.place,
                mend=f"Its lines are 1 to {len(lines)}",
            )
        if part.line_no in seen:
            raise FieldRepeated(f"line {part.line_no} is named twice", place=part.place)
        seen.add(part.line_no)
    return [
        TakenBack(line, original.articles[line.article_number], amount_of(part, line))
        for part in parts
        for line in (lines[part.line_no],)
    ]
