"""The official e-invoice rules, as the XRechnung plugin's own tests run them."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import saxonche

_CONFTEST = (
    Path(__file__).parents[2] / "plugins" / "einvoice" / "xrechnung" / "tests" / "conftest.py"
)


@contextmanager
def official_rules() -> Iterator[Any]:
    """XSD, CEN and KoSIT rules of CII and UBL; `broken_by(bytes)` names those a document breaks."""
    rules = _module()
    with saxonche.PySaxonProcessor(license=False) as processor:
        yield rules.OfficialRules(processor)


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("official_rules_of_the_plugin", _CONFTEST)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
