"""Where VIES is asked, and how long for an answer."""

from pydantic import Field

from faktura.plugin import AdapterSettings

_ADDRESS = r"^https?://[^\s?#]+[^\s?#/]$"


class ViesSettings(AdapterSettings):
    """VIES needs no account; `url` is its REST interface, without a slash at the end."""

    url: str = Field(
        default="https://ec.europa.eu/taxation_customs/vies/rest-api",
        pattern=_ADDRESS,
        description="The REST interface of VIES, without a slash at the end.",
    )
    seconds: int = Field(
        default=20, ge=1, le=120, description="The longest wait for an answer, in seconds."
    )
