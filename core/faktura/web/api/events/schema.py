"""The published schema of webhooks: JSON Schema 2020-12, one definition a type of event.

Objects are open: a field that a receiver does not know is no reason to refuse a body.
"""

import json
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from faktura.domain.events import EventType
from faktura.domain.webhooks import PING
from faktura.web.api.events.all import DATA
from faktura.web.api.events.envelope import EventBody, Told
from faktura.web.api.events.house import EndpointPinged
from faktura.web.api.schemas import Schemas

if TYPE_CHECKING:
    from pydantic import BaseModel

Schema = dict[str, Any]

_PLACE = "#/$defs/{model}"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ABOUT = (
    "What faktura posts to an endpoint of webhooks: one definition a type of event, under the type's"
    " name. Fields are never removed, renamed or given another type within one major version; new"
    " fields, new types of events and new words of an enumeration may come."
)
_OF_A_PING = {
    "const": 0,
    "description": "A ping is no fact, and is not counted.",
    "type": "integer",
}


def webhook_schema() -> Schema:
    """The whole schema: `oneOf` over the types of events, each with its data, and the ping."""
    models: list[type[Told]] = [*dict.fromkeys(DATA.values()), EndpointPinged]
    wanted: list[type[BaseModel]] = [EventBody[Told], *models]
    _names, made = models_json_schema(
        [(model, "validation") for model in wanted],
        ref_template=_PLACE,
        schema_generator=Schemas,
    )
    definitions: Schema = made["$defs"]
    envelope = definitions.pop(f"{Told.__name__}{EventBody.__name__}")
    definitions.pop(Told.__name__)
    bodies = {kind.value: _body(kind.value, DATA[kind], envelope) for kind in EventType}
    bodies[PING] = _body(PING, EndpointPinged, envelope)
    bodies[PING]["properties"]["sequence"] = _OF_A_PING
    definitions |= bodies
    whole: Schema = _opened(
        {
            "$schema": _DIALECT,
            "title": "faktura webhooks",
            "description": _ABOUT,
            "oneOf": [{"$ref": _PLACE.format(model=kind)} for kind in bodies],
            "$defs": dict(sorted(definitions.items())),
        }
    )
    return whole


def schema_text() -> str:
    """The schema as `docs/webhooks.schema.json` has it."""
    return json.dumps(webhook_schema(), indent=2, ensure_ascii=False) + "\n"


def _body(kind: str, model: type[Told], envelope: Schema) -> Schema:
    fields: Schema = {
        **envelope["properties"],
        "type": {"const": kind, "description": "The type of event."},
        "data": {"$ref": _PLACE.format(model=model.__name__)},
    }
    described = {"description": model.__doc__, "type": "object", "properties": fields}
    return {**described, "required": envelope["required"]}


def _opened(schema: Any) -> Any:
    """The schema without what refuses fields that it does not name."""
    if isinstance(schema, list):
        return [_opened(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _opened(part)
        for key, part in schema.items()
        if not (key == "additionalProperties" and part is False)
    }
