"""What each detail moved on the account: the shares must add up to the booked entry (2.4)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from faktura.kernel.errors import AmountUnreadable
from faktura_camt.detail import Detail
from faktura_camt.entry import EntryHead

_ZERO = Decimal(0)


class Booked(NamedTuple):
    """Signed shares, one per detail; `charges_apart` is what the bank took off the whole entry.

    `before_charges` says that the details state their amounts without the charges.
    """

    shares: tuple[Decimal, ...]
    before_charges: bool = False
    charges_apart: Decimal | None = None


def booked_amounts(entry: EntryHead, details: Sequence[Detail]) -> Booked:
    """Split the entry's signed amount over its details; AmountUnreadable if it does not add up.

    The entry's amount is the truth. A single detail takes it whole; if the detail states another
    amount in the same currency, charges must explain the difference.
    """
    total = entry.amount.value
    if len(details) == 1:
        return _whole(entry, details[0])
    stated = [_stated(entry, detail) for detail in details]
    if sum(stated) == total:
        return Booked(tuple(stated))
    after = [own - (d.charges or _ZERO) for own, d in zip(stated, details, strict=True)]
    if sum(after) == total:
        return Booked(tuple(after), before_charges=True)
    if entry.charges is not None and sum(stated) - entry.charges == total:
        return Booked(tuple(stated), charges_apart=-entry.charges)
    raise _contradiction(entry, sum(stated, _ZERO))


def _whole(entry: EntryHead, detail: Detail) -> Booked:
    total = entry.amount.value
    stated = _in_currency(detail, entry.amount.currency)
    if stated is None or stated == total:
        return Booked((total,))
    charges = entry.charges if detail.charges is None else detail.charges
    if charges is not None and stated - charges == total:
        return Booked((total,), before_charges=True)
    raise _contradiction(entry, stated)


def _stated(entry: EntryHead, detail: Detail) -> Decimal:
    currency = entry.amount.currency
    stated = _in_currency(detail, currency)
    if stated is not None:
        return stated
    instructed = detail.details.instructed
    if instructed is not None and instructed.currency == currency:
        return instructed.value * detail.sign
    raise AmountUnreadable(
        f"a detail of a batch has no amount in {currency}",
        place="TxDtls",
        mend="Ask the bank for a file with the amount of every detail",
    )


def _in_currency(detail: Detail, currency: str) -> Decimal | None:
    for amount in detail.amounts:
        if amount.currency == currency:
            return amount.value * detail.sign
    return None


def _contradiction(entry: EntryHead, stated: Decimal) -> AmountUnreadable:
    return AmountUnreadable(
        f"the details add up to {stated}, the entry says {entry.amount.value}"
        f" {entry.amount.currency}, and charges do not explain it",
        place="TxDtls",
        mend="Ask the bank for a correct file",
    )
