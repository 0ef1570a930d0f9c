"""A cheap document format: number, sums and lines as text; the same bytes every time."""

from typing import ClassVar

from typing_extensions import override

from faktura.plugin import DocumentFormat, Finding, InvoiceDocument

NAME = "simulated-text"


class SimulatedFormat(DocumentFormat):
    """Writes what a document comes to."""

    format_id: ClassVar[str] = NAME
    media_type: ClassVar[str] = "text/plain"
    file_suffix: ClassVar[str] = ".txt"

    @property
    @override
    def rule_set(self) -> str:
        """The only one there is."""
        return "simulated 1"

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        """Nothing is wrong with any."""
        return ()

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        """Its number and sums."""
        totals = document.totals
        return f"{document.number} {totals.net} {totals.gross}\n".encode()
