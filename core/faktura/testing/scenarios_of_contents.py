"""Scenarios about everything else an invoice can say: texts, references, attachments, periods."""

from datetime import date
from typing import Final

from faktura.kernel.terms import DocumentKind
from faktura.plugin import (
    AttachedFile,
    Attachment,
    Contact,
    Delivery,
    DocumentPeriod,
    Identifier,
    ItemAttribute,
    ItemClassification,
    Note,
    Party,
    PostalAddress,
    PrintDetails,
)
from faktura.testing.invoices import BUYER, SELLER, sample_invoice, sample_line
from faktura.testing.scenario import Scenario, stating

_HUNDRED = stating("100.00", "19.00", "119.00", "S 19 100.00 19.00")
_TWO_HUNDRED = stating("200.00", "38.00", "238.00", "S 19 200.00 38.00")
_WHOLE_ADDRESS = PostalAddress(
    line1="Am Markt 1",
    line2="Rathaus",
    line3="Zimmer 12",
    city="Musterfeld",
    postcode="99999",
    subdivision="Thüringen",
    country="DE",
)
_SENTENCE: Final = "Der Zähler wurde am Monatsende abgelesen; der Stand ist geprüft. "
_TEXTS = ("Vielen Dank für Ihren Auftrag.", "Es gelten unsere Bedingungen.")

CONTENTS = (
    Scenario(
        "attachments, a file and a link",
        sample_invoice(
            attachments=(
                Attachment(
                    reference="A1",
                    description="Einzelnachweis",
                    file=AttachedFile(
                        filename="nachweis.csv", media_type="text/csv", content=b"Tag;Menge\n1;2\n"
                    ),
                ),
                Attachment(
                    reference="A2",
                    description="Bedingungen",
                    location="https://wattwerk.example/bedingungen?a=1&b=2",
                ),
            )
        ),
        _HUNDRED,
    ),
    Scenario(
        "notes with subjects",
        sample_invoice(
            notes=(
                Note(text=_TEXTS[0]),
                Note(text=_TEXTS[1], subject="AAI"),
                Note(text="Geschäftsführung: Ada Brandt", subject="REG"),
                Note(text="Erste Zeile\nzweite Zeile\n\tmit Tabulator", subject="SUR"),
            ),
            printed=PrintDetails(
                kind=DocumentKind.INVOICE, header_texts=_TEXTS[:1], footer_texts=_TEXTS[1:]
            ),
        ),
        _HUNDRED,
    ),
    Scenario(
        "texts as long as they may be",
        sample_invoice(
            seller=SELLER.model_copy(update={"name": "Wattwerk " + "Beispiel " * 20 + "GmbH"}),
            buyer=BUYER.model_copy(update={"name": "Stadtverwaltung" + "Musterfeld" * 20}),
            notes=(Note(text=(_SENTENCE * 80)[:4999] + ".", subject="AAI"),),
            lines=(
                sample_line(
                    name=("Grundgebühr " * 90)[:999] + ".",
                    description=(_SENTENCE * 80)[:4999] + ".",
                    note=(_SENTENCE * 5).strip(),
                ),
            ),
        ),
        _HUNDRED,
    ),
    Scenario(
        "names in other scripts",
        sample_invoice(
            buyer=BUYER.model_copy(
                update={
                    "name": "東京電力株式会社 🚀",
                    "contact": Contact(name="محمد بن أحمد", email="m@tokyo.example"),
                    "address": PostalAddress(
                        line1="Παπαδοπούλου 5", city="София", postcode="1000", country="JP"
                    ),
                }
            ),
            lines=(
                sample_line(name='Čaj 👩‍👩‍👧 中文 <b>&amp;</b> #import "x"', note="\u200fעברית"),
            ),
        ),
        _HUNDRED,
    ),
    Scenario(
        "signs that mean something elsewhere",
        sample_invoice(
            buyer=BUYER.model_copy(update={"name": "A & B <C> “D” 'E' ]]> $x$ #let *y* \\ _z_ @w"}),
            notes=(Note(text="`code` = [link](x) // kein Kommentar /* auch nicht */ ~ --"),),
        ),
        _HUNDRED,
    ),
    Scenario(
        "every reference",
        sample_invoice(
            project_reference="P-2026-07",
            contract_reference="V-0815",
            order_reference="B-4711",
            sales_order_reference="AB-42",
            receiving_reference="WE-9",
            despatch_reference="LS-8",
            tender_reference="Los 3",
            object_identifier=Identifier(value="Z-123456", scheme="AVE"),
            accounting_reference="KST 4400",
        ),
        _HUNDRED,
    ),
    Scenario(
        "every field of the parties",
        sample_invoice(
            seller=SELLER.model_copy(
                update={
                    "trading_name": "Wattwerk",
                    "legal_info": "Amtsgericht Jena, Geschäftsführung Ada Brandt",
                    "identifiers": (
                        Identifier(value="WW-1"),
                        Identifier(value="4000001000005", scheme="0088"),
                    ),
                    "address": _WHOLE_ADDRESS,
                }
            ),
            buyer=Party(
                name="Stadt Musterfeld",
                trading_name="Stadtwerke",
                identifiers=(Identifier(value="4000001000005", scheme="0088"),),
                registration=Identifier(value="HRA 17"),
                vat_id="DE123456788",
                endpoint=Identifier(value="einkauf@musterfeld.example", scheme="EM"),
                address=_WHOLE_ADDRESS,
                contact=Contact(
                    name="Zentrale", phone="0361 123456", email="zentrale@musterfeld.example"
                ),
            ),
            delivery=Delivery(
                on=date(2026, 11, 29),
                name="Bauhof",
                location=Identifier(value="BH-1"),
                address=_WHOLE_ADDRESS,
            ),
        ),
        _HUNDRED,
    ),
    Scenario(
        "every field of a line",
        sample_invoice(
            lines=(
                sample_line(
                    object_identifier=Identifier(value="Z-123456", scheme="AVE"),
                    note="abgelesen",
                    order_line="10",
                    accounting_reference="KST 1",
                    description="Zählermiete",
                    article_number="A-1",
                    buyer_article_number="B-1",
                    standard_identifier=Identifier(value="04012345123456", scheme="0160"),
                    classifications=(
                        ItemClassification(code="65111600", scheme="STI", version="2008"),
                        ItemClassification(code="4711", scheme="ZZZ"),
                    ),
                    origin_country="DE",
                    attributes=(
                        ItemAttribute(name="Zähler", value="Z-123456"),
                        ItemAttribute(name="Stand", value="1234,5"),
                    ),
                ),
            )
        ),
        _HUNDRED,
    ),
    Scenario(
        "line periods inside the invoice period",
        sample_invoice(
            period=DocumentPeriod(start=date(2026, 10, 1), end=date(2026, 11, 30)),
            lines=(
                sample_line(period=DocumentPeriod(start=date(2026, 10, 1), end=date(2026, 10, 31))),
                sample_line(
                    id="2", period=DocumentPeriod(start=date(2026, 11, 1), end=date(2026, 11, 30))
                ),
            ),
        ),
        _TWO_HUNDRED,
    ),
    Scenario(
        "a day of delivery and no period",
        sample_invoice(
            period=None,
            delivery=Delivery(on=date(2026, 2, 28)),
            lines=(sample_line(period=None),),
        ),
        _HUNDRED,
    ),
    Scenario(
        "English, with the Leitweg-ID as address",
        sample_invoice(printed=PrintDetails(kind=DocumentKind.INVOICE, language="en")),
        _HUNDRED,
    ),
)
"""What else an invoice can say."""
