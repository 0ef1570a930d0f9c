"""The reference page: the OpenAPI document for people, on one page that needs no script."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from faktura.web import assets
from faktura.web.api.examples import curl
from faktura.web.api.reference_fields import Row, kind, row, rows
from faktura.web.language import Language
from faktura.web.pages import open_templates
from faktura.web.texts import text

Schema = dict[str, Any]
_SCOPE = "Scope: `"
_TEMPLATE = "api/reference.html"
_ADDRESSES = {"health": "/"}


@dataclass(frozen=True, slots=True)
class Content:
    """A body or an answer: what it is as a whole, and its fields."""

    media_types: tuple[str, ...]
    kind: str
    fields: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """A status with the headers that come with it, by name; `refused` ones answer a problem."""

    code: str
    description: str
    headers: dict[str, str]
    refused: bool


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[tuple[str, Row], ...]
    body: Content | None
    answer: Content | None
    statuses: tuple[Status, ...]
    curl: str


def reference_page(document: Schema) -> str:
    """The page as HTML; it is in English, as the document is."""
    components = document["components"]
    described = list(_operations(document))
    return (
        open_templates()
        .get_template(_TEMPLATE)
        .render(
            t=partial(text, Language.EN),
            url=_ADDRESSES.__getitem__,
            lang=Language.EN.value,
            signed_in=None,
            other_languages=[],
            stylesheet=assets.STYLESHEET.address,
            icon=assets.ICON.address,
            version=document["info"]["version"],
            about=document["info"]["description"],
            base=document["servers"][0]["url"],
            resources=[
                (tag, [one for name, one in described if name == tag["name"]])
                for tag in document["tags"]
            ],
            problem=tuple(rows(components["schemas"]["Problem"], components["schemas"])),
            refusals=[
                (code, response["description"])
                for code, response in components["responses"].items()
            ],
        )
    )


def _operations(document: Schema) -> Iterator[tuple[str, Described]]:
    """Every operation with the name of its resource."""
    definitions = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            description, _, scope = operation["description"].rpartition(_SCOPE)
            statuses = tuple(_statuses(operation, document))
            yield (
                operation["tags"][0],
                Described(
                    operation["operationId"],
                    method.upper(),
                    path,
                    operation["summary"],
                    description.strip(),
                    scope.rstrip("`."),
                    tuple(_parameters(operation, definitions)),
                    _content(operation.get("requestBody", {}), definitions),
                    _content(operation["responses"][statuses[0].code], definitions),
                    statuses,
                    curl(method.upper(), path, operation, definitions),
                ),
            )


def _parameters(operation: Schema, definitions: Schema) -> Iterator[tuple[str, Row]]:
    """Each parameter with where it stands."""
    for given in operation["parameters"]:
        schema = {**given["schema"], "description": given.get("description", "")}
        required = bool(given.get("required"))
        yield given["in"], row(given["name"], schema, definitions, required=required)


def _content(described: Schema, definitions: Schema) -> Content | None:
    content = described.get("content")
    if not content:
        return None
    schema = next(iter(content.values()))["schema"]
    return Content(tuple(content), kind(schema, definitions), tuple(rows(schema, definitions)))


def _statuses(operation: Schema, document: Schema) -> Iterator[Status]:
    """What went well first, then the refusals."""
    shared = document["components"]["responses"]
    for code, given in operation["responses"].items():
        response = shared[code] if "$ref" in given else given
        headers = {
            name: header["description"] for name, header in response.get("headers", {}).items()
        }
        yield Status(code, response["description"], headers, "$ref" in given)
