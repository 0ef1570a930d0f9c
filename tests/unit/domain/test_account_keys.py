"""Account keys as people write them (F106)."""

import pytest

from faktura.domain.account_keys import checked_key, group_of, leg_keys
from faktura.domain.journal import Leg
from faktura.kernel.errors import AmountUnreadable, FieldInvalid, FieldMissing, UnknownTerm
from faktura.kernel.terms import Side, Slot


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("BANK_FEES", "BANK_FEES"),
        ("REVENUE:OSS", "REVENUE:OSS"),
        ("VAT:STANDARD:16.0", "VAT:STANDARD:16"),
        ("REVENUE:REVERSE_CHARGE:0:FR", "REVENUE:REVERSE_CHARGE:0:FR"),
        ("REVENUE@books:REDUCED", "REVENUE@books:REDUCED"),
        ("REVENUE@books:OSS:5.50:FR", "REVENUE@books:OSS:5.5:FR"),
        ("BANK:de02 1203 0000 0000 2020 51", "BANK:DE02120300000000202051"),
    ],
)
def test_a_key_is_written_in_one_way(text, key):
    """So that what is set is found."""
    assert checked_key(text) == key


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("TAX", UnknownTerm),
        ("VAT:NORMAL", UnknownTerm),
        ("VAT:STANDARD:many", AmountUnreadable),
        ("REVENUE:OSS:20:XX", FieldInvalid),
        ("REVENUE:OSS:20:AT:1", FieldInvalid),
        ("BANK", FieldInvalid),
        ("REVENUE@books", FieldMissing),
        ("REVENUE@a b:OSS", FieldInvalid),
        ("VAT@books:STANDARD", UnknownTerm),
    ],
)
def test_what_names_no_account_is_refused(text, error):
    """Nothing is guessed; only revenue has accounts by product group."""
    with pytest.raises(error) as refused:
        checked_key(text)

    assert refused.value.place == "account key"


def test_the_group_of_a_key():
    """None where it is for every group."""
    assert group_of("REVENUE@books:OSS:20:AT") == "books"
    assert group_of("REVENUE:OSS") is None


def test_a_bank_leg_has_one_key():
    """Its bank account's."""
    leg = Leg(Slot.BANK, None, Side.DEBIT, 100, bank_iban="DE02120300000000202051")

    assert leg_keys(leg) == ("BANK:DE02120300000000202051",)
