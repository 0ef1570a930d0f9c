"""An entry and its details become bank transactions; pure and total."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from faktura.plugin import BankTransaction
from faktura_camt.amounts import Amount
from faktura_camt.bank_code import BankCode
from faktura_camt.booked import booked_amounts
from faktura_camt.detail import Detail
from faktura_camt.entry import EntryHead, Kind


class Position(NamedTuple):
    """Where an entry stands: its index in the statement from 0, and words for people."""

    entry_index: int
    place: str


class _Share(NamedTuple):
    detail: Detail
    amount: Decimal
    number: int
    of: int
    before_charges: bool


def to_transactions(
    entry: EntryHead, details: Sequence[Detail], position: Position
) -> list[BankTransaction]:
    """One record per detail, and one more for charges taken off a whole batch.

    The signed amounts add up to the entry. Raises AmountUnreadable where the details contradict it.
    """
    booked = booked_amounts(entry, details)
    parts = list(zip(details, booked.shares, strict=True))
    if booked.charges_apart is not None:
        parts.append((Detail(entry.kind.sign, entry.kind.code), booked.charges_apart))
    count = len(parts)
    return [
        _transaction(entry, _Share(detail, amount, number, count, booked.before_charges), position)
        for number, (detail, amount) in enumerate(parts)
    ]


def _transaction(entry: EntryHead, share: _Share, position: Position) -> BankTransaction:
    detail = share.detail
    values: dict[str, object] = {
        "entry_index": position.entry_index,
        "place": position.place,
        "amount": share.amount,
        "remittance_lines": detail.remittance_lines,
        **detail.texts,
    }
    if share.of > 1:
        values["detail_index"] = share.number
        values["detail_count"] = share.of
        values["place"] = f"{position.place}, detail {share.number + 1}"
    if not (detail.is_plain and entry.is_plain):
        values.update(_rarely(entry, share))
    likeness = _likeness(entry.kind, detail.code, entry.amount.currency)
    # Not validated once more: every value was checked when it was read.
    return likeness.model_copy(update=values)


@lru_cache(maxsize=256)
def _likeness(kind: Kind, code: BankCode, currency: str) -> BankTransaction:
    """A transaction with what many have in common; its amount and place are nobody's."""
    return BankTransaction(
        entry_index=0,
        place="",
        status=kind.status,
        booked_on=kind.booked_on,
        value_on=kind.value_on,
        amount=Decimal(0),
        currency=currency,
        reversal=kind.reversal,
        gvc=code.gvc,
        bank_code=code.iso,
    )


def _rarely(entry: EntryHead, share: _Share) -> dict[str, object]:
    """The fields that a plain transfer lacks."""
    detail = share.detail
    alone = share.of == 1
    charges = entry.charges if alone and detail.charges is None else detail.charges
    instructed = _instructed(entry, share, charges)
    fx_rate = detail.details.fx_rate
    return {
        "instructed": None if instructed is None else instructed.value,
        "instructed_currency": None if instructed is None else instructed.currency,
        # A net refund is no cost: it has no place in an unsigned field.
        "charges": None if charges is None or charges < 0 else charges,
        "fx_rate": entry.details.fx_rate if alone and fx_rate is None else fx_rate,
        "return_reason": detail.return_reason,
        "return_text": detail.return_text,
        "batch_message_id": detail.batch.message_id,
        "batch_payment_id": detail.batch.payment_id,
    }


def _instructed(entry: EntryHead, share: _Share, charges: Decimal | None) -> Amount | None:
    """The instructed amount; what the detail stated, where charges came on top of it."""
    instructed = share.detail.details.instructed
    if instructed is None and share.of == 1:
        instructed = entry.details.instructed
    if instructed is None and share.before_charges and charges is not None:
        return Amount(abs(share.amount + charges), entry.amount.currency)
    return instructed
