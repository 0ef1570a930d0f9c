"""References in the form that others prescribe."""

import pytest

from faktura.domain.references import (
    checked_creditor_id,
    checked_leitweg_id,
    checked_mandate_reference,
    checked_new_mandate_reference,
)
from faktura.kernel.errors import FieldInvalid


@pytest.mark.parametrize(
    "text", ["04011000-12345-03", "991-33333TEST-33", "04-03", "04011000-1234512345-06"]
)
def test_a_leitweg_id_is_taken_as_it_is(text):
    """Coarse address, fine address where there is one, two check digits."""
    assert checked_leitweg_id(text, field="leitwegId") == text


@pytest.mark.parametrize("text", ["", "4", "04011000", "04011000-12345", "A4-1-03", "04-1_2-03"])
def test_what_is_no_leitweg_id_is_refused(text):
    """A public buyer sends such an invoice back."""
    with pytest.raises(FieldInvalid, match="Leitweg-ID"):
        checked_leitweg_id(text, field="leitwegId")


@pytest.mark.parametrize("text", ["M1", "M-2024/07 (a)", "a:b.c,d'e+f?g", "x" * 35])
def test_a_mandate_reference_of_sepa_characters_is_taken(text):
    """F103: own numbers are allowed where SEPA's rules allow them."""
    assert checked_mandate_reference(text, field="mandate.reference") == text


@pytest.mark.parametrize(
    "text", ["", " M1", "M1 ", "/M1", "M1/", "M//1", "Mä", "M_1", "M\n1", "M" * 36]
)
def test_a_mandate_reference_a_bank_would_refuse_is_refused(text):
    """F103: the whole collection would come back."""
    with pytest.raises(FieldInvalid, match="mandate reference"):
        checked_mandate_reference(text, field="mandate.reference")


def test_a_mandate_that_we_give_out_has_no_blanks():
    """Some banks drop them: one that another system gave out keeps its own."""
    assert checked_new_mandate_reference("M-1/7", field="reference") == "M-1/7"
    assert checked_mandate_reference("M 1", field="reference") == "M 1"
    for text in ("M 1", "M//1", ""):
        with pytest.raises(FieldInvalid, match="mandate reference"):
            checked_new_mandate_reference(text, field="reference")


@pytest.mark.parametrize(
    "text", ["DE98ZZZ09999999999", "DE98ABC09999999999", "de98 zzz0 9999 9999 99"]
)
def test_a_creditor_id_is_proved_by_its_digits_whatever_the_business_code(text):
    """EPC262-08: positions 5 to 7 are the seller's own."""
    written = text.replace(" ", "").upper()

    assert checked_creditor_id(text, field="creditorId") == written


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("DE00ZZZ09999999999", "check digits"),
        ("DE98ZZZ09999999998", "check digits"),
        ("DE98ZZZ", "is not a creditor id"),
        ("98DEZZZ09999999999", "is not a creditor id"),
    ],
)
def test_what_is_no_creditor_id_is_refused(text, problem):
    """The bank would send back every file."""
    with pytest.raises(FieldInvalid, match=problem):
        checked_creditor_id(text, field="creditorId")
