"""Fields of numbers, days and closed vocabularies; nothing is converted by guessing."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic.alias_generators import to_camel

from faktura.kernel.decimals import decimal_from_text
from faktura.kernel.errors import AmountUnreadable, FieldInvalid, OutOfRange, UnknownTerm, shortened
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

_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
_HIGHEST_COUNT = 1_000
# As people write it and as Excel saves it, in English and in German.
_TRUTHS = dict.fromkeys(("true", "wahr", "ja", "yes", "1"), True) | dict.fromkeys(
    ("false", "falsch", "nein", "no", "0"), False
)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


def _decimal(value: object) -> Decimal:
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
    if _is_written(info) and isinstance(value, str):
        return _TRUTHS.get(value.strip().casefold(), value)
    return value


def _whole(value: object, info: ValidationInfo) -> object:
    if _is_written(info) and isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return value


def _is_written(info: ValidationInfo) -> bool:
    """Whether every value of the file is text, as in CSV."""
    return info.context is not None and bool(info.context["written"])


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


def _word(vocabulary: type[StrEnum]) -> BeforeValidator:
    def check(value: object, info: ValidationInfo) -> Any:
        text = value if isinstance(value, str) else repr(value)
        try:
            return term(vocabulary, text, field=to_camel(info.field_name or ""))
        except UnknownTerm as error:
            # The model knows the whole path of the field.
            error.place = ""
            raise ours(error) from None

    return BeforeValidator(check)


Amount = Annotated[Decimal, BeforeValidator(checked(_decimal))]
NotNegative = Annotated[Amount, AfterValidator(checked(_not_negative))]
Positive = Annotated[Amount, AfterValidator(checked(_positive))]
Day = Annotated[date, BeforeValidator(checked(_day))]
Flag = Annotated[bool, BeforeValidator(_flag)]
Count = Annotated[int, BeforeValidator(_whole), AfterValidator(checked(_count))]
IntervalCount = Annotated[Count, AfterValidator(checked(_forward))]

UnitWord = Annotated[IntervalUnit, _word(IntervalUnit)]
ArticleUnitWord = Annotated[ArticleUnit, _word(ArticleUnit)]
ContractKindWord = Annotated[ContractKind, _word(ContractKind)]
DayCountWord = Annotated[DayCount, _word(DayCount)]
ActivityOriginWord = Annotated[Origin, _word(Origin), AfterValidator(checked(_recorded_by_hand))]
PaymentMethodWord = Annotated[PaymentMethod, _word(PaymentMethod)]
RecipientUseWord = Annotated[RecipientUse, _word(RecipientUse)]
RenewalWord = Annotated[Renewal, _word(Renewal)]
SupplyWord = Annotated[Supply, _word(Supply)]
TaxCaseWord = Annotated[TaxCase, _word(TaxCase)]


class IntervalFields(Fields):
    """`{"count": 3, "unit": "MONTH"}`."""

    count: IntervalCount = 1
    unit: UnitWord

    @property
    def interval(self) -> Interval:
        """The interval."""
        return Interval(self.count, self.unit)
