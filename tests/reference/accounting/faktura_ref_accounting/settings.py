"""What a company chooses about its file."""

from typing import Literal

from faktura.plugin import AdapterSettings
from pydantic import Field


class RefAccountingSettings(AdapterSettings):
    """How cells are written."""

    delimiter: Literal[";", ",", "\t"] = Field(
        default=";", description="What stands between two cells"
    )
