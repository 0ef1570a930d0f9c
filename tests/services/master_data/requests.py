"""Objects as a request gives them, and what is said of those that are refused."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import pytest
from pydantic import BaseModel

from faktura.services.imports.entries import Form
from faktura.services.imports.findings import FieldsRefused
from faktura.services.imports.validation import fields_of
from faktura.store.events import events_of_seal
from faktura.store.transaction import Tx

Model = TypeVar("Model", bound=BaseModel)


def asked(model: type[Model], values: Mapping[str, object]) -> Model:
    """The fields of a request."""
    return fields_of(model, values, Form.REST)


def refused_parts(act: Callable[[], object]) -> list[tuple[str, str]]:
    """Code and place of everything that is wrong."""
    with pytest.raises(FieldsRefused) as refused:
        act()
    return [(part.code, part.place) for part in refused.value.parts]


def event_types(tx: Tx, seal: int) -> list[str]:
    """The types of a transaction's events; none where it wrote none."""
    return [found.type for found in events_of_seal(tx, seal)]
