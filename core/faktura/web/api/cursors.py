"""Cursors: where a list goes on, written so that nobody is tempted to compute with them."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from faktura.kernel.errors import FieldInvalid
from faktura.services.imports.checks import Fields, checked, ours
from faktura.services.imports.value_fields import Count

_LONGEST = 512
_COUNTED = re.compile(r"[0-9]{1,18}", re.ASCII)
MOST = 500
_USUAL = 100


def cursor_of(*place: str) -> str:
    """The cursor that goes on behind the row at `place`."""
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str, parts: int) -> tuple[str, ...]:
    """The row behind which a cursor goes on; raises FieldInvalid for one we never gave."""
    try:
        place = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        place = None
    if (
        not isinstance(place, list)
        or len(place) != parts
        or not all(isinstance(part, str) and part.isprintable() for part in place)
    ):
        raise _none_of_ours()
    return tuple(place)


def _none_of_ours() -> FieldInvalid:
    return FieldInvalid(
        "the cursor is none of ours",
        place="cursor",
        mend="Give nextCursor of the page before as it is, with the same filters",
    )


def _at_most(count: int) -> int:
    if not 1 <= count <= MOST:
        raise ours(FieldInvalid(f"{count} rows are not given", mend=f"Use 1 to {MOST}"))
    return count


def _short(text: str) -> str:
    if len(text) > _LONGEST:
        raise FieldInvalid("the cursor is none of ours", mend="Give nextCursor as it is")
    return text


Limit = Annotated[
    Count,
    AfterValidator(_at_most),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST}),
]
Cursor = Annotated[str, AfterValidator(checked(_short))]


class Paged(Fields):
    """The query of a list: how many rows, and behind which one."""

    limit: Limit = Field(default=_USUAL, description="The most rows of a page.")
    cursor: Cursor | None = Field(
        default=None, description="`nextCursor` of the page before; left out: from the beginning."
    )

    def after(self) -> str | None:
        """The number behind which a list by number goes on."""
        return None if self.cursor is None else place_of(self.cursor, 1)[0]

    def after_id(self) -> UUID | None:
        """The id behind which a list by id goes on."""
        place = self.after()
        try:
            return None if place is None else UUID(place)
        except ValueError:
            raise _none_of_ours() from None

    def after_count(self) -> int | None:
        """The number behind which a list that counts from 1 goes on."""
        place = self.after()
        if place is not None and not _COUNTED.fullmatch(place):
            raise _none_of_ours()
        return None if place is None else int(place)
