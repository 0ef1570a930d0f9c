"""Values as answers write them: amounts as exact texts, days and moments in ISO 8601."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer, WithJsonSchema

from faktura.kernel.money import Money

_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"


def _plain(value: Decimal) -> str:
    """Without exponent and without zeros behind the last digit that counts."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


AmountText = Annotated[
    Money,
    PlainSerializer(lambda money: str(money.decimal), return_type=str),
    WithJsonSchema({"type": "string", "pattern": _DECIMAL}),
]
# An amount that comes as a text already, with the decimals of its currency.
WrittenAmount = Annotated[str, WithJsonSchema({"type": "string", "pattern": _DECIMAL})]
DecimalText = Annotated[
    Decimal,
    PlainSerializer(_plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _DECIMAL}),
]
Moment = Annotated[
    datetime,
    PlainSerializer(_utc, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = date
Currency = Annotated[str, Field(description="ISO 4217 code.")]
