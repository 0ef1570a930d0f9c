"""An event loop without threads and without waiting: the same steps in the same order, every time."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVarTuple

from typing_extensions import override

from faktura.kernel.errors import UnexpectedFailure
from faktura.testing.simulation.mortality import Died

_Args = TypeVarTuple("_Args")


class _Skipping(selectors.SelectSelector):
    """Never waits: time that nothing happens in is skipped."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise UnexpectedFailure("the simulated process waits for what never comes")
        self.skipped += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs what others run in a thread at once, and sleeps in no time.

    What dies in such a call dies where it was awaited: so a process can be killed in the middle of one.
    """

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)
        self.set_exception_handler(_say_unless_died)

    @override
    def time(self) -> float:
        """Seconds that were skipped since the start."""
        return self._skipping.skipped

    @override
    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*_Args], Any],
        *args: *_Args,
    ) -> asyncio.Future[Any]:
        """Call it here and now."""
        future: asyncio.Future[Any] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            future.set_exception(error)
        return future

    def bury(self) -> None:
        """End the tasks of a process that died, without giving them another say in the database."""
        while tasks := asyncio.all_tasks(self):
            for task in tasks:
                task.cancel()
            self.run_until_complete(_ended(tasks))


async def _ended(tasks: set[asyncio.Task[Any]]) -> None:
    await asyncio.wait(tasks)
    for task in tasks:
        # What they died of was noted already.
        if not task.cancelled():
            task.exception()


def _say_unless_died(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if not isinstance(context.get("exception"), Died):
        loop.default_exception_handler(context)
