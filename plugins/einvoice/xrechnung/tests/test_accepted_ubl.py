"""The corpus as UBL: every kind, tax case, way to pay and group of fields breaks no official rule.

Each has its totals and its VAT as literals, worked out by hand: valid is not the same as right, the
official rules let pass a VAT amount that is almost 1.00 off. `sums` are the business terms from
BT-106 on as they stand in the file, `vat` the breakdown: category, rate, BT-116, BT-117.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from lxml import etree

from faktura.kernel.terms import TaxCategory
from faktura.plugin import (
    Allowance,
    AttachedFile,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentLine,
    DocumentPeriod,
    Identifier,
    InvoiceDocument,
    ItemAttribute,
    ItemClassification,
    Note,
    Payee,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    TaxRepresentative,
)
from faktura.testing.invoices import BUYER, SELLER, sample_invoice, sample_line
from faktura_en16931.codes import CARD_MEANS, PAYMENT_MEANS, TRANSFER_MEANS
from faktura_xrechnung.formats import XRechnungUbl

Judge = Callable[[bytes], dict[str, str]]


class Case(NamedTuple):
    """A document, its sums and its VAT as they have to stand in the file."""

    name: str
    document: InvoiceDocument
    sums: str
    vat: str


SIMPLE = "106=100.00 109=100.00 110=19.00 112=119.00 115=119.00"
UNTAXED = "106=100.00 109=100.00 110=0.00 112=100.00 115=100.00"
DIRECT_DEBITS = ("49", "59")  # both need a mandate (PEPPOL-EN16931-R061)
_TERMS = {
    "LineExtensionAmount": "106",
    "AllowanceTotalAmount": "107",
    "ChargeTotalAmount": "108",
    "TaxExclusiveAmount": "109",
    "TaxInclusiveAmount": "112",
    "PrepaidAmount": "113",
    "PayableRoundingAmount": "114",
    "PayableAmount": "115",
}


def line(**changes: object) -> DocumentLine:
    return sample_line(**changes)  # type: ignore[arg-type] # all by name


def one(**changes: object) -> InvoiceDocument:
    """An invoice of one line with these changes."""
    return sample_invoice(lines=(line(**changes),))


def days(start: str, end: str) -> DocumentPeriod:
    return DocumentPeriod(start=date.fromisoformat(start), end=date.fromisoformat(end))


def untaxed(category: str, **changes: object) -> InvoiceDocument:
    rate = None if category == "O" else "0"
    return sample_invoice(lines=(line(vat_category=category, vat_rate=rate),), **changes)


def discount(amount: str, **changes: object) -> Allowance:
    return Allowance.model_validate({"amount": amount, "reason": "Treuerabatt"} | changes)


def taxed(amount: str, rate: str = "19", **changes: object) -> Allowance:
    return discount(amount, vat_category=TaxCategory.S, vat_rate=rate, **changes)


def paid_by(means_code: str, **changes: object) -> InvoiceDocument:
    """An invoice with the group that belongs to this payment means, and no other."""
    group: dict[str, object] = {}
    if means_code in TRANSFER_MEANS:
        group = {"transfers": (TRANSFER, OTHER)}
    elif means_code in CARD_MEANS:
        group = {"card_last_digits": "1234", "card_holder": "Ada Brandt"}
    elif means_code in DIRECT_DEBITS:
        group = {"direct_debit": DEBIT}
    fields = {"means_code": means_code, "means_text": "wie vereinbart", "remittance": "R-42"}
    payment = PaymentInstructions.model_validate({**fields, **group})
    return sample_invoice(payment=payment, **changes)


TRANSFER = CreditTransfer(iban="DE02120300000000202051", holder="Wattwerk", bic="BYLADEM1001")
OTHER = CreditTransfer(iban="DE02500105170137075030")
DEBIT = DirectDebit(mandate="M-77", creditor_id="DE98ZZZ09999999999", iban="DE02500105170137075030")
VIENNA = PostalAddress(line1="Ring 1", city="Wien", postcode="1010", country="AT")
ZURICH = PostalAddress(line1="Gasse 2", city="Zürich", postcode="8001", country="CH")
AUSTRIAN = BUYER.model_copy(update={"vat_id": "ATU12345675", "address": VIENNA})
SWISS = BUYER.model_copy(update={"address": ZURICH})
NO_VAT_ID = SELLER.model_copy(update={"vat_id": None})
ORIGINAL = (PrecedingInvoice(number="R-2026-00007", issued_on=date(2026, 10, 31)),)
DEPOSITS = (*ORIGINAL, PrecedingInvoice(number="R-2026-00008"))
THIRD = line(quantity="3", price="33.335")
REFERENCES = {
    "project_reference": "P-1",
    "contract_reference": "V-1",
    "order_reference": "B-1",
    "sales_order_reference": "A-1",
    "receiving_reference": "WE-1",
    "despatch_reference": "LS-1",
    "tender_reference": "LOS-1",
    "object_identifier": Identifier(value="Z-1", scheme="AVE"),
    "accounting_reference": "KST 1",
    "vat_point_on": date(2026, 11, 30),
    "payment_terms": "14 Tage\n#SKONTO#TAGE=7#PROZENT=2.00#\n",
}
FULL_LINE = line(
    note="Anmerkung",
    object_identifier=Identifier(value="Z-2", scheme="AVE"),
    quantity="2",
    price="85.00",
    price_discount="15.00",
    gross_price="100.00",
    order_line="7",
    accounting_reference="KST 2",
    description="Beschreibung",
    article_number="ART-1",
    buyer_article_number="KA-1",
    standard_identifier=Identifier(value="4012345000009", scheme="0160"),
    classifications=(ItemClassification(code="72000000", scheme="TSP", version="2008"),),
    origin_country="DE",
    attributes=(ItemAttribute(name="Farbe", value="Rot"),),
)
FULL_PARTY = {
    "trading_name": "Handelsname",
    "registration": Identifier(value="HRB 1"),
    "vat_id": "DE123456788",
    "identifiers": (Identifier(value="4000001000005", scheme="0088"),),
    "contact": Contact(name="Ada Brandt", phone="+49 3641 1", email="ada@kunde.example"),
    "address": PostalAddress(
        line1="Straße 1",
        line2="Hof",
        line3="3. Stock",
        city="Jena",
        postcode="07743",
        subdivision="Thüringen",
        country="DE",
    ),
}

TAX_CASES = [
    Case(
        "19 and 7 %",
        sample_invoice(lines=(line(price="33.33"), line(id="2", price="12.49", vat_rate="7"))),
        # 33.33 x 19 % = 6.3327, 12.49 x 7 % = 0.8743
        "106=45.82 109=45.82 110=7.20 112=53.02 115=53.02",
        "S 19 33.33 6.33, S 7 12.49 0.87",
    ),
    Case("small business", untaxed("E", seller=NO_VAT_ID), UNTAXED, "E 0 100.00 0.00"),
    Case("zero rate", untaxed("Z"), UNTAXED, "Z 0 100.00 0.00"),
    Case("reverse charge", untaxed("AE", buyer=AUSTRIAN), UNTAXED, "AE 0 100.00 0.00"),
    Case(
        "intra-community supply of goods",
        untaxed("K", buyer=AUSTRIAN, delivery=Delivery(on=date(2026, 11, 20), address=VIENNA)),
        UNTAXED,
        "K 0 100.00 0.00",
    ),
    Case("export", untaxed("G", buyer=SWISS), UNTAXED, "G 0 100.00 0.00"),
    Case(
        "not taxable, with a rate in the breakdown only",
        untaxed("O", buyer=SWISS, seller=NO_VAT_ID),
        UNTAXED,
        "O 0 100.00 0.00",
    ),
    Case(
        "taxed and exempt together",
        sample_invoice(lines=(line(), line(id="2", vat_category="E", vat_rate="0"))),
        "106=200.00 109=200.00 110=19.00 112=219.00 115=219.00",
        "S 19 100.00 19.00, E 0 100.00 0.00",
    ),
    Case(
        "tax also in another currency",
        sample_invoice(currency="CHF", tax_currency="EUR", vat_accounting=Decimal("20.14")),
        "106=100.00 109=100.00 110=19.00 111=20.14 112=119.00 115=119.00",
        "S 19 100.00 19.00",
    ),
    Case(
        "yen, without decimals",
        sample_invoice(currency="JPY", lines=(line(price="1005", net="1005"),)),
        # 1005 x 19 % = 190.95
        "106=1005 109=1005 110=191 112=1196 115=1196",
        "S 19 1005 191",
    ),
]

KINDS = [
    Case(
        "credit note, positive amounts",
        sample_invoice(type_code="381", preceding=ORIGINAL, lines=(THIRD,)),
        # 100.005 is rounded away from zero to 100.01, its VAT is 19.0019
        "106=100.01 109=100.01 110=19.00 112=119.01 115=119.01",
        "S 19 100.01 19.00",
    ),
    Case(
        "credit note with every reference, in two currencies",
        sample_invoice(
            type_code="381",
            preceding=ORIGINAL,
            currency="CHF",
            tax_currency="EUR",
            vat_accounting=Decimal("20.14"),
            **REFERENCES,
        ),
        "106=100.00 109=100.00 110=19.00 111=20.14 112=119.00 115=119.00",
        "S 19 100.00 19.00",
    ),
    Case(
        "cancellation, negative quantity",
        sample_invoice(
            type_code="384", preceding=ORIGINAL, lines=(line(quantity="-3", price="33.335"),)
        ),
        "106=-100.01 109=-100.01 110=-19.00 112=-119.01 115=-119.01",
        "S 19 -100.01 -19.00",
    ),
    *(
        Case(f"kind {code}", sample_invoice(type_code=code), SIMPLE, "S 19 100.00 19.00")
        for code in ("326", "389", "875", "876", "877")
    ),
    Case(
        "final invoice with two deposits",
        sample_invoice(
            preceding=DEPOSITS,
            prepaid=Decimal("357.00"),
            lines=(line(price="1000"), line(id="2", price="500")),
        ),
        # deposits of 238.00 and 119.00
        "106=1500.00 109=1500.00 110=285.00 112=1785.00 113=357.00 115=1428.00",
        "S 19 1500.00 285.00",
    ),
    Case(
        "rounded to five Rappen",
        sample_invoice(currency="CHF", lines=(line(price="33.33"),), rounding=Decimal("-0.01")),
        "106=33.33 109=33.33 110=6.33 112=39.66 114=-0.01 115=39.65",
        "S 19 33.33 6.33",
    ),
]

PAYMENTS = [
    Case(f"paid by {code}", paid_by(code), SIMPLE, "S 19 100.00 19.00") for code in PAYMENT_MEANS
]

CONTENTS = [
    Case(
        "discounts by rate and a charge",
        sample_invoice(
            lines=(line(), line(id="2", vat_rate="7")),
            allowances=(
                taxed("10.00", base="100", percent="10", reason_code="95"),
                taxed("10.00", rate="7", base="100", percent="10"),
            ),
            charges=(taxed("5.90", reason="Versand", reason_code="FC"),),
        ),
        # 95.90 x 19 % = 18.221, 90 x 7 % = 6.30
        "106=200.00 107=20.00 108=5.90 109=185.90 110=24.52 112=210.42 115=210.42",
        "S 19 95.90 18.22, S 7 90.00 6.30",
    ),
    Case(
        "discount and charge on a line",
        one(
            quantity="2",
            price="99.99",
            allowances=(discount("30.00", base="199.98", percent="15", reason_code="95"),),
            charges=(discount("2.50", reason="Versand", reason_code="FC"),),
        ),
        # 15 % of 199.98 = 29.997; 172.48 x 19 % = 32.7712
        "106=172.48 109=172.48 110=32.77 112=205.25 115=205.25",
        "S 19 172.48 32.77",
    ),
    Case(
        "lines of three periods, one prorated: 17 of 31 days",
        sample_invoice(
            period=days("2026-09-01", "2026-11-30"),
            lines=(
                line(period=days("2026-09-01", "2026-09-30")),
                line(id="2", period=days("2026-10-01", "2026-10-31")),
                line(
                    id="3",
                    quantity="17",
                    unit_code="DAY",
                    price="30.00",
                    price_base="31",
                    period=days("2026-11-01", "2026-11-17"),
                ),
            ),
        ),
        # 30.00 x 17 / 31 = 16.4516; 216.45 x 19 % = 41.1255
        "106=216.45 109=216.45 110=41.13 112=257.58 115=257.58",
        "S 19 216.45 41.13",
    ),
    Case(
        "every reference and every field of a line",
        sample_invoice(lines=(FULL_LINE,), **REFERENCES),
        # 2 x 85.00
        "106=170.00 109=170.00 110=32.30 112=202.30 115=202.30",
        "S 19 170.00 32.30",
    ),
    Case(
        "VAT is due when it is paid",
        sample_invoice(vat_point_code="432"),
        SIMPLE,
        "S 19 100.00 19.00",
    ),
    Case(
        "every field of the parties, delivered elsewhere",
        sample_invoice(
            seller=SELLER.model_copy(update={**FULL_PARTY, "legal_info": "GF: Ada Brandt"}),
            buyer=BUYER.model_copy(update=FULL_PARTY),
            delivery=Delivery(
                on=date(2026, 11, 20),
                name="Filiale",
                location=Identifier(value="4000001000005", scheme="0088"),
                address=VIENNA,
            ),
        ),
        SIMPLE,
        "S 19 100.00 19.00",
    ),
    Case(
        "collected for a factoring bank",
        paid_by(
            "59",
            payee=Payee(
                name="Factoring AG",
                identifier=Identifier(value="4000001000005", scheme="0088"),
                registration=Identifier(value="HRB 2"),
            ),
        ),
        SIMPLE,
        "S 19 100.00 19.00",
    ),
    Case(
        "a tax representative owes the VAT",
        sample_invoice(
            seller=NO_VAT_ID,
            tax_representative=TaxRepresentative(
                name="Steuer GmbH", vat_id="DE123456788", address=VIENNA
            ),
        ),
        SIMPLE,
        "S 19 100.00 19.00",
    ),
    Case(
        "notes with a subject and hostile signs, a file and a link",
        sample_invoice(
            notes=(
                Note(text="Lieferung frei Haus", subject="AAI"),
                Note(text="<b>&amp;\"'</b> ]]> \n\tÄÖÜß 中文 🧾 #1 {{7*7}} \u202e"),
            ),
            attachments=(
                Attachment(
                    reference="Nachweis 1",
                    description="Zählerstände",
                    file=AttachedFile(
                        filename="zähler.csv", media_type="text/csv", content=b"a;b\n"
                    ),
                ),
                Attachment(reference="AGB", location="https://wattwerk.example/agb.pdf"),
            ),
        ),
        SIMPLE,
        "S 19 100.00 19.00",
    ),
]


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name) for case in TAX_CASES + KINDS + PAYMENTS + CONTENTS],
)
def test_every_document_as_ubl_breaks_no_official_rule(
    case: Case, xrechnung_ubl: XRechnungUbl, broken_rules: Judge
) -> None:
    """XSD 2.1, CEN 1.3.16, KoSIT 2.6.0: no error, no warning, no information; totals exact."""
    assert xrechnung_ubl.check(case.document) == ()
    xml = xrechnung_ubl.render(case.document)

    assert broken_rules(xml) == {}
    assert stated_sums(xml) == case.sums
    assert stated_vat(xml) == case.vat


def stated_sums(xml: bytes) -> str:
    """BT-106 to BT-115 of the file, by number."""
    root = etree.fromstring(xml)
    totals = root.find("{*}LegalMonetaryTotal")
    assert totals is not None
    found = {_TERMS[etree.QName(entry).localname]: entry.text for entry in totals}
    taxes = root.findall("{*}TaxTotal/{*}TaxAmount")
    found |= {str(110 + place): entry.text for place, entry in enumerate(taxes)}
    return " ".join(f"{term}={found[term]}" for term in sorted(found))


def stated_vat(xml: bytes) -> str:
    """BG-23 of the file."""
    fields = ("TaxCategory/{*}ID", "TaxCategory/{*}Percent", "TaxableAmount", "TaxAmount")
    return ", ".join(
        " ".join(entry.findtext(f"{{*}}{field}") or "-" for field in fields)
        for entry in etree.fromstring(xml).iter("{*}TaxSubtotal")
    )
