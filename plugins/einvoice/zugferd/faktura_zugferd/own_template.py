"""Sets pages with a tenant's own template, in a process of its own that can be killed."""

import json
import os
import subprocess
import sys
import tempfile
import weakref
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from threading import Timer
from typing import TYPE_CHECKING, Final

from faktura.kernel.errors import RenderRefused
from faktura_zugferd.look import Look
from faktura_zugferd.sandbox import read_frame, write_frame

if TYPE_CHECKING:
    from faktura_zugferd.typesetting import TextFile

SECONDS: Final = 60.0
"""Longest time for one page, by the clock on the wall."""

# -I: neither the environment nor the current folder say what Python loads.
_COMMAND: Final = (sys.executable, "-I", "-m", "faktura_zugferd.sandbox")
_MOST_PAGES: Final = 300  # then it is started anew: what typst remembers is bound to memory
_NOWHERE: Final = "http://127.0.0.1:9"
_PLACE: Final = "template"


class Sandbox:
    """A Typesetter in a child process, started with the first page; not safe for threads."""

    def __init__(self, look: Look, seconds: float = SECONDS) -> None:
        self._look = look
        self._seconds = seconds
        self._child: _Child | None = None

    def pdf(
        self, kind: str, data: Mapping[str, object], attachments: Sequence["TextFile"] = ()
    ) -> bytes:
        """The PDF/A-3b; raises RenderRefused with the template's line, or that it took too long."""
        request = {"kind": kind, "data": data, "files": [asdict(file) for file in attachments]}
        child = self._child
        if child is None or child.pages >= _MOST_PAGES or not child.is_running:
            child = self._started()
        head, pdf = child.asked(json.dumps(request, ensure_ascii=False).encode(), self._seconds)
        if head is None:
            self._end()
            raise RenderRefused(
                "the template took too long, or too much memory",
                place=_PLACE,
                mend="Look for loops that do not end, and for large images",
            )
        if "problem" in head:
            raise RenderRefused(head["problem"], place=head["place"], mend=head["mend"])
        return pdf

    def _started(self) -> "_Child":
        self._end()
        self._child = _Child(self._look)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


class _Child:
    """One run of the process, with the empty folder it may use."""

    def __init__(self, look: Look) -> None:
        self.pages = 0
        self._folder = tempfile.TemporaryDirectory(prefix="faktura-template-")
        # Packages of others are not fetched: typst finds no proxy where it is told to look.
        proxies = {f"{name}_PROXY": _NOWHERE for name in ("HTTP", "HTTPS", "ALL")}
        self._process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env={
                "HOME": self._folder.name,
                "TMPDIR": self._folder.name,
                "LANG": "C.UTF-8",
                "PATH": os.defpath,
                **proxies,
                **{name.lower(): value for name, value in proxies.items()},
            },
        )
        weakref.finalize(self, _close, self._process, self._folder)
        self._look: bytes | None = json.dumps(_fields(look)).encode()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def asked(self, request: bytes, seconds: float) -> tuple[dict[str, str] | None, bytes]:
        """The answer's head and the PDF; no head when it died or was killed for its time."""
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:  # never with PIPE; the types cannot know
            return None, b""
        timer = Timer(seconds, self._process.kill)
        timer.start()
        try:
            if self._look is not None:
                write_frame(requests, self._look)
                self._look = None
            write_frame(requests, request)
            head, pdf = read_frame(answers), read_frame(answers)
        except OSError:
            return None, b""
        finally:
            timer.cancel()
        self.pages += 1
        return (None, b"") if head is None or pdf is None else (json.loads(head), pdf)

    def end(self) -> None:
        """Kill it; it keeps nothing."""
        _close(self._process, self._folder)


def _close(process: "subprocess.Popen[bytes]", folder: "tempfile.TemporaryDirectory[str]") -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            # What is still to be written is for nobody any more.
            try:
                stream.close()
            except OSError:
                continue
    process.wait()
    folder.cleanup()


def _fields(look: Look) -> dict[str, object]:
    return {
        **{name: getattr(look, name) for name in Look.__dataclass_fields__},
        "texts": dict(look.texts),
        "logo": b64encode(look.logo).decode() if look.logo else None,
    }
