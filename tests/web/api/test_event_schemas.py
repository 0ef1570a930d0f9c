"""The published schema of webhooks: complete, as committed, and never changed against receivers."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from faktura.domain.events import EventType
from faktura.web.api.events.all import DATA
from faktura.web.api.events.changes import breaking_changes
from faktura.web.api.events.contracts import COMPUTED, ContractFrame
from faktura.web.api.events.page import events_page
from faktura.web.api.events.schema import schema_text, webhook_schema
from faktura.web.api.resources.contract_answers import ContractAnswer

DOCS = Path(__file__).parents[3] / "docs"
COMMITTED = json.loads((DOCS / "webhooks.schema.json").read_text(encoding="utf-8"))
Schema = dict[str, Any]


def test_the_committed_schema_and_page_are_those_of_the_models():
    """`docs/generate.py` writes them."""
    assert schema_text() == (DOCS / "webhooks.schema.json").read_text(encoding="utf-8")
    assert events_page() == (DOCS / "events.md").read_text(encoding="utf-8")


def test_nothing_that_was_published_is_broken():
    """Receivers were written for what is committed."""
    assert breaking_changes(COMMITTED, webhook_schema()) == []


def test_every_type_of_event_has_a_definition_of_the_2020_12_draft():
    """A new type without a model has no body that anybody could rely on."""
    assert set(DATA) == set(EventType)
    assert jsonschema_rs.meta.is_valid(COMMITTED)
    for kind in EventType:
        definition = COMMITTED["$defs"][kind.value]
        assert definition["properties"]["type"]["const"] == kind.value
        assert definition["required"] == [
            "id", "type", "tenant", "sequence", "occurred_at", "object", "data",
        ]  # fmt: skip


def test_a_receiver_may_not_refuse_a_field_that_it_does_not_know():
    """New fields come: no definition is closed."""
    assert '"additionalProperties": false' not in schema_text()


def test_a_contract_in_an_event_has_the_fields_of_rest_but_for_the_computed_ones():
    """Whoever adds a field to REST decides here, too."""
    assert set(ContractFrame.model_fields) == set(ContractAnswer.model_fields) - COMPUTED
    assert set(ContractAnswer.model_fields) >= COMPUTED


def changed(change: Callable[[Schema], object]) -> list[str]:
    """What breaks after a change of the definitions."""
    new = deepcopy(COMMITTED)
    change(new["$defs"])
    return breaking_changes(COMMITTED, new)


def _nullable(defs: Schema) -> None:
    defs["ItemCreated"]["properties"]["number"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def _other_words(defs: Schema) -> None:
    choices = [{"type": "string", "enum": ["SOON"]}, {"type": "null"}]
    defs["CustomerNotice"]["properties"]["nextRetryAt"]["anyOf"] = choices


def _third_choice(defs: Schema) -> None:
    defs["CustomerChanged"]["properties"]["reason"]["anyOf"].append({"type": "integer"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda defs: defs.pop("ITEM_CREATED"), "ITEM_CREATED: gone"),
        (lambda defs: defs["ItemCreated"]["properties"].pop("number"), "ItemCreated.number: gone"),
        (
            lambda defs: defs["ItemCreated"]["required"].remove("number"),
            "ItemCreated.number: may be absent now",
        ),
        (
            lambda defs: defs["ItemCreated"]["properties"]["number"].update(type="integer"),
            "ItemCreated.number: type was string, is integer",
        ),
        (_nullable, "ItemCreated.number: type was string, is None"),
        (_third_choice, "CustomerChanged.reason: may be {'type': 'integer'} now"),
        (
            lambda defs: defs["ContractTerminated"]["properties"]["documents"]["items"].update(
                type="integer"
            ),
            "ContractTerminated.documents[]: type was string, is integer",
        ),
        (
            lambda defs: defs["PaymentMethod"].pop("enum"),
            "PaymentMethod: any word now, was one of ['TRANSFER', 'SEPA_DEBIT', 'CARD', 'PAYPAL']",
        ),
        (
            lambda defs: defs["PaymentMethod"]["enum"].remove("CARD"),
            "PaymentMethod: CARD is said no more",
        ),
        (
            _other_words,
            "CustomerNotice.nextRetryAt: may be {'type': 'string', 'enum': ['SOON']} now",
        ),
        (
            lambda defs: defs["ITEM_CREATED"]["properties"]["data"].update(
                {"$ref": "#/$defs/ItemDeleted"}
            ),
            "ITEM_CREATED.data: was #/$defs/ItemCreated, is #/$defs/ItemDeleted",
        ),
    ],
    ids=[
        "type",
        "field",
        "optional",
        "retyped",
        "nullable",
        "choice",
        "list",
        "words",
        "word",
        "other words",
        "model",
    ],
)
def test_what_breaks_a_receiver_is_found(change: Callable[[Schema], object], words: str):
    """Removed, renamed, optional, retyped, opened."""
    assert words in changed(change)


@pytest.mark.parametrize(
    "change",
    [
        lambda defs: defs.update(NEW_TYPE={"type": "object"}),
        lambda defs: defs["ItemCreated"]["properties"].update(colour={"type": "string"}),
        lambda defs: defs["PaymentMethod"]["enum"].append("CASH"),
        lambda defs: defs["CustomerNotice"]["properties"]["notice"]["enum"].append("REFUNDED"),
        lambda defs: defs["ItemCreated"].update(description="An article came."),
        lambda defs: defs["ItemCreated"]["required"].append("item"),
    ],
    ids=["type", "field", "word", "word of a field", "description", "always there"],
)
def test_what_receivers_need_not_know_breaks_nothing(change: Callable[[Schema], object]):
    """New types, fields and words of an enumeration; a field that is always there now."""
    assert changed(change) == []
