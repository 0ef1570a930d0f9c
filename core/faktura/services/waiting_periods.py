"""Periods that wait to be billed again, once something else was agreed about their days (F064, P10)."""

from uuid import UUID

from faktura.domain.activities import ReopenedPeriod
from faktura.domain.rebilling import owed_again
from faktura.store.billable import view_of
from faktura.store.reopened import WaitingPeriod, write_reopened
from faktura.store.standing import drop_waiting
from faktura.store.transaction import Tx


def keep_owed(tx: Tx, contract_id: UUID) -> None:
    """Let of a contract's waiting periods only that wait which is owed as its items are now.

    A pause over them is such a case: nothing of it is billed, as of any period that is not billed.
    """
    view = view_of(tx, contract_id)
    items = {item.id: item for item in view.items}
    gone: list[UUID] = []
    left: list[WaitingPeriod] = []
    for waiting in view.reopened:
        item = items[waiting.item_id]
        parts = owed_again(item, view.contract, waiting.service)
        if parts == [waiting.service]:
            continue
        gone.append(waiting.activity_id)
        left += [
            WaitingPeriod(
                ReopenedPeriod(tx.new_id(), item.id, part),
                contract_id,
                item.article.id,
                item.quantity,
            )
            for part in parts
        ]
    drop_waiting(tx, gone)
    write_reopened(tx, left)
