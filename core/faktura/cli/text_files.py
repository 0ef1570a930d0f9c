"""Files of texts that people write, such as those of mails and of dunning levels."""

from pathlib import Path

from faktura.flows.files import read_bounded
from faktura.kernel.errors import FileUnreadable
from faktura.services.imports.entries import ImportFile


def read_text(file: Path, most: int) -> str:
    """What a file of at most `most` bytes says, UTF-8; its errors name the file."""
    content = read_bounded(file, most)
    try:
        return ImportFile(file.name, content).text
    except FileUnreadable as error:
        raise error.at(file.name) from None
