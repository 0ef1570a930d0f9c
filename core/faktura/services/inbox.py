"""Handling the inbox: what an event says is applied once, with its effect beside it (P30, P31)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter

from faktura.domain.inbox import InboxRow
from faktura.domain.jobs import JobName
from faktura.domain.tenants import Tenant
from faktura.kernel.canonical import canonical_json
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.payment_terms import InboxState
from faktura.plugin import PaymentFact, ProviderEvent
from faktura.services.applying_facts import Effect, Verdict, apply_facts
from faktura.services.arrivals import LOCK
from faktura.store.inbox import due_rows, lock_row, rewrite_row
from faktura.store.jobs import enqueue
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

_facts = TypeAdapter(tuple[PaymentFact, ...])


def due(tx: Tx, limit: int) -> list[InboxRow]:
    """Events that wait to be handled now, the longest waiting first."""
    return due_rows(tx, tx.now(), limit)


def event_of(row: InboxRow) -> ProviderEvent:
    """The event as the adapter is asked about it."""
    return ProviderEvent.model_validate_json(row.event)


@dataclass(frozen=True, slots=True)
class Handling:
    """An event and the facts behind it; `next_try_at` None: this is the last time it may wait."""

    row_id: UUID
    facts: Sequence[PaymentFact]
    next_try_at: datetime | None


def handle(tx: Tx, tenant: Tenant, wanted: Handling) -> InboxRow:
    """Apply what an event says, once, and keep the effect in the same transaction.

    What names a payment that is not known yet waits (P31); the last time a person is asked, and
    nothing is dropped. An event that somebody handled meanwhile is left as it is.
    """
    row = lock_row(tx, wanted.row_id)
    if not row.waits:
        return row
    effect = apply_facts(tx, tenant, row.instance, wanted.facts, recover=wanted.next_try_at is None)
    return _keep(tx, row, wanted, effect)


def apply_again(tx: Tx, tenant: Tenant, wanted: Handling) -> tuple[InboxRow, Effect]:
    """Apply what an event says once more, whatever became of it: a replay (O4).

    What was applied already changes nothing, and such a row is left as it is.
    """
    row = lock_row(tx, wanted.row_id)
    effect = apply_facts(tx, tenant, row.instance, wanted.facts, recover=wanted.next_try_at is None)
    was_handled = row.handled_at is not None
    if was_handled and not effect.changes and _state(effect) in (row.state, InboxState.PARKED):
        return row, effect
    return _keep(tx, row, wanted, effect), effect


def not_handled(tx: Tx, row_id: UUID, problem: str, next_try_at: datetime | None) -> InboxRow:
    """Keep that an event could not be handled; without a next time a person is asked."""
    row = lock_row(tx, row_id)
    if not row.waits:
        return row
    state = InboxState.FAILED if next_try_at is None else row.state
    failed = replace(row, state=state, tries=row.tries + 1, next_try_at=next_try_at, error=problem)
    rewrite_row(tx, failed)
    if next_try_at is None:
        ask_once(
            tx,
            TaskKind.PAYMENT_UNEXPECTED,
            f"inbox:{row.id}",
            f"The event {row.type} {row.event_id} of {row.instance} could not be handled:"
            f" {problem}. Mend it, then: faktura payments inbox replay {row.id}",
        )
    else:
        _come_back(tx, row_id, next_try_at)
    return failed


def _keep(tx: Tx, row: InboxRow, wanted: Handling, effect: Effect) -> InboxRow:
    parked = effect.verdict is Verdict.PARKED
    kept = replace(
        row,
        state=_state(effect),
        tries=row.tries + parked,
        next_try_at=wanted.next_try_at if parked else None,
        facts=_facts.dump_json(tuple(wanted.facts)).decode(),
        effect=_told(row, effect),
        error=None,
        handled_at=None if parked else tx.now(),
    )
    rewrite_row(tx, kept)
    if parked and wanted.next_try_at is not None:
        _come_back(tx, row.id, wanted.next_try_at)
    return kept


def _state(effect: Effect) -> InboxState:
    match effect.verdict:
        case Verdict.PARKED:
            return InboxState.PARKED
        case Verdict.FOREIGN:
            return InboxState.FOREIGN
        case _:
            return InboxState.DONE


def _told(row: InboxRow, effect: Effect) -> str:
    """The effect as it is kept; what earlier times changed stays with it."""
    before = [] if row.effect is None else json.loads(row.effect)["changes"]
    return canonical_json(
        {
            "verdict": effect.verdict,
            "changes": [*before, *effect.changes],
            "waitsFor": list(effect.waits_for),
        }
    )


def _come_back(tx: Tx, row_id: UUID, at: datetime) -> None:
    # A lock of its own: a job that waits holds up those behind it.
    enqueue(tx, JobName.HANDLE_INBOX, {}, run_at=at, lock=f"{LOCK}:{row_id}")
