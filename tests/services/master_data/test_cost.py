"""One object costs the same in a large house: no act walks through a table that grows with it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event
from tests.services.imports.conftest import House
from tests.services.master_data.requests import asked

from faktura.services.catalogue_changes import changed_article, locked_article, repriced_article
from faktura.services.contract_changes import changed_contract, locked_contract
from faktura.services.contract_view import (
    ContractQuery,
    contract_subscriptions,
    list_contracts,
    show_contract,
)
from faktura.services.contracts import activate_contracts, add_activity
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.imports.catalogue import create_article
from faktura.services.imports.catalogue_file import ArticleFields
from faktura.services.imports.contract_file import ActivityFields, ContractFields
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customers import create_customer
from faktura.services.imports.price_fields import NewPricesFields
from faktura.store.transaction import Tx

GROWING = "customer|contract|subscription|subscription_item|article|article_price|activity|event"
WALK = re.compile(rf"(SCAN ({GROWING})\b|SEARCH ({GROWING}) USING .*\(tenant_id=\?\))")
CUSTOMER = asked(
    CustomerFields, {"name": "Otto", "isBusiness": False, "billingAddress": {"country": "DE"}}
)
CONTRACT = {
    "customerNumber": "K-1",
    "start": "2026-10-01",
    "billingInterval": {"unit": "MONTH"},
    "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
}
ACTIVITY = asked(ActivityFields, {"articleNumber": "SETUP", "quantity": "1", "from": "2026-10-20"})
ARTICLE = asked(
    ArticleFields,
    {
        "articleNumber": "NEW",
        "name": "New",
        "productGroup": "hosting",
        "unit": "MONTH",
        "supply": "SERVICE",
        "prices": [{"unitPrice": "1"}],
    },
)
PRICES = asked(NewPricesFields, {"prices": [{"unitPrice": "9", "validFrom": "2027-01-01"}]})

Act = Callable[[Tx, House], object]
ACTS: dict[str, Act] = {
    "create a customer": lambda tx, h: create_customer(tx, h.tenant, CUSTOMER),
    "change a customer": lambda tx, h: changed_customer(
        tx, h.tenant, locked_customer(tx, "K-1"), {"email": "a@beck.example"}
    ),
    "create a contract": lambda tx, h: create_contract(
        tx, h.tenant, asked(ContractFields, CONTRACT)
    ),
    "activate it": lambda tx, h: activate_contracts(tx, h.tenant, ["V-1"]),
    "record an activity": lambda tx, h: add_activity(tx, h.tenant, "V-1", ACTIVITY),
    "change a contract": lambda tx, _: changed_contract(
        tx, locked_contract(tx, "V-1"), {"orderReference": "PO 1"}
    ),
    "show a contract": lambda tx, _: show_contract(tx, "V-1"),
    "show its subscriptions": lambda tx, _: contract_subscriptions(tx, "V-1"),
    "list those of a customer": lambda tx, _: list_contracts(
        tx, ContractQuery(customer_number="K-1"), limit=10
    ),
    "create an article": lambda tx, h: create_article(tx, h.tenant, ARTICLE),
    "change an article": lambda tx, _: changed_article(
        tx, locked_article(tx, "WEB-M"), {"name": "Hosting"}
    ),
    "price an article": lambda tx, h: repriced_article(
        tx, h.tenant, locked_article(tx, "WEB-M"), PRICES
    ),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ACTS)
def test_one_object_is_looked_up_by_indexes(peopled, name):
    """SQLite says how it will read: it has no statistics, so the plan is the same for any size."""
    peopled.take("contracts", [{**CONTRACT, "contractNumber": "V-1"}])
    plans: list[str] = []

    def explain(connection: Connection, _cursor, statement, values, _context, _many):
        driver = connection.connection.driver_connection
        if driver is not None and statement.lstrip().startswith("SELECT"):
            steps = driver.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(step[3] for step in steps.fetchall())

    event.listen(peopled.database.engine, "before_cursor_execute", explain)
    peopled.write(ACTS[name], peopled)

    assert plans
    assert [step for step in plans if WALK.match(step)] == []


def test_a_walk_through_a_table_would_be_noticed():
    """The check above can fail."""
    walks = ["SCAN contract", "SEARCH activity USING INDEX ix (tenant_id=?)"]
    looked_up = "SEARCH activity USING INDEX ix (tenant_id=? AND contract_id=?)"

    assert [step for step in (*walks, looked_up) if WALK.match(step)] == walks
