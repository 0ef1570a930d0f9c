"""Handing out: a transaction's events become deliveries and mails, in one transaction of their own."""

from collections.abc import Iterable, Mapping, Sequence

from faktura.services.mail_outbox import mails_for
from faktura.services.outbox import start_pumps
from faktura.store.deliveries import NewDelivery, subscribers_served, write_deliveries
from faktura.store.events import SealedEvent, events_of_seal
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx


def hand_out(tx: Tx, seal_seq: int, subscribers: Mapping[str, frozenset[str]]) -> int:
    """Make a delivery for each subscriber of each event, and the mails; returns how many deliveries.

    `subscribers` maps a name to the event types it listens to, where none means all. Running again
    adds only what is missing. Whoever gets something new is told by a job of its own.
    """
    facts = events_of_seal(tx, seal_seq)
    if not facts:
        return 0
    mails_for(tx, read_tenant(tx), facts)
    wanted = list(_missing(tx, seal_seq, facts, subscribers))
    write_deliveries(tx, wanted)
    start_pumps(tx, {new.subscriber for new in wanted})
    return len(wanted)


def _missing(
    tx: Tx,
    seal_seq: int,
    facts: Sequence[SealedEvent],
    subscribers: Mapping[str, frozenset[str]],
) -> Iterable[NewDelivery]:
    served = subscribers_served(tx, seal_seq) if subscribers else set()
    for fact in facts:
        for name, types in sorted(subscribers.items()):
            listens = not types or fact.type in types
            if listens and (fact.object_id, fact.sequence, name) not in served:
                yield NewDelivery(tx.new_id(), fact, name)
