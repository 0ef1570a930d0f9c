"""The reference connectors' own tests as modules: their kits are what broken connectors are tried on."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

_REFERENCE = Path(__file__).parents[2] / "reference"

NOTICED = (AssertionError, pytest.fail.Exception)
"""How a scenario fails: an assert of its own, or an error that did not come."""


def kit_tests(family: str) -> ModuleType:
    """`tests/test_kit.py` of a reference connector."""
    path = _REFERENCE / family / "tests" / "test_kit.py"
    spec = importlib.util.spec_from_file_location(f"kit_of_{family}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
