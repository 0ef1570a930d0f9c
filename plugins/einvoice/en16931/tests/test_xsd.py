"""The schemas: what our writers make is valid, what is wrong is told by line, in short words."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from faktura.kernel.errors import FileUnreadable
from faktura.plugin import InvoiceDocument
from faktura.testing.invoices import sample_invoice
from faktura_en16931.cii import write_cii, write_cii_tree
from faktura_en16931.profile import Profile
from faktura_en16931.safe_xml import parsed
from faktura_en16931.syntax import Syntax
from faktura_en16931.ubl import write_ubl, write_ubl_tree
from faktura_en16931.xsd import xsd_errors

PROFILE = Profile(process="urn:process", specification="urn:specification")


@pytest.mark.parametrize("type_code", ["380", "381"])
def test_what_the_writers_make_is_valid(type_code: str, full_document: InvoiceDocument) -> None:
    """Factur-X EN 16931 for CII, UBL 2.1 Invoice and CreditNote."""
    document = full_document.model_copy(update={"type_code": type_code})

    assert xsd_errors(write_cii_tree(document, PROFILE), Syntax.CII) == []
    assert xsd_errors(write_ubl_tree(document, PROFILE), Syntax.UBL) == []


def test_an_error_has_its_line_and_no_namespace() -> None:
    """The message names elements as people do."""
    xml = write_cii(sample_invoice(), PROFILE).replace(b"<ram:TypeCode>380</ram:TypeCode>", b"\n")

    errors = xsd_errors(parsed(xml), Syntax.CII)

    assert errors == [
        (3, "Element 'IssueDateTime': This element is not expected. Expected is ( TypeCode ).")
    ]


def test_cii_knows_no_element_beyond_the_norm() -> None:
    """ShipFromTradeParty is CII, but not EN 16931."""
    xml = write_cii(sample_invoice(), PROFILE).replace(
        b"<ram:ActualDelivery", b"<ram:ShipFromTradeParty/><ram:ActualDelivery", 1
    )

    (error,) = xsd_errors(parsed(xml), Syntax.CII)

    assert "ShipFromTradeParty" in error[1]


def test_another_ubl_document_has_no_schema() -> None:
    """Only invoices and credit notes."""
    with pytest.raises(FileUnreadable, match="Order"):
        xsd_errors(parsed(b"<Order/>"), Syntax.UBL)


def test_a_file_wrong_everywhere_is_told_a_hundred_times() -> None:
    """libxml2 alone would take hours to find the place of each error among its siblings."""
    notes = b'<ram:IncludedNote x="1"><ram:Content>a</ram:Content></ram:IncludedNote>' * 20_000
    xml = write_cii(sample_invoice(), PROFILE)
    xml = xml.replace(b"</rsm:ExchangedDocument>", notes + b"</rsm:ExchangedDocument>")

    errors = xsd_errors(parsed(xml), Syntax.CII)

    assert len(errors) == 100
    assert errors[0] == (
        0,
        "Element 'IncludedNote', attribute 'x': The attribute 'x' is not allowed.",
    )


def test_a_very_large_valid_file_is_valid() -> None:
    """It is judged while it is read again."""
    notes = b"<ram:IncludedNote><ram:Content>a</ram:Content></ram:IncludedNote>" * 20_000
    xml = write_cii(sample_invoice(), PROFILE)
    xml = xml.replace(b"</rsm:ExchangedDocument>", notes + b"</rsm:ExchangedDocument>")

    assert xsd_errors(parsed(xml), Syntax.CII) == []


def test_a_wrong_value_of_a_thousand_signs_is_cut() -> None:
    """What a file says must not flood the screen."""
    xml = write_ubl(sample_invoice(), PROFILE).replace(b"2026-11-30", b"x" * 1_000, 1)

    errors = xsd_errors(parsed(xml), Syntax.UBL)

    assert {len(message) <= 400 for _, message in errors} == {True}


def test_many_threads_share_the_schemas() -> None:
    """Each gets the errors of its own tree."""
    good = write_cii(sample_invoice(), PROFILE)
    bad = good.replace(b"<ram:TypeCode>380</ram:TypeCode>", b"")

    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda xml: len(xsd_errors(parsed(xml), Syntax.CII)), [good, bad] * 50)
        )

    assert found == [0, 1] * 50
