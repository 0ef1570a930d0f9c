"""A house with one tenant, a catalogue and two customers, on both databases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.tenants import Seller, Tenant
from faktura.flows.billing import RunReceipt, run_billing
from faktura.flows.imports import import_file
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import PluginMissing
from faktura.kernel.ids import Uuid7Source
from faktura.plugin import DocumentFormat
from faktura.services.contract_templates import import_templates, read_template_file
from faktura.services.imports.catalogue import import_catalogue, read_catalogue_file
from faktura.services.imports.contracts import import_contracts, read_contract_file
from faktura.services.imports.customer_changes import change_customers
from faktura.services.imports.customers import import_customers, read_customer_file
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.prices import add_prices, read_price_file
from faktura.services.opening_items import import_opening_items, read_opening_file
from faktura.services.tenants import set_up_tenant
from faktura.store.database import Database, open_database

CATALOGUE = {
    "projects": [{"key": "cloud", "name": "Nordlicht Cloud"}],
    "taxGroups": [
        {
            "key": "full",
            "case": "STANDARD",
            "rates": [
                {"validFrom": "2007-01-01", "rate": "19"},
                {"validFrom": "2020-07-01", "rate": "16"},
                {"validFrom": "2021-01-01", "rate": "19"},
            ],
        }
    ],
    "productGroups": [{"key": "hosting", "name": "Hosting", "taxGroup": "full"}],
    "articles": [
        {
            "articleNumber": "WEB-M",
            "name": "Web hosting",
            "productGroup": "hosting",
            "project": "cloud",
            "unit": "MONTH",
            "supply": "SERVICE",
            "recurring": True,
            "prices": [{"unitPrice": "30.00"}],
        },
        {
            "articleNumber": "USER",
            "name": "User",
            "productGroup": "hosting",
            "unit": "NONE",
            "supply": "SERVICE",
            "recurring": True,
            "prices": [
                {"unitPrice": "5"},
                {"unitPrice": "4.5", "fromQuantity": "10"},
                {"unitPrice": "6", "validFrom": "2027-01-01"},
            ],
        },
        {
            "articleNumber": "WEB-Y",
            "name": "Web hosting, a year",
            "productGroup": "hosting",
            "unit": "YEAR",
            "supply": "SERVICE",
            "recurring": True,
            "prices": [{"unitPrice": "300"}],
        },
        {
            "articleNumber": "SETUP",
            "name": "Setting up",
            "productGroup": "hosting",
            "unit": "HOUR",
            "supply": "SERVICE",
            "prices": [{"unitPrice": "95"}],
        },
        {
            "articleNumber": "USD-M",
            "name": "Only in dollars",
            "productGroup": "hosting",
            "unit": "MONTH",
            "supply": "SERVICE",
            "recurring": True,
            "prices": [{"unitPrice": "30", "currency": "USD"}],
        },
    ],
}
CUSTOMERS = [
    {
        "customerNumber": "K-1",
        "name": "Anna Beck",
        "isBusiness": False,
        "billingAddress": {
            "street": "Lindenweg 4",
            "zipCode": "24103",
            "city": "Kiel",
            "country": "DE",
        },
    },
    {
        "customerNumber": "K-2",
        "name": "Hafenwerk GmbH",
        "isBusiness": True,
        "billingAddress": {
            "street": "Am Kai 9",
            "zipCode": "20457",
            "city": "Hamburg",
            "country": "DE",
        },
    },
]

_WAYS: dict[str, tuple[Any, Any]] = {
    "catalogue": (read_catalogue_file, import_catalogue),
    "customers": (read_customer_file, import_customers),
    "changes": (read_customer_file, change_customers),
    "prices": (read_price_file, add_prices),
    "contracts": (read_contract_file, import_contracts),
    "balances": (read_opening_file, import_opening_items),
    "templates": (read_template_file, import_templates),
}


class NoFormats:
    """An installation without document formats."""

    offered: frozenset[str] = frozenset()

    def format_of(self, format_id: str) -> DocumentFormat:
        """No format has that name."""
        raise PluginMissing(f"no plugin offers {format_id}")


@dataclass(frozen=True, slots=True)
class House:
    """A database with a tenant, and files as a person hands them over."""

    database: Database
    tenant: Tenant

    def take(self, kind, content, *, suffix="json", rehearse=False):
        """Import bytes, text or plain values as a file named after its kind."""
        if not isinstance(content, bytes | str):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        read, write = _WAYS[kind]
        return import_file(
            self.database,
            self.tenant,
            ImportFile(f"{kind}.{suffix}", content),
            read,
            write,
            rehearse=rehearse,
        )

    def read(self, look, *args: object, **kwargs: object):
        """What a function of a transaction sees."""
        with self.database.read(self.tenant.id) as tx:
            return look(tx, *args, **kwargs)

    def write(self, act, *args: object, **kwargs: object):
        """Do one act in its own transaction."""
        with self.database.write(self.tenant.id) as tx:
            return act(tx, *args, **kwargs)

    def bill(self, on: date) -> RunReceipt:
        """Run the billing of a day."""
        return run_billing(self.database, self.tenant, NoFormats(), on)


@pytest.fixture
def empty_house(database_url: str, clock: FixedClock, ids: Uuid7Source) -> Iterator[House]:
    """A tenant that sells nothing yet; it is 31 October 2026."""
    database = open_database(database_url, clock, ids)
    seller = Seller(
        "Nordlicht Software GmbH",
        Address("Kaistraße 1", "24103", "Kiel"),
        ContactPerson("Ines Wolf", "+49 431 100", "rechnung@nordlicht.example"),
        tax_number="20/123/45678",
        iban="DE02120300000000202051",
    )
    with database.write(0) as tx:
        tenant = set_up_tenant(tx, Tenant(0, "nordlicht", seller))
    yield House(database, tenant)
    database.close()


@pytest.fixture
def house(empty_house: House) -> House:
    """The tenant with the catalogue above."""
    empty_house.take("catalogue", CATALOGUE)
    return empty_house


@pytest.fixture
def peopled(house: House) -> House:
    """The tenant with catalogue and both customers."""
    house.take("customers", CUSTOMERS)
    return house
