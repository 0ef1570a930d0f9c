"""Acts on a contract: activate it, void it, record an activity (F004-F012, F040)."""

from collections.abc import Mapping, Sequence

from faktura.domain.activities import OpenActivity
from faktura.domain.contract_rules import activity_faults
from faktura.domain.contracts import Contract, moved
from faktura.domain.events import Event, EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.terms import ContractState
from faktura.services.contract_dues import next_due_on
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.findings import Findings
from faktura.services.imports.new_contract import Drafting
from faktura.services.imports.offer import read_offer
from faktura.services.imports.validation import typed_alone
from faktura.services.outbox import announce
from faktura.store.activities import write_open
from faktura.store.billable import view_of
from faktura.store.catalogue import read_catalogue
from faktura.store.contracts import read_contract, set_next_due, update_state
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx

_FINAL = frozenset({ContractState.ENDED, ContractState.VOIDED})


def activate_contracts(tx: Tx, tenant: Tenant, numbers: Sequence[str]) -> list[Contract]:
    """Make drafts active: the next run bills them (F010). All of them or none.

    Raises NotFound, and TransitionRefused for what is not a draft.
    """
    contracts = _locked(tx, list(dict.fromkeys(numbers)))
    active = [moved(contract, ContractState.ACTIVE) for contract in contracts]
    for contract in active:
        update_state(tx, contract)
    _schedule(tx, tenant, active)
    _tell(tx, EventType.CONTRACT_ACTIVATED, active)
    return active


def void_contract(tx: Tx, number: str) -> Contract:
    """Void a draft, for good (F012); raises NotFound, TransitionRefused for any other state."""
    voided = moved(_locked(tx, [number])[0], ContractState.VOIDED)
    update_state(tx, voided)
    _tell(tx, EventType.CONTRACT_VOIDED, [voided])
    return voided


def add_activity(tx: Tx, tenant: Tenant, number: str, given: Mapping[str, object]) -> OpenActivity:
    """Record a one-off or usage from fields as a file has them, all as text (F040).

    Raises NotFound, TransitionRefused for an ended or voided contract, and what is wrong with a
    field.
    """
    contract = _locked(tx, [number])[0]
    if contract.state in _FINAL:
        raise TransitionRefused(
            f"contract {number} is {contract.state}: nothing more is recorded on it",
            place="contract.state",
            mend="Record it on another contract of the customer",
        )
    drafting = Drafting(read_offer(tx, ()), tenant.currency, tx.new_id, Findings(""))
    activity = drafting.activity(contract, typed_alone(ActivityFields, given))
    for fault in activity_faults(activity, contract):
        raise fault
    write_open(tx, contract.id, [activity])
    _schedule(tx, tenant, [contract])
    return activity


def _locked(tx: Tx, numbers: Sequence[str]) -> list[Contract]:
    """The contracts, read once nobody else writes to their customers' accounts (P47)."""
    lock_customers(tx, {read_contract(tx, number).customer_id for number in numbers})
    return [read_contract(tx, number) for number in numbers]


def _schedule(tx: Tx, tenant: Tenant, contracts: Sequence[Contract]) -> None:
    catalogue = read_catalogue(tx)
    set_next_due(
        tx,
        {
            contract.id: next_due_on(tenant, view_of(tx, contract.id, catalogue))
            for contract in contracts
        },
    )


def _tell(tx: Tx, what: EventType, contracts: Sequence[Contract]) -> None:
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
