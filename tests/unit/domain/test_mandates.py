"""SEPA mandates: until when they can be collected by, and what is told when they change (P41)."""

from dataclasses import replace
from datetime import date

import pytest

from faktura.domain.mandates import (
    MandateAmendment,
    MandateDetails,
    account_fingerprint,
    account_label,
    amended,
    not_usable,
    usable_until,
)
from faktura.kernel.payment_terms import MandateScheme, MandateSequence

OLD, NEW = "DE75512108001245126199", "DE02120300000000202051"
MANDATE = MandateDetails(date(2023, 11, 30), OLD, "Jo Muster")


def why(mandate: MandateDetails, on: date, *, last: date | None = None, firm: bool = True):
    return not_usable(mandate, last_used_on=last, is_business=firm, on=on)


def test_a_mandate_ends_36_months_after_its_last_collection_else_its_signature():
    """The day itself still counts; 29 February has no fellow three years later."""
    assert usable_until(MANDATE, None) == date(2026, 11, 30)
    assert usable_until(MANDATE, date(2024, 2, 29)) == date(2027, 2, 28)
    assert why(MANDATE, date(2026, 11, 30)) is None
    assert why(MANDATE, date(2026, 12, 1)) == (
        "expired on 2026-11-30: it was not used for 36 months"
    )
    assert why(MANDATE, date(2027, 2, 28), last=date(2024, 2, 29)) is None


def test_a_mandate_is_not_used_before_it_is_signed():
    assert why(MANDATE, date(2023, 11, 29)) == "is signed on 2023-11-30 only"


def test_a_mandate_for_one_collection_is_used_once():
    once = replace(MANDATE, sequence=MandateSequence.ONE_OFF)

    assert why(once, date(2024, 1, 1)) is None
    assert why(once, date(2024, 1, 2), last=date(2024, 1, 1)) == (
        "is for one collection and was used on 2024-01-01"
    )


@pytest.mark.parametrize(
    ("confirmed_on", "firm", "problem"),
    [
        (None, True, "is not confirmed at the debtor's bank yet (B2B)"),
        (date(2024, 1, 1), False, "is a B2B mandate, and the customer is a consumer"),
        (date(2024, 1, 1), True, None),
    ],
)
def test_a_b2b_mandate_is_of_a_company_and_confirmed_at_its_bank(confirmed_on, firm, problem):
    b2b = replace(MANDATE, scheme=MandateScheme.B2B, confirmed_on=confirmed_on)

    assert why(b2b, date(2024, 2, 1), firm=firm) == problem


def test_a_new_account_is_told_to_the_bank_once_it_knew_the_old_one():
    """What it knew stays what it knew, however often the account changes before it is told."""
    other = "AT611904300234573201"
    unknown = amended(MANDATE, NEW, is_collected=False)
    known = amended(MANDATE, NEW, bic="BYLADEM1001", holder="Jo Neu", is_collected=True)

    assert (unknown.iban, unknown.holder, unknown.amendment) == (NEW, "Jo Muster", None)
    assert (known.bic, known.holder) == ("BYLADEM1001", "Jo Neu")
    assert known.amendment == MandateAmendment(iban=OLD)
    assert amended(known, other, is_collected=True).amendment == MandateAmendment(iban=OLD)
    assert amended(known, OLD, is_collected=True).amendment is None


def test_a_label_shows_no_more_than_the_last_four_digits():
    """The fingerprint is the same for the same account, and tells nothing of it."""
    assert account_label(OLD) == "DE … 6199"
    assert account_fingerprint(OLD) == account_fingerprint(OLD) != account_fingerprint(NEW)
    assert len(account_fingerprint(OLD)) == 32
    assert OLD not in account_fingerprint(OLD)
