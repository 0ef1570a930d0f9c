"""Fields of numbers, days and closed vocabularies; nothing is converted by guessing."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticKnownError

from faktura.kernel.decimals import decimal_from_text
from faktura.kernel.errors import (
    AmountUnreadable,
    FakturaError,
    FieldInvalid,
    OutOfRange,
    UnknownTerm,
    shortened,
)
from faktura.kernel.payment_terms import MandateScheme, MandateSequence
from faktura.kernel.periods import Interval, date_from_text
from faktura.kernel.terms import (
    ArticleUnit,
    ContractKind,
    DayCount,
    IntervalUnit,
    Origin,
    PaymentMethod,
    RecipientUse,
    Renewal,
    Supply,
    TaxCase,
    term,
)
from faktura.services.imports.checks import Fields, checked, ours
from faktura.services.imports.entries import Form
from faktura.services.imports.json_entries import JsonFraction

_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
_HIGHEST_COUNT = 1_000
# As people write it and as Excel saves it, in English and in German.
_TRUTHS = dict.fromkeys(("true", "wahr", "ja", "yes", "1"), True) | dict.fromkeys(
    ("false", "falsch", "nein", "no", "0"), False
)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


def _decimal(value: object, info: ValidationInfo) -> Decimal:
    strict = _form(info) is Form.REST
    if strict and not isinstance(value, str):
        raise PydanticKnownError("string_type")
    try:
        return decimal_from_text(str(value)) if strict else _as_decimal(value)
    except FakturaError as error:
        raise ours(error) from None


def _as_decimal(value: object) -> Decimal:
    # A whole JSON number is exact everywhere; a fraction is not, whoever reads it.
    if isinstance(value, int) and not isinstance(value, bool):
        return decimal_from_text(str(value))
    if not isinstance(value, str):
        raise AmountUnreadable(
            f"“{shortened(value)}” is not an exact decimal",
            mend='Write it as text with a point, e.g. "12.50"',
        )
    return decimal_from_text(value.strip())


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise OutOfRange(f"{value} is negative", mend="Use 0 or more")
    return value


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise OutOfRange(f"{value} is not above 0", mend="Use more than 0")
    return value


def _day(value: object) -> date:
    if not isinstance(value, str):
        return date_from_text(str(value))
    day = date_from_text(value.strip())
    if not _EARLIEST <= day <= _LATEST:
        raise OutOfRange(
            f"{day} lies outside {_EARLIEST} to {_LATEST}",
            mend="Leave an end open instead of writing a far date",
        )
    return day


def _flag(value: object, info: ValidationInfo) -> object:
    if _form(info) is Form.TEXT and isinstance(value, str):
        return _TRUTHS.get(value.strip().casefold(), value)
    return value


def _whole(value: object, info: ValidationInfo) -> object:
    form = _form(info)
    if form is Form.TEXT and isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    # In a JSON schema 2.0 is the same whole number as 2, and some writers know no other.
    if form is Form.REST and isinstance(value, JsonFraction):
        whole, _, fraction = value.text.partition(".")
        return int(whole) if _WHOLE.fullmatch(whole) and not fraction.strip("0") else value
    return value


def _form(info: ValidationInfo) -> Form:
    """How the values are written; whoever says nothing is held to the strictest."""
    return Form.REST if info.context is None else Form(info.context["form"])


def _forward(value: int) -> int:
    if value < 1:
        raise OutOfRange(f"{value} does not move forward", mend="Use 1 or more")
    return value


def _count(value: int) -> int:
    if not 0 <= value <= _HIGHEST_COUNT:
        raise OutOfRange(f"{value} is out of range", mend=f"Use 0 to {_HIGHEST_COUNT}")
    return value


def _recorded_by_hand(origin: Origin) -> Origin:
    if origin not in (Origin.ONE_OFF, Origin.USAGE):
        raise FieldInvalid(f"{origin} comes into being by itself", mend="Use one of ONE_OFF, USAGE")
    return origin


def as_word(vocabulary: type[StrEnum]) -> BeforeValidator:
    """Reads a word of a closed vocabulary; any other one is refused with those that are known."""

    def check(value: object, info: ValidationInfo) -> Any:
        text = value if isinstance(value, str) else repr(value)
        try:
            return term(vocabulary, text, field=to_camel(info.field_name or ""))
        except UnknownTerm as error:
            # The model knows the whole path of the field.
            error.place = ""
            raise ours(error) from None

    return BeforeValidator(check)


def _digits(sign: str, **more: object) -> WithJsonSchema:
    """Decimal text with a point, at most six places, as a JSON schema can say it."""
    pattern = f"^{sign}[0-9]{{1,12}}(\\.[0-9]{{1,6}})?$"
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": ["12.50"], **more})


_NOTHING = {"pattern": r"^0+(\.0+)?$"}

Amount = Annotated[Decimal, BeforeValidator(_decimal), _digits("-?")]
NotNegative = Annotated[Amount, AfterValidator(checked(_not_negative)), _digits("")]
Positive = Annotated[Amount, AfterValidator(checked(_positive)), _digits("", **{"not": _NOTHING})]
Day = Annotated[
    date,
    BeforeValidator(checked(_day)),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-30"]}),
]
Flag = Annotated[bool, BeforeValidator(_flag)]
Count = Annotated[
    int,
    BeforeValidator(_whole),
    AfterValidator(checked(_count)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": _HIGHEST_COUNT}),
]
IntervalCount = Annotated[
    Count,
    AfterValidator(checked(_forward)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _HIGHEST_COUNT}),
]

UnitWord = Annotated[IntervalUnit, as_word(IntervalUnit)]
ArticleUnitWord = Annotated[ArticleUnit, as_word(ArticleUnit)]
ContractKindWord = Annotated[ContractKind, as_word(ContractKind)]
DayCountWord = Annotated[DayCount, as_word(DayCount)]
ActivityOriginWord = Annotated[
    Origin,
    as_word(Origin),
    AfterValidator(checked(_recorded_by_hand)),
    WithJsonSchema({"type": "string", "enum": [Origin.ONE_OFF.value, Origin.USAGE.value]}),
]
PaymentMethodWord = Annotated[PaymentMethod, as_word(PaymentMethod)]
MandateSchemeWord = Annotated[MandateScheme, as_word(MandateScheme)]
MandateSequenceWord = Annotated[MandateSequence, as_word(MandateSequence)]
RecipientUseWord = Annotated[RecipientUse, as_word(RecipientUse)]
RenewalWord = Annotated[Renewal, as_word(Renewal)]
SupplyWord = Annotated[Supply, as_word(Supply)]
TaxCaseWord = Annotated[TaxCase, as_word(TaxCase)]


class IntervalFields(Fields):
    """An interval: `count` times `unit`, such as 3 MONTH."""

    count: IntervalCount = Field(default=1, description="How many of the unit.")
    unit: UnitWord = Field(description="What is counted.")

    @property
    def interval(self) -> Interval:
        """The interval."""
        return Interval(self.count, self.unit)
