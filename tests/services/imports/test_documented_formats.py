"""The format page says what the formats are, and its examples can be imported."""

import re
from pathlib import Path

import pytest

from faktura.services.contract_templates import list_templates
from faktura.services.imports.catalogue_file import CatalogueFields
from faktura.services.imports.contract_file import ContractFields
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.known_fields import known_fields
from faktura.services.imports.opening_file import OpeningItemFields
from faktura.services.imports.price_fields import ArticlePricesFields
from faktura.services.imports.template_file import TemplateFields
from faktura.store.accounts import read_open_items
from faktura.store.contract_overview import ContractFilter, find_contracts
from faktura.store.customers import list_customers

PAGE = (Path(__file__).parents[3] / "docs/imports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "model",
    [
        CatalogueFields,
        ArticlePricesFields,
        CustomerFields,
        ContractFields,
        TemplateFields,
        OpeningItemFields,
    ],
)
def test_every_field_is_documented(model):
    """A field nobody can read about does not exist for a user."""
    names = {part for path in known_fields(model) for part in path.split(".") if part != "*"}

    assert {name for name in names if not re.search(rf"\b{name}\b", PAGE)} == set()


def test_the_examples_of_the_page_are_imported(empty_house):
    """First use: catalogue, prices, customers, contracts, templates, balances, in this order."""
    catalogue, prices, contracts, templates = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    customers, balances = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)

    empty_house.take("catalogue", catalogue)
    empty_house.take("prices", prices)
    empty_house.take("customers", customers, suffix="csv")
    empty_house.take("contracts", contracts)
    empty_house.take("templates", templates)
    empty_house.take("balances", balances, suffix="csv")

    assert [one.number for one in empty_house.read(list_customers)] == ["K-000001", "K-100"]
    contracts = empty_house.read(find_contracts, ContractFilter())
    assert [one.contract.number for one in contracts] == ["V-000001"]
    assert [one.key for one in empty_house.read(list_templates)] == ["hosting"]
    items = empty_house.read(read_open_items)
    assert [(one.number, str(one.open)) for one in items] == [
        ("G-2026-12", "-5.00 EUR"),
        ("R-2026-417", "35.70 EUR"),
    ]
