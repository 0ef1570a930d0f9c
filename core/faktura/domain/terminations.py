"""Termination: the contract's end, and what becomes of billed time beyond it (F013, F037, P9)."""

from dataclasses import dataclass, replace
from datetime import date

from faktura.domain.contract_life import (
    Change,
    ContractLife,
    check_changeable,
    ended,
    taken_back,
)
from faktura.domain.contracts import moved
from faktura.domain.subscriptions import Subscription
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.terms import ContractState


@dataclass(frozen=True, slots=True)
class Notice:
    """A termination: `end` is the first day after the contract.

    `to_the_day` bills up to the end and credits everything beyond (F013); otherwise the period
    that contains the end is billed whole and stays.
    """

    end: date
    to_the_day: bool = False


def terminate(life: ContractLife, notice: Notice) -> Change:
    """The contract ends; what was billed for periods that start on or after the end is taken back.

    Raises TransitionRefused for a contract that does not run, OutOfRange for an end that is not
    after its start, or that puts off an earlier end.
    """
    contract, end = life.view.contract, notice.end
    if contract.state not in (ContractState.ACTIVE, ContractState.TERMINATED):
        raise TransitionRefused(
            f"contract {contract.number} is {contract.state} and cannot be terminated (F004)",
            place="contract.state",
            mend="A draft is voided; what ended or was voided stays so",
        )
    if end <= contract.start:
        raise OutOfRange(
            f"{end} is not after the contract's start {contract.start} (F013)",
            place="end",
            mend="It is the first day after the contract",
        )
    if contract.end is not None and end > contract.end:
        raise OutOfRange(
            f"the contract ends before {contract.end} already (F037)",
            place="end",
            mend="An end can be moved forward only; make a new contract to go on",
        )
    over = replace(contract, end=end)
    if contract.state is ContractState.ACTIVE:
        over = moved(over, ContractState.TERMINATED)
    running = [item for item in life.view.items if item.until is None or item.until > end]
    ids = {item.id for item in running}
    hit, waiting = taken_back(life, ids, end, whole=not notice.to_the_day)
    cut = tuple(ended(item, end) for item in running) if notice.to_the_day else ()
    return Change(over, cut, (), hit, waiting)


def terminate_subscription(
    life: ContractLife, notice: Notice, subscription: Subscription
) -> Change:
    """One subscription ends as of a day (F037); the contract and its other subscriptions go on.

    Raises as `terminate` does.
    """
    contract, end = life.view.contract, notice.end
    check_changeable(contract, max(contract.start, end))
    earlier = subscription.terminated_as_of
    if end <= subscription.term_start or (earlier is not None and end > earlier):
        raise OutOfRange(
            f"the subscription runs from {subscription.term_start} until before"
            f" {earlier or 'any day'}: it cannot end as of {end} (F037)",
            place="end",
            mend="Use a day after its start, before an end that is set already",
        )
    over = replace(subscription, terminated_as_of=end)
    items = [
        replace(item, subscription=over)
        for item in life.view.items
        if item.subscription.id == subscription.id
    ]
    running = {item.id for item in items if item.until is None or item.until > end}
    hit, waiting = taken_back(life, running, end, whole=not notice.to_the_day)
    if notice.to_the_day:
        items = [ended(item, end) if item.id in running else item for item in items]
    return Change(contract, tuple(items), (), hit, waiting, over)
