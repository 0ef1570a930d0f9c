"""Every text field with every kind of nasty text: refused by name, or written and valid."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from faktura.kernel.errors import RenderRefused
from faktura.plugin import (
    Allowance,
    AttachedFile,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    Dto,
    Identifier,
    InvoiceDocument,
    ItemAttribute,
    ItemClassification,
    Note,
    Payee,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    Severity,
    TaxRepresentative,
)
from faktura.testing.invoices import BUYER, SELLER, changed, sample_invoice, sample_line
from faktura_en16931.cii import write_cii
from faktura_en16931.reading import read_invoice
from faktura_en16931.ubl import write_ubl
from faktura_xrechnung.formats import XRechnungCii
from faktura_xrechnung.rule_sets import RULE_SETS

NASTY = [
    "",
    " ",
    "\xa0\u2003",
    "\x00\x1f",
    "\ud800",
    "<a>&\"']]>",
    "a\r\nb\n",
    "#SKONTO",
    "-1",
    "ß" * 900,
    "ß" * 3000,
    " a ",
    "#AAI#a",
]

ADDRESS = PostalAddress(
    line1="a", line2="b", line3="c", city="d", postcode="e", subdivision="f", country="AT"
)
CONTACT = Contact(name="Ada Brandt", phone="+49 3641 55512", email="ada@wattwerk.example")
RICH = sample_invoice(
    project_reference="p",
    contract_reference="c",
    order_reference="o",
    sales_order_reference="s",
    receiving_reference="r",
    despatch_reference="d",
    tender_reference="t",
    object_identifier=Identifier(value="o", scheme="ABT"),
    accounting_reference="a",
    payment_terms="t",
    notes=(Note(text="n", subject="AAI"),),
    preceding=(PrecedingInvoice(number="R-1", issued_on=date(2026, 1, 1)),),
    seller=SELLER.model_copy(update={"trading_name": "w", "legal_info": "g", "address": ADDRESS}),
    buyer=BUYER.model_copy(
        update={
            "trading_name": "s",
            "registration": Identifier(value="r", scheme="0199"),
            "vat_id": "ATU12345675",
            "address": ADDRESS,
            "contact": CONTACT,
        }
    ),
    payee=Payee(name="p", identifier=Identifier(value="i"), registration=Identifier(value="g")),
    tax_representative=TaxRepresentative(name="t", vat_id="DE987654321", address=ADDRESS),
    delivery=Delivery(
        on=date(2026, 11, 30), name="n", location=Identifier(value="l"), address=ADDRESS
    ),
    payment=PaymentInstructions(
        means_code="58",
        means_text="m",
        remittance="r",
        transfers=(CreditTransfer(iban="DE02120300000000202051", holder="h", bic="BYLADEM1001"),),
    ),
    allowances=(
        Allowance.model_validate(
            {"amount": "1", "reason": "r", "reason_code": "95", "vat_category": "S", "vat_rate": 19}
        ),
    ),
    attachments=(
        Attachment(reference="u", location="https://wattwerk.example/a.csv"),
        Attachment(
            reference="r",
            description="d",
            file=AttachedFile(filename="f.csv", media_type="text/csv", content=b"a"),
        ),
    ),
    lines=(
        sample_line(
            note="n",
            order_line="1",
            accounting_reference="a",
            description="d",
            article_number="a",
            buyer_article_number="b",
            object_identifier=Identifier(value="o", scheme="ABT"),
            standard_identifier=Identifier(value="4006381333931", scheme="0160"),
            classifications=(ItemClassification(code="c", scheme="STI", version="1"),),
            origin_country="AT",
            attributes=(ItemAttribute(name="n", value="v"),),
            allowances=(Allowance.model_validate({"amount": "1", "reason": "r"}),),
        ),
    ),
)

ASKED = {"<a>&\"']]>", "#SKONTO", "-1"}
"""Texts for which the official rules are asked in every field: that takes time."""


def text_fields(value: object, path: str = "") -> Iterator[str]:
    """The path of every text in the document; enumerations and numbers are no texts."""
    if isinstance(value, Dto):
        for name in type(value).model_fields:
            yield from text_fields(getattr(value, name), f"{path}.{name}".removeprefix("."))
    elif isinstance(value, tuple):
        for place, entry in enumerate(value):
            yield from text_fields(entry, f"{path}.{place}")
    elif type(value) is str:
        yield path


def test_the_rich_document_itself_is_accepted(
    accepted: Callable[[object], dict[str, list[str]]],
) -> None:
    """Or the cases below would be refused for another reason."""
    assert accepted(RICH)["BT-115"] == ["116.62"]


@pytest.mark.parametrize("path", sorted(text_fields(RICH)))
def test_a_nasty_text_is_refused_by_name_or_comes_back_as_it_was(
    path: str,
    xrechnung: XRechnungCii,
    broken_rules: Callable[[bytes], dict[str, str]],
) -> None:
    """Nothing that we let pass is refused by a receiver or read differently, and no accident."""
    for text in NASTY:
        document = changed(RICH, path, text)
        if any(entry.severity is Severity.ERROR for entry in xrechnung.check(document)):
            with pytest.raises(RenderRefused, match="Fill "):
                xrechnung.render(document)
            continue
        for write in (write_cii, write_ubl):
            written = write(document, RULE_SETS[0].profile)
            assert read_invoice(written).document == unprinted(document), text
        if text in ASKED:
            assert "fatal" not in broken_rules(xrechnung.render(document)).values(), text


def unprinted(document: InvoiceDocument) -> InvoiceDocument:
    return document.model_copy(update={"printed": None})
