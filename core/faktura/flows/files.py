"""Files for people, whole or not at all."""

import os
import tempfile
from pathlib import Path

from faktura.kernel.errors import FileUnwritable


def check_writable(folder: Path) -> None:
    """Raise FileUnwritable unless files can be written to the folder; it is made where missing.

    For work that cannot be taken back: better asked before than found out after.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise FileUnwritable(
            f"nothing can be written there: {error.strerror}",
            place=str(folder),
            mend="Check the folder and its rights",
        ) from error


def write_whole(target: Path, content: bytes) -> None:
    """Write a file beside its place and rename it, so that nobody ever finds a part of it.

    Makes the folders it needs; a file of that name is replaced. Raises FileUnwritable with the
    reason where it cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp keeps the file to its owner; an adviser or a share reads it too.
            beside.chmod(0o644)
            beside.replace(target)
        except BaseException:
            beside.unlink()
            raise
    except OSError as error:
        raise FileUnwritable(
            f"the file cannot be written: {error.strerror}",
            place=str(target),
            mend="Check the folder and its rights",
        ) from error
