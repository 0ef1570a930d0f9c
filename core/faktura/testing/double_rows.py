"""Payments as the payment double keeps them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from faktura.kernel.errors import TooPrecise
from faktura.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Row:
    """A payment as the double keeps it."""

    no: int
    key: str
    attempt: str
    tenant: str
    invoice: str
    amount: Decimal
    currency: str
    state: str
    body: str
    at: datetime
    fee: Decimal | None
    code: str
    hard: bool
    answer: str

    @property
    def reference(self) -> str:
        """What the double calls it."""
        return reference(self.no)


def is_exact(amount: Decimal, currency: str) -> bool:
    """Whether an amount has no more places than its currency."""
    try:
        Money.from_decimal(amount, currency)
    except TooPrecise:
        return False
    return True


def reference(no: int) -> str:
    """A payment's reference."""
    return f"dp_{no}"


def row_of(row: tuple[object, ...]) -> Row:
    """The payment behind a row of all columns."""
    (
        no,
        key,
        attempt,
        tenant,
        invoice,
        amount,
        currency,
        state,
        body,
        at,
        fee,
        code,
        hard,
        answer,
    ) = row
    return Row(
        int(str(no)),
        str(key),
        str(attempt),
        str(tenant),
        str(invoice),
        Decimal(str(amount)),
        str(currency),
        str(state),
        str(body),
        datetime.fromisoformat(str(at)),
        None if fee is None else Decimal(str(fee)),
        str(code or ""),
        bool(hard),
        str(answer or ""),
    )
