"""The parser: rows of a REFBANK file in, records out, one statement after the other."""

from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from faktura.kernel.errors import FileUnreadable
from faktura.plugin import (
    StatementParser,
    StatementRecord,
    StatementStart,
    StatementTally,
    TextLines,
)
from typing_extensions import override

from faktura_ref_banking.mapping import balance_of, booking_of, cells_of


class RefStatementParser(StatementParser):
    """Reads REFBANK: a header, then for each statement a row `S`, rows `B` or `P`, and a row `E`."""

    format_id: ClassVar[str] = "ref-banking"

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        """Whether the first line is the header."""
        return head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip() == b"REFBANK 1"

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        """Yield the records in file order; errors as StatementParser.parse says, with the line."""
        lines = TextLines(source)
        with lines.located():
            if next(lines, "").rstrip() != "REFBANK 1":
                raise FileUnreadable("there is no header REFBANK 1")
            yield from _statement(next(lines, ""), lines, filename)
            for head in lines:
                yield from _statement(head, lines, filename)


def _statement(head: str, lines: TextLines, filename: str) -> Iterator[StatementRecord]:
    """The records of one statement; the file's own name is all that identifies a message."""
    _, iban, currency, number, opening = cells_of(head, "S")
    yield StatementStart(
        account_iban=iban, account_currency=currency, message_id=filename, statement_id=number
    )
    tally = StatementTally()
    for line in lines:
        cells = cells_of(line, "B", "P", "E")
        if cells[0] != "E":
            index = tally.entries
            yield tally.counted(booking_of(cells, currency, index=index, place=lines.place))
            continue
        if lines.is_cut:
            raise FileUnreadable("the last line is cut off")
        _, day, closing = cells
        yield tally.end(balance_of(opening, currency, day), balance_of(closing, currency, day))
        return
    raise FileUnreadable("the file ends early")
