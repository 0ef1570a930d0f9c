"""Large upgrades: the frame changes, a successor contract follows (F022, F069, F072-F075)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from faktura.domain.articles import Price
from faktura.domain.contract_life import Change, ContractLife
from faktura.domain.contracts import Contract, moved
from faktura.domain.customers import Customer
from faktura.domain.discounts import ContractDiscount
from faktura.domain.events import EventType
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.upgrades import hand_over
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import FieldInvalid, FieldMissing, OutOfRange, TransitionRefused
from faktura.kernel.terms import ContractKind, ContractState
from faktura.services.changing import carry_out, life_of
from faktura.services.contract_events import tell_of_contracts
from faktura.services.contract_templates import fields_from_template
from faktura.services.imports.change_fields import LargeUpgradeFields
from faktura.services.imports.contract_file import ContractFields, ItemFields, SubscriptionFields
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.cost_fields import costs_given
from faktura.services.imports.price_fields import DiscountFields, PriceFields
from faktura.services.imports.template_file import TemplateUse
from faktura.services.imports.value_fields import IntervalFields
from faktura.services.issuing import Desk
from faktura.services.upgrades import Asked, Changed, refusing_fields
from faktura.services.visible_contracts import locked_contracts
from faktura.store.billable import view_of
from faktura.store.catalogue import project_key
from faktura.store.commissions import read_commission_rules, write_commission_rules
from faktura.store.contract_neighbours import ALONE, neighbours
from faktura.store.contracts import link_predecessor, update_frame, update_states
from faktura.store.discounts import write_discounts
from faktura.store.tasks import write_task
from faktura.store.transaction import Tx


def upgrade_large(tx: Tx, desk: Desk, asked: Asked, given: LargeUpgradeFields) -> Changed:
    """End a contract on a day, billed to the day, and go on with a successor (F069).

    The successor is made like any contract: every rule about contracts holds. Raises NotFound,
    TransitionRefused, FieldsRefused with all that is wrong; nothing is written then.
    """
    contract = locked_contracts(tx, [asked.number], asked.projects)[0]
    successor_number = neighbours(tx, [contract.id]).get(contract.id, ALONE).successor
    if successor_number is not None:
        raise TransitionRefused(
            f"contract {contract.number} is followed by {successor_number} already (F022)",
            place="contract.state",
            mend=f"Change {successor_number}, or void it while it is a draft",
        )
    life = life_of(tx, contract.id)
    with refusing_fields():
        change = hand_over(life, given.date)
        _check_subscriptions(life, given)
        _check_starts(given)
    fields = _successor_fields(tx, life, given, asked)
    draft = create_contract(tx, desk.tenant, fields, asked.projects)
    link_predecessor(tx, draft.id, contract.id)
    _carry_over(tx, life, change, draft.id, given)
    successor = replace(
        draft,
        predecessor_id=contract.id,
        recipients=contract.recipients,
        costs=draft.costs or contract.costs,
        # A day until which no invoice was promised holds for whatever contract goes on (F036).
        invoice_not_before=contract.invoice_not_before,
    )
    update_frame(tx, successor)
    written = successor
    if given.activate:
        successor = moved(successor, ContractState.ACTIVE)
        update_states(tx, [successor])
    else:
        problem = f"review contract {draft.number}, then activate it (F074)"
        write_task(tx, TaskKind.REVIEW_SUCCESSOR, draft.id, problem)
    documents = carry_out(tx, desk, life, change, asked.on, successor=view_of(tx, successor.id))
    _tell(tx, change.contract, successor, given.date, before=[contract, written])
    return Changed(change.contract, tuple(documents), successor)


def _check_subscriptions(life: ContractLife, given: LargeUpgradeFields) -> None:
    if given.template is None and not given.subscriptions:
        raise FieldMissing(
            "a successor needs subscriptions or a template (F069)",
            place="subscriptions",
            mend="Give what recurs in the successor, or the key of a template",
        )
    if life.view.contract.kind is not ContractKind.SUBSCRIPTION:
        raise FieldInvalid(
            f"contract {life.view.contract.number} has no subscription to upgrade (F069)",
            place="contract.kind",
            mend="Make a new contract instead",
        )


def _check_starts(given: LargeUpgradeFields) -> None:
    """Nothing of the successor begins while the old contract is billed: it would be billed twice."""
    for no, subscription in enumerate(given.subscriptions, 1):
        for item_no, item in enumerate(subscription.items, 1):
            if item.start is not None and item.start < given.date:
                raise OutOfRange(
                    f"{item.start} lies before {given.date}: the old contract is billed until then"
                    " (F069)",
                    place=f"subscriptions.{no}.items.{item_no}.from",
                    mend=f"Use {given.date} or later, or leave it out",
                )


def _successor_fields(
    tx: Tx, life: ContractLife, given: LargeUpgradeFields, asked: Asked
) -> ContractFields:
    """The successor as a new contract: what is not given is as in the template, else as it was."""
    old, day = life.view.contract, given.date
    start = old.start if given.inherit_contract_start else day
    aligned = old.billing_anchor if given.inherit_contract_start else None
    own = _own_frame(life.view.customer, old, project_key(tx, old.project_id))
    if given.template is None:
        basis = ContractFields.model_construct(**own)
        basis = basis.model_copy(update={"billing_interval": _interval(old)})
    else:
        use = TemplateUse(life.view.customer.number, day)
        basis = fields_from_template(tx, given.template, use, asked.projects)
        basis = basis.model_copy(update={key: own[key] for key in _ALWAYS_OWN})
    update: dict[str, object] = {
        "contract_number": given.contract_number,
        "kind": ContractKind.SUBSCRIPTION,
        "start": start,
        "aligned_to": aligned,
        "activate": False,
    }
    for name in ("billing_interval", "bill_in_advance", "day_count"):
        value = getattr(given, name)
        if value is not None:
            update[name] = value
    subscriptions = given.subscriptions or basis.subscriptions
    update["subscriptions"] = tuple(_from_day(one, life, given) for one in subscriptions)
    return basis.model_copy(update=update)


_ALWAYS_OWN = ("customer_number", "project", "currency")


def _own_frame(customer: Customer, old: Contract, project: str) -> dict[str, Any]:
    """What a successor has of its predecessor unless it is given."""
    term = old.payment_term
    return {
        "customer_number": customer.number,
        "project": project,
        "currency": old.currency,
        "bill_in_advance": old.in_advance,
        "day_count": old.day_count,
        "payment_method": old.payment_method,
        "due_period": None if term is None else term.period,
        "due_unit": None if term is None else term.unit,
        "internal_identifier": old.internal_identifier,
        "extra_text_invoice_header": old.header_text,
        "extra_text_invoice_footer": old.footer_text,
        "order_reference": old.order_reference,
    }


def _interval(old: Contract) -> IntervalFields:
    return IntervalFields.model_construct(count=old.interval.count, unit=old.interval.unit)


def _from_day(
    given: SubscriptionFields, life: ContractLife, asked: LargeUpgradeFields
) -> SubscriptionFields:
    """The subscription with items that begin on the day of the change."""
    items = tuple(_item_from_day(item, life, asked) for item in given.items)
    return given.model_copy(update={"term_start": given.term_start or asked.date, "items": items})


def _item_from_day(given: ItemFields, life: ContractLife, asked: LargeUpgradeFields) -> ItemFields:
    """The item with what the old contract's item of exactly that article had (F073, F074)."""
    update: dict[str, object] = {"start": given.start or asked.date}
    old = _running_item(life, given.article_number, asked.date)
    if old is not None and asked.inherit_special_prices and not given.special_prices:
        update["special_prices"] = tuple(_price_fields(price) for price in old.special_prices)
    if old is not None and asked.inherit_discounts and given.discount is None and old.discount:
        update["discount"] = DiscountFields.model_construct(
            percent=old.discount.percent, amount=old.discount.amount, reason=old.discount.reason
        )
    if old is not None and not given.costs:
        update["costs"] = costs_given(old.costs)
    return given.model_copy(update=update)


def _running_item(life: ContractLife, article_number: str, day: date) -> SubscriptionItem | None:
    for item in life.view.items:
        if item.article.number == article_number and (item.until is None or item.until > day):
            return item
    return None


def _price_fields(price: Price) -> PriceFields:
    return PriceFields.model_construct(
        unit_price=price.unit_price,
        currency=price.currency,
        valid_from=price.valid_from,
        valid_until=price.valid_until,
        from_quantity=price.from_quantity,
    )


def _carry_over(
    tx: Tx, life: ContractLife, change: Change, successor_id: UUID, given: LargeUpgradeFields
) -> None:
    """Discounts and commission rules of the old contract go along where that is wanted (F074)."""
    if given.inherit_discounts:
        carried = [
            replace(one, id=tx.new_id())
            for one in life.view.discounts
            if _goes_along(one, life, change, given.date)
        ]
        write_discounts(tx, successor_id, carried)
    if given.inherit_commission_rules:
        rules = read_commission_rules(tx, [life.view.contract.id])
        write_commission_rules(tx, successor_id, rules.get(life.view.contract.id, ()))


def _goes_along(discount: ContractDiscount, life: ContractLife, change: Change, day: date) -> bool:
    """Whether a discount is still to be granted; one for the next invoice is granted once (F077)."""
    if discount.valid_until is not None and discount.valid_until <= day:
        return False
    # What is billed again of the old contract is an invoice of its own, and comes first.
    is_granted = bool(change.reversed) or any(
        use.discount_id == discount.id for use in life.view.discount_uses
    )
    return not (discount.next_invoice and is_granted)


def _tell(
    tx: Tx, old: Contract, successor: Contract, day: date, *, before: Sequence[Contract]
) -> None:
    """`before` are both as they were: the old one in force, the successor not activated yet."""
    was = {one.id: one for one in before}
    extra: dict[UUID, dict[str, object]] = {
        old.id: {"date": str(day), "successor": successor.number},
        successor.id: {"date": str(day), "predecessor": old.number},
    }
    tell_of_contracts(tx, EventType.CONTRACT_UPGRADED, [old, successor], extra, was)
    if successor.state is ContractState.ACTIVE:
        tell_of_contracts(tx, EventType.CONTRACT_ACTIVATED, [successor], before=was)
