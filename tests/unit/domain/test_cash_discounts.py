"""Cash discount: how much, and until when."""

from datetime import date
from decimal import Decimal

from faktura.domain.bank_policies import DiscountTerms
from faktura.domain.cash_discounts import cash_discount
from faktura.kernel.money import Money

TERMS = DiscountTerms(Decimal(2), 14)


def test_a_discount_is_a_percent_of_gross_until_the_last_day():
    """2 % of 297.50 are 5.95; 14 days after 1 October are the 15th."""
    found = cash_discount(TERMS, Money(29_750, "EUR"), date(2026, 10, 1))

    assert (str(found.amount), found.until) == ("5.95 EUR", date(2026, 10, 15))


def test_half_a_cent_is_rounded_away_from_zero():
    """2 % of 0.25 are 0.005."""
    assert cash_discount(TERMS, Money(25, "EUR"), date(2026, 10, 1)).amount.minor == 1
