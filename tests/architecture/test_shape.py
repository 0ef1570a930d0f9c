"""What a file may be called, how long it may be, what stands beside it."""

import ast
import re
from pathlib import PurePosixPath

LONGEST = 300
SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "base",
    "misc",
}


def test_no_file_is_longer_than_300_lines(modules, project_files):
    """A longer file holds an idea that wants its own (STYLE.md). Tests may list more cases."""
    found = {
        path: project_files[path].count("\n")
        for path in modules
        if "tests" not in path.removeprefix("tests/example_connector/").split("/")
    }

    assert {path: lines for path, lines in found.items() if lines > LONGEST} == {}


def test_every_name_says_an_idea(modules):
    """utils, helpers, common, manager and base name no idea: not as a file, not as a folder."""
    found = [
        path
        for path in modules
        if SAY_NOTHING & {*PurePosixPath(path).parts[:-1], PurePosixPath(path).stem}
    ]

    assert found == []


def test_imports_are_absolute(modules):
    """A line is found by searching for the full name."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert found == []


def test_every_package_folder_and_plugin_has_a_readme(root):
    """10 to 30 lines: what lives here, what does not, what it may import, where to start."""
    folders = [
        *(
            path.parent
            for path in root.glob("core/faktura/**/__init__.py")
            if path.parent.name != "versions"  # written by `make migration`
        ),
        *(path.parent for path in root.glob("plugins/*/*/pyproject.toml")),
        root / "tests/example_connector",
        root / "tests",
        root / "bench",
    ]

    wrong = {}
    for folder in folders:
        readme = folder / "README.md"
        lines = readme.read_text(encoding="utf-8").count("\n") if readme.exists() else 0
        if not 10 <= lines <= 30:
            wrong[folder.relative_to(root).as_posix()] = lines

    assert wrong == {}


def test_every_plugin_is_typed_for_its_users(root):
    """py.typed lies in each package, or a third party's checker ignores our types."""
    packages = [
        path.parent
        for pattern in ("core/*", "plugins/*/*/faktura_*", "tests/example_connector/faktura_*")
        for path in root.glob(f"{pattern}/__init__.py")
    ]

    assert [str(package) for package in packages if not (package / "py.typed").exists()] == []


def test_a_skipped_test_says_why(modules):
    """skip, skipif and xfail carry a reason; a skip without one is a test nobody misses."""
    found = [f"{path}:{line}" for path, tree in modules.items() for line in bare_skips(tree)]

    assert found == []


def bare_skips(tree: ast.Module) -> list[int]:
    """The lines of skips without a reason: `@pytest.mark.skip`, `pytest.skip()`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {id(call.func) for call in calls}
    lines = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and id(node) not in called
        if re.fullmatch(r"pytest\.mark\.(skip|skipif|xfail)", ast.unparse(node))
    ]
    for call in calls:
        if re.fullmatch(r"pytest\.mark\.(skip|skipif|xfail)", ast.unparse(call.func)):
            if not any(keyword.arg == "reason" for keyword in call.keywords):
                lines.append(call.lineno)
        elif re.fullmatch(r"pytest\.(skip|xfail)", ast.unparse(call.func)) and not (
            call.args or call.keywords
        ):
            lines.append(call.lineno)
    return lines


def test_a_skip_without_a_reason_is_found():
    """The search itself works: three bare skips, three with a reason."""
    tree = ast.parse(
        "import pytest\n"
        "@pytest.mark.skip\n"
        "def a(): pytest.skip()\n"
        "@pytest.mark.skipif(True)\n"
        "def b(): pytest.skip('no server')\n"
        "@pytest.mark.skip(reason='no server')\n"
        "def c(): pytest.xfail(reason='bank answers late')\n"
    )

    assert sorted(bare_skips(tree)) == [2, 3, 4]
