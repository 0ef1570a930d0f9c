"""What a text may be filled in with: kinds of values, records and lists of them, each described."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TypeAlias


@unique
class Kind(StrEnum):
    """What a value is, and so how it is written and what may be done with it."""

    TEXT = "TEXT"
    LINK = "LINK"
    NUMBER = "NUMBER"
    FLAG = "FLAG"
    DAY = "DAY"
    MONEY = "MONEY"


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A single value; `about` says to who writes texts what it is."""

    kind: Kind
    about: str


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Values by name; its amounts are in its `currency`, or in that of the record it stands in."""

    fields: Mapping[str, "Shape"]
    about: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """Any number of values or records, for a loop."""

    of: "Value | Record"
    about: str


Shape: TypeAlias = Value | Record | Listing


@dataclass(frozen=True, slots=True)
class Described:
    """A variable as it is written in a text."""

    name: str
    kind: str
    about: str


def described(record: Record, prefix: str = "") -> list[Described]:
    """Every variable of a record by the name that texts use; `[]` marks one inside a list."""
    found: list[Described] = []
    for name, shape in record.fields.items():
        path = f"{prefix}{name}"
        match shape:
            case Value():
                found.append(Described(path, shape.kind.value, shape.about))
            case Record():
                found += described(shape, f"{path}.")
            case Listing():
                found.append(Described(path, "LIST", shape.about))
                if isinstance(shape.of, Record):
                    found += described(shape.of, f"{path}[].")
    return found
