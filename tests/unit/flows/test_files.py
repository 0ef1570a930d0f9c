"""Files that people bring are read to a bound, whatever they say of their size."""

from pathlib import Path

import pytest

from faktura.flows.files import read_bounded
from faktura.kernel.errors import FileUnreadable, HostileFile


def test_a_file_of_just_as_many_bytes_is_read(tmp_path):
    """The bound is inclusive."""
    (tmp_path / "five").write_bytes(b"12345")

    assert read_bounded(tmp_path / "five", 5) == b"12345"
    with pytest.raises(HostileFile) as refused:
        read_bounded(tmp_path / "five", 4)
    assert str(refused.value) == "five: it has more than 4 bytes. Make it smaller"


def test_what_never_ends_is_not_read_to_its_end():
    """A device says that it has no bytes."""
    with pytest.raises(HostileFile):
        read_bounded(Path("/dev/zero"), 1_000)


def test_what_cannot_be_read_is_named(tmp_path):
    """A folder, as every other refusal of the system."""
    with pytest.raises(FileUnreadable) as refused:
        read_bounded(tmp_path, 10)

    assert str(refused.value) == f"{tmp_path.name}: it cannot be read: Is a directory"
