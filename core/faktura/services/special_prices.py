"""Special prices of an item that runs: added behind those that there are (F047, F048)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.articles import Price, pick_price
from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import FINAL, Contract
from faktura.domain.events import EventType
from faktura.domain.service_periods import unbilled_periods
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.errors import CurrencyMismatch, NotFound, PriceMissing, TransitionRefused
from faktura.services.contract_events import tell_of_contracts
from faktura.services.contract_view import ItemView
from faktura.services.imports.findings import Findings, Spot
from faktura.services.imports.price_fields import NewPricesFields, checked_prices
from faktura.services.visible_contracts import locked_contracts
from faktura.store.billable import view_of
from faktura.store.special_prices import set_special_prices
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class SpecialPricesAdded:
    """The item with its new prices.

    `effective_from` is the first day of the first period that one of them decides; None where all
    their time is billed already, or none is for the item's quantity.
    """

    item: ItemView
    effective_from: date | None


def add_special_prices(
    tx: Tx,
    number: str,
    item_id: UUID,
    given: NewPricesFields,
    projects: Collection[UUID] | None = None,
) -> SpecialPricesAdded:
    """Add special prices of an item; they count from its next period that is not billed (F048).

    Periods that are billed keep their price, whatever validity is given. Raises NotFound, also for
    a contract outside `projects` (None: all), TransitionRefused for an ended or voided one, and
    FieldsRefused for prices of another currency or such as exist already.
    """
    contract = locked_contracts(tx, [number], projects)[0]
    _check_state(contract)
    view = view_of(tx, contract.id)
    present, billed_until = _item(view, item_id)
    spot = Spot(Findings())
    added: list[Price] = []
    with spot.noting():
        added += checked_prices(
            given.prices, contract.currency, name="prices", present=present.special_prices
        )
        _check_currency(added, contract)
    spot.findings.refuse_if_any()
    item = replace(present, special_prices=(*present.special_prices, *added))
    set_special_prices(tx, item)
    _tell(tx, contract, item, added)
    periods = _periods_to_bill(view, item, billed_until)
    return SpecialPricesAdded(
        ItemView(item, billed_until), _first_decided(periods, item, added, contract)
    )


def _check_state(contract: Contract) -> None:
    if contract.state in FINAL:
        raise TransitionRefused(
            f"contract {contract.number} is {contract.state}: its prices change no more (F048)",
            place="contract.state",
            mend="Change another contract of the customer",
        )


def _check_currency(prices: Sequence[Price], contract: Contract) -> None:
    for no, price in enumerate(prices, 1):
        if price.currency != contract.currency:
            raise CurrencyMismatch(
                f"the contract is in {contract.currency}, the price in {price.currency}",
                place=f"prices.{no}.currency",
                mend="Give the price in the contract's currency",
            )


def _item(view: BillableContract, item_id: UUID) -> tuple[SubscriptionItem, date | None]:
    for item, billed_until in zip(view.items, view.billed_until, strict=True):
        if item.id == item_id:
            return item, billed_until
    raise NotFound(
        f"contract {view.contract.number} has no such item",
        place="itemId",
        mend="Look its items up",
    )


def _periods_to_bill(
    view: BillableContract, item: SubscriptionItem, billed_until: date | None
) -> Iterator[date]:
    """The first days of the periods that wait to be billed again, then of those not billed yet."""
    yield from sorted(one.service.start for one in view.reopened if one.item_id == item.id)
    for period in unbilled_periods(item, view.contract, billed_until):
        yield period.service.start


def _first_decided(
    starts: Iterator[date], item: SubscriptionItem, added: Sequence[Price], contract: Contract
) -> date | None:
    """The first of the days on which one of the added prices decides.

    Behind the last day on which any price begins or ends, every period costs the same.
    """
    bounds = [day for price in item.special_prices for day in (price.valid_from, price.valid_until)]
    last = max((day for day in bounds if day is not None), default=date.min)
    for start in starts:
        try:
            picked = pick_price(
                item.article,
                item.special_prices,
                on=start,
                currency=contract.currency,
                quantity=item.quantity,
            ).price
        except PriceMissing:
            picked = None
        if any(price is picked for price in added):
            return start
        if start >= last:
            return None
    return None


def _tell(tx: Tx, contract: Contract, item: SubscriptionItem, added: Sequence[Price]) -> None:
    said = [
        {
            "unitPrice": f"{price.unit_price:f}",
            "validFrom": None if price.valid_from is None else str(price.valid_from),
            "validUntil": None if price.valid_until is None else str(price.valid_until),
            "fromQuantity": f"{price.from_quantity:f}",
        }
        for price in added
    ]
    tell_of_contracts(
        tx,
        EventType.CONTRACT_CHANGED,
        [contract],
        {contract.id: {"specialPricesAdded": {"itemId": str(item.id), "prices": said}}},
    )
