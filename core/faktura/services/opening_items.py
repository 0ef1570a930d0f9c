"""Opening items taken over: document, account, open item and journal entry under one seal (P54)."""

from collections.abc import Mapping, Sequence

from faktura.domain.account import AccountTransaction, opened, recorded
from faktura.domain.customers import Customer
from faktura.domain.opening_items import (
    RULES,
    OpeningItem,
    opening_entry,
    opening_faults,
    opening_snapshot,
    to_be_given,
)
from faktura.domain.tenants import Tenant
from faktura.kernel.canonical import canonical_json
from faktura.kernel.clock import local_date
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.services.imports.claims import Claims
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.findings import Spot
from faktura.services.imports.opening_file import OpeningItemFields
from faktura.services.imports.reading import Sheet, alone, read_sheet
from faktura.store.accounts import OpenItem, account_heads
from faktura.store.customers import lock_customers, read_customers_by_number
from faktura.store.facts import Facts, write_facts
from faktura.store.numbers import ranges
from faktura.store.openings import FrozenOpening
from faktura.store.taken import Unique
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

OpeningSheet = Sheet[OpeningItemFields]


def read_opening_file(file: ImportFile) -> OpeningSheet:
    """What a file of opening items says; it needs no database and so no transaction."""
    return read_sheet(file, OpeningItemFields)


def create_opening_item(tx: Tx, tenant: Tenant, fields: OpeningItemFields) -> OpeningItem:
    """Take over one item, as `import_opening_items` does; raises FieldsRefused."""
    return import_opening_items(tx, tenant, alone(fields))[0]


def import_opening_items(tx: Tx, tenant: Tenant, sheet: OpeningSheet) -> list[OpeningItem]:
    """Take over the items of a file; raises ImportRefused with everything that is wrong with it.

    A number is taken once: the same file again is refused. Nobody is told of it by an event: for
    whoever listens nothing was invoiced.
    """
    placed = [(sheet.spot(entry), entry.fields) for entry in sheet.entries]
    customers = _locked(tx, placed)
    Claims(tx, "number", Unique.DOCUMENT_NUMBER).claim_all(
        [(spot, one.number) for spot, one in placed]
    )
    given = [(own.name, own.format, own.next) for own in ranges(tx)]
    today = local_date(tx.clock, tenant.time_zone)
    items = []
    for spot, fields in placed:
        with spot.noting():
            item = _item(tx, tenant, customers, fields)
            spot.add_all(opening_faults(item, today))
            spot.add_all(to_be_given(item.number, given))
            items.append(item)
    sheet.findings.refuse_if_any()
    write_opening_items(tx, tenant, items)
    return items


def _locked(tx: Tx, placed: Sequence[tuple[Spot, OpeningItemFields]]) -> Mapping[str, Customer]:
    """The customers, read once nobody else writes to their accounts (P47)."""
    numbers = {fields.customer_number for _spot, fields in placed}
    lock_customers(tx, {found.id for found in read_customers_by_number(tx, numbers).values()})
    return read_customers_by_number(tx, numbers)


def _item(
    tx: Tx, tenant: Tenant, customers: Mapping[str, Customer], fields: OpeningItemFields
) -> OpeningItem:
    customer = customers.get(fields.customer_number)
    if customer is None:
        raise NotFound(
            f"there is no customer “{fields.customer_number}”",
            place="customerNumber",
            mend="Add the customer first",
        )
    return OpeningItem(
        tx.new_id(),
        customer,
        fields.number,
        fields.issued_on,
        fields.due_on,
        Money.from_decimal(fields.amount, fields.currency or tenant.currency, field="amount"),
        fields.text,
    )


def write_opening_items(tx: Tx, tenant: Tenant, items: Sequence[OpeningItem]) -> None:
    """Claim checked items under one seal; the accounts of their customers are locked."""
    tenant = holding_accounts(tx, tenant)
    heads = account_heads(tx, {item.customer.id for item in items})
    facts = Facts()
    for item in items:
        key = item.customer.id, item.amount.currency
        posted, heads[key] = recorded(
            heads.get(key) or opened(item.amount.currency),
            item.customer.id,
            RULES.fact,
            item.amount,
            value_date=item.issued_on,
            text=item.title,
            source=item.source,
            document_id=item.id,
        )
        _gather(facts, tenant, item, posted)
    if items:
        write_facts(tx, facts)


def _gather(facts: Facts, tenant: Tenant, item: OpeningItem, posted: AccountTransaction) -> None:
    facts.openings.append(FrozenOpening(item, canonical_json(opening_snapshot(tenant, item))))
    facts.transactions.append(posted)
    facts.entries.append(opening_entry(tenant, item))
    facts.open_items.append(
        OpenItem(item.id, item.customer.id, item.number, item.amount, item.due_on)
    )
