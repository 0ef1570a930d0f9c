"""The adapter: cards and PayPal over one account at Braintree."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.errors import SettingMissing, TooPrecise
from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.kernel.payment_terms import LookUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Absent,
    AdapterSettings,
    AttemptReference,
    Cancelling,
    Capabilities,
    Checking,
    CollectRequest,
    EmbeddedPage,
    EventReading,
    MeansKeeping,
    MeansReference,
    OpenedPage,
    Outcome,
    PageRequest,
    PageResult,
    PaymentAdapter,
    PaymentFact,
    PolledEvents,
    Polling,
    ProviderEvent,
    Refunding,
    RefundOutcome,
    RefundRequest,
    Rejected,
    Runtime,
    SandboxAddress,
    SavedMeans,
)
from faktura_braintree.checks import Checks
from faktura_braintree.events import Events
from faktura_braintree.keys import KeyUse, RequestKeys
from faktura_braintree.mapping import amount_text
from faktura_braintree.pages import Pages, marks
from faktura_braintree.refunds import Refunds
from faktura_braintree.sales import Sales
from faktura_braintree.sdk import Sdk
from faktura_braintree.settings import SANDBOX, BraintreeSettings
from faktura_braintree.vault import Vault

_KEY_WINDOW = timedelta(days=30)
_MOST_TEXT = 127


class BraintreeAdapter(
    PaymentAdapter,
    Cancelling,
    Refunding,
    EventReading,
    Polling,
    EmbeddedPage,
    MeansKeeping,
    Checking,
):
    """Collects over Braintree; every method asks in worker threads, the core sends."""

    provider: ClassVar[str] = "braintree"
    Settings: ClassVar[type[AdapterSettings]] = BraintreeSettings
    sandbox: ClassVar[tuple[SandboxAddress, ...]] = (SandboxAddress(SANDBOX),)

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        if not isinstance(settings, BraintreeSettings):
            raise SettingMissing("the adapter needs settings of its own", place="braintree")
        self._own = settings
        self._keys = RequestKeys(runtime.state, wanted=settings.request_keys)
        self._sdk = Sdk(settings, runtime.http)
        self._sales = Sales(settings, runtime, self._sdk, self._keys)
        self._vault = Vault(self._sdk)
        self._refunds = Refunds(settings, self._sdk, self._keys, self._sales)
        self._pages = Pages(settings, runtime, self._sdk, self._sales, self._vault)
        self._events = Events(settings.paid_when, runtime, self._sdk, self._sales, self._vault)

    @override
    def capabilities(self) -> Capabilities:
        """Cards, PayPal, and the currencies that have a merchant account."""
        methods = {PaymentMethod.CARD} | ({PaymentMethod.PAYPAL} if self._own.paypal else set())
        has_keys = self._keys.use is not KeyUse.REFUSED
        return Capabilities(
            methods=frozenset(methods),
            currencies=frozenset(self._own.merchant_accounts),
            key_window=_KEY_WINDOW if has_keys else None,
            look_up=LookUp.EVENTUAL,
            dispute_days=self._own.dispute_days,
        )

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        """Sell off-session with the vaulted means."""
        account = self._own.merchant_accounts.get(request.currency)
        if account is None:
            # It may have been sold before somebody took the merchant account away.
            sold = await self.look_up(AttemptReference(request=request))
            message = f"No merchant account is set for {request.currency}"
            return Rejected(code="currency", message=message) if sold == Absent() else sold
        try:
            amount = amount_text(request.amount, request.currency)
        except TooPrecise as error:
            return Rejected(code=error.code, message=str(error))
        params: dict[str, object] = {
            "amount": amount,
            "payment_method_token": request.means.reference,
            "order_id": request.key,
            "transaction_source": "recurring",
            "merchant_account_id": account,
            "options": _options(request),
        }
        fields = marks(self._own, request.tenant, request.invoice_number)
        if fields:
            params["custom_fields"] = fields
        outcome, _charge = await self._sales.sell(request.key, params, request.created_at)
        return outcome

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        """By the transaction's id, else by the order id, whose search lags."""
        return await self._sales.look_up(attempt)

    @override
    async def cancel(self, attempt: AttemptReference) -> Outcome:
        """Void what is not decided."""
        return await self._sales.cancel(attempt)

    @override
    async def refund(self, request: RefundRequest) -> RefundOutcome:
        """Void or refund, by the payment's state."""
        return await self._refunds.refund(request)

    @override
    async def look_up_refund(self, request: RefundRequest, reference: str) -> RefundOutcome:
        """By the credit's id, else by the refund's key."""
        return await self._refunds.look_up(request, reference)

    @override
    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        """Ask for the object that the event names."""
        return await self._events.facts(event)

    @override
    async def events_since(self, cursor: str, since: datetime) -> PolledEvents:
        """Transactions and disputes that changed, by search."""
        return await self._events.since(cursor, since)

    @override
    async def open_page(self, request: PageRequest) -> OpenedPage:
        """Braintree's fields with a fresh client token; opening again charges nothing twice."""
        try:
            return await self._pages.open(request)
        except OutcomeUnknown as error:
            raise OutsideUnavailable(error.problem, place=error.place) from error

    @override
    async def read_page(self, request: PageRequest, reference: str) -> PageResult:
        """By the page's key."""
        return await self._pages.read(request)

    @override
    async def close_page(self, request: PageRequest, reference: str) -> PageResult:
        """By the page's key."""
        return await self._pages.close(request)

    @override
    async def finish_page(self, request: PageRequest, result: str) -> PageResult:
        """Charge or save with the nonce."""
        return await self._pages.finish(request, result)

    @override
    async def describe_means(self, means: MeansReference) -> SavedMeans | None:
        """From the vault."""
        try:
            return await self._vault.describe(means)
        except OutcomeUnknown as error:
            raise OutsideUnavailable(error.problem, place=error.place) from error

    @override
    async def forget_means(self, means: MeansReference) -> None:
        """Delete it from the vault; deleting again is harmless, so a lost answer is asked again."""
        try:
            await self._vault.forget(means)
        except OutcomeUnknown as error:
            raise OutsideUnavailable(error.problem, place=error.place) from error

    @override
    async def problems(self, webhook_url: str) -> Sequence[str]:
        """Try key and merchant accounts out."""
        return await Checks(self._own, self._sdk).problems(webhook_url)


def _options(request: CollectRequest) -> dict[str, object]:
    options: dict[str, object] = {"submit_for_settlement": True}
    if request.method is PaymentMethod.PAYPAL and request.description:
        options["paypal"] = {"description": request.description[:_MOST_TEXT]}
    return options
