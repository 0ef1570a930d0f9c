"""Connectors made on the spot: their folder, installed without an installer."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faktura.testing.scaffold.distribution import Kind, new_distribution

Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """Writes a new connector, changed as given (`file: (old, new)`), and installs it."""
    before = set(sys.modules)

    def make(kind: Kind, name: str, *changes: tuple[str, str, str]) -> Path:
        folder = new_distribution(kind, name).write(tmp_path)
        for path, old, new in changes:
            text = (folder / path).read_text() if old else ""
            assert old in text
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text.replace(old, new) if old else new)
        package = f"faktura_{name.replace('-', '_')}"
        info = tmp_path / "site" / f"{package}-0.1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Name: faktura-{name}\nVersion: 0.1.0\n")
        (info / "entry_points.txt").write_text(f"[faktura]\n{name} = {package}\n")
        monkeypatch.syspath_prepend(folder)
        monkeypatch.syspath_prepend(info.parent)
        return folder

    yield make
    for module in set(sys.modules) - before:
        if module.startswith("faktura_acme"):
            del sys.modules[module]
