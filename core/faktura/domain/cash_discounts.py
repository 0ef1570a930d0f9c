"""Cash discount (Skonto): how much may be taken off a document, and until when."""

from datetime import date, timedelta

from faktura.domain.bank_policies import DiscountTerms
from faktura.domain.matches import CashDiscount
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of


def cash_discount(terms: DiscountTerms, open_amount: Money, issued_on: date) -> CashDiscount:
    """What may be taken off of an amount that is paid within the terms' days; the end is inclusive.

    The percent is of the gross amount, rounded once.
    """
    until = issued_on + timedelta(days=terms.days)
    return CashDiscount(percent_of(open_amount, terms.percent), until)
