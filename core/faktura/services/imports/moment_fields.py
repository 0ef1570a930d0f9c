"""Fields of moments: written with their offset from UTC, so that nobody guesses a time zone."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from faktura.kernel.errors import FieldInvalid, shortened
from faktura.services.imports.checks import checked

_MEND = "Write it like 2026-11-30T08:00:00Z or 2026-11-30T09:00:00+01:00"


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise FieldInvalid(f"“{shortened(value)}” is no moment", mend=_MEND)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise FieldInvalid(f"“{shortened(value)}” is no moment", mend=_MEND) from None


MomentText = Annotated[
    datetime,
    BeforeValidator(checked(_moment)),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-30T08:00:00Z"]}),
]
