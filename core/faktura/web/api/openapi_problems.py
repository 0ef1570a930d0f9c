"""Problems in the OpenAPI file: one schema, one described response a status."""

from http import HTTPStatus
from typing import Any

from faktura.web.api.operation import Operation
from faktura.web.api.problems import MEDIA_TYPE

_MEANING = {
    400: "The request does not fit the schema: malformed, a wrong type, an unknown or missing field.",
    401: "The `api-key` is missing, unknown, expired or revoked.",
    403: "The key may not do this: its scopes, its addresses, or no project is switched on for it.",
    404: "Nothing of that number exists for this key.",
    405: "The address does not take this method.",
    408: "The body did not arrive in time.",
    409: "Another fact is in the way: a number is taken, or the Idempotency-Key was used before.",
    412: "The object was changed since it was read (If-Match).",
    413: "The body is too large.",
    415: "The body has another content type than declared here.",
    422: "Everything is readable; a rule forbids the act, or a value cannot be meant.",
    429: "Too many requests; `Retry-After` says for how long.",
    503: "The service cannot answer now; repeat the request.",
}

_ERROR = {
    "errorKey": {"type": "string", "description": "Stable name of the kind of error."},
    "errorMessage": {"type": "string", "description": "What is wrong, for people."},
    "field": {
        "type": "string",
        "description": "JSON pointer into the body, or the name of a parameter or header.",
    },
    "spot": {
        "type": "string",
        "description": "Where in the field's text: `column 7`, or `line 2, column 7`.",
    },
    "mend": {"type": "string", "description": "What to do about it."},
}

PROBLEM_SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "An error as RFC 9457 describes it.",
        "properties": {
            "type": {"type": "string", "description": "Always about:blank; see `errorKey`."},
            "title": {"type": "string", "description": "The status in words."},
            "status": {"type": "integer", "description": "The status of the answer."},
            "detail": {"type": "string", "description": "The same as `errorMessage`."},
            **_ERROR,
            "requestId": {
                "type": "string",
                "format": "uuid",
                "description": "Leads to the request in the log.",
            },
            "errors": {
                "type": "array",
                "description": "Every error, where there are several; of very many the first.",
                "items": {
                    "type": "object",
                    "properties": _ERROR,
                    "required": ["errorKey", "errorMessage"],
                    "additionalProperties": False,
                },
            },
        },
        "required": [
            *("type", "title", "status", "detail", "errorKey", "errorMessage", "requestId"),
        ],
        "additionalProperties": False,
    }
}

PROBLEM_RESPONSES: dict[str, Any] = {
    str(status): {
        "description": f"{HTTPStatus(status).phrase}. {meaning}",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, meaning in _MEANING.items()
}

_ALWAYS = (400, 401, 403, 404, 422, 429, 503)


def statuses_of(operation: Operation) -> list[int]:
    """The statuses with which an operation may refuse."""
    more: tuple[int, ...] = ()
    if operation.method != "GET":
        more += (408, 409, 413)
    if operation.method == "PATCH":
        more += (412,)
    if operation.body is not None:
        more += (415,)
    return sorted((*_ALWAYS, *more))
