"""The import contracts name everything that is installed and every layer that exists."""

import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

LIBRARY = "faktura_en16931"  # shared by the e-invoice plugins; it has no entry point
# Of other systems; tests of the core use them, too.
DOUBLES = {
    "plugins/accounting/datev/tests/double",
    "plugins/banking/finapi/tests/double",
    "plugins/payment/braintree/tests/double",
    "plugins/payment/stripe/tests/double",
    "plugins/tax/vies/tests/double",
}


@pytest.fixture(scope="module")
def settings(root: Path) -> dict[str, Any]:
    """The `tool` tables of the root pyproject.toml."""
    tools: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())["tool"]
    return tools


@pytest.fixture(scope="module")
def contracts(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The import contracts by id."""
    return {contract["id"]: contract for contract in settings["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def plugins() -> set[str]:
    """The installed plugins' packages."""
    return {entry.module.partition(".")[0] for entry in entry_points(group="faktura")}


@pytest.fixture(scope="module")
def layers(root: Path) -> set[str]:
    """The top modules of the core, as `faktura.store`."""
    core = root / "core/faktura"
    packages = {path.parent.name for path in core.glob("*/__init__.py")}
    return {
        f"faktura.{name}"
        for name in packages | {path.stem for path in core.glob("*.py")} - {"__init__"}
    }


def test_every_plugin_of_the_workspace_is_installed(root, plugins):
    """A folder under plugins/ without an installed entry point would be checked by nobody."""
    folders = {path.parent.name for path in root.glob("plugins/*/*/faktura_*/__init__.py")}

    assert folders | {"faktura_example_csv"} == plugins | {LIBRARY}


def test_the_linter_sees_every_package(settings, plugins):
    """A package that is not a root package is not linted."""
    assert set(settings["importlinter"]["root_packages"]) == plugins | {"faktura", LIBRARY}


def test_the_layers_name_every_module_of_the_core(contracts, layers):
    """Nothing of the core stands outside the layers."""
    named = {
        f"faktura.{name.strip(' ()')}"
        for line in contracts["layers"]["layers"]
        for name in line.split("|")
    }

    assert layers <= named


def test_only_store_may_import_the_databases_libraries(contracts, layers):
    """Every other module of the core is a source of the contract."""
    assert set(contracts["sql"]["source_modules"]) == layers - {"faktura.store"}


def test_the_border_holds_for_every_plugin_and_every_inner_module(contracts, plugins, layers):
    """A plugin imports faktura.plugin and faktura.kernel of the core."""
    assert set(contracts["border"]["source_modules"]) == plugins | {LIBRARY}
    assert set(contracts["border"]["forbidden_modules"]) == layers - {
        "faktura.plugin",
        "faktura.kernel",
    }


def test_every_plugin_is_independent_of_the_others(contracts, plugins):
    """Only the library is shared, and it knows no plugin."""
    assert set(contracts["plugins"]["modules"]) == plugins
    assert set(contracts["library"]["forbidden_modules"]) == plugins


def test_the_core_may_import_no_plugin(contracts, plugins):
    """The core finds plugins by their entry points only."""
    assert plugins | {LIBRARY} <= set(contracts["core"]["forbidden_modules"])


def test_the_other_tools_see_every_package(settings, plugins, root):
    """Coverage measures each package; mypy and ruff know where each lies."""
    homes = {
        path.parents[1].relative_to(root).as_posix()
        for path in root.glob("plugins/*/*/faktura_*/py.typed")
    }

    assert set(settings["coverage"]["run"]["source"]) == plugins | {"faktura", LIBRARY}
    references = {
        folder.relative_to(root).as_posix()
        for path in root.glob("tests/reference/*/faktura_*/py.typed")
        for folder in (path.parents[1], path.parents[1] / "tests" / "double")
        if folder.is_dir()
    }
    homes |= references
    assert references <= set(settings["pytest"]["pythonpath"])
    assert set(settings["mypy"]["mypy_path"]) == homes | {
        "core",
        "tests/example_connector",
        "bench",
        *DOUBLES,
    }
    others = {"core", "tests/example_connector", "tests", *DOUBLES}
    assert set(settings["ruff"]["src"]) == homes | others
