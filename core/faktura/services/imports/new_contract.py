"""From the fields of a contract to the contract: its frame, subscriptions, items and activities."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.billing_plan import BillableContract
from faktura.domain.commissions import CommissionRule
from faktura.domain.contract_rules import activity_faults, item_faults, subscription_faults
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.discounts import ContractDiscount
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.kernel.errors import FieldInvalid, FieldMissing, OutOfRange
from faktura.kernel.ids import IdSource
from faktura.kernel.periods import Period
from faktura.kernel.terms import ContractKind, ContractState
from faktura.services.imports.commission_fields import commission_rules_of
from faktura.services.imports.contract_file import (
    ActivityFields,
    ContractFields,
    ItemFields,
    SubscriptionFields,
    interval_of,
)
from faktura.services.imports.cost_fields import costs_of
from faktura.services.imports.discount_fields import discounts_of
from faktura.services.imports.findings import Spot
from faktura.services.imports.link_fields import links_of
from faktura.services.imports.offer import Offer
from faktura.services.imports.price_fields import checked_prices

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract that is not written yet; `billed_until` is by item, as in the plan (F019)."""

    contract: Contract
    customer: Customer
    subscriptions: list[Subscription] = field(default_factory=list)
    items: list[SubscriptionItem] = field(default_factory=list)
    billed_until: list[date | None] = field(default_factory=list)
    activities: list[OpenActivity] = field(default_factory=list)
    commission_rules: list[CommissionRule] = field(default_factory=list)
    discounts: list[ContractDiscount] = field(default_factory=list)

    def as_billed(self, contract: Contract) -> BillableContract:
        """How the plan sees it, under its final frame."""
        return BillableContract(
            contract,
            self.customer,
            tuple(self.items),
            tuple(self.billed_until),
            tuple(self.activities),
        )


@dataclass(frozen=True, slots=True)
class Drafting:
    """Makes contracts; notes what is wrong with each part at its own place."""

    offer: Offer
    currency: str
    new_id: IdSource

    def draft(self, given: ContractFields, spot: Spot) -> NewContract | None:
        """The contract as a draft, without number; None where its frame cannot be made."""
        customer = spot.tried(lambda: self.offer.customer(given.customer_number))
        project = spot.tried(lambda: self.offer.project(given.project))
        kind = spot.tried(lambda: _kind(given))
        if customer is None or project is None or kind is None:
            return None
        new = NewContract(self._frame(given, customer.id, project.id, kind), customer)
        for no, subscription in enumerate(given.subscriptions, 1):
            self._subscribe(new, given, subscription, spot.part(f"subscriptions.{no}"))
        new.activities.extend(
            self.activities(
                new.contract,
                [
                    (spot.part(f"activities.{no}"), one)
                    for no, one in enumerate(given.activities, 1)
                ],
            )
        )
        new.discounts.extend(
            discounts_of(given.discounts, new.contract, self.offer, self.new_id, spot)
        )
        new.commission_rules.extend(
            commission_rules_of(given.commission_rules, new.contract, self.offer, spot)
        )
        return new

    def activities(
        self, contract: Contract, given: Sequence[tuple[Spot, ActivityFields]]
    ) -> list[OpenActivity]:
        """Waiting activities of the contract, as far as they can be made."""
        made = []
        for spot, one in given:
            with spot.noting():
                activity = self._activity(contract, one)
                made.append(activity)
                spot.add_all(activity_faults(activity, contract))
        return made

    def _activity(self, contract: Contract, given: ActivityFields) -> OpenActivity:
        until = given.until or given.start + _DAY
        if until <= given.start:
            raise OutOfRange(
                f"{until} is not after from {given.start}",
                place="until",
                mend="It is the first day that no longer counts",
            )
        return OpenActivity(
            self.new_id(),
            self.offer.article(given.article_number, contract.project_id),
            given.origin,
            given.quantity,
            Period(given.start, until),
            given.invoice_on,
            given.manual,
            given.unit_price,
            None if given.discount is None else given.discount.discount,
            given.text,
            self.offer.ledger_account(given.ledger_account),
            links_of(given.links),
            costs=costs_of(given.costs),
        )

    def _frame(
        self, given: ContractFields, customer_id: UUID, project_id: UUID, kind: ContractKind
    ) -> Contract:
        return Contract(
            self.new_id(),
            given.contract_number or "",
            customer_id,
            project_id,
            kind,
            ContractState.DRAFT,
            given.start,
            given.billing_interval.interval,
            given.aligned_to or given.start,
            given.currency or self.currency,
            given.bill_in_advance,
            given.day_count,
            None,
            given.payment_method,
            given.payment_term,
            given.internal_identifier,
            given.extra_text_invoice_header,
            given.extra_text_invoice_footer,
            given.order_reference,
            tuple(recipient.recipient for recipient in given.recipients),
            costs=costs_of(given.costs),
        )

    def _subscribe(
        self, new: NewContract, given: ContractFields, fields: SubscriptionFields, spot: Spot
    ) -> None:
        subscription = Subscription(
            self.new_id(),
            fields.term_start or given.start,
            interval_of(fields.minimum_term),
            interval_of(fields.notice),
            fields.renewal,
            interval_of(fields.renewal_term),
            fields.payment_start,
            fields.terminated_as_of,
        )
        spot.add_all(subscription_faults(subscription, new.contract))
        new.subscriptions.append(subscription)
        for no, item in enumerate(fields.items, 1):
            place = spot.part(f"items.{no}")
            with place.noting():
                found = self._item(new.contract, subscription, item)
                place.add_all(item_faults(found, new.contract, item.billed_until))
                new.items.append(found)
                new.billed_until.append(item.billed_until)

    def _item(
        self, contract: Contract, subscription: Subscription, given: ItemFields
    ) -> SubscriptionItem:
        return SubscriptionItem(
            self.new_id(),
            subscription,
            self.offer.article(given.article_number, contract.project_id),
            given.quantity,
            given.aligned_to or contract.billing_anchor,
            given.start or subscription.term_start,
            given.until,
            checked_prices(given.special_prices, contract.currency, name="specialPrices"),
            None if given.discount is None else given.discount.discount,
            self.offer.ledger_account(given.ledger_account),
            links_of(given.links),
            costs=costs_of(given.costs),
        )


def _kind(given: ContractFields) -> ContractKind:
    """The kind that is given, else the one that follows from having subscriptions (F003)."""
    natural = ContractKind.SUBSCRIPTION if given.subscriptions else ContractKind.SIMPLE
    if given.kind is ContractKind.SIMPLE and given.subscriptions:
        raise FieldInvalid(
            "a simple contract has no subscriptions", place="kind", mend="Use kind SUBSCRIPTION"
        )
    if given.kind is ContractKind.SUBSCRIPTION and not given.subscriptions:
        raise FieldMissing(
            "a subscription contract has a subscription",
            place="subscriptions",
            mend="Give one, or use kind SIMPLE",
        )
    return natural
