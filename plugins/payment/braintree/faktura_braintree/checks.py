"""Whether the account can be used: key, merchant accounts and their currencies."""

from collections.abc import Sequence

from faktura.kernel.errors import FakturaError, NotFound
from faktura_braintree.sdk import Gateway, Sdk
from faktura_braintree.settings import BraintreeSettings


class Checks:
    """Tries the settings out at Braintree; nothing is changed there."""

    def __init__(self, settings: BraintreeSettings, sdk: Sdk) -> None:
        self._settings = settings
        self._sdk = sdk

    async def problems(self, webhook_url: str) -> Sequence[str]:
        """What is wrong, each with what to do. Braintree does not tell which webhooks are set up."""
        found = list(_address_problems(webhook_url))
        for currency, account in sorted(self._settings.merchant_accounts.items()):
            found += await self._problems(currency, account)
        return found

    async def _problems(self, currency: str, account: str) -> Sequence[str]:
        try:
            known, status = await self._sdk.ask(lambda gateway: _account(gateway, account))
        except NotFound:
            return [f"Merchant account {account} does not exist: correct merchant_accounts"]
        except FakturaError as error:
            return [str(error)]
        if known != currency:
            return [f"Merchant account {account} takes {known}, not {currency}: correct it"]
        if status != "active":
            return [f"Merchant account {account} is {status}: ask Braintree"]
        return []


def _address_problems(webhook_url: str) -> Sequence[str]:
    if webhook_url.startswith("https://"):
        return ()
    where = f"not to {webhook_url}" if webhook_url else "and none is set"
    return (
        f"Braintree delivers webhooks to https addresses only, {where}: set FAKTURA_PUBLIC_URL",
    )


def _account(gateway: Gateway, account: str) -> tuple[str, str]:
    found = gateway.merchant_account.find(account)
    return str(found.currency_iso_code), str(found.status)
