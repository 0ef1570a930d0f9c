"""The OpenAPI 3.1 file, made from the operations: what is not declared cannot be described."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from faktura.web.api.bodies import JSON_TYPE
from faktura.web.api.door import BASE
from faktura.web.api.openapi_problems import PROBLEM_RESPONSES, PROBLEM_SCHEMAS, statuses_of
from faktura.web.api.operation import Operation, Resource
from faktura.web.api.paths import IDS, pattern_of
from faktura.web.api.schemas import Schemas, reachable

Schema = dict[str, Any]
_REF = "#/components/schemas/{model}"
_STATUS_WORDS = {200: "Done", 201: "Made", 202: "Begun"}
_ABOUT = """\
Contracts in, invoices, payments and postings out. A key belongs to a tenant and reaches one project or all that are
switched on (`faktura keys`). Amounts and quantities are decimal texts, days are ISO dates in the tenant's time zone,
moments are UTC. A body with an unknown field or a wrong type is refused with the path of the field. Every POST takes an
`Idempotency-Key`: the same request under the same key is done once and gets the same answer for seven days. Lists are
read a page at a time by `cursor`."""


def openapi(resources: Iterable[Resource]) -> Schema:
    """The document of these resources, in their order."""
    listed = list(resources)
    operations = [operation for resource in listed for operation in resource.operations]
    models, definitions = _schemas(operations)
    paths: dict[str, Schema] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, models
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "faktura", "version": version("faktura"), "description": _ABOUT},
        "servers": [{"url": BASE}],
        "security": [{"apiKey": []}],
        "tags": [{"name": one.name, "description": one.description} for one in listed],
        "paths": paths,
        "components": {
            "securitySchemes": {"apiKey": {"type": "apiKey", "in": "header", "name": "api-key"}},
            "schemas": {**definitions, **PROBLEM_SCHEMAS},
            "responses": PROBLEM_RESPONSES,
        },
    }


Models = Mapping[tuple[type[BaseModel], str], Schema]


def _schemas(operations: Sequence[Operation]) -> tuple[Models, Schema]:
    """Each model's reference, and what the references lead to, by name."""
    bodies = {operation.body for operation in operations if operation.body}
    answers = {operation.answer for operation in operations if operation.answer}
    wanted = [
        *((model, "validation") for model in sorted(bodies, key=_name)),
        *((model, "serialization") for model in sorted(answers, key=_name)),
    ]
    references, found = models_json_schema(
        wanted,  # type: ignore[arg-type]  # modes are literals
        by_alias=True,
        ref_template=_REF,
        schema_generator=Schemas,
    )
    models = cast("Models", references)
    return models, reachable(list(models.values()), found.get("$defs", {}))


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def _operation(operation: Operation, models: Models) -> Schema:
    described: Schema = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": f"{operation.description}\n\nScope: `{operation.scope}`.".strip(),
        "parameters": [*_path_parameters(operation), *_query(operation), *_headers(operation)],
        "responses": _responses(operation, models),
    }
    if operation.uploads:
        described["requestBody"] = {
            "required": True,
            "content": {
                "application/octet-stream": {
                    "schema": {
                        "type": "string",
                        "contentMediaType": "application/octet-stream",
                        "minLength": 1,
                    }
                },
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "file": {
                                "type": "string",
                                "contentMediaType": "application/octet-stream",
                            }
                        },
                        "required": ["file"],
                    }
                },
            },
        }
    elif operation.body is not None:
        schema = models[operation.body, "validation"]
        described["requestBody"] = {"required": True, "content": {JSON_TYPE: {"schema": schema}}}
    return described


def _path_parameters(operation: Operation) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"}
            if name in IDS
            else {"type": "string", "pattern": pattern_of(name)},
        }
        for name in operation.parameters
    ]


def _query(operation: Operation) -> list[Schema]:
    schema = operation.query.model_json_schema(by_alias=True, schema_generator=Schemas)
    definitions = schema.get("$defs", {})
    required = schema.get("required", [])
    found = []
    for name, given in schema.get("properties", {}).items():
        own = _inlined(given, definitions)
        found.append(
            {
                "name": name,
                "in": "query",
                "required": name in required,
                "description": own.pop("description", ""),
                "schema": own,
            }
        )
    return found


def _inlined(schema: Any, definitions: Schema) -> Any:
    """A parameter's schema on its own: no null, which a query cannot say, and no reference."""
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = definitions[schema["$ref"].rpartition("/")[2]]
        return {**_inlined(named, definitions), **_without(schema, "$ref")}
    if "anyOf" in schema:
        choices = [one for one in schema["anyOf"] if one.get("type") != "null"]
        if len(choices) == 1:
            own = _without(schema, "anyOf", "default")
            return {**_inlined(choices[0], definitions), **own}
    return {
        name: _inlined(value, definitions) if name == "items" else value
        for name, value in schema.items()
        if not (name == "default" and value is None)
    }


def _without(schema: Schema, *names: str) -> Schema:
    return {name: value for name, value in schema.items() if name not in names}


def _headers(operation: Operation) -> list[Schema]:
    found = []
    if operation.method == "POST":
        found.append(
            _header(
                "Idempotency-Key",
                "Does the act once however often the request is sent; 1 to 64 printable ASCII"
                " characters.",
                {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]+$"},
            )
        )
    if operation.method == "PATCH":
        found.append(
            _header("If-Match", "Changes only the state with this ETag.", {"type": "string"})
        )
    if operation.method == "GET" and operation.tagged:
        found.append(_header("If-None-Match", "Answers 304 for the state with this ETag.", _TEXT))
    return found


_TEXT = {"type": "string"}


def _header(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "header", "description": description, "schema": schema}


def _responses(operation: Operation, models: Models) -> Schema:
    content: Schema
    if operation.answer is None:
        content = {"*/*": {"schema": {}}}
    else:
        content = {JSON_TYPE: {"schema": models[operation.answer, "serialization"]}}
    done: Schema = {"description": _STATUS_WORDS[operation.status], "content": content}
    headers: Schema = {}
    if operation.status in (201, 202):
        headers["Location"] = {"description": "Where it is now.", "schema": _TEXT}
    if operation.tagged:
        headers["ETag"] = {"description": "Stands for this very state.", "schema": _TEXT}
    if headers:
        done["headers"] = headers
    responses: Schema = {str(operation.status): done}
    if operation.method == "GET" and operation.tagged:
        responses["304"] = {"description": "Not changed."}
    for status in statuses_of(operation):
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
    return responses
