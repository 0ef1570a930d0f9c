"""A kit run by hand over a connector that is broken on purpose: which of its scenarios notice."""

import inspect
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from faktura.testing.kit.connector_kit import ConnectorKit


def notices(kit: ConnectorKit, name: str, values: Mapping[str, Iterable[str]]) -> bool:
    """Whether a scenario of the kit fails; `values` are the parameters of those that have some.

    A crash of the connector counts, as it would in its own tests.
    """
    return any(_fails(kit, name, one) for one in _calls(kit, name, values))


def all_that_notice(kit: ConnectorKit, values: Mapping[str, Iterable[str]]) -> list[str]:
    """All scenarios of the kit that fail."""
    names = [name for name in dir(kit) if name.startswith("test_")]
    return [name for name in names if notices(kit, name, values)]


def _calls(
    kit: ConnectorKit, name: str, values: Mapping[str, Iterable[str]]
) -> Iterable[dict[str, str]]:
    (parameter,) = inspect.signature(getattr(kit, name)).parameters or ("",)
    return [{parameter: one} for one in values[parameter]] if parameter in values else [{}]


def _fails(kit: ConnectorKit, name: str, arguments: dict[str, str]) -> bool:
    test = getattr(kit, name)
    try:
        if "tmp_path" in inspect.signature(test).parameters:
            with tempfile.TemporaryDirectory() as folder:
                test(Path(folder))
        else:
            test(**arguments)
    except (Exception, pytest.fail.Exception):  # noqa: BLE001 - whatever a broken one raises
        return True
    return False
