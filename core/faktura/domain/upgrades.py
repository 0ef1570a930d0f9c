"""Small and large up- and downgrades, and the alignment of service cycles (F029, F068-F074)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.contract_life import (
    Change,
    ContractLife,
    check_changeable,
    check_cut,
    ended,
    item_of,
    taken_back,
)
from faktura.domain.contract_rules import item_faults
from faktura.domain.contracts import moved
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.errors import FieldMissing, FieldRepeated, OutOfRange, TransitionRefused
from faktura.kernel.ids import IdSource
from faktura.kernel.terms import ContractState


@dataclass(frozen=True, slots=True)
class Swap:
    """An item that is another from a day on: another article, quantity, or none at all.

    None leaves article or quantity as it is; `removed` ends the item. Special prices and the
    item's discount go along only where the article stays the same, and only if wanted (F073).
    """

    item_id: UUID
    article: Article | None = None
    quantity: Decimal | None = None
    removed: bool = False
    keeps_prices: bool = True
    keeps_discount: bool = True


def small_upgrade(
    life: ContractLife,
    day: date,
    swaps: Sequence[Swap],
    added: Sequence[SubscriptionItem],
    new_id: IdSource,
    *,
    note: str = "",
) -> Change:
    """Items change from `day` on within the same frame (F068).

    Every billed period of a changed item that contains the day or lies after it is taken back; the
    old item is billed up to the day, the new one from it (F071). `added` items start on the day.
    Raises OutOfRange, TransitionRefused, NotFound, and what the unit rule says (F024).
    """
    contract = life.view.contract
    check_changeable(contract, day)
    _check_some(swaps, added)
    old = [
        item_of(life, swap.item_id, place=f"items.{n}.itemId") for n, swap in enumerate(swaps, 1)
    ]
    check_cut(old, contract, day)
    hit, waiting = taken_back(life, {item.id for item in old}, day)
    new = [
        _swapped(item, swap, day, new_id(), note)
        for item, swap in zip(old, swaps, strict=True)
        if not swap.removed
    ]
    begun = (*new, *(_ending_alike(item, life) for item in added))
    for item in begun:
        for fault in item_faults(item, contract, None):
            raise fault
    return Change(contract, tuple(ended(item, day) for item in old), begun, hit, waiting)


def align(
    life: ContractLife, day: date, item_ids: Sequence[UUID], new_id: IdSource, *, note: str = ""
) -> Change:
    """Periods of items (of none: of all that run) are counted from `day` on, billed or not (F029).

    Works like an upgrade of the items to themselves; one that begins later begins when it would
    have. Aligning all of them moves the contract's billing intervals too. `note` is printed on the
    lines of the parts that it makes.
    """
    contract = life.view.contract
    check_changeable(contract, day)
    running = [item for item in life.view.items if item.until is None or item.until > day]
    wanted = (
        [item_of(life, one, place=f"items.{n}") for n, one in enumerate(item_ids, 1)]
        if item_ids
        else running
    )
    _check_once([item.id for item in wanted], "an item is aligned once", place="items")
    if not wanted:
        raise OutOfRange(
            f"no item runs on {day} (F029)", place="date", mend="Use a day on which one runs"
        )
    check_cut([item for item in wanted if item.start <= day], contract, day)
    hit, waiting = taken_back(life, {item.id for item in wanted}, day)
    if {item.id for item in wanted} == {item.id for item in running}:
        contract = replace(contract, billing_anchor=day)
    return Change(
        contract,
        tuple(replace(ended(item, day), note=note or item.note) for item in wanted),
        tuple(
            replace(item, id=new_id(), start=max(item.start, day), anchor=day, note="")
            for item in wanted
        ),
        hit,
        waiting,
    )


def hand_over(life: ContractLife, day: date) -> Change:
    """A large upgrade's part on the old contract: it ends on `day`, billed to the day (F069, F072)."""
    contract = life.view.contract
    if contract.state is ContractState.TERMINATED:
        raise TransitionRefused(
            f"contract {contract.number} is terminated: a successor would go on beyond its end (F069)",
            place="contract.state",
            mend="Change its items until the end, or make a new contract from that day on",
        )
    check_changeable(contract, day)
    running = [item for item in life.view.items if item.until is None or item.until > day]
    check_cut([item for item in running if item.start <= day], contract, day)
    hit, waiting = taken_back(life, {item.id for item in running}, day)
    over = moved(replace(contract, end=day), ContractState.TERMINATED)
    return Change(over, tuple(ended(item, day) for item in running), (), hit, waiting)


def _check_some(swaps: Sequence[Swap], added: Sequence[SubscriptionItem]) -> None:
    if not swaps and not added:
        raise FieldMissing(
            "an upgrade changes at least one item (F068)",
            place="items",
            mend="Name an item to change, or one to add",
        )
    _check_once(
        [swap.item_id for swap in swaps], "an item is changed once in an upgrade", place="items"
    )


def _check_once(item_ids: Sequence[UUID], rule: str, *, place: str) -> None:
    if len(set(item_ids)) < len(item_ids):
        raise FieldRepeated(rule, place=place, mend="Name each item once")


def _ending_alike(item: SubscriptionItem, life: ContractLife) -> SubscriptionItem:
    """The item until the end to which the others are booked out to the day, if they are (F013)."""
    ends = [
        end
        for end in (life.view.contract.end, item.subscription.terminated_as_of)
        if end is not None and any(one.until == end for one in life.view.items)
    ]
    return replace(item, until=min(ends)) if ends else item


def _swapped(
    item: SubscriptionItem, swap: Swap, day: date, new_id: UUID, note: str
) -> SubscriptionItem:
    article = swap.article or item.article
    same = article.number == item.article.number
    return replace(
        item,
        id=new_id,
        article=article,
        quantity=item.quantity if swap.quantity is None else swap.quantity,
        start=day,
        special_prices=item.special_prices if same and swap.keeps_prices else (),
        discount=item.discount if same and swap.keeps_discount else None,
        note=note,
    )
