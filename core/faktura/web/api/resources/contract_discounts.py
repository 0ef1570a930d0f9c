"""Discounts of contracts and special prices of their items (F048, F076, F077)."""

from typing import Any

from faktura.domain.api_keys import Scope
from faktura.domain.discounts import ContractDiscount
from faktura.services.contract_discounts import (
    add_contract_discount,
    end_contract_discount,
    list_contract_discounts,
    withdraw_contract_discount,
)
from faktura.services.imports.discount_fields import ContractDiscountFields, EndDiscountFields
from faktura.services.imports.price_fields import NewPricesFields
from faktura.services.special_prices import add_special_prices
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Created
from faktura.web.api.resources.contract_discount_answers import (
    ContractDiscountAnswer,
    ContractDiscountsAnswer,
    SpecialPricesAnswer,
)

CONTRACT_DISCOUNTS = Resource(
    "ContractDiscounts", "Discounts of contracts, and special prices of their items."
)

_ALL = "/Contracts/{contractNumber}/Discounts"
_ONE = f"{_ALL}/{{discountId}}"
_PRICES = "/Contracts/{contractNumber}/Subscription/Items/{itemId}/SpecialPrices"


@CONTRACT_DISCOUNTS.get(_ALL, Scope.CONTRACTS_READ)
def contract_discount_list(call: Call[Nothing, Nothing]) -> ContractDiscountsAnswer:
    """The discounts of a contract: where each stands, and what it took off (F076)."""
    number = call.path["contractNumber"]
    return ContractDiscountsAnswer(contract_number=number, discounts=tuple(_answers(call)))


@CONTRACT_DISCOUNTS.post(_ALL, Scope.CONTRACTS_WRITE)
def contract_discount_add(
    call: Call[Nothing, ContractDiscountFields],
) -> Created[ContractDiscountAnswer]:
    """Give a discount, per cent or fixed, on an article, a product group or all lines (F076).

    It counts from the next period that is not billed. A line bears its own discount, then per
    cents, each on what is left, then fixed amounts; each kind by scope, from article to contract.
    A fixed amount counts once for each invoice. With `nextInvoice` only the next invoice bears it.
    """
    number = call.path["contractNumber"]
    added = add_contract_discount(call.tx, number, call.body, call.access.projects)
    return Created(_answer(call, added), f"/Contracts/{number}/Discounts")


@CONTRACT_DISCOUNTS.post(f"{_ONE}/end", Scope.CONTRACTS_WRITE)
def contract_discount_end(call: Call[Nothing, EndDiscountFields]) -> ContractDiscountAnswer:
    """Let a discount count no longer from a day on; what is billed keeps it."""
    ended = end_contract_discount(
        call.tx,
        call.path["contractNumber"],
        id_of(call.path, "discountId"),
        call.body.valid_until,
        call.access.projects,
    )
    return _answer(call, ended)


@CONTRACT_DISCOUNTS.post(f"{_ONE}/withdraw", Scope.CONTRACTS_WRITE)
def contract_discount_withdraw(call: Call[Nothing, Nothing]) -> ContractDiscountsAnswer:
    """Take away a discount that never took anything off, and answer those that are left."""
    number = call.path["contractNumber"]
    withdraw_contract_discount(
        call.tx, number, id_of(call.path, "discountId"), call.access.projects
    )
    return ContractDiscountsAnswer(contract_number=number, discounts=tuple(_answers(call)))


@CONTRACT_DISCOUNTS.post(_PRICES, Scope.CONTRACTS_WRITE)
def subscription_item_special_prices(
    call: Call[Nothing, NewPricesFields],
) -> Created[SpecialPricesAnswer]:
    """Add special prices of an item; while they are valid they override its list price (F048).

    They count from the next period that is not billed: `effectiveFrom`. Billed periods keep theirs.
    """
    number = call.path["contractNumber"]
    added = add_special_prices(
        call.tx, number, id_of(call.path, "itemId"), call.body, call.access.projects
    )
    return Created(SpecialPricesAnswer.of(added), f"/Contracts/{number}/Subscription")


def _answers(call: Call[Any, Any]) -> list[ContractDiscountAnswer]:
    found = list_contract_discounts(
        call.tx, call.path["contractNumber"], call.today, call.access.projects
    )
    return [ContractDiscountAnswer.of(view) for view in found]


def _answer(call: Call[Any, Any], wanted: ContractDiscount) -> ContractDiscountAnswer:
    return next(one for one in _answers(call) if one.discount_id == wanted.id)
