"""Periods of the document and its lines (BR-29, BR-30, R110, R111); all ends inclusive."""

from collections.abc import Iterator

from faktura.plugin import Finding, InvoiceDocument
from faktura_en16931.findings import error

_MEND = "document.period"


def check_periods(document: InvoiceDocument) -> Iterator[Finding]:
    """Ends before starts, and line periods that reach out of the invoice period."""
    whole = document.period
    if whole and whole.end < whole.start:
        message = f"The invoice period ends {whole.end}, before it starts"
        yield error("BR-29", "BT-74", message, _MEND)
    for line in document.lines:
        period = line.period
        if period is None:
            continue
        if period.end < period.start:
            message = f"The period of line {line.id} ends {period.end}, before it starts"
            yield error("BR-30", "BT-135", message, _MEND)
        if whole and period.start < whole.start:
            message = f"Line {line.id} starts {period.start}, before the invoice period"
            yield error("PEPPOL-EN16931-R110", "BT-134", message, _MEND)
        if whole and period.end > whole.end:
            message = f"Line {line.id} ends {period.end}, after the invoice period"
            yield error("PEPPOL-EN16931-R111", "BT-135", message, _MEND)
