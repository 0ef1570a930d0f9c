"""The tree as the architecture tests see it: files of the project, parsed once."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {"var", "dist", "build", "mutants", "__pycache__", "uv.lock"}


def _is_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return not any(part in NOT_OURS or (part[0] == "." and part != ".ci") for part in parts)


@pytest.fixture(scope="session")
def root() -> Path:
    """The workspace's folder."""
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> dict[str, str]:
    """Every text file of the project: path from the root -> text."""
    found = {}
    for child in filter(_is_ours, ROOT.iterdir()):
        for path in child.rglob("*") if child.is_dir() else [child]:
            if path.is_file() and _is_ours(path):
                try:
                    found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
                except UnicodeDecodeError:
                    continue  # a fixture in cp1252 or an archive holds no code
    return found


@pytest.fixture(scope="session")
def modules(project_files: dict[str, str]) -> dict[str, ast.Module]:
    """Every Python file of the project, tests included: path from the root -> syntax tree."""
    return {
        path: ast.parse(text, filename=path)
        for path, text in project_files.items()
        if path.endswith(".py")
    }


@pytest.fixture(scope="session")
def packages(modules: dict[str, ast.Module]) -> dict[str, ast.Module]:
    """The Python files that are delivered: the core's and the plugins' packages."""
    return {
        path: tree
        for path, tree in modules.items()
        if path.startswith(("core/", "plugins/", "tests/example_connector/"))
        and "tests" not in path.removeprefix("tests/").split("/")
    }
