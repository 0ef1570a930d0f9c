"""A document's allocations as shares of payments: which count, which came back, what took them back."""

from collections.abc import Sequence
from uuid import UUID

from faktura.domain.returns import Payment
from faktura.domain.standing_allocations import standing_numbers
from faktura.store.payable import Paid


def live_shares(number: str, settled: Sequence[Paid]) -> list[Payment]:
    """All that counts for the document now."""
    standing = _standing(settled)
    return [
        _share(number, paid)
        for paid in settled
        if paid.allocation.reverses_no is None and paid.allocation.no in standing
    ]


def returned_shares(number: str, settled: Sequence[Paid]) -> list[Payment]:
    """The shares of bank movements that counted for the document and were taken back since."""
    standing = _standing(settled)
    return [
        _share(number, paid, counts=False)
        for paid in settled
        if paid.booked_on is not None
        and paid.allocation.reverses_no is None
        and paid.allocation.no not in standing
    ]


def takings_of(number: str, settled: Sequence[Paid], movement_id: UUID) -> list[Payment]:
    """What a movement took back of the document and nobody undid; the amounts are negative."""
    standing = _standing(settled)
    # What undoes one of these names what it undoes, too: it gave back, it took nothing.
    counted = {one.allocation.no for one in settled if one.allocation.reverses_no is None}
    return [
        _share(number, paid)
        for paid in settled
        if paid.allocation.movement_id == movement_id
        and paid.allocation.reverses_no in counted
        and paid.allocation.no in standing
    ]


def _standing(settled: Sequence[Paid]) -> frozenset[int]:
    return standing_numbers((one.allocation.no, one.allocation.reverses_no) for one in settled)


def _share(number: str, paid: Paid, *, counts: bool = True) -> Payment:
    return Payment(
        paid.allocation.document_id,
        number,
        paid.allocation.no,
        paid.allocation.amount,
        paid.allocation.movement_id,
        paid.booked_on,
        paid.end_to_end_id,
        paid.allocation.entry_key,
        counts=counts,
    )
