"""Group commit: what arrives while one transaction is written shares the next one.

A commit costs the same for one delivery and for fifty, and each still answers only after its own is
on the disk.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from faktura.kernel.errors import DatabaseUnreachable, FakturaError
from faktura.kernel.request_errors import RateLimited

T = TypeVar("T")

_log = logging.getLogger("faktura.receiver")

_MOST_TOGETHER = 256
# So many wait only where the database stands still: better the sender comes again than our memory
# ends.
_MOST_WAITING = 2_000
_COME_AGAIN_SECONDS = 30


class GroupCommit(Generic[T]):
    """Hands items to `write` in groups, one group at a time, in a thread of its own.

    `write` keeps all of a group or, by raising, none of it.
    """

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        # Pages that wait for locks must not keep deliveries waiting for a thread.
        self._thread = ThreadPoolExecutor(1, "group-commit")

    async def commit(self, item: T) -> None:
        """Return once the item is kept; raises what kept it from being kept, or RateLimited."""
        if len(self._waiting) >= _MOST_WAITING:
            raise RateLimited("too much waits to be stored", retry_after=_COME_AGAIN_SECONDS)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_groups())
        await kept

    async def close(self) -> None:
        """Write what waits, then stop."""
        if self._writing is not None:
            await self._writing
        self._thread.shutdown()

    async def _write_groups(self) -> None:
        while self._waiting:
            group = self._waiting[:_MOST_TOGETHER]
            del self._waiting[:_MOST_TOGETHER]
            await self._keep(group)

    async def _keep(self, group: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._write, [item for item, _ in group])
        except Exception as error:  # noqa: BLE001 - each that waits for it is told
            if len(group) == 1 or isinstance(error, DatabaseUnreachable):
                for _, kept in group:
                    _tell(kept, error)
                return
            # One that the database refuses must harm nobody but its sender.
            _log.warning("group_refused size=%d error=%s", len(group), _word(error))
            for one in group:
                await self._keep([one])
        else:
            for _, kept in group:
                _tell(kept, None)


def _tell(kept: asyncio.Future[None], error: Exception | None) -> None:
    # Whoever waited may have gone; what they sent is kept all the same.
    if kept.done():
        return
    if error is None:
        kept.set_result(None)
    else:
        kept.set_exception(error)


def _word(error: Exception) -> str:
    return error.code if isinstance(error, FakturaError) else type(error).__name__
