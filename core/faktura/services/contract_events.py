"""Facts about contracts: that they came, were activated, changed, paused, renewed (F116)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from faktura.domain.commissions import CommissionRule
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.events import Event, EventType
from faktura.services.event_states import State, contract_state
from faktura.services.outbox import announce
from faktura.store.catalogue import list_projects
from faktura.store.commissions import read_commission_rules
from faktura.store.customers import read_customers_by_id
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx

CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class ContractFact:
    """A fact about one contract; `data` is told beside its number and customer.

    `before` is the contract as it was, where its own fields changed; `rules_before` are the
    commission rules as they were, where they changed.
    """

    type: EventType
    contract: Contract
    data: Mapping[str, object] = field(default_factory=dict)
    before: Contract | None = None
    rules_before: tuple[CommissionRule, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Around:
    """What the states of contracts name beside their own fields."""

    customers: Mapping[UUID, Customer]
    projects: Mapping[UUID, str]
    rules: Mapping[UUID, tuple[CommissionRule, ...]]

    def after(self, contract: Contract) -> State:
        return self._state(contract, self.rules.get(contract.id, ()))

    def before(self, fact: ContractFact) -> State | None:
        if fact.before is None:
            return None
        rules = fact.rules_before
        now = self.rules.get(fact.contract.id, ())
        return self._state(fact.before, now if rules is None else rules)

    def _state(self, contract: Contract, rules: Sequence[CommissionRule]) -> State:
        customer = self.customers[contract.customer_id]
        return contract_state(contract, customer, self.projects[contract.project_id], rules)


def tell_of_contracts(
    tx: Tx,
    what: EventType,
    contracts: Sequence[Contract],
    extra: Mapping[UUID, Mapping[str, object]] | None = None,
    before: Mapping[UUID, Contract] | None = None,
) -> None:
    """One event for each contract, with the `extra` data of its id.

    `before` are those whose own fields changed, by id, as they were. The caller holds their
    customers' locks.
    """
    more, old = extra or {}, before or {}
    facts = [
        ContractFact(what, contract, more.get(contract.id, {}), old.get(contract.id))
        for contract in contracts
    ]
    tell_contract_facts(tx, facts)


def tell_contract_facts(tx: Tx, facts: Sequence[ContractFact]) -> None:
    """One event for each fact, in their order; the caller holds the customers' locks."""
    next_one = next_sequences(tx, list({fact.contract.id for fact in facts}))
    around = _around(tx, [fact.contract for fact in facts])
    events = []
    for fact in facts:
        contract = fact.contract
        data = {
            **fact.data,
            "number": contract.number,
            "customerNumber": around.customers[contract.customer_id].number,
        }
        events.append(
            Event(
                fact.type,
                CONTRACT,
                contract.id,
                next_one[contract.id],
                data,
                after=around.after(contract),
                before=around.before(fact),
            )
        )
        next_one[contract.id] += 1
    announce(tx, write_facts(tx, Facts(events=events)))


def _around(tx: Tx, contracts: Sequence[Contract]) -> _Around:
    return _Around(
        read_customers_by_id(tx, {one.customer_id for one in contracts}),
        {one.id: one.key for one in list_projects(tx, projects={c.project_id for c in contracts})},
        read_commission_rules(tx, [one.id for one in contracts]),
    )
