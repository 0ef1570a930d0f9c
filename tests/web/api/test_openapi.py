"""The OpenAPI file: valid, complete, and as committed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from faktura.domain.api_keys import Scope
from faktura.web.api.application import openapi_text, reference_text
from faktura.web.api.paths import IDS
from faktura.web.api.schemas import references

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.json"
METHODS = {"get", "post", "patch", "delete"}
# The names that users know of the acts that there are.
KNOWN = {"contractActivate", "contractVoid", "contractActivities", "contractPreview"}


@pytest.fixture(scope="module")
def document() -> Any:
    """The document."""
    return json.loads(openapi_text())


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    """Every operation with its method and path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def resolved(schema: Any, document: Any) -> Any:
    """What a schema refers to, alone or beside null."""
    choices = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    only = choices[0]
    if "$ref" in only:
        return document["components"]["schemas"][only["$ref"].rpartition("/")[2]]
    return only


def test_the_committed_file_is_the_one_that_is_served(document):
    """`docs/generate.py` writes it."""
    assert json.loads(COMMITTED.read_text()) == document


def test_the_document_fits_the_openapi_3_1_meta_schema(document):
    validator = jsonschema_rs.Draft202012Validator(OPENAPI_31)

    assert [error.message for error in validator.iter_errors(document)] == []


def test_every_schema_is_a_json_schema_of_the_2020_12_draft(document):
    schemas = document["components"]["schemas"]

    unfit = [name for name, schema in schemas.items() if not jsonschema_rs.meta.is_valid(schema)]

    assert unfit == []


def test_every_reference_leads_somewhere_and_every_schema_is_used(document):
    components = document["components"]

    named = set(references(document))

    assert named == set(components["schemas"]) | (named & set(components["responses"]))


def test_operation_ids_are_unique_and_those_that_users_know(document):
    ids = [operation["operationId"] for _place, operation in operations(document)]

    assert len(ids) == len(set(ids))
    assert set(ids) >= KNOWN


def test_every_operation_belongs_to_one_described_resource(document):
    described = [tag["name"] for tag in document["tags"] if tag["description"]]

    used = [operation["tags"] for _place, operation in operations(document)]

    assert {tag for tags in used for tag in tags} == set(described)
    assert all(len(tags) == 1 for tags in used)


def test_every_operation_says_which_scope_it_needs(document):
    lacking = [
        place
        for place, operation in operations(document)
        if not any(operation["description"].endswith(f"Scope: `{scope.value}`.") for scope in Scope)
    ]

    assert lacking == []


def test_an_operation_that_only_reads_asks_for_no_right_to_write(document):
    asked = [
        place
        for place, operation in operations(document)
        if place.startswith("get ") and ":write`" in operation["description"]
    ]

    assert asked == []


def test_every_operation_has_a_summary_of_one_sentence(document):
    summaries = {place: operation["summary"] for place, operation in operations(document)}

    unfit = [
        place
        for place, summary in summaries.items()
        if not summary.endswith(".") or "\n" in summary
    ]

    assert unfit == []


def test_every_parameter_of_an_address_is_declared_and_no_other_one(document):
    for place, operation in operations(document):
        named = {part[1:-1] for part in place.split("/") if part.startswith("{")}
        declared = {one["name"] for one in operation["parameters"] if one["in"] == "path"}

        assert declared == named, place


def test_every_query_and_header_parameter_says_what_it_is_for(document):
    silent = [
        f"{place} {given['name']}"
        for place, operation in operations(document)
        for given in operation["parameters"]
        if given["in"] != "path" and not given.get("description")
    ]

    assert silent == []


def test_every_field_of_every_body_and_answer_has_a_description(document):
    silent = [
        f"{model}.{name}"
        for model, schema in document["components"]["schemas"].items()
        for name, given in schema.get("properties", {}).items()
        if not (given.get("description") or resolved(given, document).get("description"))
    ]

    assert silent == []


def test_every_object_refuses_fields_that_it_does_not_know(document):
    open_ones = [
        model
        for model, schema in document["components"]["schemas"].items()
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False
    ]

    assert open_ones == []


def test_no_amount_of_a_body_or_answer_is_a_json_number(document):
    """JSON numbers with a fraction are not exact: readers differ in what they are."""
    numbers = [
        f"{model}.{name}"
        for model, schema in document["components"]["schemas"].items()
        for name, given in schema.get("properties", {}).items()
        if '"number"' in json.dumps(given)
    ]

    assert numbers == []


def test_a_list_in_a_change_is_replaced_whole(document):
    patch = document["components"]["schemas"]["CustomerPatch"]["properties"]

    assert resolved(patch["recipients"], document) == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/RecipientFields"},
    }


def test_what_an_object_needs_cannot_be_taken_away_by_a_change(document):
    patch = document["components"]["schemas"]["ItemPatch"]

    assert "required" not in patch
    assert patch["properties"]["name"]["type"] == "string"
    assert {"type": "null"} in patch["properties"]["costCentre"]["anyOf"]


def test_pages_are_named_after_what_they_hold(document):
    answer = document["paths"]["/Items"]["get"]["responses"]["200"]

    assert answer["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/ItemAnswerPage"
    }


def test_no_example_shows_what_a_key_looks_like_inside(document):
    """What is copied from an example is tried out; nobody's key is in one, not even a made-up one."""
    told = openapi_text() + reference_text()

    assert "api-key" in told
    assert not re.search(r"fk_[0-9]+_", told)
    assert document["security"] == [{"apiKey": []}]


def test_every_id_of_an_address_is_looked_at_before_anything_is_done(document):
    """A parameter that is called an id and is none is not found; it never reaches a handler."""
    named = set(re.findall(r"{(id|\w+Id)}", " ".join(document["paths"])))

    assert named == IDS
