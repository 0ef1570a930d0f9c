"""Whose finAPI client it is, which finAPI is asked, and how forms and updates are asked for."""

from enum import StrEnum, unique

from pydantic import Field, SecretStr, field_validator

from faktura.plugin import AdapterSettings

_ADDRESS = r"^(https?://[^\s?#]+[^\s?#/])?$"
_LEAST_DAYS, _MOST_DAYS = 14, 3650


@unique
class Environment(StrEnum):
    """Which finAPI it is; real banks are behind LIVE only."""

    LIVE = "live"
    SANDBOX = "sandbox"


@unique
class Language(StrEnum):
    """In which language finAPI words its messages; those of banks stay as they are."""

    DE = "de"
    EN = "en"


@unique
class NewAccounts(StrEnum):
    """Whether an update brings in new accounts; FORCED may give the stored consent up for them."""

    SKIP = "SKIP"
    CONDITIONAL = "CONDITIONAL"
    FORCED = "FORCED"


@unique
class AccountType(StrEnum):
    """Kinds of accounts that a form may bring in."""

    CHECKING = "CHECKING"
    SAVINGS = "SAVINGS"
    CREDIT_CARD = "CREDIT_CARD"
    SECURITY = "SECURITY"
    MEMBERSHIP = "MEMBERSHIP"
    LOAN = "LOAN"
    BAUSPAREN = "BAUSPAREN"


@unique
class Interface(StrEnum):
    """Ways to a bank; without a choice finAPI takes the best one."""

    XS2A = "XS2A"
    FINTS_SERVER = "FINTS_SERVER"
    WEB_SCRAPER = "WEB_SCRAPER"


HOSTS = {
    Environment.LIVE: ("https://live.finapi.io", "https://webform-live.finapi.io"),
    Environment.SANDBOX: ("https://sandbox.finapi.io", "https://webform-sandbox.finapi.io"),
}


class FinapiSettings(AdapterSettings):
    """The data client and its secret; `access_url` and `web_form_url` replace finAPI's addresses.

    `profile_id` names a profile of the web form; it should have secrets stored, or every update
    needs a person. `first_days` is how far back a new connection reaches, 0 for all that the bank
    gives. Of each kind in `account_types` finAPI looks for accounts, in several forms if need be; of
    all kinds where there are none. Without `interfaces` finAPI decides. `new_accounts` counts while a
    person waits; unattended they are skipped. `test_banks` shows finAPI's test bank in the form.
    """

    client_id: str = Field(min_length=1, pattern=r"^[\x21-\x7e]+$")
    client_secret: SecretStr = Field(min_length=1)
    environment: Environment = Environment.LIVE
    access_url: str = Field(default="", pattern=_ADDRESS)
    web_form_url: str = Field(default="", pattern=_ADDRESS)
    profile_id: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,36}$")
    language: Language = Language.DE
    first_days: int = 90
    account_types: tuple[AccountType, ...] = (AccountType.CHECKING,)
    interfaces: tuple[Interface, ...] = ()
    new_accounts: NewAccounts = NewAccounts.SKIP
    test_banks: bool = False

    @field_validator("first_days")
    @classmethod
    def _is_taken(cls, value: int) -> int:
        if value and not _LEAST_DAYS <= value <= _MOST_DAYS:
            raise ValueError(f"finAPI takes 0 for all, or {_LEAST_DAYS} to {_MOST_DAYS} days")
        return value

    @property
    def access(self) -> str:
        """Where Access is asked, without a slash at the end."""
        return self.access_url or HOSTS[self.environment][0]

    @property
    def web_form(self) -> str:
        """Where Web Form is asked, without a slash at the end."""
        return self.web_form_url or HOSTS[self.environment][1]
