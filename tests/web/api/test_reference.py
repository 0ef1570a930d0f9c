"""The reference page: the whole document for people, without sign-in and without a script."""

import json
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from lxml import html

from faktura.web.api.application import openapi_text, reference_text
from faktura.web.api.examples import curl, example
from faktura.web.api.reference_fields import Row, kind, rows
from faktura.web.application import create_app


@pytest.fixture(scope="module")
def shown() -> Any:
    """The page, read as a browser reads it."""
    return html.fromstring(reference_text())


def written(node: Any) -> str:
    """The text of a part of the page, blanks joined."""
    return " ".join(node.text_content().split())


async def test_the_reference_and_the_document_are_open_to_everybody(app):
    async with TestClient(TestServer(create_app(app))) as client:
        page = await client.get("/api/docs", allow_redirects=False)
        document = await client.get("/api/openapi.json", allow_redirects=False)

        assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "<h1>API reference</h1>" in await page.text()
        assert (document.status, document.headers["Content-Type"]) == (200, "application/json")
        assert (await document.text()) == openapi_text()


def test_the_page_needs_no_script_and_nothing_from_elsewhere(shown):
    assert shown.xpath("//script | //style | //iframe | //*[@style] | //*[@onclick]") == []
    assert [one.get("href")[:8] for one in shown.xpath("//link")] == ["/static/", "/static/"]


def test_the_page_is_in_english_and_offers_no_other_language(shown):
    assert shown.get("lang") == "en"
    assert shown.xpath("//a[@hreflang]") == []


def test_the_table_of_contents_leads_to_every_operation(shown):
    document = json.loads(openapi_text())
    ids = {
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    }

    targets = {link.get("href") for link in shown.xpath("//nav//li/a")}

    assert targets == {f"#{one}" for one in ids}


def test_every_link_inside_the_page_leads_somewhere_and_no_place_has_two_names(shown):
    ids = shown.xpath("//@id")
    links = shown.xpath("//a[starts-with(@href, '#')]/@href")

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)


def test_an_operation_tells_method_path_scope_body_answer_and_statuses(shown):
    (section,) = shown.xpath("//section[@id='itemCreate']")
    body, answer = section.xpath(".//details")

    assert written(section.xpath("./h3")[0]) == "POST /Items"
    assert "scope catalogue:write" in written(section)
    assert written(body.xpath("./summary")[0]) == "Body: object, application/json"
    fields = [written(cell) for cell in body.xpath(".//td[contains(@class, 'name')]")]
    assert "prices[].unitPrice" in fields
    assert fields.index("prices") < fields.index("prices[].unitPrice")
    assert "articleNumber" in [written(cell) for cell in answer.xpath(".//td[@class='name']")]
    assert [link.text for link in section.xpath(".//dl//a")] == [
        "400", "401", "403", "404", "408", "409", "413", "415", "422", "429", "503",
    ]  # fmt: skip


def test_a_field_shows_its_words_and_whether_it_is_required(shown):
    (row,) = (
        line
        for line in shown.xpath("//section[@id='itemCreate']/details[1]//tbody/tr")
        if written(line.xpath("./td")[0]) == "supply"
    )

    name, type_of_it, meaning = row.xpath("./td")
    assert written(type_of_it) == "string, required"
    assert [code.text for code in meaning.xpath(".//code")] == ["GOODS", "SERVICE", "DIGITAL"]
    assert name.get("class") == "name"


def test_parameters_tell_where_they_stand_and_what_they_may_be(shown):
    (table,) = shown.xpath("//section[@id='itemList']/table")

    lines = [[written(cell) for cell in line.xpath("./td")] for line in table.xpath(".//tbody/tr")]

    assert lines[0] == [
        "limit",
        "query",
        "integer",
        "The most rows of a page. 1 to 500; default 100",
    ]


def test_words_between_backticks_are_code_and_everything_else_is_escaped():
    text = reference_text()

    assert "`" not in text
    assert "<code>faktura keys</code>" in text


SCHEMAS: dict[str, Any] = {
    "Kind": {"type": "string", "enum": ["A", "B"], "description": "A kind."},
    "Inner": {
        "type": "object",
        "properties": {"day": {"type": "string", "format": "date"}},
        "required": ["day"],
    },
    "Outer": {
        "type": "object",
        "properties": {
            "kind": {"$ref": "#/components/schemas/Kind"},
            "inner": {"anyOf": [{"$ref": "#/components/schemas/Inner"}, {"type": "null"}]},
            "list": {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}},
            "amount": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "default": "0"},
        },
        "required": ["kind"],
    },
}
OUTER = {"$ref": "#/components/schemas/Outer"}


def field(path: str, name: str, words: str, **more: Any) -> Row:
    """A row that says nothing but `more`."""
    nothing: dict[str, Any] = {"required": False, "description": "", "values": (), "limits": ()}
    return Row(path, name, words, **nothing | more)


def test_fields_inside_fields_follow_with_their_path():
    found = list(rows(OUTER, SCHEMAS))

    assert found == [
        field("", "kind", "string", required=True, description="A kind.", values=("A", "B")),
        field("", "inner", "object or null"),
        field("inner.", "day", "date", required=True),
        field("", "list", "list of objects"),
        field("list[].", "day", "date", required=True),
        field("", "amount", "decimal text", limits=('default `"0"`',)),
    ]


@pytest.mark.parametrize(
    ("schema", "words", "limits"),
    [
        ({"type": "integer", "minimum": 1}, "integer", ("at least 1",)),
        ({"type": "string", "maxLength": 9}, "string", ("at most 9 characters",)),
        ({"type": "string", "pattern": "^[a-z]$"}, "string", ("matches `^[a-z]$`",)),
        ({"type": "string", "pattern": "x" * 33}, "string", ()),
        ({"type": "string", "contentMediaType": "application/pdf"}, "bytes", ()),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "string or integer", ()),
        ({}, "any", ()),
    ],
)
def test_a_type_and_its_limits_are_told_in_words(schema, words, limits):
    (found,) = rows({"type": "object", "properties": {"x": schema}}, {})

    assert kind(schema, {}) == words
    assert found.limits == limits


def test_an_example_holds_what_is_required_and_no_more():
    assert example(OUTER, SCHEMAS) == {"kind": "A"}
    assert example(SCHEMAS["Outer"]["properties"]["list"], SCHEMAS) == [{"day": "2026-11-01"}]
    assert example(SCHEMAS["Outer"]["properties"]["amount"], SCHEMAS) == "12.50"
    assert example({"type": "string", "examples": ["K-1"]}, SCHEMAS) == "K-1"
    assert example({"type": "boolean"}, SCHEMAS) is True


def test_an_example_of_a_change_names_one_field():
    change = {"type": "object", "properties": {"b": {"type": "integer"}, "a": {"type": "string"}}}

    assert example(change, {}) == {"b": 1}


def test_a_call_without_a_body_reads_with_the_key_alone():
    operation: dict[str, Any] = {"responses": {"200": {"content": {"application/json": {}}}}}

    assert curl("GET", "/Items/{articleNumber}", operation, {}) == (
        'curl "$faktura/api/v1/Items/$articleNumber" \\\n  -H "api-key: $api_key"'
    )


def test_a_call_with_a_body_quotes_it_for_the_shell():
    body = {"type": "object", "properties": {"a": {"enum": ["it's"]}}, "required": ["a"]}
    operation = {
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"201": {"content": {"application/json": {}}}},
    }

    assert curl("POST", "/Items", operation, {}).splitlines() == [
        'curl -X POST "$faktura/api/v1/Items" \\',
        '  -H "api-key: $api_key" \\',
        '  -H "Idempotency-Key: $(uuidgen)" \\',
        '  -H "Content-Type: application/json" \\',
        "  -d '{",
        '  "a": "it\'"\'"\'s"',
        "}'",
    ]


def test_a_call_that_sends_or_fetches_a_file_names_it():
    sends = {
        "requestBody": {"content": {"application/octet-stream": {}}},
        "responses": {"202": {"content": {"application/json": {}}}},
    }
    fetches: dict[str, Any] = {"responses": {"200": {"content": {"*/*": {}}}}}

    assert curl("POST", "/Files", sends, {}).endswith(
        '-H "Content-Type: application/octet-stream" \\\n  --data-binary "@$file"'
    )
    assert curl("GET", "/Files/{id}", fetches, {}).endswith("-O -J")
