"""The history of a contract: what happened to it, in the order in which it happened."""

from collections.abc import Collection
from uuid import UUID

from faktura.services.visible_contracts import visible_contract
from faktura.store.event_lists import PastEvent, events_of
from faktura.store.transaction import Tx


def contract_history(
    tx: Tx,
    number: str,
    *,
    projects: Collection[UUID] | None = None,
    after: int | None = None,
    limit: int | None = None,
) -> list[PastEvent]:
    """The contract's events behind the sequence `after`, in their order.

    Raises NotFound, also for a contract outside `projects` (None: all).
    """
    return events_of(tx, visible_contract(tx, number, projects).id, after=after, limit=limit)
