"""Our checks as validators: a named error keeps its code and advice through the model."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from faktura.kernel.errors import FakturaError

T = TypeVar("T")
V = TypeVar("V")
OURS = "faktura"


class Fields(BaseModel):
    """An object of a file: camelCase names, no unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


def ours(error: FakturaError) -> PydanticCustomError:
    """A named error in the form in which a validator may raise it."""
    return PydanticCustomError(OURS, "{error}", {"error": error})


def checked(check: Callable[[V], T]) -> Callable[[V], T]:
    """A check that raises named errors, as a validator."""

    def validate(value: V) -> T:
        try:
            return check(value)
        except FakturaError as error:
            raise ours(error) from None

    return validate
