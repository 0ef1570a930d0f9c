"""Terminating a contract by its notice, or to another day on purpose (F013, F033)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from faktura.domain.contract_life import ContractLife
from faktura.domain.events import EventType
from faktura.domain.subscriptions import Subscription, subscriptions_of
from faktura.domain.terminations import Notice, terminate, terminate_subscription
from faktura.domain.terms import earliest_end
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.services.changing import carry_out, life_of
from faktura.services.contract_events import tell_of_contracts
from faktura.services.imports.change_fields import TerminateFields
from faktura.services.issuing import Desk
from faktura.services.upgrades import Asked, Changed, refusing_fields
from faktura.services.visible_contracts import locked_contracts
from faktura.store.contract_neighbours import ALONE, neighbours
from faktura.store.transaction import Tx

if TYPE_CHECKING:
    from faktura.store.facts import FrozenDocument

_DAY = timedelta(days=1)


def terminate_contract(tx: Tx, desk: Desk, asked: Asked, given: TerminateFields) -> Changed:
    """End a contract on the day that is given, else on the earliest that its notice allows.

    Raises NotFound, TransitionRefused, FieldsRefused for an end before the earliest unless the
    termination is extraordinary; nothing is written then.
    """
    contract = locked_contracts(tx, [asked.number], asked.projects)[0]
    following = neighbours(tx, [contract.id]).get(contract.id, ALONE).successor
    if following is not None:
        raise TransitionRefused(
            f"contract {contract.number} was followed by {following} when it ended (F022)",
            place="contract.state",
            mend=f"Terminate {following}",
        )
    life = life_of(tx, contract.id)
    with refusing_fields(renamed={"date": "end"}):
        only = None if given.subscription is None else _numbered(life, given.subscription)
        end = _end(life, given, only, given.notice_on or asked.on)
        notice = Notice(end, given.to_the_day)
        change = (
            terminate(life, notice) if only is None else terminate_subscription(life, notice, only)
        )
    documents: list[FrozenDocument] = carry_out(tx, desk, life, change, asked.on)
    extra: dict[str, object] = {
        "end": str(end),
        "noticeOn": str(given.notice_on or asked.on),
        "toTheDay": given.to_the_day,
        **({} if given.subscription is None else {"subscription": given.subscription}),
        "reason": given.reason,
        "documents": [frozen.number for frozen in documents],
    }
    told = {change.contract.id: extra}
    before = {contract.id: contract}
    tell_of_contracts(tx, EventType.CONTRACT_TERMINATED, [change.contract], told, before)
    return Changed(change.contract, tuple(documents))


def earliest_end_of(life: ContractLife, only: Subscription | None, notice_on: date) -> date:
    """The first day after the contract, or after one subscription, if notice comes on that day.

    A contract without subscriptions ends the day after; one with several when the last may.
    """
    wanted = subscriptions_of(life.view.items) if only is None else [only]
    ends = [earliest_end(one, life.view.items, notice_on) for one in wanted]
    return max(ends, default=max(notice_on + _DAY, life.view.contract.start + _DAY))


def _numbered(life: ContractLife, number: int) -> Subscription:
    found = subscriptions_of(life.view.items)
    if not 1 <= number <= len(found):
        raise OutOfRange(
            f"the contract has {len(found)} subscriptions, not {number}",
            place="subscription",
            mend="Count them from 1: GET Contracts/{n}/Subscription",
        )
    return found[number - 1]


def _end(
    life: ContractLife, given: TerminateFields, only: Subscription | None, notice_on: date
) -> date:
    earliest = earliest_end_of(life, only, notice_on)
    if given.end is None:
        return earliest
    if given.end < earliest and not given.extraordinary:
        raise OutOfRange(
            f"with notice on {notice_on} the contract ends before {earliest} at the earliest (F033)",
            place="end",
            mend=f"Use {earliest} or later, or mark the termination as extraordinary",
        )
    return given.end
