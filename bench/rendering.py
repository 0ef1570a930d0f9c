"""Memory of processes that render thousands of hybrid invoices: it must not grow with their number."""

import json
import subprocess
import sys
from pathlib import Path

from figure import Figure, at_most, peak_mb

_PROCESSES = 2
_EARLY, _LATE = 1_000, 10_000


def measure() -> list[Figure]:
    """Ten thousand documents on two processes: the larger peak, against that of the first thousand."""
    each = [str(count // _PROCESSES) for count in (_EARLY, _LATE)]
    running = [
        subprocess.Popen(
            [sys.executable, str(Path(__file__)), *each], stdout=subprocess.PIPE, text=True
        )
        for _ in range(_PROCESSES)
    ]
    peaks = []
    for process in running:
        output, _ = process.communicate()
        assert process.returncode == 0
        peaks.append(json.loads(output.splitlines()[-1]))
    early = max(early for early, _ in peaks)
    late = max(late for _, late in peaks)
    return [at_most("rendering_memory_10000", late, "MB", early, 1.1)]


def _render_here(early: int, late: int) -> None:
    # Not at the top: the process that measures needs none of it.
    from pages import documents, renderer

    format_ = renderer()
    source = documents(3, "R")
    peaks = []
    for done in range(1, late + 1):
        format_.render(next(source))
        if done in (early, late):
            peaks.append(peak_mb())
    print(json.dumps(peaks))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _render_here(int(sys.argv[1]), int(sys.argv[2]))
    else:
        for figure in measure():
            print(figure.line())
