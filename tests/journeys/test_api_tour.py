"""The tour of docs/api.md, executed as it stands against a running server, on both databases."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w+)( postgresql)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_END = "--- end of block ---"
_DATABASE = "sqlite:///var/tour.db"
_PORT = "8080"
_LEFT_OUT = re.compile(r"^\s*…\n", re.MULTILINE)
# What is another one in each run, by what stands for it.
_MASKS = {
    "<id>": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "<file>": re.compile(r"\b[0-9a-f]{96}\b"),
    "<moment>": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z"),
    "<seconds>": re.compile(r"(?<=[Rr]etry-[Aa]fter: )\d+"),
    "<etag>": re.compile(r'"[0-9a-f]{32}"'),
    _PORT: re.compile(r"(?<=127\.0\.0\.1:)\d+"),
}


@dataclass
class Example:
    """A block of commands of the page, and what the page says that it prints."""

    commands: str
    shown: str = ""


@dataclass(frozen=True)
class Page:
    """The examples of the page in their order, and the program that one of them starts."""

    examples: list[Example]
    program: str


def read_page(*, postgresql: bool) -> Page:
    """What docs/api.md tells a reader of that database to do."""
    examples: list[Example] = []
    program = ""
    for language, only_postgresql, text in _BLOCK.findall((_ROOT / "docs/api.md").read_text()):
        match language:
            case "bash" if postgresql or not only_postgresql:
                examples.append(Example(text))
            case "python":
                program = text
            case "json" | "text":
                examples[-1].shown = text
            case _:
                assert only_postgresql, f"nobody executes a block of {language}"
    return Page(examples, program)


def fits(shown: str, printed: str) -> bool:
    """Whether that was printed; a line `…` of the page stands for any lines."""
    parts = [re.escape(masked(part)) for part in _LEFT_OUT.split(shown)]
    return re.fullmatch("(?:.*\n)*?".join(parts), masked(printed)) is not None


def masked(text: str) -> str:
    """The text without what no two runs have in common."""
    for stand_in, pattern in _MASKS.items():
        text = pattern.sub(stand_in, text)
    return text


def free_port() -> str:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def run(page: Page, folder: Path, empty_database_url: str) -> list[str]:
    """What each example prints, all of them typed into one shell; nothing of it runs on after."""
    port = free_port()
    script = "".join(f"{one.commands}echo '{_END}'\n" for one in page.examples)
    script = script.replace(_DATABASE, empty_database_url).replace(_PORT, port)
    environment = {key: value for key, value in os.environ.items() if "FAKTURA" not in key}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    shell = subprocess.Popen(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = shell.communicate(timeout=300)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGTERM)
        shell.wait()
    logs = [log.read_text() for log in folder.glob("var/*.log")]
    assert shell.returncode == 0, "\n".join([printed, *logs])
    return printed.split(f"{_END}\n")[:-1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder that looks to the tour like a fresh clone."""
    folder = tmp_path / "clone"
    shutil.copytree(_ROOT / "docs" / "tour", folder / "docs" / "tour")
    return folder


def test_the_tour_of_the_api_works_and_prints_what_the_page_shows(
    clone: Path, empty_database_url: str
):
    """Every example runs, none prints anything else; ids, moments and ETags are the run's own."""
    page = read_page(postgresql=empty_database_url.startswith("postgresql"))
    (clone / "tour.py").write_text(page.program)

    printed = run(page, clone, empty_database_url)

    differing = {
        example.commands: text
        for example, text in zip(page.examples, printed, strict=True)
        if not fits(example.shown, text)
    }
    assert differing == {}
    assert len(printed) >= 20
    assert "urllib" in page.program


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ('{"open": "0.00"}\n', '{"open": "240.98"}\n'),
        ("{\n  …\n}\n", "{\n"),
        ("", "an error\n"),
        ("HTTP 200\n", "HTTP 200\nHTTP 500\n"),
    ],
)
def test_a_page_that_shows_something_else_is_noticed(shown: str, printed: str):
    """The comparison itself works: an amount, an end, an output that nobody shows."""
    assert fits(printed, printed)
    assert not fits(shown, printed)
