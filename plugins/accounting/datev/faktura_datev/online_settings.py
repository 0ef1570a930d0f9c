"""Where DATEV is on the net, and as which application we come; all of it can be set.

The defaults are those of production; docs of DATEV's developer portal list the sandbox's.
"""

from pydantic import Field, SecretStr

from faktura.plugin import AdapterSettings

_URL = r"^https?://[^\s?#]+$"
_WORD = r"^[^\x00-\x1f]*$"

SANDBOX = (
    "https://login.datev.de/openidsandbox",
    "https://sandbox-api.datev.de",
    "https://accounting-clients.api.datev.de/platform-sandbox",
    "https://accounting-documents.api.datev.de/platform-sandbox",
    "https://accounting-extf-files.api.datev.de/platform-sandbox",
)
"""Where the clients and books of DATEV's sandbox lie; nothing else is called for a sandbox tenant (F137)."""


class DatevOnlineSettings(AdapterSettings):
    """The application registered with DATEV, whose client it is for, and every address.

    `client_id` and `client_secret` come from the registration; without them nothing is connected.
    `scopes` are those of the registration, blanks between them. `long_lived` asks for tokens of
    about two years instead of eleven hours (the scope of the one client is added). `document_type`
    is used where the client has it; `category` and `folder` are where images lie.
    """

    consultant: int = Field(ge=1001, le=9_999_999)
    client: int = Field(ge=1, le=99_999)
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    discovery_url: str = Field(
        default="https://login.datev.de/openid/.well-known/openid-configuration", pattern=_URL
    )
    clients_url: str = Field(
        default="https://accounting-clients.api.datev.de/platform/v2", pattern=_URL
    )
    documents_url: str = Field(
        default="https://accounting-documents.api.datev.de/platform/v2", pattern=_URL
    )
    files_url: str = Field(
        default="https://accounting-extf-files.api.datev.de/platform/v3", pattern=_URL
    )
    manage_url: str = Field(default="https://apps.datev.de/tokrevui", pattern=_URL)
    scopes: str = (
        "openid profile datev:accounting:clients datev:accounting:extf-files-import"
        " datev:accounting:documents"
    )
    long_lived: bool = False
    windows_sso: bool = True
    service: str = "Buchungsdatenservice"
    document_type: str = Field(default="Rechnungsausgang", max_length=30, pattern=_WORD)
    category: str = Field(default="faktura", min_length=1, max_length=30, pattern=_WORD)
    folder: str = Field(default="Rechnungen", min_length=1, max_length=30, pattern=_WORD)

    @property
    def client_path(self) -> str:
        """The client as DATEV's addresses name it; not for people."""
        return f"{self.consultant}-{self.client}"

    @property
    def all_scopes(self) -> str:
        """What is asked for at the login."""
        if not self.long_lived:
            return self.scopes
        return f"{self.scopes} offline_access datev:iam:client:{self.client_path}"
