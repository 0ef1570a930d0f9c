"""Facts about a tenant's books as a whole: locked months, changed accounts (GoBD)."""

from uuid import UUID

from faktura.domain.events import Event, EventType
from faktura.store.events import next_sequences
from faktura.store.transaction import Tx

LEDGER = "ledger"


def ledger_id(tx: Tx) -> UUID:
    """The id of the tenant's books among the objects that events are about."""
    return UUID(int=tx.tenant_id)


def accounting_event(tx: Tx, what: EventType, data: dict[str, object]) -> Event:
    """The next event of the books; the caller holds the tenant's lock (`lock_tenant`)."""
    own = ledger_id(tx)
    return Event(what, LEDGER, own, next_sequences(tx, [own])[own], data)
