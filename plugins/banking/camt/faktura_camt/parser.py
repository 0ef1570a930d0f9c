"""The adapter: camt files to statement records. The work is done in reader.py."""

from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from typing_extensions import override

from faktura.plugin import AdapterSettings, Runtime, StatementParser, StatementRecord


class CamtSettings(AdapterSettings):
    """`lenient` accepts documents without a namespace, which some banks send, with a warning."""

    lenient: bool = False


class CamtStatementParser(StatementParser):
    """Reads camt.052, .053 and .054, versions .02 to .14; XML or ZIP of XML."""

    format_id: ClassVar[str] = "camt"
    Settings: ClassVar[type[AdapterSettings]] = CamtSettings

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        self._lenient = isinstance(settings, CamtSettings) and settings.lenient

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        """Whether the head is a camt document, or a ZIP that names an XML file or a ZIP.

        What looks like camt and is hostile is recognised too: parse() names the trouble.
        """
        from faktura_camt.recognition import looks_like_camt

        return looks_like_camt(head)

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        """Yield the records in file order; errors as StatementParser.parse says."""
        from faktura_camt.reader import read_statements

        return read_statements(source, filename, lenient=self._lenient)
