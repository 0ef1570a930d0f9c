"""JSON schemas of bodies and answers: short names, no titles, no null that is refused."""

from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from typing_extensions import override

_REFERENCE = "$ref"


class Schemas(GenerateJsonSchema):
    """Pydantic's schemas as the REST door means them."""

    @override
    def normalize_name(self, name: str) -> str:
        """`ItemAnswerPage` for `Page[ItemAnswer]`."""
        outer, _, inner = name.rstrip("]").rpartition(".")[2].partition("[")
        return super().normalize_name(f"{inner}{outer}" if inner else name)

    @override
    def field_title_should_be_set(self, schema: Any) -> bool:
        """No titles: they would only repeat the names of fields, spelt worse."""
        return False

    @override
    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """A default of null only says that the field may be left out."""
        described = super().default_schema(schema)
        if described.get("default", ...) is None:
            del described["default"]
        return described


def reachable(roots: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The definitions that the roots refer to, and those that they refer to in turn, by name."""
    found: set[str] = set()
    waiting = list(references(roots))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += references(definitions[name])
    return {name: definitions[name] for name in sorted(found)}


def references(schema: Any) -> Iterator[str]:
    """The names of the definitions that a schema refers to."""
    if isinstance(schema, dict):
        if _REFERENCE in schema:
            yield schema[_REFERENCE].rpartition("/")[2]
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)
