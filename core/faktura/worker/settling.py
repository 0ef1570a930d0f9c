"""Outcomes on their way into the queue, in groups: one transaction for all that waited for it."""

import asyncio

from faktura.domain.jobs import ClaimedJob, EndedJob, Outcome
from faktura.store.job_queue import JobQueue


class Settling:
    """Group commit: what ends while one settlement is written goes into the next one together."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._waiting: list[tuple[EndedJob, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def settle(self, job: ClaimedJob, outcome: Outcome) -> bool:
        """Record what became of the job; False, and nothing recorded, if it was taken over.

        Raises whatever the queue raises, for every job of the group.
        """
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(((job, outcome), kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await kept

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                lost = await asyncio.to_thread(self._queue.settle, [ended for ended, _ in group])
            except Exception as exc:  # noqa: BLE001 - each job that waits for it is told
                for _, kept in group:
                    kept.set_exception(exc)
            else:
                for (job, _), kept in group:
                    kept.set_result(job not in lost)
