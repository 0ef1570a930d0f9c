"""Giving money back: void what is not settled, refund what is, wait in between (payments 3.2)."""

from collections.abc import Callable, Sequence

from faktura.kernel.errors import NotFound, TooPrecise
from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.plugin import RefundAnswer, RefundOutcome, RefundRequest
from faktura_braintree import codes
from faktura_braintree.charge import Charge, Refusal, charge_of, refusal_of
from faktura_braintree.keys import KeyUse, RequestKeys
from faktura_braintree.mapping import UNSETTLED, amount_text, refund_of
from faktura_braintree.sales import Sales
from faktura_braintree.sdk import Gateway, Sdk, library
from faktura_braintree.settings import BraintreeSettings

_WAITS = "Braintree refunds a part only when the payment is settled; asked again until then"


class Refunds:
    """Refunds once under the refund's key, which is the credit's order id."""

    def __init__(
        self, settings: BraintreeSettings, sdk: Sdk, keys: RequestKeys, sales: Sales
    ) -> None:
        self._settings = settings
        self._sdk = sdk
        self._keys = keys
        self._sales = sales

    async def refund(self, request: RefundRequest) -> RefundOutcome:
        """Give back; PENDING without a reference has done nothing yet and is asked for again."""
        try:
            amount_text(request.amount, request.currency)
        except TooPrecise as error:
            return RefundOutcome(answer=RefundAnswer.FAILED, message=str(error))
        try:
            made = await self._made(request)
            if made is not None:
                return made
            charge = await self._sales.find(request.payment_reference)
        except OutcomeUnknown as error:
            return _unclear(error.problem)
        except NotFound:
            return RefundOutcome(
                answer=RefundAnswer.FAILED, message="Braintree does not know the payment"
            )
        try:
            return await self._given(request, charge)
        except OutcomeUnknown as error:
            return _unclear(error.problem)

    async def _given(self, request: RefundRequest, charge: Charge) -> RefundOutcome:
        if charge.status == "voided":
            return self._voided(request, charge)
        if charge.status in UNSETTLED:
            return await self._void(request, charge) if request.whole else _waits(request)
        if charge.status == "settling":
            # Asked now it would be refused, and its key would be spent on that.
            return _waits(request)
        use = await self._sdk.aside(lambda: self._keys.use)
        answer = await self._credit(request, with_key=use is not KeyUse.REFUSED)
        if isinstance(answer, Refusal) and codes.KEY_NOT_ALLOWED in answer.codes:
            await self._sdk.aside(lambda: self._keys.learn(KeyUse.REFUSED))
            if use is KeyUse.UNTRIED:
                # It never had keys, so this one was refused for its key alone.
                answer = await self._credit(request, with_key=False)
        elif use is KeyUse.UNTRIED:
            await self._sdk.aside(lambda: self._keys.learn(KeyUse.TAKEN))
        return self._refunded(request, answer)

    async def _void(self, request: RefundRequest, charge: Charge) -> RefundOutcome:
        voided = await self._sales.void(charge.id, request.key)
        if isinstance(voided, Charge):
            return self._voided(request, voided)
        if codes.CANNOT_BE_VOIDED not in voided.codes:
            return _unclear(voided.message)
        # It began to settle, or somebody voided it, between the two questions.
        return _waits(request)

    def _voided(self, request: RefundRequest, charge: Charge) -> RefundOutcome:
        whole = request.whole and charge.status == "voided"
        return RefundOutcome(
            answer=RefundAnswer.SUCCEEDED if whole else RefundAnswer.FAILED,
            reference=charge.id,
            amount=charge.amount if whole else None,
            currency=charge.currency if whole else "",
            message="" if whole else "The payment was voided: nothing is left of it to give back",
        )

    async def _credit(self, request: RefundRequest, *, with_key: bool) -> Charge | Refusal:
        wanted = {
            "amount": amount_text(request.amount, request.currency),
            "order_id": request.key,
            **({"api_request_key": request.key} if with_key else {}),
        }
        mark = self._settings.tenant_field

        def ask(gateway: Gateway) -> Charge | Refusal:
            result = gateway.transaction.refund(request.payment_reference, wanted)
            if result.is_success:
                return charge_of(result.transaction, mark)
            return refusal_of(result, mark)

        return await self._sdk.ask(ask)

    def _refunded(self, request: RefundRequest, answer: Charge | Refusal) -> RefundOutcome:
        if isinstance(answer, Charge):
            return refund_of(answer, self._settings.paid_when)
        if answer.charge is not None:
            return refund_of(answer.charge, self._settings.paid_when)
        found = set(answer.codes)
        if found & codes.NOT_SETTLED_YET:
            return _waits(request)
        if found & (codes.KEY_UNSETTLED | {codes.KEY_NOT_ALLOWED}) or not found:
            return _unclear(answer.message)
        return RefundOutcome(answer=RefundAnswer.FAILED, message=answer.message)

    async def look_up(self, request: RefundRequest, reference: str) -> RefundOutcome:
        """What became of a refund: by its reference, else by its key among the payment's credits."""
        try:
            if reference and reference != request.payment_reference:
                return refund_of(await self._sales.find(reference), self._settings.paid_when)
            made = await self._made(request)
            if made is not None:
                return made
            charge = await self._sales.find(request.payment_reference)
        except OutcomeUnknown as error:
            return _unclear(error.problem)
        except NotFound:
            return RefundOutcome(answer=RefundAnswer.ABSENT)
        return self._not_made(request, charge)

    def _not_made(self, request: RefundRequest, charge: Charge) -> RefundOutcome:
        if charge.status == "voided":
            return self._voided(request, charge)
        if charge.status == "settling" or (charge.status in UNSETTLED and not request.whole):
            return _waits(request)
        return RefundOutcome(answer=RefundAnswer.ABSENT)

    async def _made(self, request: RefundRequest) -> RefundOutcome | None:
        """The credit with this key, if the search shows one."""
        given = await self._sdk.ask(_credits_of(request.key, self._settings.tenant_field))
        ours = [one for one in given if one.refunded == request.payment_reference]
        return refund_of(ours[0], self._settings.paid_when) if ours else None


def _credits_of(key: str, mark: str) -> Callable[[Gateway], Sequence[Charge]]:
    def ask(gateway: Gateway) -> Sequence[Charge]:
        found = gateway.transaction.search(library().TransactionSearch.order_id == key)
        return [charge_of(one, mark) for one in found.items if one.type == "credit"]

    return ask


def _waits(request: RefundRequest) -> RefundOutcome:
    return RefundOutcome(
        answer=RefundAnswer.PENDING,
        amount=request.amount,
        currency=request.currency,
        message=_WAITS,
    )


def _unclear(why: str) -> RefundOutcome:
    return RefundOutcome(answer=RefundAnswer.UNCLEAR, message=why)
