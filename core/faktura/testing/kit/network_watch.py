"""Sees every connection and every name looked up while a connector works that must do neither."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_EVENTS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
_watches: list[list[str]] = []
_hooked: list[bool] = []


def _seen(event: str, arguments: tuple[object, ...]) -> None:
    if _watches and event in _EVENTS:
        _watches[-1].append(f"{event} {arguments[-1 if event == 'socket.connect' else 0]}")


@contextmanager
def network_watched() -> Iterator[list[str]]:
    """What reached for the network inside the block; connections that were caught count too."""
    if not _hooked:
        sys.addaudithook(_seen)  # for the whole process: it cannot be taken away again
        _hooked.append(True)
    _watches.append([])
    try:
        yield _watches[-1]
    finally:
        _watches.pop()
