"""A page of finAPI's bookings in our words: what is booked, and what finAPI made up (1.7)."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from faktura.kernel.errors import FileUnreadable
from faktura.plugin import FeedPage
from faktura_finapi.mapping import adjustment, movement
from faktura_finapi.messages import AccountSaid, TransactionsSaid
from faktura_finapi.states import currencies


def page_of(
    said: TransactionsSaid,
    raw: bytes,
    wanted: AbstractSet[str],
    accounts: Sequence[AccountSaid],
    first: int,
) -> FeedPage:
    """The page; `first` is the place of its first booking in the reading, from 0.

    Parts of a booking that a person split at finAPI are left out: the booking itself is listed.
    Raises FileUnreadable for a booking of an account that was not asked for.
    """
    known = currencies(accounts)
    movements, adjustments = [], []
    for index, one in enumerate(said.transactions, first):
        if one.accountId not in wanted:
            raise FileUnreadable(
                f"a booking of account {one.accountId}, which was not asked for",
                place=f"finAPI, transaction {one.id}",
            )
        if one.isAdjustingEntry:
            adjustments.append(adjustment(one))
        elif one.parentId is None:
            movements.append(movement(one, index, known))
    return FeedPage(
        movements=tuple(movements),
        adjustments=tuple(adjustments),
        more=said.paging.page < said.paging.pageCount,
        raw=raw,
    )
