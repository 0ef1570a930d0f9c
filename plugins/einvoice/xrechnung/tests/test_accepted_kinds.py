"""The corpus: every tax case and every kind of document pass our checks and the official rules, silently.

Each has its totals as literals, worked out by hand: valid is not the same as right, the official
rules let pass a VAT amount that is almost 1.00 off.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from faktura.kernel.terms import DocumentKind, TaxCategory
from faktura.plugin import (
    Delivery,
    DocumentLine,
    InvoiceDocument,
    PostalAddress,
    PrecedingInvoice,
    VatBreakdown,
)
from faktura.testing.invoices import BUYER, SELLER, sample_invoice, sample_line


class Case(NamedTuple):
    """A document with its net, VAT, gross and amount due (BT-109, 110, 112, 115)."""

    name: str
    document: InvoiceDocument
    totals: tuple[str, str, str, str]


def one(**changes: object) -> InvoiceDocument:
    """An invoice of one line with these changes."""
    return sample_invoice(lines=(line(**changes),))


def line(**changes: object) -> DocumentLine:
    return sample_line(**changes)  # type: ignore[arg-type] # all by name


def untaxed(category: str, **changes: object) -> InvoiceDocument:
    rate = None if category == "O" else "0"
    return sample_invoice(lines=(line(vat_category=category, vat_rate=rate),), **changes)


VIENNA = PostalAddress(line1="Ring 1", city="Wien", postcode="1010", country="AT")
ZURICH = PostalAddress(line1="Gasse 2", city="Zürich", postcode="8001", country="CH")
AUSTRIAN = BUYER.model_copy(update={"vat_id": "ATU12345675", "address": VIENNA})
SWISS = BUYER.model_copy(update={"address": ZURICH})
NO_VAT_ID = SELLER.model_copy(update={"vat_id": None})
ORIGINAL = (PrecedingInvoice(number="R-2026-00007", issued_on=date(2026, 10, 31)),)
EXEMPT = VatBreakdown(
    category=TaxCategory.E,
    rate=Decimal(0),
    taxable=Decimal(100),
    tax=Decimal(0),
    exemption_code="VATEX-EU-132-1I",
)

TAX_CASES = [
    Case("standard rate", sample_invoice(), ("100.00", "19.00", "119.00", "119.00")),
    Case("reduced rate", one(vat_rate="7"), ("100.00", "7.00", "107.00", "107.00")),
    Case(
        "19 and 7 % in one document",
        sample_invoice(lines=(line(price="33.33"), line(id="2", price="12.49", vat_rate="7"))),
        # 33.33 x 19 % = 6.3327, 12.49 x 7 % = 0.8743
        ("45.82", "7.20", "53.02", "53.02"),
    ),
    Case(
        "small business without VAT id",
        untaxed("E", seller=NO_VAT_ID),
        ("100.00", "0.00", "100.00", "100.00"),
    ),
    Case("exempt by code", untaxed("E", vat=(EXEMPT,)), ("100.00", "0.00", "100.00", "100.00")),
    Case(
        "reverse charge",
        untaxed("AE", buyer=AUSTRIAN),
        ("100.00", "0.00", "100.00", "100.00"),
    ),
    Case(
        "intra-community supply of goods",
        untaxed("K", buyer=AUSTRIAN, delivery=Delivery(on=date(2026, 11, 20), address=VIENNA)),
        ("100.00", "0.00", "100.00", "100.00"),
    ),
    Case("export", untaxed("G", buyer=SWISS), ("100.00", "0.00", "100.00", "100.00")),
    Case(
        "not taxable",
        untaxed("O", buyer=SWISS, seller=NO_VAT_ID),
        ("100.00", "0.00", "100.00", "100.00"),
    ),
    Case("zero rate", untaxed("Z"), ("100.00", "0.00", "100.00", "100.00")),
    Case(
        "taxed and exempt together",
        sample_invoice(lines=(line(), line(id="2", vat_category="E", vat_rate="0"))),
        ("200.00", "19.00", "219.00", "219.00"),
    ),
]

KINDS = [
    Case(
        "invoice correction, positive amounts",
        sample_invoice(kind=DocumentKind.CORRECTION, type_code="381", preceding=ORIGINAL),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "cancellation, negative quantity",
        sample_invoice(
            kind=DocumentKind.CANCELLATION,
            type_code="384",
            preceding=ORIGINAL,
            lines=(line(quantity="-3", price="33.335"),),
        ),
        # -100.005 is rounded away from zero to -100.01, its VAT is -19.0019
        ("-100.01", "-19.00", "-119.01", "-119.01"),
    ),
    Case(
        "settlement credit note",
        sample_invoice(kind=DocumentKind.CREDIT_NOTE, type_code="389"),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "final invoice with two deposits",
        sample_invoice(
            kind=DocumentKind.FINAL,
            preceding=(*ORIGINAL, PrecedingInvoice(number="R-2026-00008")),
            prepaid=Decimal("59.50"),
        ),
        ("100.00", "19.00", "119.00", "59.50"),
    ),
    Case("overpaid", sample_invoice(prepaid=Decimal(120)), ("100.00", "19.00", "119.00", "-1.00")),
    Case("Swiss francs", sample_invoice(currency="CHF"), ("100.00", "19.00", "119.00", "119.00")),
    Case(
        "yen, without decimals",
        sample_invoice(currency="JPY", lines=(line(price="1005", net="1005"),)),
        # 1005 x 19 % = 190.95
        ("1005", "191", "1196", "1196"),
    ),
]


def named(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases]


@pytest.mark.parametrize("case", named(TAX_CASES + KINDS))
def test_every_tax_case_and_kind_breaks_no_official_rule(
    case: Case, accepted: Callable[[InvoiceDocument], dict[str, list[str]]]
) -> None:
    """XSD D22B, CEN 1.3.16, KoSIT 2.6.0: no error, no warning, no information; totals exact."""
    written = accepted(case.document)

    stated = tuple(written[term][0] for term in ("BT-109", "BT-110", "BT-112", "BT-115"))
    assert stated == case.totals
