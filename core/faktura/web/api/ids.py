"""Ids in queries: a UUID in its usual spelling, as answers give it."""

import re
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, WithJsonSchema

from faktura.kernel.errors import FieldInvalid, shortened
from faktura.services.imports.checks import checked

_SPELLING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def _id(value: object) -> UUID:
    if not isinstance(value, str) or not _SPELLING.fullmatch(value):
        raise FieldInvalid(
            f"“{shortened(value)}” is not an id", mend="Give the id as an answer gave it"
        )
    return UUID(value)


Id = Annotated[
    UUID, BeforeValidator(checked(_id)), WithJsonSchema({"type": "string", "format": "uuid"})
]
