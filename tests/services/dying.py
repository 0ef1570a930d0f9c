"""Killing a process in the middle of what it writes."""

import os
import signal
from collections.abc import Callable

import faktura.store.bulk


def die_at_write(no: int) -> None:
    """Kill this process at its `no`-th bulk write; 0 never does."""
    left = no

    def counting(statement: Callable[[object], str]) -> Callable[[object], str]:
        def counted(table: object) -> str:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return statement(table)

        return counted

    # Each bulk write asks for one of them, right before it writes.
    bulk = faktura.store.bulk
    bulk._copy_sql = counting(bulk._copy_sql)  # type: ignore[assignment]  # counts what is written
    bulk._insert_sql = counting(bulk._insert_sql)  # type: ignore[assignment]  # counts what is written
