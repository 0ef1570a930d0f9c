"""The worker that `serve` keeps beside it: started, started again when it dies, stopped at the end."""

import asyncio
import logging
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process

_log = logging.getLogger("faktura.serve")

# The same interpreter and the same installation, whatever PATH says.
_WORKER = (sys.executable, "-c", "from faktura.cli.main import main; main()", "worker")
_PAUSE_SECONDS = 5
# Longer than any job may take; the lease of one that is cut off gives it back to the queue.
_GRACE_SECONDS = 45


class WorkerProcess:
    """A child process `faktura worker` on the same settings."""

    def __init__(
        self,
        environment: Mapping[str, str],
        command: Sequence[str] = _WORKER,
        *,
        pause: float = _PAUSE_SECONDS,
        grace: float = _GRACE_SECONDS,
    ) -> None:
        self._environment = environment
        self._command = command
        self._pause = pause
        self._grace = grace
        self._keeping: asyncio.Task[None] | None = None
        self._process: Process | None = None

    def start(self) -> None:
        """Start it, and start it again after a pause whenever it ends by itself."""
        self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Ask it to finish what it is doing, and wait; one that does not in time is killed."""
        if self._keeping is None:
            return
        self._keeping.cancel()
        await asyncio.wait([self._keeping])
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self._grace)
        except TimeoutError:
            _log.warning("worker_killed pid=%d", process.pid)
            process.kill()
            await process.wait()

    async def _keep(self) -> None:
        while True:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=dict(self._environment),
                # Ctrl-C reaches the whole group: the worker is told by us, once and in order.
                start_new_session=True,
            )
            code = await self._process.wait()
            _log.warning("worker_ended code=%d again_in_seconds=%d", code, self._pause)
            await asyncio.sleep(self._pause)
