"""Killing a process in the middle of what it writes."""

import os
import signal

import faktura.store.bulk


def die_at_write(no: int) -> None:
    """Kill this process at its `no`-th bulk write; 0 never does."""
    left = no
    write = faktura.store.bulk.encode

    def counting(*args: object) -> object:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return write(*args)  # type: ignore[arg-type]  # whatever it takes is passed on

    faktura.store.bulk.encode = counting  # type: ignore[assignment]  # counts what is written
