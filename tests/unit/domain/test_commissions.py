"""Commission rules: shares of a contract for partners (F079, F080)."""

from decimal import Decimal
from uuid import UUID

import pytest

from faktura.domain.commissions import CommissionRule, commission_faults
from faktura.kernel.contract_terms import CommissionDue
from faktura.kernel.errors import FieldInvalid, OutOfRange

PARTNER, CUSTOMER = UUID(int=1), UUID(int=2)


def rule(
    percent: str = "5", article: str | None = None, due: CommissionDue = CommissionDue.INVOICE
):
    """A rule of the partner."""
    return CommissionRule(PARTNER, "K-1", article, Decimal(percent), due)


@pytest.mark.parametrize("percent", ["0.000001", "5", "100"])
def test_a_share_lies_above_nothing_and_reaches_all(percent):
    """F079: per cent above 0, at most 100."""
    assert rule(percent).percent == Decimal(percent)


@pytest.mark.parametrize("percent", ["0", "-5", "100.000001"])
def test_no_share_and_more_than_all_are_refused(percent):
    """F079."""
    with pytest.raises(OutOfRange, match="F079"):
        rule(percent)


def test_a_partner_earns_on_another_customers_contract():
    """F079: once for all lines, once more for an article, and at either moment (F080)."""
    others = [rule(article="A-1"), rule(due=CommissionDue.PAYMENT)]

    assert list(commission_faults(rule(), CUSTOMER, others)) == []


def test_nobody_earns_on_their_own_contract():
    """F079."""
    (fault,) = commission_faults(rule(), PARTNER, [])

    assert (type(fault), fault.place) == (FieldInvalid, "partnerNumber")


def test_nobody_earns_twice_for_the_same():
    """F079: two shares for one thing would be a mistake, whatever they are."""
    (fault,) = commission_faults(rule("5"), CUSTOMER, [rule("10")])

    assert (type(fault), fault.place) == (FieldInvalid, "partnerNumber")
