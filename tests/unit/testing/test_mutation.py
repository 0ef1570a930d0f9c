"""The mutation runner: it changes what behaviour hangs on, and a weak test lets its mutants live."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from faktura.testing.mutation_sites import mutants_of_module

PYPROJECT = """
[project]
name = "faktura-tiny"

[tool.hatch.build.targets.wheel]
packages = ["faktura_tiny"]

[tool.pytest]
addopts = ["--import-mode=importlib"]
testpaths = ["tests"]
pythonpath = ["."]
filterwarnings = ["error"]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "function"
"""
CODE = '''
"""Says who is of age."""


def is_of_age(years: int) -> bool:
    """From the 18th birthday on."""
    return years >= 18
'''


def places(source: str) -> list[tuple[int, str, str]]:
    """The mutants of a module as line, old and new."""
    found = mutants_of_module(Path("a.py"), dedent(source))
    return [(mutant.line, mutant.old, mutant.new) for mutant in found]


def test_every_kind_of_slip_is_tried_once():
    """Boundaries, negations, arithmetic, constants, lost statements and lost results."""
    assert places(
        """\
        def least(a, b):
            if a < b and not b:
                raise ValueError("no")
            return a + 1
        """
    ) == [
        (2, "if a < b and (not b)", "if True"),
        (2, "if a < b and (not b)", "if False"),
        (2, "a < b and (not b)", "a < b or not b"),
        (2, "a < b", "a <= b"),
        (2, "a < b", "a >= b"),
        (2, "not b", "b"),
        (3, "raise ValueError('no')", "pass"),
        (4, "return a + 1", "return None"),
        (4, "a + 1", "a - 1"),
        (4, "1", "2"),
    ]


def test_members_of_an_enum_of_ours_are_mixed_up():
    """A mapping that answers another word of the same vocabulary is the likeliest slip of all."""
    assert places(
        """\
        from faktura.plugin import RefundAnswer
        KNOWN = {"done": RefundAnswer.SUCCEEDED}
        """
    ) == [
        (2, "KNOWN = {'done': RefundAnswer.SUCCEEDED}", "pass"),
        (2, "{'done': RefundAnswer.SUCCEEDED}", "{}"),
        (2, "'done'", "'XXdone'"),
        (2, "RefundAnswer.SUCCEEDED", "RefundAnswer.PENDING"),
    ]


def test_calls_lose_their_await_their_keywords_and_their_cleaning():
    """Each of them is a line that looks right."""
    assert places(
        """\
        async def ask(send, text):
            return await send(text.strip(), limit=None)
        """
    ) == [
        (2, "return await send(text.strip(), limit=None)", "return None"),
        (2, "await send(text.strip(), limit=None)", "send(text.strip(), limit=None)"),
        (2, "send(text.strip(), limit=None)", "send(text.strip())"),
        (2, "text.strip()", "text"),
    ]


def test_what_no_behaviour_hangs_on_is_left_alone():
    """A mutant that no test could notice would only make the figure worse than the kit is."""
    assert not places(
        '''\
        """A module."""
        from typing import TYPE_CHECKING, cast
        from faktura.kernel.errors import FieldInvalid
        from faktura.plugin import hookimpl
        if TYPE_CHECKING:
            from decimal import Decimal
        __all__ = ["a"]


        @hookimpl(specname="x")
        def a(log, b: "int") -> "str":
            """A docstring."""
            log.info("event %s", 7)
            problem: FieldInvalid
        '''
    )
    assert places("from faktura.kernel.errors import FieldInvalid\nraise FieldInvalid('no', place='x')") == [
        (2, "raise FieldInvalid('no', place='x')", "pass")
    ]  # fmt: skip


def tiny(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """The runner's answer to a connector of one line with this test."""
    for name, text in {
        "pyproject.toml": PYPROJECT,
        "faktura_tiny/__init__.py": '"""Tiny."""\n',
        "faktura_tiny/age.py": CODE,
        "tests/test_age.py": dedent(test),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "faktura.testing.mutation", str(folder), "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_survivors_are_named_by_file_and_line(tmp_path: Path):
    """A test that leaves the boundary out lets the boundary's mutants live; the folder stays as it is."""
    done = tiny(
        tmp_path,
        """
        from faktura_tiny.age import is_of_age

        def test_far_from_the_boundary():
            assert is_of_age(40) is True
            assert is_of_age(3) is False
        """,
    )

    [score] = json.loads(done.stdout)
    assert (score["mutants"], score["killed"], score["hung"]) == (4, 2, 0)
    assert score["survivors"] == [
        "faktura_tiny/age.py:7 years >= 18 -> years > 18",
        "faktura_tiny/age.py:7 18 -> 19",
    ]
    assert (score["enough"], done.returncode) == (False, 1)
    assert (tmp_path / "faktura_tiny/age.py").read_text() == CODE


def test_tests_that_fail_already_prove_nothing(tmp_path: Path):
    """Every mutant would count as killed."""
    done = tiny(tmp_path, "def test_no():\n    assert False\n")

    assert done.returncode == 1
    assert (
        "its tests fail without a mutant (exit code 1): tests/test_age.py::test_no" in done.stderr
    )


def test_tests_of_another_package_prove_nothing(tmp_path: Path):
    """Tests that never import the mutated package would let every mutant live in silence."""
    done = tiny(tmp_path, "def test_yes():\n    assert True\n")

    assert done.returncode == 1
    assert "do not import the package" in done.stderr
