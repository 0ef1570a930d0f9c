"""Messages on a pipe: four bytes of length (big-endian), then that many bytes."""

from typing import IO

_HEAD = 4


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Send a message at once; raises OSError when nobody listens any more."""
    stream.write(len(content).to_bytes(_HEAD, "big"))
    stream.write(content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message, None when the stream ended, also in the middle of one."""
    head = stream.read(_HEAD)
    if len(head) < _HEAD:
        return None
    length = int.from_bytes(head, "big")
    content = stream.read(length)
    return content if len(content) == length else None
