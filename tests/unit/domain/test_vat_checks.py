"""Checks of VAT ids: whom, when again, what deviates, what people read (F120)."""

from datetime import date

import pytest

from faktura.domain.vat_check_words import findings, result_words
from faktura.domain.vat_checks import VatChecked, is_abroad, is_due
from faktura.domain.vat_digits import misformed
from faktura.domain.vat_policies import VatPolicy, check_vat_policy
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch

ON = date(2026, 11, 22)
MATCH, DIFFERS = VatTraderMatch.MATCH, VatTraderMatch.DIFFERS


def checked(result=VatCheckResult.VALID, **matches: VatTraderMatch):
    return VatChecked("ATU12345675", result, ON, "vies", "R-1", matches)


@pytest.mark.parametrize(
    ("vat_id", "home", "abroad"),
    [
        ("ATU12345675", "DE", True),
        ("DE123456788", "DE", False),
        ("", "DE", False),
        ("EL123456783", "GR", False),
        ("EL123456783", "DE", True),
        ("XI123456789", "DE", True),
    ],
)
def test_only_ids_of_other_member_states_are_checked(vat_id, home, abroad):
    """Greece is GR among countries and EL in VAT ids."""
    assert is_abroad(vat_id, home) is abroad


@pytest.mark.parametrize(
    ("known", "vat_id", "on", "due"),
    [
        (None, "ATU12345675", ON, True),
        (checked(), "ATU12345675", date(2027, 2, 19), False),
        (checked(), "ATU12345675", date(2027, 2, 20), True),
        (checked(), "ATU33864707", ON, True),
    ],
)
def test_an_id_is_due_when_new_changed_or_long_ago(known, vat_id, on, due):
    """22 November and 90 days is 20 February, which is due."""
    assert is_due(known, vat_id, on, 90) is due


@pytest.mark.parametrize(
    ("one", "deviates"),
    [
        (checked(name=MATCH, city=MATCH), False),
        (checked(street=DIFFERS, zipCode=DIFFERS), False),
        (checked(name=DIFFERS), True),
        (checked(city=DIFFERS), True),
        (checked(VatCheckResult.INVALID), True),
        (checked(VatCheckResult.MISFORMED), True),
    ],
)
def test_another_name_or_place_deviates_another_street_does_not(one, deviates):
    """Streets are written in many ways."""
    assert one.deviates is deviates


@pytest.mark.parametrize(
    ("vat_id", "problem"),
    [
        ("ATU12345675", ""),
        ("XI123456789", ""),
        ("NL123456782B90", ""),
        ("ATU12345678", "“ATU12345678” has a wrong check digit"),
        ("AT12345675", "“AT12345675” has not the form of a VAT id of AT"),
        ("US123456789", "“US123456789” does not begin with a country of the Union"),
    ],
)
def test_form_and_check_digit_are_known_before_anybody_is_asked(vat_id, problem):
    """Northern Ireland's numbers are British and have their own digits: only the form."""
    assert misformed(vat_id) == problem


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ["ATU12345675 ist ungültig"]),
        ("en", ["ATU12345675 is not valid"]),
        ("fr", ["ATU12345675 is not valid"]),
    ],
)
def test_a_wrong_id_is_said_in_words(language, said):
    """German, and English for everybody else."""
    assert list(findings(checked(VatCheckResult.INVALID), language)) == said


def test_each_part_that_differs_is_named():
    """In the order of an address."""
    one = checked(name=DIFFERS, street=MATCH, city=DIFFERS)

    assert list(findings(one, "de")) == [
        "Name stimmt nicht mit dem Register überein",
        "Ort stimmt nicht mit dem Register überein",
    ]
    assert list(findings(one, "en")) == [
        "the name is not the registered one",
        "the city is not the registered one",
    ]
    assert result_words(VatCheckResult.UNAVAILABLE, "de") == "keine Auskunft"


@pytest.mark.parametrize("days", [0, 731, -1])
def test_a_policy_that_cannot_be_meant_is_refused(days):
    """1 to 730 days."""
    with pytest.raises(FieldInvalid, match="is not 1 to 730"):
        check_vat_policy(VatPolicy("vies", days))
