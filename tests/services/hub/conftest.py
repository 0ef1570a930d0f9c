"""Plugins made on the spot: real distributions on the import path, without an installer."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

Install = Callable[..., str]

HEAD = """
from faktura.plugin import *


def manifest(name, api_version=API_VERSION):
    return PluginManifest(name=name, version="1", api_version=api_version, families=())
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a plugin of that name whose top module has this source; gives back the name."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def make(name: str, source: str, *, entry: str = "", distribution: str = "") -> str:
        module = f"made_{name.replace('-', '_')}"
        (tmp_path / f"{module}.py").write_text(HEAD + dedent(source))
        info = tmp_path / f"{distribution or module}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {distribution or module}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[faktura]\n{name} = {entry or module}\n")
        return name

    yield make
    for module in set(sys.modules) - before:
        if module.startswith("made_"):
            del sys.modules[module]
