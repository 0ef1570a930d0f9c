"""Facts about contracts that exist: that they were activated, changed, paused, renewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from faktura.domain.contracts import Contract
from faktura.domain.events import Event, EventType
from faktura.services.outbox import announce
from faktura.store.customers import read_customers_by_id
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ContractFact:
    """A fact about one contract; `data` is told beside its number and customer."""

    type: EventType
    contract: Contract
    data: Mapping[str, object] = field(default_factory=dict)


def tell_of_contracts(
    tx: Tx,
    what: EventType,
    contracts: Sequence[Contract],
    extra: Mapping[UUID, Mapping[str, object]] | None = None,
) -> None:
    """One event for each contract, with the `extra` data of its id.

    The caller holds their customers' locks.
    """
    more = extra or {}
    facts = [ContractFact(what, contract, more.get(contract.id, {})) for contract in contracts]
    tell_contract_facts(tx, facts)


def tell_contract_facts(tx: Tx, facts: Sequence[ContractFact]) -> None:
    """One event for each fact, in their order; the caller holds the customers' locks."""
    next_one = next_sequences(tx, list({fact.contract.id for fact in facts}))
    customers = read_customers_by_id(tx, {fact.contract.customer_id for fact in facts})
    events = []
    for fact in facts:
        contract = fact.contract
        data = {
            **fact.data,
            "number": contract.number,
            "customerNumber": customers[contract.customer_id].number,
        }
        events.append(Event(fact.type, "contract", contract.id, next_one[contract.id], data))
        next_one[contract.id] += 1
    announce(tx, write_facts(tx, Facts(events=events)))
