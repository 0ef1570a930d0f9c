"""Parts of an address: numbers and ids; what cannot be one names nothing that exists."""

import re
from collections.abc import Mapping
from uuid import UUID

from faktura.kernel.errors import NotFound

NUMBER = r"^[A-Za-z0-9._-]{1,36}$"
IDS = frozenset(
    {
        "id",
        "itemId",
        "activityId",
        "taskId",
        "discountId",
        "chargebackId",
        "mandateId",
        "meansId",
        "refundId",
        "connectionId",
        "mailId",
        "webhookId",
        "deliveryId",
        "stopId",
        "noticeId",
    }
)
_ID_SIGNS = "[0-9a-f-]{36}"
# What names an uploaded file or a journal entry; all others are numbers or keys, of the same signs.
_LONGER = {"bankStatement": r"^[0-9a-f]{96}$", "entryKey": r"^[A-Za-z0-9._:@-]{1,64}$"}


def check_path(given: Mapping[str, str]) -> Mapping[str, str]:
    """The parts of the address; raises NotFound for one that cannot name anything."""
    for name, value in given.items():
        if name in IDS:
            _uuid(value, name)
        elif not re.fullmatch(pattern_of(name), value):
            raise NotFound("there is nothing of that name", place=name)
    return given


def routed(path: str) -> str:
    """The path for the router, which would else take the name of an act for an id (`match`)."""
    for name in IDS:
        path = path.replace(f"{{{name}}}", f"{{{name}:{_ID_SIGNS}}}")
    return path


def pattern_of(name: str) -> str:
    """What the parameter of that name looks like, as a regular expression."""
    return _LONGER.get(name, NUMBER)


def id_of(path: Mapping[str, str], name: str = "id") -> UUID:
    """The id in the address, that of the parameter of that name."""
    return UUID(path[name])


def _uuid(text: str, name: str) -> None:
    # Only the usual spelling: one thing has one address.
    try:
        known = str(UUID(text)) == text
    except ValueError:
        known = False
    if not known:
        raise NotFound("there is nothing of that id", place=name)
