"""Cells of a REFBANK row in our words: exact or a named error, never a guess."""

from collections.abc import Sequence

from faktura.kernel.errors import FileUnreadable, shortened
from faktura.kernel.money import Money
from faktura.kernel.periods import date_from_text
from faktura.plugin import Balance, BankTransaction, BookingStatus

_STATES = {"B": BookingStatus.BOOKED, "P": BookingStatus.PENDING}
_COLUMNS = {"S": 5, "B": 9, "P": 9, "E": 3}


def cells_of(line: str, *kinds: str) -> Sequence[str]:
    """The cells of a row of one of these kinds; raises FileUnreadable for anything else."""
    cells = line.split("\t")
    if cells[0] not in kinds or _COLUMNS.get(cells[0]) != len(cells):
        raise FileUnreadable(f"“{shortened(line)}” cannot stand here")
    return cells


def balance_of(text: str, currency: str, day: str) -> Balance:
    """A balance of that day."""
    amount = Money.parse(text, currency).decimal
    return Balance(amount=amount, currency=currency, on=date_from_text(day))


def booking_of(cells: Sequence[str], currency: str, *, index: int, place: str) -> BankTransaction:
    """The booking of a row `B` or `P`."""
    kind, booked_on, value_on, amount, name, iban, end_to_end, reference, text = cells
    return BankTransaction(
        entry_index=index,
        place=place,
        status=_STATES[kind],
        booked_on=date_from_text(booked_on),
        value_on=date_from_text(value_on),
        amount=Money.parse(amount, currency).decimal,
        currency=currency,
        counterparty_name=name or None,
        counterparty_iban=iban or None,
        end_to_end_id=end_to_end or None,
        source_ref=reference or None,
        remittance_lines=(text,) if text else (),
    )
