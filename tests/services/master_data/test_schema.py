"""What a JSON schema says of the fields: true, so that callers can check before they send."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from faktura.kernel.terms import PaymentMethod
from faktura.services.imports.catalogue_file import (
    ArticleChangeFields,
    CatalogueFields,
    TaxGroupFields,
)
from faktura.services.imports.contract_file import (
    ActivityFields,
    ContractChangeFields,
    ContractFields,
)
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.price_fields import DiscountFields, NewPricesFields, PriceFields

WHOLE = (
    CatalogueFields,
    ArticleChangeFields,
    CustomerFields,
    ContractFields,
    ContractChangeFields,
    ActivityFields,
    NewPricesFields,
)


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of what is sent."""
    return model.model_json_schema(mode="validation", by_alias=True)


def kind(model: type[BaseModel], name: str) -> dict[str, Any]:
    """What the schema says of a field's values, without its name and text; null left out."""
    found: dict[str, Any] = schema(model)["properties"][name]
    (inner,) = [one for one in found.get("anyOf", [found]) if one.get("type") != "null"]
    said = ("title", "description", "examples", "default")
    return {key: value for key, value in inner.items() if key not in said}


def objects(model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    """The schema of a model and of every object in it."""
    whole = schema(model)
    yield from (one for one in (whole, *whole.get("$defs", {}).values()) if "properties" in one)


@pytest.mark.parametrize("model", WHOLE)
def test_every_field_says_what_it_means(model):
    """The reference of the API is written from these."""
    silent = [
        (one["title"], name)
        for one in objects(model)
        for name, field in one["properties"].items()
        if not field.get("description")
    ]

    assert silent == []
    assert all(one["additionalProperties"] is False for one in objects(model))


@pytest.mark.parametrize(
    ("model", "name", "said"),
    [
        (PriceFields, "unitPrice", {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?$"}),
        (
            ActivityFields,
            "quantity",
            {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"},
        ),
        (ActivityFields, "from", {"type": "string", "format": "date"}),
        (ActivityFields, "origin", {"type": "string", "enum": ["ONE_OFF", "USAGE"]}),
        (ActivityFields, "manual", {"type": "boolean"}),
        (CustomerFields, "duePeriod", {"type": "integer", "minimum": 0, "maximum": 1000}),
        (CustomerFields, "registerNumber", {"type": "string", "maxLength": 200}),
        (CustomerFields, "taxNumber", {"type": "string", "maxLength": 200}),
        (CustomerFields, "name", {"type": "string", "maxLength": 200, "pattern": r"\S"}),
        (CustomerFields, "customerNumber", {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,36}$"}),
        (CustomerFields, "paymentMethod", {"$ref": "#/$defs/PaymentMethod"}),
        (ContractFields, "extraTextInvoiceHeader", {"type": "string", "maxLength": 10000}),
        (
            TaxGroupFields,
            "case",
            {"type": "string", "enum": ["STANDARD", "REDUCED", "EXEMPT", "SMALL_BUSINESS"]},
        ),
    ],
)
def test_a_field_says_what_it_takes(model, name, said):
    """Amounts are text, days have their format, vocabularies their words, texts their length."""
    assert kind(model, name) == said


def test_a_vocabulary_lists_its_words():
    """Once, for all fields that use it."""
    words = schema(CustomerFields)["$defs"]["PaymentMethod"]["enum"]

    assert words == ["TRANSFER", "SEPA_DEBIT", "CARD", "PAYPAL"] == list(PaymentMethod)


@pytest.mark.parametrize(
    ("name", "fits", "misfits"),
    [
        ("euTaxId", ["DE123456789", "ATU12345678", "el 123456789"], ["123456789", "D"]),
        ("debtorAccount", ["10001", "699999999"], ["70001", "1234", "1234567890"]),
        ("leitwegId", ["991-01234-38", "04011000-12345-03"], ["991_44", "9-1"]),
        ("language", ["de", "en"], ["DE", "deu"]),
        ("documentFormat", ["xrechnung-cii"], ["-x", "X"]),
        ("email", ["name@example.com"], ["nobody", "a@b", "a b@example.com"]),
    ],
)
def test_the_shape_of_a_text_is_told(name, fits, misfits):
    """Check digits are beyond a pattern, everything else is not."""
    pattern = re.compile(kind(CustomerFields, name)["pattern"])

    assert [text for text in fits if not pattern.search(text)] == []
    assert [text for text in misfits if pattern.search(text)] == []


def test_what_belongs_together_is_told():
    """F011: term and unit; a discount is either of two; a subscription has an item."""
    discount = schema(DiscountFields)
    items = schema(ContractFields)["$defs"]["SubscriptionFields"]["properties"]["items"]

    assert schema(CustomerFields)["dependentRequired"] == {
        "duePeriod": ["dueUnit"],
        "dueUnit": ["duePeriod"],
    }
    assert [one["required"] for one in discount["oneOf"]] == [["percent"], ["amount"]]
    assert items["minItems"] == 1
    assert schema(NewPricesFields)["properties"]["prices"]["minItems"] == 1
    assert schema(ContractFields)["required"] == ["customerNumber", "start", "billingInterval"]
