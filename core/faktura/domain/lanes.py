"""Lanes: facts that must reach a subscriber in their order, those of one customer."""

from collections.abc import Mapping
from uuid import UUID

_CUSTOMER = "customer"
# Under which of its names a fact tells the customer's number.
_NUMBERS = ("customerNumber", "customer")


def lane_of(object_type: str, object_id: UUID, data: Mapping[str, object]) -> str:
    """The number of the customer whom a fact concerns; of a fact without one the object's id."""
    for name in _NUMBERS:
        found = data.get(name)
        if isinstance(found, str) and found:
            return found
    if object_type == _CUSTOMER and isinstance(number := data.get("number"), str) and number:
        return number
    return str(object_id)
