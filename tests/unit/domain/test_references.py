"""References in the form that others prescribe."""

import pytest

from faktura.domain.references import checked_leitweg_id, checked_mandate_reference
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
