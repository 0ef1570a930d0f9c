"""Values that stand for people's: of the same form, nobody's, and the same for the same (F137)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.unit.domain.builders import article

from faktura.domain.activities import OpenActivity
from faktura.domain.external_links import ExternalLink
from faktura.domain.iban import checked_iban
from faktura.domain.numbering import NumberFormat
from faktura.domain.pseudonyms import Given, Pseudonyms, kept_number, nobodys_iban, nobodys_vat_id
from faktura.domain.vat_ids import checked_vat_id
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin


@pytest.mark.parametrize(
    ("vat_id", "expected"),
    [
        ("DE123456788", "DE100000007"),
        ("ATU12345675", "ATU10000007"),
        ("FR40303265045", "FR10000000007"),
        ("FRXX303265045", "FRXX100000007"),
        ("SE556188840401", "SE100000000701"),
        ("NL123456789B01", "NL100000000B07"),
        ("BE0123456749", "BE1000000007"),
        ("IE1234567FA", "IE1000007FA"),
        ("RO99", "RO17"),
        ("", ""),
    ],
)
def test_a_vat_id_keeps_country_and_form(vat_id, expected):
    """The VAT case hangs on the country; the digits are counted."""
    assert nobodys_vat_id(vat_id, 7) == expected
    assert not expected or checked_vat_id(expected, field="vat") == expected


def test_many_customers_have_ids_of_the_same_form():
    """A counter longer than the number is cut off at its front; the first digit stays."""
    assert nobodys_vat_id("RO99", 123_456) == "RO16"
    assert nobodys_vat_id("DE123456788", 1_234_567_890) == "DE134567890"


def test_an_iban_is_right_and_at_no_bank():
    """Its check digits are those of ISO 7064; no bank has the code 00000000."""
    assert nobodys_iban(1) == "DE09000000000000000001"
    for no in (1, 2, 99, 1_000_000, 9_999_999_999):
        assert checked_iban(nobodys_iban(no), field="iban")[4:12] == "00000000"


def test_the_same_account_stays_the_same():
    """Seller and bank account name one IBAN in the copy as well."""
    names = Pseudonyms()

    first, other = names.iban("DE02120300000000202051"), names.iban("DE75512108001245126199")

    assert names.iban("DE02120300000000202051") == first != other
    assert names.iban("") == ""


def test_what_waits_to_be_billed_keeps_its_money_and_loses_its_words():
    """Quantity, price and days are billed as they are; the text may name anybody."""
    days = Period(date(2026, 10, 1), date(2026, 11, 1))
    waits = OpenActivity(
        UUID(int=1),
        article(),
        Origin.ONE_OFF,
        Decimal(2),
        days,
        invoice_on=date(2026, 11, 1),
        unit_price=Decimal("12.50"),
        text="Besuch bei Frau Muster",
        links=(ExternalLink("crm", "Frau Muster"),),
    )

    copied = Pseudonyms().waiting(waits)

    assert (copied.quantity, copied.unit_price) == (Decimal(2), Decimal("12.50"))
    assert (copied.service, copied.invoice_on) == (days, date(2026, 11, 1))
    assert "Muster" not in repr((copied.text, copied.links))


@pytest.mark.parametrize(
    ("number", "is_kept"),
    [
        ("K-000123", True),
        ("K-1000000", True),
        ("K-1000001", False),
        ("K-123", False),
        ("K-MUELLER", False),
        ("MUELLER", False),
        ("K-٠٠٠١٢٣", False),
    ],
)
def test_a_number_is_kept_where_the_range_gave_it(number, is_kept):
    """What a person chose as a number may be a name."""
    assert kept_number(number, Given(NumberFormat("K-", 6), 1_000_001)) is is_kept
    assert kept_number(number, None) is False


def test_a_phone_number_is_none_that_a_bare_range_gave():
    """Without prefix and width every row of digits has the form; the range came to 999 only."""
    bare = Given(NumberFormat("", 0), 1_000)

    assert kept_number("999", bare)
    assert not kept_number("4917612345678", bare)
