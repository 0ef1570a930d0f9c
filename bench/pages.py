"""The limit of a hybrid invoice: its page set by typst and marked by pikepdf, all data prepared."""

import logging
from collections.abc import Iterator
from itertools import count
from typing import cast

from faktura.kernel.clock import SystemClock
from faktura.plugin import InvoiceDocument, Runtime, StateStore
from faktura.testing.invoices import sample_invoice, sample_line
from faktura_en16931.cii import write_cii
from faktura_zugferd.formats import Zugferd
from faktura_zugferd.giro_code import giro_code
from faktura_zugferd.glyphs import printable
from faktura_zugferd.look import Look
from faktura_zugferd.page_data import invoice_page
from faktura_zugferd.typesetting import TextFile, Typesetter
from faktura_zugferd.versions import LEVEL, PROFILE
from faktura_zugferd.xmp import XML_NAME, with_factur_x

Page = tuple[dict[str, object], TextFile]


def renderer() -> Zugferd:
    """The format in its own settings; it is pure and asks its runtime for nothing."""
    runtime = Runtime(SystemClock(), logging.getLogger("bench"), cast("StateStore", None))
    return Zugferd(Zugferd.Settings(), runtime)


def documents(lines: int, series: str) -> Iterator[InvoiceDocument]:
    """Invoices without end, no two alike: typst remembers what it has set."""
    for number in count(1):
        yield sample_invoice(
            number=f"{series}-{number}",
            lines=tuple(
                sample_line(
                    f"{number % 9 + 1}", f"{no}.25", id=f"{no}", name=f"Posten {number}.{no}"
                )
                for no in range(1, lines + 1)
            ),
        )


def prepared(document: InvoiceDocument) -> Page:
    """What a document's page is set from, and the XML it holds."""
    data = cast("dict[str, object]", printable(invoice_page(document, Look(), giro_code(document))))
    return data, TextFile(XML_NAME, write_cii(document, PROFILE).decode(), description="Factur-X")


class Setting:
    """One typesetter, as the format keeps one."""

    def __init__(self) -> None:
        self._typesetter = Typesetter(Look())

    def bare(self, page: Page) -> bytes:
        """The hybrid of a prepared page: typst, then the XMP step."""
        data, file = page
        return with_factur_x(self._typesetter.pdf("invoice", data, (file,)), LEVEL)
