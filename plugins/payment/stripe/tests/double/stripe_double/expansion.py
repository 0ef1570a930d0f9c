"""Expanding: ids in an answer that are replaced by their objects, up to four levels deep."""

from typing import Any

from stripe_double.problems import Json, Refusal
from stripe_double.store import Store
from stripe_double.world import shown

_DEEPEST = 4
_EXPANDABLE = frozenset(
    {
        "balance_transaction",
        "charge",
        "customer",
        "latest_charge",
        "mandate",
        "payment_intent",
        "payment_method",
        "setup_intent",
    }
)


def expanded(store: Store, thing: Json, paths: list[str]) -> Json:
    """An answer with what was asked for along with it; a copy."""
    copy = shown(thing)
    if copy.get("object") == "list":
        copy["data"] = [shown(one) for one in copy["data"]]
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise Refusal(400, "You cannot expand more than 4 levels", param="expand")
        _expand(store, copy, steps)
    return copy


def _expand(store: Store, thing: Json, steps: list[str]) -> None:
    first, rest = steps[0], steps[1:]
    if first == "data" and isinstance(thing.get("data"), list):
        for one in thing["data"]:
            _expand(store, one, rest)
        return
    if first not in thing or first not in _EXPANDABLE:
        raise Refusal(400, f"This property cannot be expanded ({first}).", param="expand")
    value: Any = thing[first]
    if isinstance(value, str):
        found = store.any(value)
        if found is None:
            return
        value = thing[first] = shown(found)
    if rest and isinstance(value, dict):
        _expand(store, value, rest)
