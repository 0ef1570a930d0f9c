"""How far a document is paid, as lists and pages say it."""

from datetime import date
from enum import StrEnum, unique

from faktura.kernel.money import Money


@unique
class PaymentState(StrEnum):
    """Where the payment of a document stands; CREDIT is open in the customer's favour.

    What another document took back whole is CANCELLED, or CORRECTED where that was line by line.
    Nothing is open of a WRITTEN_OFF one, whose rest was given up.
    """

    PAID = "PAID"
    PARTLY_PAID = "PARTLY_PAID"
    OPEN = "OPEN"
    OVERDUE = "OVERDUE"
    CREDIT = "CREDIT"
    CANCELLED = "CANCELLED"
    CORRECTED = "CORRECTED"
    WRITTEN_OFF = "WRITTEN_OFF"


# States in which nothing is left of a document, whatever was paid.
TAKEN_BACK = frozenset({PaymentState.CANCELLED, PaymentState.CORRECTED})


def payment_state(
    gross: Money, still_open: Money, due_on: date, on: date, *, written_off: bool = False
) -> PaymentState:
    """The state on a local day; on the due date itself nothing is overdue (§ 286 Abs. 2 BGB).

    What is overdue says so, whether a part of it was paid or not. `written_off` says that a part of
    it was given up and that this stands.
    """
    nothing = Money.zero(gross.currency)
    if not still_open:
        return PaymentState.WRITTEN_OFF if written_off else PaymentState.PAID
    if still_open < nothing:
        return PaymentState.CREDIT
    if due_on < on:
        return PaymentState.OVERDUE
    return PaymentState.PARTLY_PAID if still_open < gross else PaymentState.OPEN
