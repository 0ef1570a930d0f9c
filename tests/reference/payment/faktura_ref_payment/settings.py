"""The settings of an account at Refpay."""

from faktura.plugin import AdapterSettings
from pydantic import Field, SecretStr


class RefPaymentSettings(AdapterSettings):
    """Which account, and where Refpay is."""

    api_key: SecretStr = Field(description="The account's key")
    webhook_secret: SecretStr = Field(description="What its deliveries are signed with")
    base_url: str = Field(description="Where Refpay is asked: https://, no slash at the end")
