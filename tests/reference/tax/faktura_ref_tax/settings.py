"""Where REFTAX is asked, and the key that it asks for."""

from faktura.plugin import AdapterSettings
from pydantic import Field, SecretStr


class RefTaxSettings(AdapterSettings):
    """The account at REFTAX."""

    url: str = Field(
        pattern=r"^https?://[^\s?#]+[^\s?#/]$",
        description="Address of REFTAX, without a slash at the end.",
    )
    key: SecretStr = Field(description="The key that REFTAX gave us.")
