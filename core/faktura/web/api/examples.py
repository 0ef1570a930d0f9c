"""Examples of requests, as a shell takes them: what is required, with values of the right type."""

import json
import shlex
from typing import Any

from faktura.web.api.bodies import JSON_TYPE
from faktura.web.api.door import BASE
from faktura.web.api.reference_fields import is_decimal, resolved

Schema = dict[str, Any]
_INDENT = 2
_BY_FORMAT = {"date": "2026-11-01", "uuid": "0199f6ec-0000-7000-8000-000000000000"}
_BY_TYPE = {"integer": 1, "boolean": True, "string": "…", "null": None}


def curl(method: str, path: str, operation: Schema, definitions: Schema) -> str:
    """The call of an operation; what stands in its path is a variable of the shell."""
    # GET is what curl does by itself.
    asked = "curl" if method == "GET" else f"curl -X {method}"
    target = BASE + path.replace("{", "$").replace("}", "")
    parts = [f'{asked} "$faktura{target}"', '-H "api-key: $api_key"']
    if method == "POST":
        parts.append('-H "Idempotency-Key: $(uuidgen)"')
    content = operation.get("requestBody", {}).get("content", {})
    if JSON_TYPE in content:
        body = example(content[JSON_TYPE]["schema"], definitions)
        parts.append(f'-H "Content-Type: {JSON_TYPE}"')
        parts.append(f"-d {shlex.quote(json.dumps(body, indent=_INDENT, ensure_ascii=False))}")
    elif content:
        parts += [f'-H "Content-Type: {next(iter(content))}"', '--data-binary "@$file"']
    if JSON_TYPE not in _answered(operation):
        parts.append("-O -J")
    return " \\\n  ".join(parts)


def example(schema: Schema, definitions: Schema) -> Any:
    """A value of the schema, with no more in it than is needed; a change names its first field."""
    whole = resolved(schema, definitions)
    if "examples" in whole:
        return whole["examples"][0]
    if "enum" in whole:
        return whole["enum"][0]
    match whole.get("type"):
        case "object":
            fields = whole.get("properties", {})
            named = whole.get("required") or list(fields)[:1]
            return {name: example(fields[name], definitions) for name in named}
        case "array":
            return [example(whole["items"], definitions)]
        case kind:
            return _plain(whole, kind)


def _plain(whole: Schema, kind: Any) -> Any:
    if is_decimal(whole):
        return "12.50"
    return _BY_FORMAT.get(whole.get("format", ""), _BY_TYPE.get(kind))


def _answered(operation: Schema) -> Schema:
    """The content of the answer when all went well."""
    first = next(iter(operation["responses"].values()))
    content: Schema = first.get("content", {})
    return content
