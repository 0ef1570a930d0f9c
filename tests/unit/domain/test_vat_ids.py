"""VAT ids by their form (Art. 215 of Directive 2006/112/EC)."""

import pytest

from faktura.domain.vat_ids import checked_vat_id
from faktura.kernel.errors import FieldInvalid


@pytest.mark.parametrize(
    "vat_id",
    [
        "ATU12345678", "BE0123456789", "BE1123456789", "BG123456789", "BG1234567890",
        "CY12345678X", "CZ12345678", "CZ1234567890", "DE123456789", "DK12345678", "EE123456789",
        "EL123456789", "ESX1234567X", "ES12345678Z", "FI12345678", "FR12123456789",
        "FRAB123456789", "HR12345678901", "HU12345678", "IE1234567WA", "IE1Z34567W",
        "IT12345678901", "LT123456789", "LT123456789012", "LU12345678", "LV12345678901",
        "MT12345678", "NL123456789B01", "PL1234567890", "PT123456789", "RO12", "RO1234567890",
        "SE123456789001", "SI12345678", "SK1234567890", "XI123456789", "XIGD123",
    ],
)  # fmt: skip
def test_the_form_of_every_member_state_is_known(vat_id):
    """One form that is too narrow would lock a country's customers out."""
    assert checked_vat_id(vat_id, field="euTaxId") == vat_id


def test_blanks_and_small_letters_are_how_people_write_it():
    """The stored number is the one a check service takes."""
    assert checked_vat_id("de 123 456 789", field="euTaxId") == "DE123456789"


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("GR123456789", "Greece writes EL"),
        ("CHE123456789", "Write it as DE123456789"),
        ("123456789", "Write it as DE123456789"),
        ("", "Write it as DE123456789"),
        ("DE12345678", "Compare it with its holder's letterhead"),
        ("DE012345678", "Compare it with its holder's letterhead"),
        ("DE123456789\n", "Compare it with its holder's letterhead"),
        ("AT12345678", "Compare it with its holder's letterhead"),
        ("SE123456789002", "Compare it with its holder's letterhead"),
    ],
)
def test_what_has_not_the_form_is_refused(text, mend):
    """A wrong id turns 19 % into 0 % on paper only."""
    with pytest.raises(FieldInvalid) as refused:
        checked_vat_id(text, field="euTaxId")

    assert (refused.value.place, refused.value.mend) == ("euTaxId", mend)
