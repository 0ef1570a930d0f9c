"""What a handler may answer besides a plain object: something new, something begun, a page, a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from typing_extensions import override

A = TypeVar("A", bound=BaseModel)
R = TypeVar("R")


class Answer(BaseModel):
    """An object of an answer: camelCase names, every field always there."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        json_schema_serialization_defaults_required=True,
    )


@dataclass(frozen=True, slots=True)
class Created(Generic[A]):
    """201: the act made something that has an address of its own, relative to /api/v1.

    Where the answer holds a secret, `kept` is what is kept of it for the request that comes again.
    """

    status: ClassVar[int] = 201
    answer: A
    location: str
    kept: A | None = None


@dataclass(frozen=True, slots=True)
class Accepted(Generic[A]):
    """202: the act was written down and goes on in the background; `location` tells how far."""

    status: ClassVar[int] = 202
    answer: A
    location: str


@dataclass(frozen=True, slots=True)
class File:
    """200: bytes under their own media type; `name` is what a browser saves them as."""

    content: bytes
    media_type: str
    name: str


class Page(Answer, Generic[A]):
    """A part of a list; `nextCursor` goes on behind it, null at the end."""

    data: list[A] = Field(description="The rows, in the order of the list.")
    next_cursor: str | None = Field(description="Give it as `cursor` to read on; null at the end.")

    @classmethod
    @override
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """`CustomerAnswerPage` for a page of customers."""
        return f"{params[0].__name__}Page"


def page(
    rows: Sequence[R], limit: int, cursor: Callable[[R], str], answer: Callable[[R], A]
) -> Page[A]:
    """A page of the first `limit` rows; the reader fetched one more to know whether it is the last.

    `cursor` says where the next page begins, from the last row that is shown.
    """
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(
        data=[answer(row) for row in shown],
        next_cursor=cursor(shown[-1]) if more else None,
    )
