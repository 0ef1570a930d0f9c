"""Small upgrades and alignments of a contract: its items change, its frame stays (F029, F068)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.contract_life import ContractLife, check_changeable
from faktura.domain.contracts import Contract
from faktura.domain.events import EventType
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.domain.upgrades import Swap, align, small_upgrade
from faktura.kernel.errors import BadInput, FieldInvalid, FieldMissing
from faktura.services.changing import carry_out, life_of
from faktura.services.contract_events import tell_of_contracts
from faktura.services.imports.change_fields import (
    AddedItemFields,
    AlignFields,
    ItemChangeFields,
    SmallUpgradeFields,
)
from faktura.services.imports.cost_fields import costs_of
from faktura.services.imports.findings import Findings, Spot
from faktura.services.imports.offer import Offer, read_offer
from faktura.services.imports.price_fields import checked_prices
from faktura.services.issuing import Desk
from faktura.services.visible_contracts import locked_contracts
from faktura.store.facts import FrozenDocument
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Changed:
    """A contract after a change of mind, with the documents that the change made."""

    contract: Contract
    documents: tuple[FrozenDocument, ...] = ()
    successor: Contract | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who changes what: the contract's number, the invoice date, the projects they reach (None: all)."""

    number: str
    on: date
    projects: Collection[UUID] | None = None


def upgrade_small(tx: Tx, desk: Desk, asked: Asked, given: SmallUpgradeFields) -> Changed:
    """Change items of a contract from a day on, with all that was billed beyond it (F068, F071).

    Raises NotFound, TransitionRefused, FieldsRefused with all that is wrong, and what cannot be
    priced, taxed or issued; nothing is written then.
    """
    contract = locked_contracts(tx, [asked.number], asked.projects)[0]
    life = life_of(tx, contract.id)
    with refusing_fields():
        check_changeable(contract, given.date)
    numbers = [
        *(one.article_number for one in given.items if one.article_number),
        *(one.article_number for one in given.add),
    ]
    offer = read_offer(tx, articles=numbers)
    spot = Spot(Findings())
    swaps: list[Swap] = []
    added: list[SubscriptionItem] = []
    for no, one in enumerate(given.items, 1):
        with spot.part(f"items.{no}").noting():
            swaps.append(_swap(offer, life, one, given.date))
    for no, new in enumerate(given.add, 1):
        with spot.part(f"add.{no}").noting():
            added.append(_added(tx, offer, life, new, given.date))
    spot.findings.refuse_if_any()
    with refusing_fields():
        change = small_upgrade(life, given.date, swaps, added, tx.new_id, note=given.note)
    documents = carry_out(tx, desk, life, change, asked.on)
    tell_of_change(tx, EventType.CONTRACT_UPGRADED, change.contract, given.date, documents)
    return Changed(change.contract, tuple(documents))


def align_cycle(tx: Tx, desk: Desk, asked: Asked, given: AlignFields) -> Changed:
    """Count service periods of items from another day on, billed or not (F029).

    Raises as `upgrade_small`.
    """
    contract = locked_contracts(tx, [asked.number], asked.projects)[0]
    life = life_of(tx, contract.id)
    day = given.start_of_new_service_period
    with refusing_fields(renamed={"date": "startOfNewServicePeriod", "items": "itemIds"}):
        ids = [item_id(text, place=f"itemIds.{no}") for no, text in enumerate(given.item_ids, 1)]
        change = align(life, day, ids, tx.new_id, note=given.text)
    documents = carry_out(tx, desk, life, change, asked.on)
    tell_of_change(tx, EventType.CONTRACT_ALIGNED, change.contract, day, documents)
    return Changed(change.contract, tuple(documents))


def tell_of_change(
    tx: Tx, what: EventType, contract: Contract, day: date, documents: Sequence[FrozenDocument]
) -> None:
    """Write to the contract's history what changed from which day on, and the documents of it."""
    numbers = [frozen.number for frozen in documents]
    extra: dict[str, object] = {"date": str(day), "documents": numbers}
    tell_of_contracts(tx, what, [contract], extra={contract.id: extra})


@contextmanager
def refusing_fields(renamed: Mapping[str, str] | None = None) -> Iterator[None]:
    """Raise FieldsRefused for a field that a rule forbids, under the name that the request has for it."""
    findings = Findings()
    try:
        yield
    except BadInput as error:
        error.place = (renamed or {}).get(error.place, error.place)
        findings.add(error)
    findings.refuse_if_any()


def item_id(text: str, *, place: str) -> UUID:
    """The id of an item; raises FieldInvalid for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise FieldInvalid(
            "that is no id of an item",
            place=place,
            mend="Look it up: GET Contracts/{n}/Subscription",
        ) from None


def _swap(offer: Offer, life: ContractLife, given: ItemChangeFields, day: date) -> Swap:
    contract = life.view.contract
    if given.remove and (given.article_number or given.quantity is not None):
        raise FieldInvalid(
            "an item that ends has no article or quantity", place="remove", mend="Give one of both"
        )
    article = given.article_number
    return Swap(
        _item_named(life, given, day),
        None if article is None else offer.article(article, contract.project_id),
        given.quantity,
        given.remove,
        given.inherit_special_prices,
        given.inherit_discount,
    )


def _item_named(life: ContractLife, given: ItemChangeFields, day: date) -> UUID:
    if given.item_id is not None and given.current_article_number is None:
        return item_id(given.item_id, place="itemId")
    if given.item_id is not None or given.current_article_number is None:
        raise FieldMissing(
            "an item is named by its id or by its article",
            place="itemId",
            mend="Give `itemId` or `currentArticleNumber`",
        )
    running = [
        item.id
        for item in life.view.items
        if item.article.number == given.current_article_number
        and item.start <= day
        and (item.until is None or day < item.until)
    ]
    if len(running) != 1:
        raise FieldInvalid(
            f"{len(running)} items with article {given.current_article_number} run on {day}",
            place="currentArticleNumber",
            mend="Name the item by `itemId`",
        )
    return running[0]


def _added(
    tx: Tx, offer: Offer, life: ContractLife, given: AddedItemFields, day: date
) -> SubscriptionItem:
    contract = life.view.contract
    return SubscriptionItem(
        tx.new_id(),
        subscription_of(life),
        offer.article(given.article_number, contract.project_id),
        given.quantity,
        contract.billing_anchor,
        day,
        None,
        checked_prices(given.special_prices, contract.currency, name="specialPrices"),
        None if given.discount is None else given.discount.discount,
        costs=costs_of(given.costs),
    )


def subscription_of(life: ContractLife) -> Subscription:
    """The subscription that new items belong to: the contract's latest."""
    if not life.view.items:
        raise FieldInvalid(
            f"contract {life.view.contract.number} has no subscription (F068)",
            place="add",
            mend="Record an activity instead",
        )
    return life.view.items[-1].subscription
