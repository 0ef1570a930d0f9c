"""Stripe's way to write nested parameters as a form: `a[b][0]=c`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from stripe_double.problems import Refusal

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_STEP = re.compile(r"\[([^\[\]]*)\]")

Params = dict[str, Any]


def read_form(text: str) -> Params:
    """The parameters of a body or query; lists where all names of a level are numbers."""
    found: Params = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        match = _NAME.fullmatch(name)
        if match is None:
            raise Refusal(400, f"Invalid parameter name: {name}")
        steps = [match[1], *_STEP.findall(match[2])]
        _put(found, steps, value)
    return {name: _with_lists(value) for name, value in found.items()}


def _put(level: Params, steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        level = level.setdefault(step or str(len(level)), {})
    last = steps[-1] or str(len(level))
    if last in level:
        raise Refusal(400, f"Received {last} twice", param=last)
    level[last] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(one) for name, one in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
