"""Why debits come back, and what each reason means for the next one (O13, banking 2.4)."""

import pytest

from faktura.domain.return_reasons import (
    RETURN_REASONS,
    MandateEffect,
    RetryRule,
    reason_of,
    retry_allowed,
)
from faktura.kernel.payment_terms import CustomerReason

R, M = RetryRule, MandateEffect

# The table of banking 2.4, by hand: what its last column says of each code.
TABLE = {
    "AC01": (R.NEW_MEANS, M.SUSPENDED),
    "AC04": (R.NEW_MEANS, M.SUSPENDED),
    "AC06": (R.NEW_MEANS, M.SUSPENDED),
    "AC13": (R.NEW_MEANS, M.SUSPENDED),
    "AG01": (R.NEW_MEANS, M.SUSPENDED),
    "AG02": (R.NEW_MEANS, M.SUSPENDED),
    "AM04": (R.RETRY, M.KEEPS),
    "AM05": (R.PERSON, M.KEEPS),
    "BE05": (R.PERSON, M.KEEPS),
    "CNOR": (R.NEW_MEANS, M.SUSPENDED),
    "DNOR": (R.NEW_MEANS, M.SUSPENDED),
    "FF01": (R.PERSON, M.KEEPS),
    "MD01": (R.NEW_MEANS, M.ENDS),
    "MD02": (R.PERSON, M.SUSPENDED),
    "MD06": (R.PERSON, M.SUSPENDED),
    "MD07": (R.PERSON, M.SUSPENDED),
    "MS02": (R.PERSON, M.KEEPS),
    "MS03": (R.PERSON, M.KEEPS),
    "RC01": (R.PERSON, M.SUSPENDED),
    "RR01": (R.PERSON, M.KEEPS),
    "RR02": (R.PERSON, M.KEEPS),
    "RR03": (R.PERSON, M.KEEPS),
    "RR04": (R.PERSON, M.KEEPS),
    "SL01": (R.NEW_MEANS, M.SUSPENDED),
}

# ISO 20022 ExternalReturnReason1Code, without those of cheques, cards and cash.
_LISTED = (
    "AC01 AC02 AC03 AC04 AC06 AC13 AC14 AC15 AC16 AC17 AG01 AG02 AM01 AM02 AM03 AM04 AM05 AM06 AM07 AM09 "
    "AM10 ARDT BE01 BE04 BE05 BE06 BE07 BE08 CN01 CNOR CURR CUST DNOR DS28 DT01 ED01 ED03 ED05 FF01 FF05 "
    "FOCR FR01 FRTR MD01 MD02 MD05 MD06 MD07 MS02 MS03 NARR NOAS NOCM NOOR RC01 RC07 RF01 RR01 RR02 RR03 "
    "RR04 RUTA SL01 SL02 SL11 SL12 SL13 SL14 SVNR TECH TM01 TRAC UPAY "
)


@pytest.mark.parametrize("code", sorted(TABLE))
def test_the_codes_of_german_banks_mean_what_their_table_says(code: str) -> None:
    """Retry and mandate."""
    reason = reason_of(code)

    assert (reason.retry, reason.mandate) == TABLE[code]
    assert reason.code == code


def test_every_iso_code_of_a_debit_is_known() -> None:
    """Coverage of the external code list (O13)."""
    assert set(_LISTED.split()) <= RETURN_REASONS.keys()


def test_only_what_passes_by_itself_is_tried_again() -> None:
    """No funds, and what went wrong between the banks."""
    again = {code for code, one in RETURN_REASONS.items() if one.retry is RetryRule.RETRY}

    assert again == {"AM04", "ED05", "TECH", "TM01"}
    assert all(RETURN_REASONS[code].mandate is MandateEffect.KEEPS for code in again)


@pytest.mark.parametrize("code", ["ZZ99", "", None, "do_not_know"])
def test_an_unknown_code_is_never_tried_again_and_leaves_the_mandate(code: str | None) -> None:
    """It may be the debtor's objection."""
    reason = reason_of(code)

    assert retry_allowed(code) is RetryRule.PERSON
    assert (reason.mandate, reason.chargeable, reason.customer) == (
        MandateEffect.KEEPS, False, CustomerReason.GENERAL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("insufficient_funds", "AM04"),
        ("account_closed", "AC04"),
        ("no_account", "AC01"),
        ("debit_not_authorized", "MD01"),
        ("customer_initiated", "MD06"),
        ("refer_to_customer", "MS02"),
        ("bank_account_restricted", "AC06"),
        (" am04 ", "AM04"),
    ],
)
def test_a_providers_word_is_read_as_the_code_that_it_stands_for(said: str, code: str) -> None:
    """Providers hide the bank's code (payments 1.6)."""
    assert reason_of(said).code == code


def test_the_customer_is_told_no_more_than_concerns_them() -> None:
    """A withdrawn mandate, no funds, another account: all else is general."""
    assert reason_of("AM04").customer is CustomerReason.NO_FUNDS
    assert reason_of("MD06").customer is CustomerReason.WITHDRAWN
    assert reason_of("AC04").customer is CustomerReason.ENTER_AGAIN
    assert reason_of("FR01").customer is CustomerReason.GENERAL
    assert all(one.german and one.english for one in RETURN_REASONS.values())
