"""Lists of at least one entry, and of not too many; who gives others is told in our own words."""

from typing import TypeVar

from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo

from faktura.kernel.errors import FieldMissing, OutOfRange
from faktura.services.imports.checks import checked

T = TypeVar("T")


def filled_list(missing: str) -> tuple[FieldInfo, AfterValidator]:
    """Two annotations of a tuple's type: in the schema and as a check, in our own words.

    The check looks at a list whose entries can be used: a misfit in one says nothing of their number.
    """

    def at_least_one(entries: tuple[T, ...]) -> tuple[T, ...]:
        if not entries:
            raise FieldMissing(missing, mend="Give at least one")
        return entries

    shape: FieldInfo = Field(strict=False, json_schema_extra={"minItems": 1})
    return shape, AfterValidator(checked(at_least_one))


def short_list(most: int) -> tuple[FieldInfo, AfterValidator]:
    """Two annotations of a tuple's type: no request keeps an account locked for as long as it likes."""

    def at_most(entries: tuple[T, ...]) -> tuple[T, ...]:
        if len(entries) > most:
            raise OutOfRange(
                f"{len(entries)} entries are more than {most}", mend="Use several requests"
            )
        return entries

    shape: FieldInfo = Field(strict=False, json_schema_extra={"maxItems": most})
    return shape, AfterValidator(checked(at_most))
