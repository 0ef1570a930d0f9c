"""Bank movements: their kind and their text."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from faktura.domain.movements import (
    Movement,
    MovementClass,
    classify,
    creditor_reference,
)
from faktura.kernel.money import Money

DAY = date(2026, 11, 11)


def movement(minor=5000, **fields: Any):
    return Movement(DAY, DAY, Money(minor, "EUR"), **fields)


@pytest.mark.parametrize(
    ("minor", "fields", "kind"),
    [
        (5000, {}, MovementClass.PAYMENT),
        (5000, {"gvc": "166", "bank_code": "PMNT/RCDT/ESCT"}, MovementClass.PAYMENT),
        (5000, {"gvc": "171", "bank_code": "PMNT/IDDT/ESDD"}, MovementClass.PAYMENT),
        (-5000, {"gvc": "116"}, MovementClass.PAYMENT),
        (-5000, {"gvc": "109"}, MovementClass.RETURN),
        (-5000, {"gvc": "108"}, MovementClass.RETURN),
        (-5000, {"bank_code": "PMNT/IDDT/UPDD"}, MovementClass.RETURN),
        (-5000, {"bank_code": "PMNT/IDDT/PRDD"}, MovementClass.RETURN),
        (-5000, {"return_reason": "AM04"}, MovementClass.RETURN),
        (-5000, {"gvc": "109", "reversal": True}, MovementClass.RETURN),
        # A debit that was drawn from us is no return of ours.
        (-5000, {"bank_code": "PMNT/RDDT/ESDD"}, MovementClass.PAYMENT),
        # Words count only with a reference.
        (
            -5000,
            {"remittance_lines": ("Rücklastschrift",), "end_to_end_id": "RE-1"},
            MovementClass.RETURN,
        ),
        (-5000, {"booking_text": "RUECKBELASTUNG", "mandate_id": "M-1"}, MovementClass.RETURN),
        (-5000, {"remittance_lines": ("Retoure Ware",)}, MovementClass.PAYMENT),
        (5000, {"gvc": "109"}, MovementClass.PAYMENT),
        (5000, {"gvc": "159"}, MovementClass.CAME_BACK),
        (5000, {"gvc": "181"}, MovementClass.CAME_BACK),
        (5000, {"bank_code": "PMNT/RRCT/RRTN"}, MovementClass.CAME_BACK),
        (5000, {"return_reason": "AC04"}, MovementClass.CAME_BACK),
        (-450, {"gvc": "808", "bank_code": "ACMT/MDOP/CHRG"}, MovementClass.BANK),
        (-450, {"bank_code": "ACMT/MDOP/CHRG"}, MovementClass.BANK),
        (990, {"gvc": "899", "reversal": True}, MovementClass.BANK),
        (990, {"reversal": True}, MovementClass.BANK),
        (0, {}, MovementClass.BANK),
        (9210, {"instructed": Decimal(100), "instructed_currency": "USD"}, MovementClass.FOREIGN),
        (9210, {"charges": Decimal("5.00")}, MovementClass.FOREIGN),
        (
            9210,
            {"instructed": Decimal("92.10"), "instructed_currency": "EUR"},
            MovementClass.PAYMENT,
        ),
        (9210, {"charges": Decimal("0.00")}, MovementClass.PAYMENT),
    ],
)
def test_the_kind_of_a_booking_is_told_by_the_banks_codes(minor, fields, kind):
    """GVC and ISO codes of the DK list, banking reference 2.3 and 2.4."""
    assert classify(movement(minor, **fields)) is kind


def test_the_searched_text_holds_remittance_reference_and_end_to_end_id():
    """A line of full width goes on in the next; each source is set off from the others."""
    wrapped = "Rechnung Kundennummer RE-20"
    found = movement(
        remittance_lines=(wrapped, "26-000123"),
        structured_reference="RF18 5390 0754 7034",
        end_to_end_id="E2E-7",
    )

    assert len(wrapped) == 27
    assert found.searched_text == "Rechnung Kundennummer RE-2026-000123\n539007547034\nE2E-7"
    assert found.remittance == f"{wrapped}\n26-000123"


def test_the_kept_text_is_the_remittance_else_a_reference():
    """F092: the text that was used, untouched."""
    assert movement(structured_reference="RF1", end_to_end_id="E").remittance == "RF1"
    assert movement(end_to_end_id="E").remittance == "E"
    assert movement().remittance is None
    assert movement().searched_text == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("RF18 5390 0754 7034", "539007547034"),
        # A wrong check digit is no reference: the text stays as it is.
        ("RF19 5390 0754 7034", "RF19 5390 0754 7034"),
        ("RE-000001", "RE-000001"),
        ("", ""),
    ],
)
def test_a_creditor_reference_names_what_follows_its_check_digits(text, named):
    """ISO 11649: RF, two check digits, the reference."""
    assert creditor_reference(text) == named
