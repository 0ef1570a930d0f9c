"""Customers and their means of payment in Braintree's vault."""

from hashlib import sha256

from faktura.kernel.errors import NotFound, Refused
from faktura.plugin import MeansReference, PageRequest, SavedMeans
from faktura_braintree import codes
from faktura_braintree.charge import Refusal, Vaulted, refusal_of, vaulted_of
from faktura_braintree.mapping import saved_of
from faktura_braintree.sdk import Gateway, Sdk, library


def customer_id(tenant: str, number: str) -> str:
    """Our customer's id at Braintree: the same for ever, and of the signs it takes, at most 36."""
    digest = sha256(f"{tenant}\0{number}".encode()).hexdigest()
    return f"fk-{digest[:32]}"


class Vault:
    """Keeps customers and means of payment at Braintree."""

    def __init__(self, sdk: Sdk) -> None:
        self._sdk = sdk

    async def customer(self, request: PageRequest) -> str:
        """The page's customer, made where there is none; raises Refused, OutcomeUnknown."""
        wanted = request.customer or customer_id(request.tenant, request.customer_number)

        def ask(gateway: Gateway) -> str:
            try:
                gateway.customer.find(wanted)
            except library().exceptions.NotFoundError:
                _make(gateway, wanted, request)
            return wanted

        return await self._sdk.ask(ask)

    async def save(
        self, request: PageRequest, customer: str, nonce: str, account: str
    ) -> Vaulted | Refusal:
        """Save what the browser gave under the page's key as its token; again gives the first one."""
        wanted = {
            "customer_id": customer,
            "payment_method_nonce": nonce,
            "token": request.key,
            "options": {"verify_card": True, "verification_merchant_account_id": account},
        }

        def ask(gateway: Gateway) -> Vaulted | Refusal:
            result = gateway.payment_method.create(wanted)
            if result.is_success:
                return vaulted_of(result.payment_method)
            return refusal_of(result)

        answer = await self._sdk.ask(ask)
        if isinstance(answer, Refusal) and set(answer.codes) & (
            codes.NONCE_USED | codes.TOKEN_TAKEN
        ):
            return await self.find(request.key) or answer
        return answer

    async def find(self, token: str) -> Vaulted | None:
        """The means of payment of that token; None where it is gone or was revoked."""
        try:
            found = await self._sdk.ask(
                lambda gateway: vaulted_of(gateway.payment_method.find(token))
            )
        except NotFound:
            return None
        return None if found.is_revoked else found

    async def describe(self, means: MeansReference) -> SavedMeans | None:
        """What a saved means is now."""
        found = await self.find(means.reference)
        return None if found is None else saved_of(found)

    async def forget(self, means: MeansReference) -> None:
        """Delete it; one that is gone already is deleted. Raises OutcomeUnknown."""
        try:
            await self._sdk.ask(lambda gateway: _delete(gateway, means.reference))
        except NotFound:
            return


def _delete(gateway: Gateway, token: str) -> None:
    gateway.payment_method.delete(token)


def _make(gateway: Gateway, wanted: str, request: PageRequest) -> None:
    result = gateway.customer.create(
        {"id": wanted, "company": request.customer_name, "email": request.customer_email or None}
    )
    # Two pages of a new customer may make it at the same moment.
    if not result.is_success and codes.CUSTOMER_TAKEN not in refusal_of(result).codes:
        raise Refused(f"the customer was not made: {result.message}", place="Braintree")
