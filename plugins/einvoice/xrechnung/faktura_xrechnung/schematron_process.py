"""The one long-lived Schematron process of this Python process: started when first needed.

Safe for threads (one document at a time), killed when it takes too long, started again by the next
question when it has died, closed at exit.
"""

import atexit
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, Timer
from typing import Final, NamedTuple, cast

from faktura.kernel.errors import Misconfigured, WorkerLost
from faktura_xrechnung.frames import read_frame, write_frame

SECONDS: Final = 120.0
"""Longest time for one document; the first one also compiles the stylesheets, which takes seconds."""

_COMMAND: Final = (sys.executable, "-m", "faktura_xrechnung.schematron_worker")
_PLACE: Final = "schematron"


class FailedRule(NamedTuple):
    """A rule a document breaks: its id, its flag (fatal, warning, information), where and what."""

    rule: str
    flag: str
    location: str
    text: str


class SchematronProcess:
    """Asks the official rules in a child process; `command` is what to start."""

    def __init__(self, command: Sequence[str] = _COMMAND, seconds: float = SECONDS) -> None:
        self._command = list(command)
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._is_known_at_exit = False
        self._lock = Lock()

    def failed(self, stylesheets: Sequence[Path], document: bytes) -> tuple[FailedRule, ...]:
        """The rules that a UTF-8 document without declaration breaks, in the stylesheets' order.

        Raises WorkerLost when the process dies or takes too long, Misconfigured for stylesheets
        that cannot be used.
        """
        head = json.dumps({"stylesheets": [str(path) for path in stylesheets]}).encode()
        with self._lock:
            answer = self._asked(head, document)
        if "problem" in answer:
            raise Misconfigured(
                f"the official rules cannot be run: {answer['problem']}",
                place=_PLACE,
                mend="Use the compiled stylesheets of the official bundles",
            )
        found = cast("list[dict[str, str]]", answer["failed"])
        return tuple(FailedRule(**entry) for entry in found)

    def close(self) -> None:
        """End the process, if there is one; the next question starts another."""
        with self._lock:
            self._end()

    def _asked(self, head: bytes, document: bytes) -> dict[str, object]:
        child = self._running()
        requests, answers = child.stdin, child.stdout
        if requests is None or answers is None:  # never with PIPE; the types cannot know
            raise WorkerLost("the process has no streams", place=_PLACE)
        timer = Timer(self._seconds, child.kill)
        timer.start()
        try:
            write_frame(requests, head)
            write_frame(requests, document)
            answer = read_frame(answers)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            self._end()
            raise WorkerLost(
                "the process that runs the official rules stopped, or took too long",
                place=_PLACE,
                mend="Ask again: it is started anew",
            )
        return cast("dict[str, object]", json.loads(answer))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        if not self._is_known_at_exit:
            atexit.register(self.close)
            self._is_known_at_exit = True
        self._child = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        # It keeps nothing, so it may be killed; leaving the block closes the pipes and waits. What a
        # dead child never took off its pipe cannot be sent any more, and closing says so.
        with suppress(OSError), child:
            pass


def refuse_without_saxon() -> None:
    """Raise Misconfigured when the extra is not installed."""
    if find_spec("saxonche") is None:
        raise Misconfigured(
            "the official Schematron needs saxonche, which is not installed",
            place="setting schematron_rules",
            mend="Install faktura-xrechnung[schematron], or leave the setting empty",
        )


PROCESS: Final = SchematronProcess()
"""The process all adapters of this Python process share."""
