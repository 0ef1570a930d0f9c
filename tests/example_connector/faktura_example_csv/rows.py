"""From bytes to numbered rows: decoding, splitting, and the header that must be there."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from faktura.kernel.errors import FieldMissing, FileUnreadable, HostileFile, shortened

HEADER = ["account", "date", "amount", "name", "iban", "remittance", "end-to-end id"]
# No honest statement has a longer line; without a limit one line could fill the memory.
LONGEST_LINE = 16_384


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of one movement, without blanks around them; `line` counts from 1."""

    line: int
    texts: dict[str, str]

    def optional(self, column: str) -> str | None:
        """The text of a column, None if it is empty."""
        return self.texts[column] or None

    def required(self, column: str) -> str:
        """The text of a column; raises FieldMissing if it is empty."""
        text = self.texts[column]
        if not text:
            raise FieldMissing("the column is empty", place=column, mend="Fill it or drop the row")
        return text


def numbered_rows(source: BinaryIO, *, delimiter: str, encoding: str) -> Iterator[Row]:
    """The movements in the order of the file; raises FileUnreadable or HostileFile with the line."""
    reader = csv.reader(_lines(source, encoding), delimiter=delimiter, strict=True)
    try:
        _check_header(next(reader, []))
        for texts in reader:
            if texts:
                yield _row(texts, reader.line_num)
    except csv.Error as error:
        raise FileUnreadable(
            f"the row is not CSV: {error}",
            place=f"line {reader.line_num}",
            mend="Look for a quotation mark that is not closed",
        ) from None


def _lines(source: BinaryIO, encoding: str) -> Iterator[str]:
    number = 0
    while raw := source.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            raise HostileFile(f"longer than {LONGEST_LINE} bytes", place=f"line {number}")
        try:
            yield raw.decode(encoding if number == 1 else encoding.removesuffix("-sig"))
        except UnicodeDecodeError:
            raise FileUnreadable(
                f"not written in {encoding}",
                place=f"line {number}",
                mend="Set the connector's encoding to the one the bank uses",
            ) from None


def _check_header(found: list[str]) -> None:
    if found != HEADER:
        raise FileUnreadable(
            f"the header is “{shortened(';'.join(found))}”",
            place="line 1",
            mend=f"It must be {';'.join(HEADER)}",
        )


def _row(texts: list[str], line: int) -> Row:
    if len(texts) != len(HEADER):
        raise FileUnreadable(
            f"{len(texts)} columns instead of {len(HEADER)}",
            place=f"line {line}",
            mend="Put a text that holds the delimiter into quotation marks",
        )
    return Row(line, dict(zip(HEADER, (text.strip() for text in texts), strict=True)))
