"""The settings of an account at Stripe."""

import json

from pydantic import Field, SecretStr, field_validator

from faktura.kernel.terms import PaymentMethod
from faktura.plugin import AdapterSettings

API_VERSION = "2026-10-28.endive"
"""The API version this plugin speaks: that of the SDK it was written for, whatever the account's is."""


class StripeSettings(AdapterSettings):
    """Which account, and how it is used.

    `api_key` is a restricted or secret key. `webhook_secrets` are the signing secrets of the
    endpoint, several while one is rolled: a list, or one text with blanks between. `methods` are what the account has switched on.
    `descriptor_suffix` stands on card statements behind the account's own text; Stripe wants a
    letter in it. `return_url` goes along with charges, where Stripe asks for one. `tolerance` is how many seconds a delivery's signature may be old, or lie ahead.
    """

    api_key: SecretStr
    webhook_secrets: tuple[SecretStr, ...] = ()
    api_base: str = Field(default="https://api.stripe.com", pattern=r"^https?://[^\s?#]*[^\s?#/]$")
    api_version: str = Field(
        default=API_VERSION, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[a-z]+)?$"
    )
    return_url: str = Field(default="", pattern=r"^$|^https?://\S+$")
    methods: frozenset[PaymentMethod] = frozenset(
        {PaymentMethod.CARD, PaymentMethod.SEPA_DEBIT, PaymentMethod.PAYPAL}
    )
    descriptor_suffix: str = Field(
        default="", max_length=20, pattern=r"^$|^[0-9 .,&+/-]*[A-Za-z][A-Za-z0-9 .,&+/-]*$"
    )
    tolerance: int = Field(default=300, gt=0, le=86_400)

    @field_validator("webhook_secrets", "methods", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        # The secret store and the environment hold texts; none of these words has a blank in it.
        if not isinstance(given, str):
            return given
        return json.loads(given) if given.startswith("[") else given.replace(",", " ").split()
