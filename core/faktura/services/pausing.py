"""Pause a contract's subscriptions and resume them; each pause is a dated fact (F030, P10)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from uuid import UUID

from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.events import EventType
from faktura.domain.pauses import Pause
from faktura.domain.subscriptions import Subscription, SubscriptionItem, subscriptions_of
from faktura.domain.tenants import Tenant
from faktura.domain.terms import term_end
from faktura.kernel.errors import FieldInvalid, NotFound, OutOfRange, TransitionRefused
from faktura.services.contract_dues import reschedule
from faktura.services.contract_events import tell_of_contracts
from faktura.services.visible_contracts import locked_contracts
from faktura.services.waiting_periods import keep_owed
from faktura.store.billable import view_of
from faktura.store.subscriptions import end_pause, write_pause
from faktura.store.transaction import Tx


def pause_subscription(
    tx: Tx,
    tenant: Tenant,
    number: str,
    pause: Pause,
    *,
    subscription: int | None = None,
    projects: Collection[UUID] | None = None,
) -> Contract:
    """Let a contract rest: all its subscriptions, or the one of that number, counted from 1.

    A pause may lie in the past, where what is billed stays billed, or in the future. Raises
    NotFound, also for a contract outside `projects` (None: all), TransitionRefused for one that
    does not run, and FieldInvalid or OutOfRange with the field (P10).
    """
    contract = _locked(tx, number, projects)
    items = view_of(tx, contract.id).items
    _check_dates(contract, pause)
    for one in _running_on(pause.start, _chosen(contract, items, subscription), items):
        _check_pause(one, items, pause)
        write_pause(tx, contract.id, one.id, pause)
    keep_owed(tx, contract.id)
    reschedule(tx, tenant, [contract.id])
    told: dict[str, object] = {"start": pause.start, "end": pause.end, "reason": pause.reason}
    _tell(tx, EventType.CONTRACT_PAUSED, contract, told, subscription)
    return contract


def resume_subscription(
    tx: Tx,
    tenant: Tenant,
    number: str,
    *,
    on: date,
    subscription: int | None = None,
    projects: Collection[UUID] | None = None,
) -> Contract:
    """End the open pause of a contract's subscriptions: `on` is the first day of service again.

    Raises as `pause_subscription` does, and TransitionRefused where no pause is open.
    """
    contract = _locked(tx, number, projects)
    chosen = _chosen(contract, view_of(tx, contract.id).items, subscription)
    resting = [(one, pause) for one in chosen for pause in one.pauses if pause.end is None]
    if not resting:
        raise TransitionRefused(
            f"contract {number} has no open pause (F030)",
            place="subscription",
            mend="Pause it first; a pause with an end is over by itself",
        )
    for one, pause in resting:
        _check_resume(contract, pause, on)
        end_pause(tx, one.id, on)
    reschedule(tx, tenant, [contract.id])
    told: dict[str, object] = {"on": on, "reason": resting[0][1].reason}
    _tell(tx, EventType.CONTRACT_RESUMED, contract, told, subscription)
    return contract


def _locked(tx: Tx, number: str, projects: Collection[UUID] | None) -> Contract:
    contract = locked_contracts(tx, [number], projects)[0]
    if contract.state not in BILLABLE:
        raise TransitionRefused(
            f"contract {number} is {contract.state} and cannot be paused or resumed (F030)",
            place="contract.state",
            mend="Only an active or terminated contract can",
        )
    return contract


def _chosen(
    contract: Contract, items: Sequence[SubscriptionItem], number: int | None
) -> list[Subscription]:
    found = subscriptions_of(items)
    if not found:
        raise TransitionRefused(
            f"contract {contract.number} has no subscription that could be paused (F030)",
            place="contract.kind",
        )
    if number is None:
        return found
    if not 1 <= number <= len(found):
        raise NotFound(
            f"contract {contract.number} has no subscription {number}",
            place="subscription",
            mend=f"Give a number from 1 to {len(found)}, or none for all",
        )
    return [found[number - 1]]


def _running_on(
    day: date, chosen: Sequence[Subscription], items: Sequence[SubscriptionItem]
) -> list[Subscription]:
    """Those that have service left on that day; the others have nothing to pause (F037)."""
    left = {item.subscription.id for item in items if item.until is None or day < item.until}
    running = [
        one
        for one in chosen
        if one.id in left and (one.terminated_as_of is None or day < one.terminated_as_of)
    ]
    if not running:
        raise OutOfRange(
            f"no service is left on {day} (F037)", place="start", mend="Use an earlier day"
        )
    return running


def _check_dates(contract: Contract, pause: Pause) -> None:
    if not pause.reason.strip():
        raise FieldInvalid(
            "a pause has a reason (F030)", place="reason", mend="Say why it is paused"
        )
    if pause.end is not None and pause.end <= pause.start:
        raise OutOfRange(
            f"{pause.end} is not after {pause.start} (P10)",
            place="end",
            mend="Give the first day of service again, or leave it out",
        )
    if contract.end is not None and pause.start >= contract.end:
        raise OutOfRange(
            f"{pause.start} is not before {contract.end}, when the contract ends (F004)",
            place="start",
            mend="Use an earlier day",
        )


def _check_pause(
    subscription: Subscription, items: Sequence[SubscriptionItem], pause: Pause
) -> None:
    if pause.start < subscription.term_start:
        raise OutOfRange(
            f"{pause.start} lies before the term, which starts on {subscription.term_start} (P10)",
            place="start",
            mend=f"Use {subscription.term_start} or later",
        )
    for other in subscription.pauses:
        if pause.overlaps(other):
            lasts = "is open" if other.end is None else f"lasts until {other.end}"
            raise FieldInvalid(
                f"the pause from {other.start} {lasts} and overlaps it (P10)",
                place="start",
                mend="Resume it first" if other.end is None else f"Use {other.end} or later",
            )
    pauses = tuple(sorted((*subscription.pauses, pause), key=attrgetter("start")))
    # Refuses a pause by which the term would grow out of the calendar.
    term_end(replace(subscription, pauses=pauses), items, pause.start)


def _check_resume(contract: Contract, pause: Pause, on: date) -> None:
    if on <= pause.start:
        raise OutOfRange(
            f"{on} is not after {pause.start}, when the pause starts (P10)",
            place="on",
            mend="Give the first day of service again",
        )
    if contract.end is not None and on > contract.end:
        raise OutOfRange(
            f"{on} lies behind {contract.end}, when the contract ends (F004)",
            place="on",
            mend=f"Use {contract.end} or earlier",
        )


def _tell(
    tx: Tx,
    what: EventType,
    contract: Contract,
    told: dict[str, object],
    subscription: int | None,
) -> None:
    if subscription is not None:
        told["subscription"] = subscription
    tell_of_contracts(tx, what, [contract], {contract.id: told})
