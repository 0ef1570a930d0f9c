"""The work of a day on contracts: what is over becomes ended, what was renewed is told (F032, F033).

Set-based, by batches of contracts, and idempotent: run again it finds nothing left to do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import moved
from faktura.domain.events import EventType
from faktura.domain.subscriptions import subscriptions_of
from faktura.domain.tenants import Tenant
from faktura.domain.terms import TermRenewal, renewals
from faktura.kernel.clock import zone
from faktura.kernel.terms import ContractState
from faktura.services.contract_dues import next_due_on
from faktura.services.contract_events import (
    ContractFact,
    tell_contract_facts,
    tell_of_contracts,
)
from faktura.store.billable import views_by_id
from faktura.store.billing import Scope
from faktura.store.contract_days import Candidate, contracts_to_end, contracts_to_renew
from faktura.store.contracts import update_states
from faktura.store.customers import lock_customers
from faktura.store.events import data_of_events
from faktura.store.transaction import Tx

CONTRACTS_A_BATCH = 500
EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class SettledBatch:
    """How much was written in a batch, and the contract behind which the next one starts."""

    written: int
    last: Candidate | None


@dataclass(frozen=True, slots=True)
class _Renewed:
    """Renewals of the subscription of that number, counted from 1, that are not told yet."""

    view: BillableContract
    subscription: int
    renewals: Sequence[TermRenewal]


def end_contracts(
    tx: Tx,
    tenant: Tenant,
    on: date,
    *,
    scope: Scope = EVERYTHING,
    after: Candidate | None = None,
    limit: int = CONTRACTS_A_BATCH,
) -> SettledBatch:
    """Terminated contracts whose end has come become ended, once nothing is left to bill (F004).

    Not while an activity waits, nor while an open pause holds up periods that are billed later.
    Usage that arrives after that goes through interim billing.
    """
    found = contracts_to_end(tx, on, scope, after, limit)
    lock_customers(tx, {one.customer_id for one in found})
    views = views_by_id(tx, [one.contract_id for one in found])
    over = {
        view.contract.id: view.contract
        for view in views
        if _is_over(view, on) and next_due_on(tenant, view) is None
    }
    ended = [moved(contract, ContractState.ENDED) for contract in over.values()]
    if ended:
        update_states(tx, ended)
        tell_of_contracts(
            tx, EventType.CONTRACT_ENDED, ended, {one.id: {"end": one.end} for one in ended}, over
        )
    return SettledBatch(len(ended), _last(found, limit))


def renew_contracts(
    tx: Tx,
    tenant: Tenant,
    on: date,
    *,
    scope: Scope = EVERYTHING,
    after: Candidate | None = None,
    limit: int = CONTRACTS_A_BATCH,
) -> SettledBatch:
    """Tell each renewal that took effect by that day, once; also those of missed days (F033).

    What was renewed before the contract was recorded here is not told.
    """
    found = contracts_to_renew(tx, scope, after, limit)
    local = zone(tenant.time_zone)
    recorded = {one.contract_id: one.created_at.astimezone(local).date() for one in found}
    concerned = {one.view.contract.customer_id for one in _untold(tx, recorded, on)}
    if not concerned:
        return SettledBatch(0, _last(found, limit))
    # Read again: somebody may have terminated one of them before the lock was ours.
    lock_customers(tx, concerned)
    locked = {
        one.contract_id: recorded[one.contract_id] for one in found if one.customer_id in concerned
    }
    facts = [fact for one in _untold(tx, locked, on) for fact in _facts(one)]
    if facts:
        tell_contract_facts(tx, facts)
    return SettledBatch(len(facts), _last(found, limit))


def _is_over(view: BillableContract, on: date) -> bool:
    """Whether the end has come and nobody has anything left to bill by hand or after a pause."""
    contract = view.contract
    if contract.state is not ContractState.TERMINATED or contract.end is None or on < contract.end:
        return False
    held_up = any(
        pause.end is None and pause.start < min(contract.end, item.until or contract.end)
        for item in view.items
        if item.article.pause_policy.billed_later
        for pause in item.subscription.pauses
    )
    return not (view.activities or view.reopened or held_up)


def _untold(tx: Tx, recorded: Mapping[UUID, date], on: date) -> Iterator[_Renewed]:
    """Renewals behind the day on which each contract was recorded that no event tells of yet."""
    known = _told(tx, list(recorded))
    for view in views_by_id(tx, recorded):
        if view.contract.state is not ContractState.ACTIVE:
            continue
        contract_id = view.contract.id
        for no, subscription in enumerate(subscriptions_of(view.items), 1):
            told = known.get((contract_id, no), 0)
            new = renewals(subscription, view.items, recorded[contract_id], on)
            untold = [one for one in new if one.number > told]
            if untold:
                yield _Renewed(view, no, untold)


def _told(tx: Tx, contract_ids: Sequence[UUID]) -> dict[tuple[UUID, int], int]:
    """Number of the last renewal that is told, by contract and number of the subscription."""
    found: dict[tuple[UUID, int], int] = {}
    for contract_id, data in data_of_events(tx, EventType.CONTRACT_RENEWED, contract_ids):
        key = contract_id, int(str(data["subscription"]))
        found[key] = max(found.get(key, 0), int(str(data["renewal"])))
    return found


def _facts(renewed: _Renewed) -> Iterator[ContractFact]:
    for one in renewed.renewals:
        yield ContractFact(
            EventType.CONTRACT_RENEWED,
            renewed.view.contract,
            {
                "subscription": renewed.subscription,
                "renewal": one.number,
                "day": one.day,
                "oldEnd": one.old_end,
                "newEnd": one.new_end,
            },
        )


def _last(found: Sequence[Candidate], limit: int) -> Candidate | None:
    """None once there are no more."""
    return found[-1] if len(found) == limit else None
