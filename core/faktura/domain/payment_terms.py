"""Payment terms: how long a customer has, as the users name it (duePeriod, dueUnit; F011)."""

from dataclasses import dataclass
from datetime import date

from faktura.kernel.errors import OutOfRange
from faktura.kernel.periods import Interval, boundary
from faktura.kernel.terms import IntervalUnit


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """`period` times `unit` after the invoice date; 0 days means due at once."""

    period: int = 14
    unit: IntervalUnit = IntervalUnit.DAY

    def __post_init__(self) -> None:
        """Refuse a negative term."""
        if self.period < 0:
            raise OutOfRange(f"a payment term is not negative: {self.period}")

    def due_on(self, invoice_date: date) -> date:
        """The last day on which payment is in time: invoice date + term."""
        return boundary(invoice_date, Interval(1, self.unit), self.period)
