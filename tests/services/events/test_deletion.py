"""Customers and articles go while nothing refers to them (CUSTOMER_DELETED, ITEM_DELETED)."""

import pytest
from tests.event_bodies import told

from faktura.kernel.errors import Conflict, NotFound
from faktura.services.article_deletion import delete_article
from faktura.services.catalogue_changes import locked_article
from faktura.services.customer_deletion import customer_to_delete, delete_customer
from faktura.store.customers import read_customer
from faktura.store.deletions import KEEPS_ARTICLE, KEEPS_CUSTOMER
from faktura.store.tables import metadata

CONTRACT = {
    "contractNumber": "V-1",
    "customerNumber": "K-1",
    "project": "cloud",
    "start": "2026-01-01",
    "billingInterval": {"unit": "MONTH"},
    "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
}


def gone_customer(tx, number):
    """Delete the customer."""
    return delete_customer(tx, customer_to_delete(tx, number))


def gone_article(tx, number):
    """Delete the article."""
    return delete_article(tx, locked_article(tx, number))


def test_a_customer_that_nothing_refers_to_is_deleted_and_told(peopled):
    """CUSTOMER_DELETED carries what it was; the number is free again."""
    gone = peopled.write(gone_customer, "K-1")

    (body,) = peopled.read(told, "CUSTOMER_DELETED")
    assert gone.name == "Anna Beck"
    assert (body["sequence"], body["object"]["number"]) == (2, "K-1")
    assert body["data"]["oldCustomer"]["name"] == "Anna Beck"
    assert "customer" not in body["data"]
    with pytest.raises(NotFound):
        peopled.read(read_customer, "K-1")
    peopled.take("customers", [{"customerNumber": "K-1", "name": "Neu", "isBusiness": False,
        "billingAddress": {"street": "A 1", "zipCode": "24103", "city": "Kiel", "country": "DE"}}])  # fmt: skip


def test_a_customer_with_a_contract_stays_and_says_why(peopled):
    """What refers to it is counted; nothing is told."""
    peopled.take("contracts", [CONTRACT, {**CONTRACT, "contractNumber": "V-2"}])

    with pytest.raises(Conflict, match="customer K-1 stays: 2 contracts refer to it") as refused:
        peopled.write(gone_customer, "K-1")

    assert refused.value.place == "customerNumber"
    assert peopled.read(told, "CUSTOMER_DELETED") == []


def test_a_partner_stays_while_a_contract_or_a_template_pays_it(peopled):
    """F079: commission rules of contracts and of templates name customers."""
    rule = {"partnerNumber": "K-2", "percent": "5", "due": "INVOICE"}
    peopled.take("contracts", [{**CONTRACT, "commissionRules": [rule]}])
    template = {name: CONTRACT[name] for name in ("billingInterval", "subscriptions", "project")}
    peopled.take(
        "templates", [{"key": "basic", "name": "Basic", **template, "commissionRules": [rule]}]
    )

    with pytest.raises(Conflict, match="1 commission rule, 1 contract template refer to it"):
        peopled.write(gone_customer, "K-2")


def test_an_unknown_customer_is_not_found(peopled):
    """Nothing is deleted by a number that nobody has."""
    with pytest.raises(NotFound):
        peopled.write(gone_customer, "K-9")


def test_an_article_that_nothing_refers_to_is_deleted_with_its_prices(house):
    """ITEM_DELETED carries what it was; the number is free again."""
    house.write(gone_article, "USER")

    (body,) = house.read(told, "ITEM_DELETED")
    assert body["object"]["number"] == "USER"
    assert [price["unitPrice"] for price in body["data"]["oldItem"]["prices"]] == ["5", "4.5", "6"]
    with pytest.raises(NotFound):
        house.write(gone_article, "USER")


def test_an_article_that_is_sold_stays_and_says_why(peopled):
    """Subscriptions and one-offs keep it, also a template alone."""
    peopled.take(
        "contracts",
        [{**CONTRACT, "activities": [
            {"articleNumber": "SETUP", "quantity": "1", "from": "2026-01-01"}]}],
    )  # fmt: skip
    template = {"billingInterval": {"unit": "MONTH"}, "project": "cloud"}
    peopled.take(
        "templates",
        [{"key": "basic", "name": "Basic", **template,
          "subscriptions": [{"items": [{"articleNumber": "USER", "quantity": "1"}]}]}],
    )  # fmt: skip

    for number, keeps in (
        ("WEB-M", "1 subscription item"),
        ("SETUP", "1 activity"),
        ("USER", "1 contract template"),
    ):
        with pytest.raises(Conflict, match=f"article {number} stays: {keeps} refer to it"):
            peopled.write(gone_article, number)


def test_every_foreign_key_to_a_customer_or_article_keeps_it():
    """A new table that refers to either is asked, too; an article's own prices go with it."""
    asked = {
        "customer": {column.table.name for column in KEEPS_CUSTOMER},
        "article": {column.table.name for column in KEEPS_ARTICLE} | {"article_price"},
    }
    for name, tables in asked.items():
        referring = {
            table.name
            for table in metadata.tables.values()
            for key in table.foreign_key_constraints
            if key.referred_table.name == name
        }
        assert referring - tables == set(), name
