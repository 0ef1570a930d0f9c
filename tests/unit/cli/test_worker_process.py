"""The child that `serve` keeps: started again when it dies, asked to stop, killed if it must be."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from faktura.cli.worker_process import WorkerProcess

ENVIRONMENT = {"PATH": os.defpath}


async def lines_of(file: Path, wanted: int) -> list[str]:
    """The lines of a file once there are enough of them."""
    async with asyncio.timeout(30):
        while True:
            lines = _lines(file)
            if len(lines) >= wanted:
                return lines
            await asyncio.sleep(0.01)


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def child(file: Path, then: str) -> list[str]:
    """A command that notes its process id and then does something."""
    note = f"import os, signal, sys, time; print(os.getpid(), file=open({str(file)!r}, 'a'))"
    return [sys.executable, "-c", f"{note}\n{then}"]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_worker_that_dies_is_started_again(tmp_path, caplog):
    """After a pause; the log says with which code it ended."""
    pids = tmp_path / "pids"
    worker = WorkerProcess(ENVIRONMENT, child(pids, "sys.exit(3)"), pause=0.01)

    worker.start()
    started = await lines_of(pids, 3)
    await worker.stop()

    assert len(set(started)) == len(started)
    assert "worker_ended code=3" in caplog.text


async def test_a_worker_is_asked_to_stop(tmp_path):
    """It is gone when stop returns, and nothing starts it again."""
    pids = tmp_path / "pids"
    worker = WorkerProcess(ENVIRONMENT, child(pids, "time.sleep(600)"), pause=0.01)

    worker.start()
    (pid,) = await lines_of(pids, 1)
    await worker.stop()

    assert not is_alive(int(pid))
    assert pids.read_text().splitlines() == [pid]


async def test_a_worker_that_does_not_stop_is_killed(tmp_path, caplog):
    """After its grace; the lease gives its job back to the queue."""
    pids = tmp_path / "pids"
    deaf = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', file=open(sys.argv[1], 'w'))"
    )
    ready = tmp_path / "ready"
    command = [*child(pids, f"{deaf}\ntime.sleep(600)"), str(ready)]
    worker = WorkerProcess(ENVIRONMENT, command, grace=0.2)

    worker.start()
    await lines_of(ready, 1)
    (pid,) = await lines_of(pids, 1)
    await worker.stop()

    assert not is_alive(int(pid))
    assert f"worker_killed pid={pid}" in caplog.text


async def test_a_worker_that_was_never_started_needs_no_stopping():
    """`serve --no-worker`, and a port that was taken."""
    await WorkerProcess(ENVIRONMENT).stop()


async def test_only_its_own_environment_reaches_it(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """The settings the application was opened with, not those of whoever started it."""
    monkeypatch.setenv("FAKTURA_DATABASE_URL", "sqlite:///other.db")
    seen = tmp_path / "seen"
    say = "print(os.environ.get('FAKTURA_DATABASE_URL'), file=open(sys.argv[1], 'w'))"
    command = [sys.executable, "-c", f"import os, sys, time\n{say}\ntime.sleep(600)", str(seen)]
    worker = WorkerProcess({**ENVIRONMENT, "FAKTURA_DATABASE_URL": "sqlite:///own.db"}, command)

    worker.start()
    lines = await lines_of(seen, 1)
    await worker.stop()

    assert lines == ["sqlite:///own.db"]
