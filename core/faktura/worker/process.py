"""A worker as a process of its own: its name, its signals, its first line."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext

from faktura.bootstrap.instruments import Instruments
from faktura.flows.job_context import JobContext
from faktura.store.queues import queue_of
from faktura.worker.loop import Worker

_HOST_SHOWN = 32


def worker_name() -> str:
    """Host, process and eight random digits: no two workers ever share a name."""
    return f"{socket.gethostname()[:_HOST_SHOWN]}-{os.getpid()}-{secrets.token_hex(4)}"


def run_worker(
    context: JobContext,
    announce: Callable[[str], None],
    *,
    until_idle: bool = False,
    beside: Callable[[Instruments], AbstractAsyncContextManager[object]] = nullcontext,
) -> None:
    """Work until SIGTERM or SIGINT, or `until_idle`; then finish what runs and return.

    `announce` is told one line when the worker is ready to be stopped in good order. What `beside`
    makes of the worker's counters is open for as long, in the same loop.
    """
    worker = Worker(worker_name(), context, queue_of(context.database))

    async def work() -> None:
        async with beside(worker.instruments):
            await until_signalled(worker, announce, until_idle=until_idle)

    asyncio.run(work())


async def until_signalled(
    worker: Worker, announce: Callable[[str], None], *, until_idle: bool = False
) -> None:
    """Run the worker until SIGTERM or SIGINT, or until nothing is due."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    announce(f"worker {worker.name} is running; Ctrl-C stops it after the jobs it is doing")
    await worker.run(stop, until_idle=until_idle)
