"""Facts about contracts that exist: that they were activated, changed, voided."""

from collections.abc import Sequence

from faktura.domain.contracts import Contract
from faktura.domain.events import Event, EventType
from faktura.services.outbox import announce
from faktura.store.customers import read_customers_by_id
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx


def tell_of_contracts(tx: Tx, what: EventType, contracts: Sequence[Contract]) -> None:
    """One event for each contract; the caller holds their customers' locks."""
    sequences = next_sequences(tx, [contract.id for contract in contracts])
    customers = read_customers_by_id(tx, {contract.customer_id for contract in contracts})
    events = [
        Event(
            what,
            "contract",
            contract.id,
            sequences[contract.id],
            {
                "number": contract.number,
                "customerNumber": customers[contract.customer_id].number,
            },
        )
        for contract in contracts
    ]
    announce(tx, write_facts(tx, Facts(events=events)))
