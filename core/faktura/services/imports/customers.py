"""Customers from a file or one alone, each with its number and debtor account (F062-F063)."""

from collections.abc import Iterator, Sequence

from faktura.domain.customers import Customer
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.services.customer_events import created_customers
from faktura.services.imports.claims import Claims, drawn_loudly, drawn_past
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.findings import Spot
from faktura.services.imports.reading import Placed, Sheet, alone, read_sheet
from faktura.services.mandate_records import check_mandates, record_mandates
from faktura.services.payment_accounts import served
from faktura.services.payment_events import write_events
from faktura.services.vat_requests import ask_soon
from faktura.store.customers import write_customers
from faktura.store.numbers import CUSTOMER, DEBTOR
from faktura.store.taken import Unique
from faktura.store.transaction import Tx

CustomerSheet = Sheet[CustomerFields]


def read_customer_file(file: ImportFile) -> CustomerSheet:
    """What a customer file says; it needs no database and so no transaction."""
    return read_sheet(file, CustomerFields)


def create_customer(tx: Tx, tenant: Tenant, fields: CustomerFields) -> Customer:
    """Add one customer; raises FieldsRefused, and NumberTaken as `import_customers` does."""
    return import_customers(tx, tenant, alone(fields))[0]


def import_customers(tx: Tx, tenant: Tenant, sheet: CustomerSheet) -> list[Customer]:
    """Add the customers of a file; raises ImportRefused with everything that is wrong with it.

    Numbers with any prefix are taken as given and advance no range (F063, P22); what is not given
    is drawn. Raises NumberTaken where a drawn number exists already.
    """
    numbers = Claims(tx, "customerNumber", Unique.CUSTOMER_NUMBER)
    accounts = Claims(tx, "debtorAccount", Unique.DEBTOR_ACCOUNT)
    placed = [(sheet.spot(entry), entry.fields) for entry in sheet.entries]
    numbers.claim_all([(spot, one.customer_number) for spot, one in placed if one.customer_number])
    accounts.claim_all([(spot, one.debtor_account) for spot, one in placed if one.debtor_account])
    sheet.findings.refuse_if_any()
    customers = list(_numbered(tx, tenant, sheet.entries, numbers, accounts))
    named = [(spot, new) for (spot, _), new in zip(placed, customers, strict=True)]
    _check_payment(tx, tenant, named)
    sheet.findings.refuse_if_any()
    write_customers(tx, customers)
    mandates = record_mandates(tx, tenant, customers)
    write_events(tx, created_customers(customers) + mandates)
    ask_soon(tx, tenant, [(None, one) for one in customers])
    return customers


def _check_payment(tx: Tx, tenant: Tenant, named: Sequence[tuple[Spot, Customer]]) -> None:
    """Note methods that no account serves, and mandates that others have (F103)."""
    accounts = served(tx)
    for spot, new in named:
        with spot.noting():
            accounts.check(new.payment_method)
    check_mandates(tx, tenant, named)


def _numbered(
    tx: Tx,
    tenant: Tenant,
    entries: Sequence[Placed[CustomerFields]],
    numbers: Claims,
    accounts: Claims,
) -> Iterator[Customer]:
    today = local_date(tx.clock, tenant.time_zone)
    fields = [entry.fields for entry in entries]
    unnumbered = sum(one.customer_number is None for one in fields)
    without_account = sum(one.debtor_account is None for one in fields)
    drawn = iter(drawn_loudly(CUSTOMER, today, unnumbered, numbers))
    debtors = iter(drawn_past(DEBTOR, today, without_account, accounts))
    for one in fields:
        number = one.customer_number or next(drawn)
        account = one.debtor_account or next(debtors)
        yield one.customer(tx.new_id(), number, account)
