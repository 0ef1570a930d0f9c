"""Files that survive a crash: written beside, flushed, renamed, and so is every folder above."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_durably(target: Path, pieces: Iterable[bytes]) -> None:
    """Write the pieces as one file that is there whole or not at all, also after a crash.

    Makes the folders it needs; a file of that name is replaced. Raises OSError, and whatever the
    pieces raise; nothing is left beside then.
    """
    _make_durable_folder(target.parent)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink()
        raise


def flush_folder(folder: Path) -> None:
    """Make the names in the folder durable; raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_durable_folder(folder: Path) -> None:
    # A new folder is durable when its parent is flushed, from the topmost one down.
    if not folder.exists():
        _make_durable_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)
