"""Customers from a file: all of them or none, each with its number and debtor account (F062-F063)."""

from collections.abc import Iterator

from faktura.domain.customers import Customer
from faktura.domain.events import Event, EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.services.imports.claims import Claims, drawn_loudly, drawn_past
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.reading import Sheet, read_sheet
from faktura.services.outbox import announce
from faktura.store.customers import customer_keys, write_customers
from faktura.store.facts import Facts, write_facts
from faktura.store.numbers import CUSTOMER, DEBTOR
from faktura.store.transaction import Tx

CustomerSheet = Sheet[CustomerFields]


def read_customer_file(file: ImportFile) -> CustomerSheet:
    """What a customer file says; it needs no database and so no transaction."""
    return read_sheet(file, CustomerFields)


def import_customers(tx: Tx, tenant: Tenant, sheet: CustomerSheet) -> list[Customer]:
    """Add the customers of a file; raises ImportRefused with everything that is wrong with it.

    Numbers with any prefix are taken as given and advance no range (F063, P22); what is not given
    is drawn. Raises NumberTaken where a drawn number exists already.
    """
    keys = customer_keys(tx)
    numbers = Claims("customerNumber", keys.numbers)
    accounts = Claims("debtorAccount", keys.debtor_accounts)
    for entry in sheet.entries:
        with sheet.findings.at(entry.place):
            if entry.fields.customer_number is not None:
                numbers.claim(entry.fields.customer_number, entry.place)
        with sheet.findings.at(entry.place):
            if entry.fields.debtor_account is not None:
                accounts.claim(entry.fields.debtor_account, entry.place)
    sheet.findings.refuse_if_any()
    customers = list(_numbered(tx, tenant, sheet, numbers, accounts))
    write_customers(tx, customers)
    _tell(tx, customers)
    return customers


def _numbered(
    tx: Tx, tenant: Tenant, sheet: CustomerSheet, numbers: Claims, accounts: Claims
) -> Iterator[Customer]:
    today = local_date(tx.clock, tenant.time_zone)
    fields = [entry.fields for entry in sheet.entries]
    unnumbered = sum(one.customer_number is None for one in fields)
    without_account = sum(one.debtor_account is None for one in fields)
    drawn = iter(drawn_loudly(tx, CUSTOMER, today, unnumbered, numbers))
    debtors = iter(drawn_past(tx, DEBTOR, today, without_account, accounts))
    for one in fields:
        number = one.customer_number or next(drawn)
        account = one.debtor_account or next(debtors)
        yield one.customer(tx.new_id(), number, account)


def _tell(tx: Tx, customers: list[Customer]) -> None:
    # Personal data stays out of the events: they are kept for ever.
    created = [
        Event(EventType.CUSTOMER_CREATED, "customer", new.id, 1, {"number": new.number})
        for new in customers
    ]
    if created:
        announce(tx, write_facts(tx, Facts(events=created)))
