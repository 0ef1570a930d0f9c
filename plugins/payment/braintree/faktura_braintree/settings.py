"""Whose account it is at Braintree, which currencies it takes, and when a sale counts as paid."""

from collections.abc import Mapping
from enum import StrEnum, unique

from pydantic import Field, SecretStr, field_validator

from faktura.kernel.money import MINOR_DIGITS
from faktura.plugin import AdapterSettings

PRODUCTION = "https://api.braintreegateway.com"
SANDBOX = "https://api.sandbox.braintreegateway.com"
_WORD = r"^[A-Za-z0-9_-]+$"


@unique
class PaidWhen(StrEnum):
    """When a card sale counts as paid: handed in for settlement, or settled 1 to 2 days later."""

    SUBMITTED = "SUBMITTED"
    SETTLED = "SETTLED"


@unique
class Environment(StrEnum):
    """Which Braintree it is; money moves in PRODUCTION only."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"


class BraintreeSettings(AdapterSettings):
    """The account and its keys; `merchant_accounts` maps a currency to the merchant account of it.

    `base_url` replaces Braintree's address. `request_keys` lets the adapter try Braintree's own
    idempotency keys; where the account has none it goes on without. `tenant_field` and
    `invoice_field` are custom fields set up at Braintree, empty where there are none. A chargeback
    is possible for `dispute_days`. `web_version` is that of Braintree's scripts in the browser.
    """

    merchant_id: str = Field(pattern=_WORD)
    public_key: str = Field(min_length=1, pattern=r"^[\x21-\x7e]+$")
    private_key: SecretStr
    merchant_accounts: Mapping[str, str] = Field(min_length=1)
    environment: Environment = Environment.PRODUCTION
    base_url: str = Field(default="", pattern=r"^(https?://[^\s?#]+[^\s?#/])?$")
    paid_when: PaidWhen = PaidWhen.SUBMITTED
    request_keys: bool = True
    tenant_field: str = Field(default="", pattern=r"^[a-z0-9_]*$")
    invoice_field: str = Field(default="", pattern=r"^[a-z0-9_]*$")
    paypal: bool = True
    three_d_secure: bool = True
    dispute_days: int = Field(default=540, ge=1)
    web_version: str = Field(default="3.136.0", pattern=r"^\d+\.\d+\.\d+$")
    threads: int = Field(default=12, ge=1, le=32)

    @field_validator("private_key")
    @classmethod
    def _is_ascii(cls, value: SecretStr) -> SecretStr:
        # The SDK signs and logs in with its ASCII bytes.
        if not value.get_secret_value() or not value.get_secret_value().isascii():
            raise ValueError("a private key of Braintree is ASCII text")
        return value

    @field_validator("merchant_accounts")
    @classmethod
    def _are_known(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        wrong = sorted(currency for currency in value if currency not in MINOR_DIGITS)
        if wrong:
            raise ValueError(f"{wrong[0]} is not a currency that faktura bills in")
        if not all(value.values()):
            raise ValueError("a merchant account has no name")
        return value

    @property
    def address(self) -> str:
        """Where Braintree is asked, without a slash at the end."""
        own = PRODUCTION if self.environment is Environment.PRODUCTION else SANDBOX
        return self.base_url or own
