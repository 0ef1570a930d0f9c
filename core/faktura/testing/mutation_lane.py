"""One lane of the mutation runner: a copy of the folder in which mutant after mutant is tried.

A mutant runs in a forked process, so that pytest and the border are imported once; whoever hangs
is ended after a time limit and counts as killed.
"""

import ast
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum, unique
from pathlib import Path

import pytest

from faktura.kernel.errors import FileUnreadable
from faktura.testing.mutation_sites import Mutant

_PATIENCE = 5.0
_LEAST_SECONDS = 10.0
_NOT_TESTED = 70
_SAID = "pytest.txt"


@unique
class Fate(StrEnum):
    """What became of a mutant; one that hangs is noticed, too."""

    KILLED = "KILLED"
    HUNG = "HUNG"
    SURVIVED = "SURVIVED"


@dataclass(slots=True)
class _Order:
    """Lets the tests that killed before run first, and tells which one killed."""

    killers: Counter[str]
    tell: int
    package: Path

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Most successful first; the others stay in their order."""
        items.sort(key=lambda item: -self.killers[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write the first failed test's name where the lane reads it."""
        if report.failed:
            os.write(self.tell, report.nodeid.encode())

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Whoever mutates one file and tests another proves nothing."""
        module = sys.modules.get(self.package.name)
        if exitstatus == 0 and (
            module is None or Path(module.__file__ or "").parent != self.package
        ):
            session.exitstatus = _NOT_TESTED


@dataclass(slots=True)
class Lane:
    """A copy of `folder` in a temporary one; `seconds` is the time limit of one mutant."""

    folder: Path
    package: str
    copy: Path
    seconds: float = 120.0
    killers: Counter[str] = field(default_factory=Counter)

    @classmethod
    def opened(cls, folder: Path, package: str, room: Path) -> "Lane":
        """Copy the folder and run its tests as they are; raises FileUnreadable where they fail."""
        copy = Path(tempfile.mkdtemp(dir=room)) / folder.name
        ignored = shutil.ignore_patterns("__pycache__", ".*_cache", "*.pyc")
        shutil.copytree(folder, copy, ignore=ignored)
        lane = cls(folder, package, copy.resolve())
        started = time.monotonic()
        code, told = lane._run()
        if code == _NOT_TESTED:
            raise FileUnreadable(
                f"its tests do not import the package {package} of this folder",
                place=str(folder),
                mend='Write pythonpath = ["."] into [tool.pytest]',
            )
        if code != 0:
            raise FileUnreadable(
                f"its tests fail without a mutant (exit code {code}): {told or lane.said()}",
                place=str(folder),
                mend="Run them with pytest until they pass",
            )
        lane.seconds = max(_LEAST_SECONDS, _PATIENCE * (time.monotonic() - started))
        return lane

    def tried(self, mutants: Iterable[Mutant]) -> Iterator[tuple[Mutant, Fate, str]]:
        """Each mutant with its fate and the test that killed it."""
        for mutant in mutants:
            target = self.copy / mutant.path
            before = target.read_text(encoding="utf-8")
            target.write_text(mutant.source, encoding="utf-8")
            code, told = self._run()
            target.write_text(before, encoding="utf-8")
            self.killers[told] += 1
            yield mutant, _fate(code), told

    def said(self) -> str:
        """The end of what pytest printed last, in one line."""
        text = (self.copy.parent / _SAID).read_text(encoding="utf-8", errors="replace")
        return " ".join(text.split())[-300:]

    def _run(self) -> tuple[int | None, str]:
        """Exit code of the tests, None for a hang, and the first test that failed."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            self._test(write)
        os.close(write)
        try:
            told = _told(read, self.seconds)
            if told is None:
                _end(child)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        finally:
            os.close(read)
        return (None, "") if told is None else (code, told)

    def _test(self, tell: int) -> None:
        """In the child: run pytest on the copy and end at once with its exit code."""
        code: int = _NOT_TESTED
        try:
            os.setpgid(0, 0)
            out = os.open(self.copy.parent / _SAID, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            for stream in (0, 1, 2):
                os.dup2(out, stream)
            os.chdir(self.copy)
            order = _Order(self.killers, tell, self.copy / self.package)
            code = int(pytest.main(self._arguments(), plugins=[order]))
        finally:
            os._exit(code)

    def _arguments(self) -> list[str]:
        return [
            "-x", "-q", "-s", "--assert=plain", "-p", "no:cacheprovider",
            "-p", "pytest_asyncio.plugin", "-p", "faktura.testing.kit.pytest_plugin",
            "-c", str(self.copy / "pyproject.toml"), "--rootdir", str(self.copy),
            str(self.copy / "tests"),
        ]  # fmt: skip


def prepare() -> None:
    """Import once what every mutant needs; nothing writes or reads compiled files of the copies."""
    sys.dont_write_bytecode = True
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("pytest_asyncio.plugin", "faktura.plugin", "faktura.testing.kit.connector_kit"):
        __import__(name)


def is_runnable(mutant: Mutant) -> bool:
    """Whether the mutant is a program at all; what Python itself refuses proves nothing."""
    try:
        compile(ast.parse(mutant.source), str(mutant.path), "exec")
    except SyntaxError:
        return False
    return True


def _fate(code: int | None) -> Fate:
    if code is None:
        return Fate.HUNG
    return Fate.SURVIVED if code == pytest.ExitCode.OK else Fate.KILLED


def _told(pipe: int, seconds: float) -> str | None:
    """What the child wrote until it ended; None where it did not end in time."""
    limit = time.monotonic() + seconds
    told = b""
    while (left := limit - time.monotonic()) > 0 and select.select([pipe], [], [], left)[0]:
        piece = os.read(pipe, 4096)
        if not piece:
            return told.decode()
        told += piece
    return None


def _end(child: int) -> None:
    """End the child with all that it started."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
