"""Scenarios about VAT: every category, foreign buyers, a tax representative."""

from datetime import date
from decimal import Decimal

from faktura.kernel.terms import TaxCategory
from faktura.plugin import (
    Delivery,
    Identifier,
    InvoiceDocument,
    PostalAddress,
    TaxRepresentative,
    VatBreakdown,
)
from faktura.testing.invoices import BUYER, SELLER, sample_invoice, sample_line
from faktura.testing.scenario import Scenario, stating

_VIENNA = PostalAddress(line1="Ring 1", city="Wien", postcode="1010", country="AT")
_ZURICH = PostalAddress(line1="Gasse 2", city="Zürich", postcode="8001", country="CH")
_AUSTRIAN = BUYER.model_copy(
    update={
        "vat_id": "ATU12345675",
        "address": _VIENNA,
        "endpoint": Identifier(value="kunde@wien.example", scheme="EM"),
    }
)
_SWISS = BUYER.model_copy(
    update={
        "name": "Zürichsee Handel AG",
        "address": _ZURICH,
        "endpoint": Identifier(value="kunde@zuerich.example", scheme="EM"),
    }
)
_SMALL = SELLER.model_copy(
    update={"name": "Ada Brandt", "vat_id": None, "registration": None, "tax_number": "37/1/2"}
)


def _untaxed(category: TaxCategory, **changes: object) -> InvoiceDocument:
    rate = None if category is TaxCategory.O else "0"
    return sample_invoice(lines=(sample_line(vat_category=category, vat_rate=rate),), **changes)


TAXES = (
    Scenario(
        "7 %",
        sample_invoice(lines=(sample_line("1", "12.49", vat_rate="7"),)),
        # 12.49 x 7 % = 0.8743
        stating("12.49", "0.87", "13.36", "S 7 12.49 0.87"),
    ),
    Scenario(
        "20 % of another country (one stop shop)",
        sample_invoice(
            buyer=_AUSTRIAN.model_copy(update={"vat_id": None}),
            lines=(sample_line("1", "50.00", vat_rate="20"),),
        ),
        stating("50.00", "10.00", "60.00", "S 20 50.00 10.00"),
    ),
    Scenario(
        "zero rate",
        _untaxed(TaxCategory.Z),
        stating("100.00", "0.00", "100.00", "Z 0 100.00 0.00"),
    ),
    Scenario(
        "small business known by its identifier alone",
        _untaxed(TaxCategory.E, seller=_SMALL),
        stating("100.00", "0.00", "100.00", "E 0 100.00 0.00"),
    ),
    Scenario(
        "lessons, exempt by § 4 UStG",
        _untaxed(
            TaxCategory.E,
            vat=(
                VatBreakdown(
                    category=TaxCategory.E,
                    rate=Decimal(0),
                    taxable=Decimal(100),
                    tax=Decimal(0),
                    exemption_reason="Steuerfrei nach § 4 Nr. 21 UStG",
                    exemption_code="VATEX-EU-132-1I",
                ),
            ),
        ),
        stating("100.00", "0.00", "100.00", "E 0 100.00 0.00"),
    ),
    Scenario(
        "taxed and exempt in one document",
        sample_invoice(
            lines=(
                sample_line(),
                sample_line("1", "40.00", id="2", vat_category="E", vat_rate="0"),
                sample_line("1", "10.00", id="3", vat_rate="7"),
            )
        ),
        stating(
            "150.00",
            "19.70",
            "169.70",
            "S 19 100.00 19.00",
            "E 0 40.00 0.00",
            "S 7 10.00 0.70",
        ),
    ),
    Scenario(
        "reverse charge",
        _untaxed(TaxCategory.AE, buyer=_AUSTRIAN),
        stating("100.00", "0.00", "100.00", "AE 0 100.00 0.00"),
    ),
    Scenario(
        "intra-community supply with its delivery",
        _untaxed(
            TaxCategory.K,
            buyer=_AUSTRIAN,
            delivery=Delivery(
                on=date(2026, 11, 20),
                name="Lager Süd",
                location=Identifier(value="4000001000005", scheme="0088"),
                address=_VIENNA,
            ),
        ),
        stating("100.00", "0.00", "100.00", "K 0 100.00 0.00"),
    ),
    Scenario(
        "export",
        _untaxed(TaxCategory.G, buyer=_SWISS),
        stating("100.00", "0.00", "100.00", "G 0 100.00 0.00"),
    ),
    Scenario(
        "not taxable",
        _untaxed(TaxCategory.O, buyer=_SWISS, seller=SELLER.model_copy(update={"vat_id": None})),
        stating("100.00", "0.00", "100.00", "O 0 100.00 0.00"),
    ),
    Scenario(
        "buyer abroad, taxed at home",
        sample_invoice(buyer=_SWISS),
        stating("100.00", "19.00", "119.00", "S 19 100.00 19.00"),
    ),
    Scenario(
        "seller abroad with a tax representative",
        sample_invoice(
            seller=SELLER.model_copy(
                update={"vat_id": None, "tax_number": None, "address": _ZURICH}
            ),
            tax_representative=TaxRepresentative(
                name="Steuerbüro Beispiel",
                vat_id="DE123456788",
                address=PostalAddress(
                    line1="Hauptstraße 5",
                    line2="Hinterhaus",
                    line3="2. Stock",
                    city="Konstanz",
                    postcode="78462",
                    subdivision="BW",
                    country="DE",
                ),
            ),
        ),
        stating("100.00", "19.00", "119.00", "S 19 100.00 19.00"),
    ),
    Scenario(
        "tax point on another day",
        sample_invoice(
            vat_point_on=date(2026, 11, 15),
            lines=(sample_line(), sample_line("1", "10.00", id="2", vat_rate="7")),
        ),
        stating("110.00", "19.70", "129.70", "S 19 100.00 19.00", "S 7 10.00 0.70"),
    ),
    Scenario(
        "tax point on the day of payment",
        sample_invoice(
            vat_point_code="432",
            lines=(sample_line(), sample_line("1", "10.00", id="2", vat_rate="7")),
        ),
        stating("110.00", "19.70", "129.70", "S 19 100.00 19.00", "S 7 10.00 0.70"),
    ),
)
"""What the tax of an invoice can be."""
