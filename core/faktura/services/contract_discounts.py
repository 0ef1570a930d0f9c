"""Discounts of a contract that exists: given, looked at, ended, withdrawn (F076, F077)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum, unique
from uuid import UUID

from faktura.domain.contracts import FINAL, Contract
from faktura.domain.discounts import ContractDiscount, DiscountUse
from faktura.domain.events import EventType
from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.errors import FieldInvalid, NotFound, OutOfRange, TransitionRefused
from faktura.kernel.money import Money
from faktura.services.contract_events import tell_of_contracts
from faktura.services.imports.discount_fields import ContractDiscountFields, discount_of
from faktura.services.imports.findings import Findings, Spot
from faktura.services.imports.offer import read_offer
from faktura.services.visible_contracts import locked_contracts, visible_contract
from faktura.store.discounts import (
    end_discount,
    has_uses,
    read_discount_uses,
    read_discounts,
    remove_discount,
    write_discounts,
)
from faktura.store.transaction import Tx


@unique
class DiscountState(StrEnum):
    """AHEAD of its first day; VALID; USED by the only invoice it was for; ENDED."""

    AHEAD = "AHEAD"
    VALID = "VALID"
    USED = "USED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class DiscountView:
    """A discount, where it stands on a day, and what it took off what is billed and stands."""

    discount: ContractDiscount
    state: DiscountState
    taken: Money

    @property
    def used(self) -> bool:
        """Whether it took anything off yet."""
        return bool(self.taken)


def list_contract_discounts(
    tx: Tx, number: str, on: date, projects: Collection[UUID] | None = None
) -> list[DiscountView]:
    """The contract's discounts in the order in which they were added, as they stand on that day.

    Raises NotFound, also for a contract outside `projects` (None: all).
    """
    contract = visible_contract(tx, number, projects)
    return discount_views(tx, contract, on)


def discount_views(tx: Tx, contract: Contract, on: date) -> list[DiscountView]:
    """The contract's discounts in the order in which they were added, as they stand on that day."""
    uses = read_discount_uses(tx, [contract.id]).get(contract.id, ())
    return [
        _view(one, [use for use in uses if use.discount_id == one.id], contract.currency, on)
        for one in _discounts(tx, contract)
    ]


def add_contract_discount(
    tx: Tx,
    number: str,
    given: ContractDiscountFields,
    projects: Collection[UUID] | None = None,
) -> ContractDiscount:
    """Give a discount on what is billed from now on (F076); what is billed stays as it is.

    Raises NotFound, also for a contract outside `projects` (None: all), TransitionRefused for an
    ended or voided one, and FieldsRefused for an article or product group that it cannot be for.
    """
    contract = _changeable(tx, number, projects)
    named = {given.scope: [given.target or ""]}
    offer = read_offer(
        tx,
        articles=named.get(DiscountScope.ARTICLE, ()),
        groups=named.get(DiscountScope.PRODUCT_GROUP, ()),
    )
    spot = Spot(Findings())
    added: list[ContractDiscount] = []
    with spot.noting():
        added.append(discount_of(given, contract, offer, tx.new_id))
    spot.findings.refuse_if_any()
    write_discounts(tx, contract.id, added)
    _tell(tx, contract, "discountAdded", added[0])
    return added[0]


def end_contract_discount(
    tx: Tx,
    number: str,
    discount_id: UUID,
    valid_until: date,
    projects: Collection[UUID] | None = None,
) -> ContractDiscount:
    """Let a discount count no longer for periods that start on or after `valid_until`.

    What is billed keeps it. Raises NotFound, TransitionRefused as `add_contract_discount`, and
    OutOfRange for a day that is not after its first one, or after the end that it has.
    """
    contract = _changeable(tx, number, projects)
    found = _discount(tx, contract, discount_id)
    if found.valid_from is not None and valid_until <= found.valid_from:
        raise OutOfRange(
            f"{valid_until} is not after validFrom {found.valid_from}",
            place="validUntil",
            mend="Withdraw a discount that was never used, or give a later day",
        )
    if found.valid_until is not None and valid_until > found.valid_until:
        raise OutOfRange(
            f"the discount counts until before {found.valid_until} already",
            place="validUntil",
            mend="Add another discount from that day on",
        )
    ended = replace(found, valid_until=valid_until)
    if ended != found:
        end_discount(tx, discount_id, valid_until)
        _tell(tx, contract, "discountEnded", ended)
    return ended


def withdraw_contract_discount(
    tx: Tx, number: str, discount_id: UUID, projects: Collection[UUID] | None = None
) -> ContractDiscount:
    """Take a discount away that never took anything off.

    Raises NotFound, TransitionRefused as `add_contract_discount`, and FieldInvalid where it was
    used: it is ended instead.
    """
    contract = _changeable(tx, number, projects)
    found = _discount(tx, contract, discount_id)
    if has_uses(tx, discount_id):
        raise FieldInvalid(
            "the discount stands on a document that was issued (P15)",
            place="discountId",
            mend="End it instead",
        )
    remove_discount(tx, discount_id)
    _tell(tx, contract, "discountWithdrawn", found)
    return found


def _changeable(tx: Tx, number: str, projects: Collection[UUID] | None) -> Contract:
    contract = locked_contracts(tx, [number], projects)[0]
    if contract.state in FINAL:
        raise TransitionRefused(
            f"contract {number} is {contract.state}: its discounts change no more (F076)",
            place="contract.state",
            mend="Change another contract of the customer",
        )
    return contract


def _discounts(tx: Tx, contract: Contract) -> Sequence[ContractDiscount]:
    return read_discounts(tx, [contract.id]).get(contract.id, ())


def _discount(tx: Tx, contract: Contract, discount_id: UUID) -> ContractDiscount:
    for one in _discounts(tx, contract):
        if one.id == discount_id:
            return one
    raise NotFound(
        f"contract {contract.number} has no such discount",
        place="discountId",
        mend="Look its discounts up",
    )


def _view(
    one: ContractDiscount, uses: Sequence[DiscountUse], currency: str, on: date
) -> DiscountView:
    state = DiscountState.VALID if one.is_valid(on) else DiscountState.ENDED
    if one.valid_from is not None and on < one.valid_from:
        state = DiscountState.AHEAD
    if one.next_invoice and uses:
        state = DiscountState.USED
    return DiscountView(one, state, Money(sum(use.amount for use in uses), currency))


def _tell(tx: Tx, contract: Contract, what: str, one: ContractDiscount) -> None:
    """F077: a change of a discount is an activity of the contract's history."""
    discount = one.discount
    said = {
        "id": str(one.id),
        "scope": one.scope.value,
        "target": one.target,
        "percent": None if discount.percent is None else f"{discount.percent:f}",
        "amount": None if discount.amount is None else f"{discount.amount:f}",
        "validFrom": None if one.valid_from is None else str(one.valid_from),
        "validUntil": None if one.valid_until is None else str(one.valid_until),
        "nextInvoice": one.next_invoice,
        "reason": discount.reason,
    }
    tell_of_contracts(tx, EventType.CONTRACT_CHANGED, [contract], {contract.id: {what: said}})
