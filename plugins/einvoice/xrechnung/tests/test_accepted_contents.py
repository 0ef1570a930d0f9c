"""The corpus: every way to price a line, to pay and to add something pass our checks and the official rules, silently.

Each has its totals as literals, worked out by hand: valid is not the same as right, the official
rules let pass a VAT amount that is almost 1.00 off.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

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
    Note,
    PaymentInstructions,
    PostalAddress,
)
from faktura.testing.invoices import BUYER, SELLER, sample_invoice, sample_line
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import terms_of
from faktura_xrechnung.formats import XRechnungCii


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


def days(start: str, end: str) -> DocumentPeriod:
    return DocumentPeriod(start=date.fromisoformat(start), end=date.fromisoformat(end))


def discount(amount: str, **changes: object) -> Allowance:
    return Allowance.model_validate({"amount": amount, "reason": "Treuerabatt"} | changes)


def taxed(amount: str, rate: str = "19", **changes: object) -> Allowance:
    return discount(amount, vat_category=TaxCategory.S, vat_rate=rate, **changes)


def paid_by(means_code: str, **groups: object) -> PaymentInstructions:
    return PaymentInstructions.model_validate({"means_code": means_code} | groups)


VIENNA = PostalAddress(line1="Ring 1", city="Wien", postcode="1010", country="AT")
TRANSFER = CreditTransfer(iban="DE02120300000000202051", holder="Wattwerk", bic="BYLADEM1001")
OTHER = CreditTransfer(iban="DE02500105170137075030")
DEBIT = DirectDebit(mandate="M-77", creditor_id="DE98ZZZ09999999999", iban="DE02500105170137075030")
READINGS = Attachment(
    reference="Nachweis 1",
    description="Zählerstände",
    file=AttachedFile(filename="zähler.csv", media_type="text/csv", content=b"a;b\n"),
)
HOSTILE = "<b>&amp;\"'</b> ]]> \n\tÄÖÜß 中文 🧾 ${jndi} {{7*7}} %s \u202e"

LINES = [
    Case(
        "prorated: 17 of 31 days",
        one(
            quantity="17",
            unit_code="DAY",
            price="30.00",
            price_base="31",
            period=days("2026-11-01", "2026-11-17"),
        ),
        # 30.00 x 17 / 31 = 16.4516, of it 19 % = 3.1255
        ("16.45", "3.13", "19.58", "19.58"),
    ),
    Case(
        "lines of three periods",
        sample_invoice(
            period=days("2026-09-01", "2026-11-30"),
            lines=(
                line(period=days("2026-09-01", "2026-09-30")),
                line(id="2", period=days("2026-10-01", "2026-10-31")),
                line(id="3", period=days("2026-11-01", "2026-11-30")),
            ),
        ),
        ("300.00", "57.00", "357.00", "357.00"),
    ),
    Case(
        "percentage discount on a line",
        one(
            price="99.99",
            allowances=(discount("15.00", base="99.99", percent="15", reason_code="95"),),
        ),
        # 15 % of 99.99 = 14.9985; 84.99 x 19 % = 16.1481
        ("84.99", "16.15", "101.14", "101.14"),
    ),
    Case(
        "two discounts on a line",
        one(allowances=(discount("10.00"), discount("0.01"))),
        # 89.99 x 19 % = 17.0981
        ("89.99", "17.10", "107.09", "107.09"),
    ),
    Case(
        "a free line",
        sample_invoice(
            lines=(line(), line(id="2", allowances=(discount("100", base="100", percent="100"),)))
        ),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "nothing to pay",
        sample_invoice(lines=(line(price="0"),), due_on=None),
        ("0.00", "0.00", "0.00", "0.00"),
    ),
    Case(
        "a negative line in a positive document",
        sample_invoice(lines=(line(), line(id="2", quantity="-1", price="40"))),
        ("60.00", "11.40", "71.40", "71.40"),
    ),
    Case(
        "a price of six places",
        one(quantity="123456.789", unit_code="E34", price="0.000123"),
        # 123456.789 x 0.000123 = 15.185185
        ("15.19", "2.89", "18.08", "18.08"),
    ),
    Case(
        "a hundred lines",
        sample_invoice(lines=tuple(line(id=f"{no}", price="0.335") for no in range(1, 101))),
        # 100 x 0.34, not 33.50
        ("34.00", "6.46", "40.46", "40.46"),
    ),
]

EXTRAS = [
    Case(
        "discount on the whole document, by rate",
        sample_invoice(
            lines=(line(), line(id="2", vat_rate="7")),
            allowances=(
                taxed("10.00", base="100", percent="10", reason_code="95"),
                taxed("10.00", rate="7", base="100", percent="10"),
            ),
        ),
        # 90 x 19 % + 90 x 7 %
        ("180.00", "23.40", "203.40", "203.40"),
    ),
    Case(
        "a charge",
        sample_invoice(charges=(taxed("5.90", reason="Versand", reason_code="FC"),)),
        # 105.90 x 19 % = 20.121
        ("105.90", "20.12", "126.02", "126.02"),
    ),
    Case(
        "direct debit",
        sample_invoice(payment=paid_by("59", remittance="R-2026-00042", direct_debit=DEBIT)),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "card",
        sample_invoice(payment=paid_by("48", card_last_digits="4711")),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "online payment, paid already",
        sample_invoice(
            payment=paid_by("68", means_text="PayPal"), prepaid=Decimal(119), due_on=None
        ),
        ("100.00", "19.00", "119.00", "0.00"),
    ),
    Case(
        "two accounts to pay to",
        sample_invoice(payment=paid_by("58", means_text="SEPA", transfers=(TRANSFER, OTHER))),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "Skonto",
        sample_invoice(
            payment_terms="Zahlbar in 14 Tagen.\n#SKONTO#TAGE=7#PROZENT=2.00#\n"
            "#SKONTO#TAGE=3#PROZENT=3.00#BASISBETRAG=50.00#\n"
        ),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "an attachment",
        sample_invoice(attachments=(READINGS,)),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "all references and names",
        sample_invoice(
            project_reference="P-1",
            contract_reference="V-1",
            order_reference="B-1",
            sales_order_reference="A-1",
            accounting_reference="KST 7",
            notes=(Note(text="Danke", subject="AAI"), Note(text="Ohne Code")),
            seller=SELLER.model_copy(
                update={
                    "trading_name": "Wattwerk",
                    "legal_info": "Geschäftsführung: A. Brandt",
                    "identifiers": (Identifier(value="4000001000005", scheme="0088"),),
                }
            ),
            buyer=BUYER.model_copy(
                update={"trading_name": "Stadt", "contact": Contact(name="Amt 20", phone="115")}
            ),
            delivery=Delivery(on=date(2026, 11, 30), name="Bauhof", address=VIENNA),
            lines=(
                line(
                    note="Zähler 4711",
                    order_line="10",
                    accounting_reference="4400",
                    description="Strom",
                    article_number="A-1",
                    buyer_article_number="K-1",
                    attributes=(ItemAttribute(name="Tarif", value="Nacht"),),
                ),
            ),
        ),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "hostile texts in every text",
        sample_invoice(
            buyer_reference=HOSTILE,
            payment_terms=HOSTILE,
            notes=(Note(text=HOSTILE),),
            buyer=BUYER.model_copy(update={"name": HOSTILE}),
            lines=(line(name=HOSTILE, description=HOSTILE * 50, note=HOSTILE),),
        ),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
    Case(
        "no delivery, but a period on each line",
        sample_invoice(delivery=None, period=None),
        ("100.00", "19.00", "119.00", "119.00"),
    ),
]


def named(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases]


@pytest.mark.parametrize("case", named(LINES + EXTRAS))
def test_whatever_a_document_contains_breaks_no_official_rule(
    case: Case, accepted: Callable[[InvoiceDocument], dict[str, list[str]]]
) -> None:
    """XSD D22B, CEN 1.3.16, KoSIT 2.6.0: no error, no warning, no information; totals exact."""
    written = accepted(case.document)

    stated = tuple(written[term][0] for term in ("BT-109", "BT-110", "BT-112", "BT-115"))
    assert stated == case.totals


def test_a_direct_debit_stands_in_its_three_places(xrechnung: XRechnungCii) -> None:
    """BT-89, BT-90 and BT-91 belong to three groups of CII; no account to pay to beside them."""
    payment = paid_by("59", direct_debit=DEBIT)

    written = terms_of(xrechnung.render(sample_invoice(payment=payment)), Syntax.CII)

    assert written["BT-89"] == ["M-77"]
    assert written["BT-90"] == ["DE98ZZZ09999999999"]
    assert written["BT-91"] == ["DE02500105170137075030"]
    assert "BT-84" not in written


def test_a_second_attachment_only_draws_a_warning(
    xrechnung: XRechnungCii, broken_rules: Callable[[bytes], dict[str, str]]
) -> None:
    """CII-SR-475 and CII-SR-476 count over all attachments (BG-24 is 0..n), so they warn."""
    second = READINGS.model_copy(
        update={"file": AttachedFile(filename="zwei.csv", media_type="text/csv", content=b"c\n")}
    )

    xml = xrechnung.render(sample_invoice(attachments=(READINGS, second)))

    assert broken_rules(xml) == {"CII-SR-475": "warning", "CII-SR-476": "warning"}
