"""Files for people, whole or not at all."""

import os
import tempfile
from pathlib import Path

from faktura.kernel.errors import FileUnreadable, FileUnwritable, HostileFile


def read_bounded(file: Path, most: int) -> bytes:
    """The bytes of a file, or of a pipe or device: no more than `most` are ever read.

    Raises FileUnreadable with the reason, HostileFile where there are more.
    """
    try:
        with file.open("rb") as source:
            content = source.read(most + 1)
    except OSError as error:
        raise FileUnreadable(f"it cannot be read: {error.strerror}", place=file.name) from error
    if len(content) > most:
        raise HostileFile(
            f"it has more than {most:,} bytes", place=file.name, mend="Make it smaller"
        )
    return content


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


def check_absent(target: Path) -> None:
    """Raise FileUnwritable where there is a file of that name: what people wrote stays theirs."""
    if target.exists():
        raise FileUnwritable(
            "there is a file of that name already",
            place=str(target),
            mend="Give another name, or replace it with --force",
        )


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
