"""Customers changed by a file: each entry replaces the whole record of a customer that exists."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.customers import Customer
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import Conflict, FieldMissing, NotFound
from faktura.services.customer_events import CustomerChange, changed_customers
from faktura.services.imports.claims import Claims
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customers import CustomerSheet
from faktura.services.imports.findings import Spot
from faktura.services.mandate_records import check_mandates, record_mandates
from faktura.services.payment_accounts import served
from faktura.services.payment_events import write_events
from faktura.services.vat_requests import ask_soon
from faktura.store.accounts import account_heads
from faktura.store.customers import (
    lock_customers,
    read_customers_by_number,
    replace_customers,
)
from faktura.store.taken import Unique
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class _Present:
    """What is known of the customers before: by number, and the ids whose account has moved."""

    customers: Mapping[str, Customer]
    moved: Set[UUID]

    def changed(self, fields: CustomerFields) -> Customer:
        """The customer as the entry says; raises FieldMissing, NotFound, Conflict."""
        number = fields.customer_number
        if number is None:
            raise FieldMissing(
                "the field is missing", place="customerNumber", mend="Say which customer changes"
            )
        before = self.customers.get(number)
        if before is None:
            raise NotFound(
                f"there is no customer “{number}”",
                place="customerNumber",
                mend="Add customers with: faktura customers import",
            )
        account = fields.debtor_account or before.debtor_account
        if account != before.debtor_account and before.id in self.moved:
            # What is booked names the account: the ledger would have two for one customer.
            raise Conflict(
                f"the account {before.debtor_account} has transactions and stays",
                place="debtorAccount",
                mend=f"Leave it out, or give {before.debtor_account}",
            )
        return fields.customer(before.id, number, account)

    def moves_account(self, changed: Customer) -> bool:
        """Whether the customer's debtor account becomes another one."""
        return changed.debtor_account != self.customers[changed.number].debtor_account


def change_customers(tx: Tx, tenant: Tenant, sheet: CustomerSheet) -> list[Customer]:
    """Replace the records of a file's customers; raises ImportRefused with all that is wrong.

    What an entry leaves out has its default then, but number, id and debtor account are kept.
    Issued documents keep what they were issued with (P23).
    """
    present = _locked(tx, sheet)
    changed = []
    for entry in sheet.entries:
        spot = sheet.spot(entry)
        with spot.noting():
            changed.append((spot, present.changed(entry.fields)))
    Claims(tx, "customerNumber", None).claim_all([(spot, one.number) for spot, one in changed])
    Claims(tx, "debtorAccount", Unique.DEBTOR_ACCOUNT).claim_all(
        [(spot, one.debtor_account) for spot, one in changed if present.moves_account(one)]
    )
    _check_payment(tx, tenant, changed, present.customers)
    sheet.findings.refuse_if_any()
    customers = [one for _spot, one in changed]
    replace_customers(tx, customers)
    mandates = record_mandates(tx, tenant, customers)
    pairs = [(present.customers[one.number], one) for one in customers]
    # Whoever sends the whole file every day changes few of them: the others are no news to anybody.
    changes = [CustomerChange(before, after) for before, after in pairs if before != after]
    write_events(tx, changed_customers(tx, changes) + mandates)
    ask_soon(tx, tenant, pairs)
    return customers


def _check_payment(
    tx: Tx,
    tenant: Tenant,
    changed: Sequence[tuple[Spot, Customer]],
    before: Mapping[str, Customer],
) -> None:
    """Note new methods that no account serves, and mandates that others have (F103)."""
    accounts = served(tx)
    for spot, one in changed:
        if one.payment_method is not before[one.number].payment_method:
            with spot.noting():
                accounts.check(one.payment_method)
    check_mandates(tx, tenant, changed, before)


def _locked(tx: Tx, sheet: CustomerSheet) -> _Present:
    """The customers, read once nobody else writes to their accounts (P47)."""
    numbers = {entry.fields.customer_number or "" for entry in sheet.entries}
    ids = {found.id for found in read_customers_by_number(tx, numbers).values()}
    lock_customers(tx, ids)
    moved = {customer_id for customer_id, _currency in account_heads(tx, ids)}
    return _Present(read_customers_by_number(tx, numbers), moved)
