"""What a text may hold: each field by its term, each character by its number, in every place."""

from collections.abc import Iterator
from types import UnionType
from typing import Union, get_args, get_origin

import pytest

from faktura.kernel.terms import TaxCategory
from faktura.plugin import Dto, Identifier, InvoiceDocument, Note, PrintDetails, Severity
from faktura.testing.invoices import changed, sample_invoice, sample_line
from faktura_en16931.checks import check
from faktura_en16931.text_fields import TEXT_FIELDS
from faktura_en16931.texts import check_texts

CODED = {
    "type_code", "currency", "tax_currency", "vat_point_code", "scheme", "country", "subject",
    "means_code", "reason_code", "exemption_code", "media_type", "unit_code", "origin_country",
}  # fmt: skip
"""Texts that come from a code list, so that no character of them is free (coded.py)."""
# A buyer has neither (parties.py refuses them).
NOT_OF_A_BUYER = {"buyer.tax_number", "buyer.legal_info"}


def text_paths(model: type[Dto], path: str = "") -> Iterator[str]:
    """The path of every free text that the document's classes can hold."""
    for name, field in model.model_fields.items():
        for kind, each in leaves(field.annotation):
            here = f"{path}{name}{'.*' if each else ''}"
            if isinstance(kind, type) and issubclass(kind, Dto) and kind is not PrintDetails:
                yield from text_paths(kind, f"{here}.")
            elif kind is str and name not in CODED:
                yield here


def leaves(annotation: object, *, each: bool = False) -> Iterator[tuple[object, bool]]:
    if get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from leaves(part, each=each)
    elif get_origin(annotation) is tuple:
        yield from leaves(get_args(annotation)[0], each=True)
    else:
        yield annotation, each


def found(document: InvoiceDocument) -> list[tuple[str, str]]:
    return [(entry.rule, entry.term) for entry in check(document)]


def test_every_text_of_the_document_is_known() -> None:
    """A new text field of the DTO needs its term, its words and its field here."""
    assert set(text_paths(InvoiceDocument)) - NOT_OF_A_BUYER == set(TEXT_FIELDS)


def test_a_character_xml_forbids_is_named_with_its_field_and_its_number() -> None:
    """Issue 5, bad input: a control character is named, with the field."""
    [finding] = check(changed(sample_invoice(), "buyer.name", "Stadt\x07Musterfeld"))

    assert (finding.severity, finding.rule) == (Severity.ERROR, "faktura-characters")
    assert (finding.term, finding.mend) == ("BT-44", "customer.name")
    assert finding.message == (
        "The customer's name holds the character U+0007, which XML cannot carry"
    )


def test_a_line_s_text_is_named_with_its_line() -> None:
    """People look for the line first."""
    lines = (sample_line(), sample_line(id="2", description="a\x00b"))

    [finding] = check(sample_invoice(lines=lines))

    assert finding.message == (
        "The article description of line 2 holds the character U+0000, which XML cannot carry"
    )
    assert (finding.term, finding.mend) == ("BT-154", "article.description")


@pytest.mark.parametrize(
    "sign", ["\x00", "\x08", "\x0b", "\x1f", "\r", "\ud800", "\ufffe", "\uffff"]
)
def test_what_no_xml_document_can_carry_is_refused(sign: str) -> None:
    """XML 1.0, production 2; a carriage return would be read back as a line feed."""
    assert found(changed(sample_invoice(), "payment_terms", f"a{sign}b")) == [
        ("faktura-characters", "BT-20")
    ]


@pytest.mark.parametrize("text", ["a\tb", "a\nb\n", "Grüße 🚀", "\u202eabc", "a\x85b", "]]>&<"])
def test_every_other_sign_is_fine(text: str) -> None:
    """Tab, line feed, emoji, and what XML escapes."""
    assert found(changed(sample_invoice(), "payment_terms", text)) == []


def test_a_text_of_ten_thousand_characters_is_refused_by_name() -> None:
    """Issue 5, bad input: names and lines 1,000 characters, prose 5,000."""
    [finding] = check(sample_invoice(notes=(Note(text="x" * 10_000),)))

    assert (finding.rule, finding.term) == ("faktura-length", "BT-22")
    assert finding.message == "The note has 10,000 characters, 5,000 are allowed"
    assert finding.mend == "document.notes"


@pytest.mark.parametrize(
    ("path", "length", "rules"),
    [
        ("buyer.name", 1_000, []),
        ("buyer.name", 1_001, [("faktura-length", "BT-44")]),
        ("lines.0.name", 1_001, [("faktura-length", "BT-153")]),
        ("lines.0.description", 5_000, []),
        ("lines.0.description", 5_001, [("faktura-length", "BT-154")]),
        ("seller.legal_info", 5_000, []),
        ("payment_terms", 5_001, [("faktura-length", "BT-20")]),
    ],
)
def test_a_text_may_be_as_long_as_its_kind(
    path: str, length: int, rules: list[tuple[str, str]]
) -> None:
    """The longest length is inclusive."""
    assert found(changed(sample_invoice(), path, "x" * length)) == rules


@pytest.mark.parametrize("blank", ["", " ", "\u00a0\n", "\u2003"])
def test_an_optional_text_is_given_or_absent_but_never_blank(blank: str) -> None:
    """R008: no element is empty, so a blank text would not come back."""
    assert found(changed(sample_invoice(), "project_reference", blank)) == [
        ("PEPPOL-EN16931-R008", "BT-11")
    ]


def test_a_blank_mandatory_text_is_told_once() -> None:
    """BR-07 says that the name is missing; that it is blank is the same news."""
    assert found(changed(sample_invoice(), "buyer.name", " ")) == [("BR-07", "BT-44")]


def test_city_and_post_code_may_be_absent_but_not_blanks() -> None:
    """EN 16931 does not ask for them (BR-DE-8 and BR-DE-9 do); abroad there may be none."""
    assert found(changed(sample_invoice(), "buyer.address.postcode", "")) == []
    assert found(changed(sample_invoice(), "buyer.address.city", " ")) == [
        ("PEPPOL-EN16931-R008", "BT-52")
    ]


def test_blanks_around_a_reference_are_refused_and_around_a_name_are_not() -> None:
    """Machines compare references: readers take the blanks away."""
    assert found(changed(sample_invoice(), "order_reference", "PO 1 ")) == [
        ("faktura-blanks", "BT-13")
    ]
    assert found(changed(sample_invoice(), "buyer.name", " Stadt Musterfeld")) == []


def test_an_identifier_in_a_group_is_found_too() -> None:
    """The walk reaches every depth."""
    document = changed(sample_invoice(), "seller.identifiers", (Identifier(value="a\x01"),))

    assert found(document) == [("faktura-characters", "BT-29")]


def test_the_walk_takes_what_is_told_already() -> None:
    """`told` are the terms of findings that came before."""
    document = changed(sample_invoice(), "project_reference", " ")

    assert list(check_texts(document, {"BT-11"})) == []


def test_a_line_without_quantity_is_refused() -> None:
    """Issue 5, bad input: a zero-quantity line."""
    [finding] = check(sample_invoice(lines=(sample_line(), sample_line(id="2", quantity="0"))))

    assert (finding.rule, finding.term, finding.mend) == (
        "faktura-quantity",
        "BT-129",
        "contract.items",
    )
    assert finding.message == "Line 2 has the quantity 0: nothing was supplied"


def test_a_whole_yen_beside_its_percentage_is_refused_before_a_receiver_does() -> None:
    """R040 bears 0.02; 10 % of 33 yen are 3.3, a document can only say 3."""
    discount = {"amount": "3", "base": "33", "percent": "10", "reason": "Treue"}
    line = sample_line(price="33", allowances=(discount,))
    document = sample_invoice(currency="JPY", lines=(line,))

    assert document.lines[0].vat_category is TaxCategory.S
    assert found(document) == [("PEPPOL-EN16931-R040", "BT-136")]
