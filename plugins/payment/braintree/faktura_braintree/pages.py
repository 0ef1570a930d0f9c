"""The page on which a customer pays or saves a means: Braintree's fields in a page of ours."""

from decimal import Decimal

from faktura.kernel.errors import NotFound, Refused
from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Absent,
    ActionNeeded,
    Cancelled,
    Embedded,
    OpenedPage,
    Outcome,
    PageRequest,
    PageResult,
    Rejected,
    Runtime,
    SavedMeans,
    Succeeded,
    Unclear,
)
from faktura_braintree.charge import Charge, Refusal, Vaulted
from faktura_braintree.mapping import amount_text, refusal_outcome, saved_of
from faktura_braintree.page_script import SCRIPT, scripts, sources
from faktura_braintree.sales import Sales
from faktura_braintree.sdk import Gateway, Sdk
from faktura_braintree.settings import BraintreeSettings
from faktura_braintree.vault import Vault

_NOTHING = Decimal(0)


class Pages:
    """Opens, reads, closes and finishes pages; the page's key is the order id and the token."""

    def __init__(
        self, settings: BraintreeSettings, runtime: Runtime, sdk: Sdk, sales: Sales, vault: Vault
    ) -> None:
        self._settings = settings
        self._runtime = runtime
        self._sdk = sdk
        self._sales = sales
        self._vault = vault

    async def open(self, request: PageRequest) -> OpenedPage:
        """The scripts and a fresh client token; raises OutsideUnavailable, OutcomeUnknown."""
        account = self._settings.merchant_accounts[request.currency]
        token = await self._sdk.ask(lambda gateway: _client_token(gateway, account))
        paypal = request.method is PaymentMethod.PAYPAL
        keeps = request.save or request.amount is None
        amount = "" if request.amount is None else amount_text(request.amount, request.currency)
        return OpenedPage(
            reference=request.key,
            embedded=Embedded(
                scripts=scripts(self._settings.web_version, paypal=paypal),
                own_script=SCRIPT,
                values={
                    "authorization": token,
                    "method": "paypal" if paypal else "card",
                    "flow": "vault" if keeps else "checkout",
                    "amount": amount,
                    "currency": request.currency,
                    "language": request.language,
                    "secure": "yes" if self._settings.three_d_secure and amount else "no",
                    "email": request.customer_email,
                },
                sources=sources(paypal=paypal, secure=self._settings.three_d_secure),
            ),
        )

    async def read(self, request: PageRequest) -> PageResult:
        """What became of the page; while nothing was sent it waits until it expires."""
        outcome, saved = await self._done(request)
        if not isinstance(outcome, Absent):
            return PageResult(outcome=outcome, saved=saved)
        if self._runtime.clock.now() < request.expires_at:
            return PageResult(outcome=ActionNeeded(reference=request.key, reason="open"))
        return PageResult(outcome=Cancelled(reference=request.key))

    async def close(self, request: PageRequest) -> PageResult:
        """What the customer did; else Cancelled, since nobody but us can charge on this page."""
        outcome, saved = await self._done(request)
        if isinstance(outcome, Absent):
            return PageResult(outcome=Cancelled(reference=request.key))
        return PageResult(outcome=outcome, saved=saved)

    async def _done(self, request: PageRequest) -> tuple[Outcome, SavedMeans | None]:
        try:
            if request.amount is None:
                kept = await self._vault.find(request.key)
                return (Absent(), None) if kept is None else (_kept(kept, request), saved_of(kept))
            sold = await self._sales.by_order(request.key)
        except (OutcomeUnknown, NotFound) as error:
            return Unclear(why=error.problem), None
        if not sold:
            return Absent(), None
        outcome, charge = self._sales.strongest(sold)
        return outcome, await self._saved(request, outcome, charge)

    async def finish(self, request: PageRequest, nonce: str) -> PageResult:
        """Charge, or save, with what Braintree's fields gave; once under the page's key."""
        account = self._settings.merchant_accounts.get(request.currency)
        if account is None or not nonce or len(nonce) > 255:
            code = "currency" if account is None else "nonce"
            return PageResult(outcome=Rejected(code=code, message=f"no usable {code} for the page"))
        try:
            customer = await self._vault.customer(request) if _keeps(request) else ""
        except Refused as error:
            # There is no such customer, so nothing was ever sold to it.
            return PageResult(outcome=Rejected(code="customer", message=error.problem))
        except OutcomeUnknown as error:
            # Not a no: an earlier sending of this result may have sold.
            return PageResult(outcome=Unclear(why=error.problem))
        if request.amount is None:
            return await self._keep(request, customer, nonce, account)
        known, saved = await self._done(request)
        if not isinstance(known, Absent):
            return PageResult(outcome=known, saved=saved, customer=customer)
        outcome, charge = await self._sales.sell(
            request.key, self._params(request, customer, nonce, account), request.created_at
        )
        saved = await self._saved(request, outcome, charge)
        return PageResult(outcome=outcome, saved=saved, customer=customer)

    def _params(
        self, request: PageRequest, customer: str, nonce: str, account: str
    ) -> dict[str, object]:
        assert request.amount is not None  # noqa: S101 - a page without an amount only saves
        options: dict[str, object] = {"submit_for_settlement": True}
        more: dict[str, object] = {}
        if customer:
            options["store_in_vault_on_success"] = True
            more = {"customer_id": customer, "transaction_source": "recurring_first"}
        fields = marks(self._settings, request.tenant, request.invoice_number)
        return {
            "amount": amount_text(request.amount, request.currency),
            "payment_method_nonce": nonce,
            "order_id": request.key,
            "merchant_account_id": account,
            "options": options,
            **more,
            **({"custom_fields": fields} if fields else {}),
        }

    async def _keep(
        self, request: PageRequest, customer: str, nonce: str, account: str
    ) -> PageResult:
        try:
            kept = await self._vault.save(request, customer, nonce, account)
        except OutcomeUnknown as error:
            return PageResult(outcome=Unclear(why=error.problem), customer=customer)
        if isinstance(kept, Refusal):
            outcome = refusal_outcome(kept, self._settings.paid_when)
            return PageResult(outcome=outcome, customer=customer)
        return PageResult(outcome=_kept(kept, request), saved=saved_of(kept), customer=customer)

    async def _saved(
        self, request: PageRequest, outcome: Outcome, charge: Charge | None
    ) -> SavedMeans | None:
        if not request.save or charge is None or not charge.token:
            return None
        if not isinstance(outcome, Succeeded) and outcome.kind != "PENDING":
            return None
        try:
            kept = await self._vault.find(charge.token)
        except (OutcomeUnknown, NotFound):
            # The money is what counts; the means can be saved another time.
            return None
        return None if kept is None else saved_of(kept)


def marks(settings: BraintreeSettings, tenant: str, invoice_number: str) -> dict[str, str]:
    """The custom fields of a sale, as far as they are set up."""
    given = {settings.tenant_field: tenant, settings.invoice_field: invoice_number}
    return {name: value for name, value in given.items() if name and value}


def _keeps(request: PageRequest) -> bool:
    return request.save or request.amount is None


def _kept(kept: Vaulted, request: PageRequest) -> Outcome:
    """A saved means, as the outcome of a page on which nothing is paid."""
    return Succeeded(
        reference=kept.token, amount=_NOTHING, currency=request.currency, at=request.created_at
    )


def _client_token(gateway: Gateway, account: str) -> str:
    return str(gateway.client_token.generate({"merchant_account_id": account}))
