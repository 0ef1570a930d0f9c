"""Where the payment of a document stands."""

from datetime import date

import pytest

from faktura.domain.payment_state import PaymentState, payment_state
from faktura.kernel.money import Money

DUE = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("gross", "still_open", "on", "state"),
    [
        (11_900, 0, date(2027, 1, 1), PaymentState.PAID),
        (0, 0, date(2027, 1, 1), PaymentState.PAID),
        (11_900, 11_900, DUE, PaymentState.OPEN),
        (11_900, 11_900, date(2026, 10, 16), PaymentState.OVERDUE),
        (11_900, 1, DUE, PaymentState.PARTLY_PAID),
        (11_900, 1, date(2026, 10, 16), PaymentState.OVERDUE),
        (11_900, -100, date(2026, 10, 16), PaymentState.CREDIT),
        (-11_900, -11_900, date(2026, 10, 16), PaymentState.CREDIT),
    ],
)
def test_the_state_follows_from_what_is_open_and_the_day(gross, still_open, on, state):
    """On the due date nothing is overdue yet; what is overdue says so even if partly paid."""
    assert payment_state(Money(gross, "EUR"), Money(still_open, "EUR"), DUE, on) is state
