"""What an installation may set for this connector."""

from typing import Literal

from pydantic import Field

from faktura.plugin import AdapterSettings


class CsvSettings(AdapterSettings):
    """How the bank writes its files; the defaults fit the file in the README."""

    delimiter: str = Field(default=";", min_length=1, max_length=1)
    encoding: Literal["utf-8-sig", "cp1252", "iso-8859-15"] = "utf-8-sig"
    currency: str = "EUR"
    """Currency of all amounts: the file does not name one."""
