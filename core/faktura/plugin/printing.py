"""What only the page shows: facts of a document that EN 16931 has no term for."""

from datetime import date
from decimal import Decimal

from faktura.kernel.terms import DocumentKind
from faktura.plugin.dto import Dto


class DepositRow(Dto):
    """A deposit's share at one rate, as a final invoice deducts it (F061); amounts in its currency."""

    number: str
    issued_on: date
    received_on: date
    net: Decimal
    vat_rate: Decimal
    vat: Decimal
    gross: Decimal


class DepositTable(Dto):
    """The deposits a final invoice deducts, and the net and VAT that remain."""

    rows: tuple[DepositRow, ...]
    remaining_net: Decimal
    remaining_vat: Decimal


class PrintDetails(Dto):
    """Beside the terms of EN 16931: no e-invoice carries these, so none can be read back.

    `language` is "de" or another one, which is printed in English. `header_texts` stand before the
    lines, `footer_texts` behind them; both are among the notes (BG-1) as well. `collect_on` is the day
    a direct debit is collected (SEPA pre-notification).
    """

    kind: DocumentKind
    language: str = "de"
    header_texts: tuple[str, ...] = ()
    footer_texts: tuple[str, ...] = ()
    deposits: DepositTable | None = None
    collect_on: date | None = None
