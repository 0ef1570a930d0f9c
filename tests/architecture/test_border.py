"""What a plugin author relies on: exported names, documented and tested hooks, light imports."""

import ast
import inspect
import json
import re
import subprocess
import sys
from importlib.metadata import entry_points

from faktura import plugin
from faktura.plugin import hooks

HEAVY = {"lxml", "sqlalchemy", "psycopg", "alembic", "aiohttp", "stripe", "braintree", "weasyprint"}
MAY_TEST_WITH = {"faktura.plugin", "faktura.kernel", "faktura.testing"}


def hook_functions():
    return [value for value in vars(hooks).values() if hasattr(value, "faktura_spec")]


def test_the_exported_names_are_sorted():
    """A reader finds a name, and a second export of it shows."""
    assert plugin.__all__ == sorted(set(plugin.__all__))


def test_everything_public_of_the_border_is_exported():
    """A class a connector needs but cannot import from faktura.plugin would be a hole."""
    defined = {
        name
        for module in vars(plugin).values()
        if inspect.ismodule(module) and module.__name__.startswith("faktura.plugin.")
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (getattr(value, "__module__", None) == module.__name__)
        and not hasattr(value, "faktura_spec")
    }

    assert sorted(defined - set(plugin.__all__)) == []


def test_every_hook_is_documented_with_its_signature(root):
    """docs/hooks.md is generated; a heading with the exact signature stands for each hook."""
    page = (root / "docs/hooks.md").read_text(encoding="utf-8")
    specification = inspect.getsource(hooks)

    signatures = re.findall(r"^def (\w+\(.*\) -> .+):$", specification, flags=re.MULTILINE)

    assert len(signatures) == len(hook_functions())
    assert [spec for spec in signatures if f"## `{spec}`\n" not in page] == []


def test_every_hook_is_tested_by_name(modules):
    """A test called test_hook_<name> exists for each hook; it is looked for in the whole tree."""
    tested = {
        node.name
        for path, tree in modules.items()
        if "tests/" in path
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    wanted = {f"test_hook_{hook.__name__}" for hook in hook_functions()}

    assert {name for name in wanted if not any(test.startswith(name) for test in tested)} == set()


def test_a_hook_takes_nothing_and_waits_for_nothing():
    """Hooks register; a hook with arguments or a coroutine would decide or do something."""
    wrong = [
        hook.__name__
        for hook in hook_functions()
        if inspect.signature(hook).parameters or inspect.iscoroutinefunction(hook)
    ]

    assert wrong == []


def test_listing_the_plugins_imports_nothing_heavy():
    """Entry points import every plugin's top module at each start: SDKs wait until they are used."""
    names = sorted(entry.module for entry in entry_points(group="faktura"))
    script = (
        "import importlib, json, sys\n"
        f"heavy, found = {HEAVY!r}, {{}}\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        "    found[name] = sorted(heavy & set(sys.modules))\n"
        "print(json.dumps(found))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout) == {name: [] for name in names}


def test_a_plugins_tests_use_only_what_a_third_party_has(modules):
    """A plugin's folder is what others copy: its tests need no inner module of the core."""
    found = [
        f"{path} imports {name}"
        for path, tree in modules.items()
        if re.match(r"(plugins/\w+/\w+|tests/example_connector)/tests/", path)
        for node in ast.walk(tree)
        for name in core_modules(node)
        if ".".join(name.split(".")[:2]) not in MAY_TEST_WITH
    ]

    assert found == []


def core_modules(node: ast.AST) -> list[str]:
    """The modules of the core an import statement names, `from faktura import x` as faktura.x."""
    match node:
        case ast.Import(names=names):
            named = [alias.name for alias in names]
        case ast.ImportFrom(module="faktura", names=names):
            named = [f"faktura.{alias.name}" for alias in names]
        case ast.ImportFrom(module=str(module)):
            named = [module]
        case _:
            named = []
    return [name for name in named if name.partition(".")[0] == "faktura"]
