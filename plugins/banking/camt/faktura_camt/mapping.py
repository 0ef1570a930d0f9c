"""An entry and its details become bank transactions; pure and total."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from faktura.plugin import BankTransaction
from faktura_camt.amount_details import NO_DETAILS
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
    if len(details) == 1:
        share = _Share(details[0], booked.shares[0], 0, 1, booked.before_charges)
        return [_transaction(entry, share, position)]
    parts = list(zip(details, booked.shares, strict=True))
    if booked.charges_apart is not None:
        parts.append((Detail(entry.kind.sign, entry.kind.code, {}), booked.charges_apart))
    return [
        _transaction(
            entry, _Share(detail, amount, number, len(parts), booked.before_charges), position
        )
        for number, (detail, amount) in enumerate(parts)
    ]


def _transaction(entry: EntryHead, share: _Share, position: Position) -> BankTransaction:
    detail = share.detail
    values: dict[str, object] = {
        **detail.values,
        "entry_index": position.entry_index,
        "place": position.place,
        "amount": share.amount,
        "remittance_lines": detail.lines,
    }
    if share.of > 1:
        values["detail_index"] = share.number
        values["detail_count"] = share.of
        values["place"] = f"{position.place}, detail {share.number + 1}"
    charges = entry.charges if share.of == 1 and detail.charges is None else detail.charges
    # A net refund is no cost: it has no place in an unsigned field.
    if charges is not None and charges >= 0:
        values["charges"] = charges
    if detail.details is not NO_DETAILS or entry.details is not NO_DETAILS or share.before_charges:
        values.update(_rarely(entry, share, charges))
    return _alike(_likeness(entry.kind, detail.code, entry.amount.currency), values)


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


_EVERY_FIELD = set(BankTransaction.model_fields)


def _alike(likeness: BankTransaction, values: Mapping[str, object]) -> BankTransaction:
    """A copy with these values.

    They are not validated once more, each was when it was read; model_copy does the same, and
    takes as long as reading half the entry.
    """
    transaction = BankTransaction.__new__(BankTransaction)
    transaction.__setstate__(
        {
            "__dict__": {**likeness.__dict__, **values},
            "__pydantic_fields_set__": _EVERY_FIELD,
            "__pydantic_extra__": None,
            "__pydantic_private__": None,
        }
    )
    return transaction


def _rarely(entry: EntryHead, share: _Share, charges: Decimal | None) -> dict[str, object]:
    """Instructed amount and rate; the amount the detail stated, where charges came on top."""
    own = share.detail.details
    whole = entry.details if share.of == 1 else NO_DETAILS
    instructed = own.instructed or whole.instructed
    if instructed is None and share.before_charges and charges is not None:
        instructed = Amount(abs(share.amount + charges), entry.amount.currency)
    return {
        "instructed": None if instructed is None else instructed.value,
        "instructed_currency": None if instructed is None else instructed.currency,
        "fx_rate": whole.fx_rate if own.fx_rate is None else own.fx_rate,
    }
