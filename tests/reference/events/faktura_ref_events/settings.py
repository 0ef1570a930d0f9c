"""Where facts are posted, and the key that is shown there."""

from faktura.plugin import AdapterSettings
from pydantic import Field, SecretStr


class RefEventsSettings(AdapterSettings):
    """The other side."""

    url: str = Field(
        pattern=r"^https?://[^\s?#]+[^\s?#/]$",
        description="Address of the other side, without a slash at the end.",
    )
    key: SecretStr = Field(description="The key that the other side asks for.")
