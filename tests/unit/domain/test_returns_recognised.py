"""Which bookings are returned debits, in the order of banking 2.4, and what their texts add."""

from datetime import date
from typing import Any

import pytest

from faktura.domain.movements import Movement, MovementClass, classify
from faktura.domain.returns import as_told
from faktura.kernel.money import Money

DAY = date(2026, 11, 11)
TEXT = ("Ruecklastschrift EREF+E2E-1 MREF+M-7", "Rueckgabegrund: Konto erloschen")


def booked(minor: int = -3570, **fields: Any) -> Movement:
    return Movement(DAY, DAY, Money(minor, "EUR"), **fields)


@pytest.mark.parametrize(
    "movement",
    [
        booked(return_reason="AM04"),
        booked(gvc="108"),
        booked(gvc="109"),
        booked(bank_code="PMNT/IDDT/UPDD"),
        booked(bank_code="PMNT/IDDT/PRDD", gvc="835"),
        booked(gvc="835", remittance_lines=TEXT),
        booked(gvc="835", remittance_lines=("RUECKLASTSCHRIFT",), end_to_end_id="E2E-1"),
        booked(booking_text="RETOURE", mandate_id="M-7"),
        booked(return_text=("Rückbelastung EREF+E2E-1",)),
    ],
)
def test_a_returned_debit_is_recognised(movement):
    """By its reason, its GVC, its family, or a text that says so and names the debit."""
    assert classify(movement) is MovementClass.RETURN


@pytest.mark.parametrize(
    ("movement", "kind"),
    [
        # A text that names no debit.
        (booked(gvc="835", remittance_lines=("RUECKLASTSCHRIFT",)), MovementClass.PAYMENT),
        # What we sent out, and what others debited us with.
        (booked(gvc="116", remittance_lines=TEXT), MovementClass.PAYMENT),
        (booked(gvc="105", remittance_lines=TEXT), MovementClass.PAYMENT),
        (booked(bank_code="PMNT/ICDT/ESCT", remittance_lines=TEXT), MovementClass.PAYMENT),
        # The bank's fee of a return, even if it repeats its reason.
        (booked(-450, gvc="808", remittance_lines=TEXT), MovementClass.BANK),
        (booked(-450, gvc="808", return_reason="AM04"), MovementClass.BANK),
        (booked(-450, bank_code="ACMT/MDOP/CHRG", remittance_lines=TEXT), MovementClass.BANK),
        # Our own debit that we gave back, our own transfer that bounced.
        (booked(gvc="193", remittance_lines=TEXT), MovementClass.BANK),
        (booked(3570, gvc="181", return_reason="MD06"), MovementClass.CAME_BACK),
        (booked(3570, return_reason="AC04"), MovementClass.CAME_BACK),
    ],
)
def test_other_bookings_are_none(movement, kind):
    """Whatever their texts say."""
    assert classify(movement) is kind


def test_a_text_fills_what_no_field_says():
    """End-to-end id, mandate and reason."""
    told = as_told(booked(gvc="835", remittance_lines=TEXT))

    assert (told.end_to_end_id, told.mandate_id, told.return_reason) == ("E2E-1", "M-7", "AC04")
    assert as_told(told) == told


def test_fields_are_stronger_than_the_text():
    """What the bank says as such is what it says."""
    fields: dict[str, Any] = {
        "end_to_end_id": "E2E-2",
        "mandate_id": "M-8",
        "return_reason": "MD06",
    }

    told = as_told(booked(remittance_lines=TEXT, **fields))

    assert (told.end_to_end_id, told.mandate_id, told.return_reason) == ("E2E-2", "M-8", "MD06")


@pytest.mark.parametrize(
    ("given", "lines", "reason"),
    [
        ("Widerspruch durch Zahler", (), "MD06"),
        ("X9", ("Rueckgabegrund: AM04",), "AM04"),
        ("X9", (), "X9"),
        (None, (), None),
        ("am04", ("MD06",), "am04"),
    ],
)
def test_a_reason_that_is_no_code_is_read_as_text(given, lines, reason):
    """A bank's own words in the field of the reason; what says nothing stays as it is."""
    assert as_told(booked(return_reason=given, remittance_lines=lines)).return_reason == reason


def test_our_own_end_to_end_ids_are_known_in_capitals_too():
    """32 hexadecimal digits are an attempt of ours, however the bank writes them."""
    named = as_told(booked(end_to_end_id="0192F3A4B5C6D7E8F90A1B2C3D4E5F60"))

    assert named.end_to_end_id == "0192f3a4b5c6d7e8f90a1b2c3d4e5f60"
