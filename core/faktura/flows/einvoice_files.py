"""E-invoices that somebody brings: an XML or PDF of anybody, an invoice document as JSON.

Files are hostile; no database is asked.
"""

from collections.abc import Iterable
from pathlib import Path

from faktura.flows.files import read_bounded
from faktura.kernel.errors import FileUnreadable
from faktura.plugin import DocumentReader, InvoiceDocument
from faktura.services.imports.entries import MOST_BYTES, ImportFile
from faktura.store.given_json import read_given


def content_of(file: Path) -> bytes:
    """The file's bytes; raises FileUnreadable, and HostileFile above 100 MB."""
    return read_bounded(file, MOST_BYTES)


def recognising_reader(
    readers: Iterable[DocumentReader], content: bytes, name: str
) -> DocumentReader:
    """The first reader that takes the file for an e-invoice; raises FileUnreadable."""
    for reader in readers:
        if reader.recognises(content):
            return reader
    raise FileUnreadable(
        "no enabled plugin knows the file as an e-invoice",
        place=name,
        mend="Enable xrechnung for XML and zugferd for PDF in FAKTURA_PLUGINS",
    )


def given_document(file: Path) -> InvoiceDocument:
    """The invoice document in a JSON file, as docs/invoice-document.schema.json has it.

    Strict: amounts are texts, unknown and repeated fields are refused. Raises BadInput with the path
    of the field.
    """
    text = ImportFile(file.name, content_of(file)).text
    return read_given(text, InvoiceDocument, place=file.name)
