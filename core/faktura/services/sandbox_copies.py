"""A tenant's sandbox: master data, contracts and what is open, in one transaction, without people (F137).

Two transactions meet here: one that sees the tenant, one that writes the sandbox; neither is ended here.
Documents, journal and seals are not copied: they are sealed, and they name people. What is billed counts as
taken over, what is open as brought forward.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.billing_plan import BillableContract
from faktura.domain.customers import Customer
from faktura.domain.dunning_stops import DunningStop
from faktura.domain.opening_items import OpeningItem
from faktura.domain.pseudonyms import Given, Pseudonyms
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.dunning_terms import StopTarget
from faktura.kernel.money import Money
from faktura.services.opening_items import write_opening_items
from faktura.services.tenants import set_up_tenant
from faktura.store.activities import write_open
from faktura.store.bank_accounts import read_bank_accounts, write_bank_account
from faktura.store.base_rates import read_base_rates, write_base_rate
from faktura.store.billable import views_by_id
from faktura.store.catalogue import (
    list_product_groups,
    list_projects,
    list_tax_groups,
    read_catalogue,
    write_articles,
    write_product_groups,
    write_projects,
    write_tax_groups,
)
from faktura.store.commissions import read_commission_rules, write_commission_rules
from faktura.store.contracts import write_contracts
from faktura.store.customers import read_customers_by_id, write_customers
from faktura.store.discounts import write_discounts
from faktura.store.dunning_stops import write_stop
from faktura.store.ledger_accounts import read_named_accounts, write_named_account
from faktura.store.numbers import CONTRACT, CUSTOMER, DEBTOR, RangeFormat, ranges
from faktura.store.sandbox_copies import (
    balances_of,
    continue_range,
    contracts_of,
    customer_ids,
    left_open,
    projects_of_articles,
    standing_periods,
    standing_stops,
    standing_uses,
    write_standing_periods,
    write_standing_uses,
)
from faktura.store.subscriptions import write_items, write_pause, write_subscriptions
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

# Their numbers go on where they stand: what comes new in the sandbox never meets what was copied.
_GOING_ON = (CUSTOMER, CONTRACT, DEBTOR)
_SET_BY = "sandbox-copy"


@dataclass(slots=True)
class SandboxCopy:
    """A copy under way: `seen` is a transaction of the tenant, `tx` one of the sandbox.

    The counts are of what is written so far.
    """

    seen: Tx
    tx: Tx
    tenant: Tenant
    pseudonyms: Pseudonyms
    customers: int = 0
    contracts: int = 0
    periods: int = 0
    openings: int = 0
    _contracts: list[UUID] = field(default_factory=list)

    def copy_customers(self) -> Iterator[int]:
        """Copy all customers with what is theirs; says how many are done, some at a time."""
        for ids in customer_ids(self.seen):
            self._copy(ids)
            yield len(ids)

    def _copy(self, ids: Sequence[UUID]) -> None:
        people = {
            one.id: self.pseudonyms.customer(one)
            for one in _in_order(read_customers_by_id(self.seen, ids), ids)
        }
        write_customers(self.tx, people.values())
        self.customers += len(people)
        due = contracts_of(self.seen, ids)
        views = views_by_id(self.seen, due)
        write_contracts(
            self.tx, [(self.pseudonyms.contract(v.contract), due[v.contract.id]) for v in views]
        )
        self.contracts += len(views)
        self._copy_parts(views)
        periods = standing_periods(self.seen, list(due))
        self.periods += write_standing_periods(self.tx, periods)
        write_standing_uses(self.tx, standing_uses(self.seen, list(due)))
        self._contracts += due
        self._copy_open(people, ids)

    def _copy_parts(self, views: Sequence[BillableContract]) -> None:
        for view in views:
            owner = view.contract.id
            items = [self.pseudonyms.item(item) for item in view.items]
            subscriptions = {item.subscription.id: item.subscription for item in items}
            write_subscriptions(self.tx, [(owner, one) for one in subscriptions.values()])
            write_items(self.tx, [(owner, item) for item in items])
            for one in subscriptions.values():
                for pause in one.pauses:
                    write_pause(self.tx, owner, one.id, pause)
            discounts = [self.pseudonyms.contract_discount(one) for one in view.discounts]
            write_discounts(self.tx, owner, discounts)
            write_open(self.tx, owner, [self.pseudonyms.waiting(one) for one in view.activities])

    def _copy_open(self, people: dict[UUID, Customer], ids: Sequence[UUID]) -> None:
        """Bring forward what is open, and the credit that counts for no document."""
        today = local_date(self.tx.clock, self.tenant.time_zone)
        rest = {(owner, total.currency): total for owner, total in balances_of(self.seen, ids)}
        items = []
        for one in left_open(self.seen, ids):
            rest[one.customer_id, one.amount.currency] -= one.amount
            number = self.pseudonyms.opening_number()
            # The document's own id: a stop on it holds on.
            items.append(
                OpeningItem(
                    one.document_id,
                    people[one.customer_id],
                    number,
                    one.issued_on,
                    max(one.due_on, one.issued_on),
                    one.amount,
                )
            )
        for (owner, _), credit in rest.items():
            if credit:
                items.append(self._credit(people[owner], credit, today))
        write_opening_items(self.tx, self.tenant, items)
        self.openings += len(items)

    def _credit(self, of: Customer, credit: Money, today: date) -> OpeningItem:
        number = self.pseudonyms.opening_number()
        return OpeningItem(self.tx.new_id(), of, number, today, today, credit)

    def finish(self) -> None:
        """Copy what names several customers' things: commissions of partners, stops of dunning."""
        for owner, rules in read_commission_rules(self.seen, self._contracts).items():
            write_commission_rules(self.tx, owner, rules)
        for stop in standing_stops(self.seen):
            write_stop(
                self.tx,
                DunningStop(
                    stop.id,
                    StopTarget(stop.target),
                    stop.target_id,
                    "Mahnstopp",
                    _SET_BY,
                    self.tx.now(),
                    stop.until,
                ),
            )


def _in_order(found: dict[UUID, Customer], ids: Sequence[UUID]) -> Iterator[Customer]:
    return (found[one] for one in ids)


def begin_sandbox(seen: Tx, tx: Tx, key: str) -> SandboxCopy:
    """Set up the sandbox of that key with the tenant's settings and catalogue.

    Raises as `set_up_tenant`: NumberTaken where the key exists, FieldInvalid where it is none.
    """
    formats = {one.name: one for one in ranges(seen)}
    pseudonyms = Pseudonyms(_given(formats[CUSTOMER]), _given(formats[CONTRACT]))
    wanted = pseudonyms.tenant(read_tenant(seen), key)
    tenant = set_up_tenant(tx, wanted, {name: one.format for name, one in formats.items()})
    tx = replace(tx, tenant_id=tenant.id)
    for name in _GOING_ON:
        continue_range(tx, _furthest(seen, name))
    copy = SandboxCopy(seen, tx, tenant, pseudonyms)
    _copy_catalogue(copy)
    _copy_accounts(copy)
    return copy


def _given(of: RangeFormat) -> Given:
    return Given(of.format, of.next)


def _furthest(seen: Tx, name: str) -> RangeFormat:
    """The format of a range that is valid latest: it gives the numbers from now on."""
    return [one for one in ranges(seen) if one.name == name][-1]


def _copy_catalogue(copy: SandboxCopy) -> None:
    seen, tx, pseudonyms = copy.seen, copy.tx, copy.pseudonyms
    write_projects(
        tx, [replace(one, name=one.key, api_enabled=False) for one in list_projects(seen)]
    )
    write_tax_groups(tx, [pseudonyms.tax_group(one) for one in list_tax_groups(seen)])
    write_product_groups(tx, [pseudonyms.product_group(one) for one in list_product_groups(seen)])
    articles = sorted(read_catalogue(seen).articles.values(), key=lambda one: one.number)
    write_articles(tx, [pseudonyms.article(one) for one in articles], projects_of_articles(seen))


def _copy_accounts(copy: SandboxCopy) -> None:
    seen, tx = copy.seen, copy.tx
    for start, percent in read_base_rates(seen).items():
        write_base_rate(tx, start, percent)
    for number in read_named_accounts(seen):
        write_named_account(tx, number, f"Konto {number}")
    for own in read_bank_accounts(seen):
        write_bank_account(
            tx,
            BankAccount(
                own.id,
                copy.pseudonyms.iban(own.iban),
                "Sandbox",
                own.currency,
                None,
                own.ledger_account,
                own.notifications,
            ),
        )
