"""JSON as finAPI writes it: amounts are numbers, with the decimals that the bank gave."""

import json
from collections.abc import Mapping

from aiohttp import web

AMOUNTS = frozenset(
    {"amount", "originalAmount", "compensationAmount", "feeAmount", "balance", "income", "spending"}
)


def written(value: object, name: str = "") -> str:
    """The value as JSON; a text under the name of an amount is written as a number, as it stands."""
    if isinstance(value, Mapping):
        parts = (f"{json.dumps(key)}:{written(one, key)}" for key, one in value.items())
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(written(one) for one in value) + "]"
    if name in AMOUNTS and isinstance(value, str):
        return value
    return json.dumps(value)


def answer(value: object, status: int = 200) -> web.Response:
    """A yes."""
    return web.Response(text=written(value), status=status, content_type="application/json")
