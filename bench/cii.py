"""Writing XRechnung as CII against replaying the same elements, texts and attributes in lxml."""

import logging
from functools import partial
from typing import cast

from figure import Figure
from replay import against_replay

from faktura.kernel.clock import SystemClock
from faktura.plugin import InvoiceDocument, Runtime, StateStore
from faktura.testing.invoices import sample_invoice, sample_line
from faktura_en16931.cii import write_cii
from faktura_en16931.syntax import Syntax
from faktura_en16931.xsd import xsd_errors
from faktura_xrechnung.formats import XRechnungCii
from faktura_xrechnung.rule_sets import RULE_SETS

_PROFILE = RULE_SETS[-1].profile


def measure() -> list[Figure]:
    """The bare writer at 1 to 3 and 1,000 lines, and the whole rendering with checks and schema."""
    documents = small_documents()
    # The format asks its runtime for nothing but the clock.
    runtime = Runtime(SystemClock(), logging.getLogger("bench"), cast("StateStore", None))
    renderer = XRechnungCii(XRechnungCii.Settings(), runtime)
    return [
        against_replay(
            "cii_write", [partial(write_cii, each, _PROFILE) for each in documents], 1.5
        ),
        against_replay(
            "cii_write_1000_lines", [partial(write_cii, document_of(1000), _PROFILE)], 1.5, rounds=3
        ),
        # The limit asks the same schema: what is ours are the checks in words of billing.
        against_replay(
            "cii_check_and_write",
            [partial(renderer.render, each) for each in documents],
            3.0,
            judge=lambda tree: xsd_errors(tree, Syntax.CII),
        ),
    ]


def small_documents() -> list[InvoiceDocument]:
    """Documents of one to three lines, as most invoices are."""
    return [document_of(lines) for lines in (1, 2, 3)]


def document_of(lines: int) -> InvoiceDocument:
    """A document of so many lines."""
    return sample_invoice(lines=tuple(sample_line(id=f"{no}") for no in range(1, lines + 1)))


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
