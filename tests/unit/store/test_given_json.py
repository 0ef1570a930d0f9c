"""JSON that people wrote becomes a value exactly, or an error with the path of the field."""

from decimal import Decimal

import pytest

from faktura.domain.tax import DatedRate
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import (
    AmountUnreadable,
    FieldInvalid,
    FieldMissing,
    FieldUnknown,
    FileUnreadable,
    HostileFile,
    OutOfRange,
    TooPrecise,
    UnknownTerm,
)
from faktura.store.given_json import read_given

SELLER = '"seller": {"legal_name": "A", "address": {}, "contact": {}'
FIXED = {"id": 0, "key": "a"}


def tenant(text: str) -> Tenant:
    return read_given(text, Tenant, place="tenant.json", fixed=FIXED)


def test_a_complete_document_becomes_the_value():
    """Fixed fields come from outside the file; decimals are written as text."""
    rate = read_given('{"valid_from": "2024-01-01", "rate": "19.5"}', DatedRate, place="f")

    assert tenant("{" + SELLER + "}}").key == "a"
    assert rate.rate == Decimal("19.5")


REFUSED = {
    "not json": ("{", FileUnreadable, "tenant.json, line 1, column 2"),
    "no object": ("[]", FileUnreadable, "tenant.json"),
    "a missing object": ("{}", FieldMissing, "tenant.json, field seller"),
    "a missing field": ('{"seller": {"address": {}, "contact": {}}}', FieldMissing,
                        "tenant.json, field seller.legal_name"),
    "an unknown field": ("{" + SELLER + ', "fax": ""}}', FieldUnknown,
                         "tenant.json, field seller.fax"),
    "a fixed field": ('{"id": 3, ' + SELLER + "}}", FieldUnknown, "tenant.json, field id"),
    "a wrong type": ("{" + SELLER + '}, "small_business": "no"}', FieldInvalid,
                     "tenant.json, field small_business"),
    "an unknown word": ("{" + SELLER + '}, "chart": "SKR99"}', UnknownTerm,
                        "tenant.json, field chart"),
    "a fraction": ("{" + SELLER + '}, "fiscal_year_month": 1.0}', AmountUnreadable, "tenant.json"),
    "not a number": ("{" + SELLER + '}, "fiscal_year_month": NaN}', AmountUnreadable,
                     "tenant.json"),
    "nested without end": ("[" * 100_000, HostileFile, "tenant.json"),
    "nested deeper than 200": ('{"seller": ' + "[" * 300 + "]" * 300 + "}", HostileFile,
                               "tenant.json"),
    "half of a character": ("{" + SELLER + '}, "name": "\\ud800"}', FieldInvalid, "tenant.json"),
    "a number without end": ('{"fiscal_year_month": ' + "1" * 5_000 + "}", HostileFile,
                             "tenant.json"),
    "a field twice": ('{"seller": 1, "seller": 2}', FieldInvalid, "tenant.json, field seller"),
    "a rule of the domain": (
        "{" + SELLER + '}, "payment_term": {"period": -1, "unit": "DAY"}}', OutOfRange,
        "tenant.json",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "error", "place"), REFUSED.values(), ids=list(REFUSED))
def test_whatever_does_not_fit_is_refused_with_its_place(text, error, place):
    """Nothing is guessed, nothing is dropped."""
    with pytest.raises(error) as refused:
        tenant(text)

    assert refused.value.place == place


@pytest.mark.parametrize(
    ("rate", "error"),
    [
        ('"1E-999999999"', TooPrecise),
        ('"1E+999999999"', OutOfRange),
        ('"19.0000001"', TooPrecise),
        ("1" * 40, OutOfRange),
    ],
)
def test_a_decimal_has_six_places_and_twelve_digits(rate, error):
    """F051: of a power of ten a message would print a thousand million digits."""
    with pytest.raises(error) as refused:
        read_given(f'{{"valid_from": "2024-01-01", "rate": {rate}}}', DatedRate, place="f")

    assert refused.value.place == "f, field rate"
