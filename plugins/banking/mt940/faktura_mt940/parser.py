"""The adapter: MT940 files to statement records, statement by statement."""

import re
from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from typing_extensions import override

from faktura.plugin import StatementParser, StatementRecord

# A file begins with its reference, whatever SWIFT envelope stands around it; UTF-8 may have a mark.
_BEGINS = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:\{[^\r\n]*)?\s*:20:")
_HAS_ACCOUNT = re.compile(rb"^:25:", re.MULTILINE)


class Mt940StatementParser(StatementParser):
    """Reads MT940 with the German field 86 (GVC and ?20 to ?63), and other banks' free field 86."""

    format_id: ClassVar[str] = "mt940"

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        """Whether the head begins with field 20 and names an account in field 25."""
        return _BEGINS.match(head) is not None and _HAS_ACCOUNT.search(head) is not None

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        """Yield the records in file order; errors as StatementParser.parse says."""
        from faktura_mt940.reader import read_statements

        return read_statements(source)
