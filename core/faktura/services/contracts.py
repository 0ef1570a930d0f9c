"""Acts on a contract: activate it, void it, record an activity (F004-F012, F040)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.contracts import FINAL, Contract, moved
from faktura.domain.events import EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.terms import ContractState
from faktura.services.contract_dues import reschedule
from faktura.services.contract_events import tell_of_contracts
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.findings import Findings, Spot
from faktura.services.imports.new_contract import Drafting
from faktura.services.imports.offer import read_offer
from faktura.services.visible_contracts import locked_contracts
from faktura.store.activities import write_open
from faktura.store.contracts import update_states
from faktura.store.transaction import Tx


def activate_contracts(
    tx: Tx, tenant: Tenant, numbers: Sequence[str], projects: Collection[UUID] | None = None
) -> list[Contract]:
    """Make drafts active: the next run bills them (F010). All of them or none.

    Raises NotFound, also for one outside `projects` (None: all), and TransitionRefused for what is
    not a draft.
    """
    contracts = locked_contracts(tx, list(dict.fromkeys(numbers)), projects)
    active = [moved(contract, ContractState.ACTIVE) for contract in contracts]
    update_states(tx, active)
    reschedule(tx, tenant, [contract.id for contract in active])
    drafts = {contract.id: contract for contract in contracts}
    tell_of_contracts(tx, EventType.CONTRACT_ACTIVATED, active, before=drafts)
    return active


def void_contract(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> Contract:
    """Void a draft, for good (F012).

    Raises NotFound, also for one outside `projects` (None: all), and TransitionRefused for any
    other state.
    """
    draft = locked_contracts(tx, [number], projects)[0]
    voided = moved(draft, ContractState.VOIDED)
    update_states(tx, [voided])
    tell_of_contracts(tx, EventType.CONTRACT_VOIDED, [voided], before={draft.id: draft})
    return voided


def add_activity(
    tx: Tx,
    tenant: Tenant,
    number: str,
    given: ActivityFields,
    projects: Collection[UUID] | None = None,
) -> OpenActivity:
    """Record a one-off or usage (F040).

    Raises NotFound, also for a contract outside `projects` (None: all), TransitionRefused for an
    ended or voided one, and FieldsRefused with all that is wrong.
    """
    contract = locked_contracts(tx, [number], projects)[0]
    if contract.state in FINAL:
        raise TransitionRefused(
            f"contract {number} is {contract.state}: nothing more is recorded on it",
            place="contract.state",
            mend="Record it on another contract of the customer",
        )
    offer = read_offer(tx, articles=[given.article_number])
    spot = Spot(Findings())
    drafting = Drafting(offer, tenant.currency, tx.new_id)
    recorded = drafting.activities(contract, [(spot, given)])
    spot.findings.refuse_if_any()
    write_open(tx, contract.id, recorded)
    reschedule(tx, tenant, [contract.id])
    return recorded[0]
