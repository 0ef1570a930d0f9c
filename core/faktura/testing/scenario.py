"""An invoice for tests of formats, with the totals it must state, worked out by hand as texts."""

from dataclasses import dataclass

from faktura.plugin import InvoiceDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """BG-22 and BG-23 as an e-invoice writes them; None is a term that it does not carry.

    BT-106 lines, 107 allowances, 108 charges, 109 net, 110 vat, 111 vat_accounting, 112 gross,
    113 prepaid, 114 rounding, 115 due. A row of `rows` is category BT-118, rate BT-119, taxable
    amount BT-116 and tax BT-117 between blanks; category O states the rate 0 (BR-DE-14).
    """

    lines: str
    allowances: str | None = None
    charges: str | None = None
    net: str
    vat: str
    vat_accounting: str | None = None
    gross: str
    prepaid: str | None = None
    rounding: str | None = None
    due: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A document every e-invoice format must be able to write, and what it must then state."""

    name: str
    document: InvoiceDocument
    stated: Stated


def stating(net: str, vat: str, gross: str, *rows: str) -> Stated:
    """The totals of a document without allowances and charges of which nothing is paid yet."""
    return Stated(lines=net, net=net, vat=vat, gross=gross, due=gross, rows=rows)
