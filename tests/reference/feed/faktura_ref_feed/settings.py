"""Where REFFEED is asked, and the key that it asks for."""

from faktura.plugin import AdapterSettings
from pydantic import Field, SecretStr


class RefFeedSettings(AdapterSettings):
    """The account at REFFEED."""

    url: str = Field(
        pattern=r"^https?://[^\s?#]+[^\s?#/]$",
        description="Address of REFFEED, without a slash at the end.",
    )
    key: SecretStr = Field(description="The key that REFFEED gave us.")
