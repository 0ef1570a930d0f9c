"""Giving money back at Stripe."""

from typing_extensions import override

from faktura.kernel.errors import FieldInvalid, TooPrecise
from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.plugin import RefundAnswer, Refunding, RefundOutcome, RefundRequest
from faktura_stripe import marks
from faktura_stripe.account import StripeAccount
from faktura_stripe.answers import FailureRepeated, KeyMixedUp, StripeRefused
from faktura_stripe.mapping import refund_outcome
from faktura_stripe.reading import Json, text
from faktura_stripe.requests import refund_params


class Refunds(StripeAccount, Refunding):
    """Refunds of payments, each marked with our id of it."""

    @override
    async def refund(self, request: RefundRequest) -> RefundOutcome:
        """Refund once under the request's key."""
        try:
            params = refund_params(request)
            return refund_outcome(
                await self._gateway.create_refund(params, marks.key_of(request.key))
            )
        except StripeRefused as refusal:
            code = text(refusal.error, "code")
            return _failed(f"{code}: {refusal.problem}" if code else refusal.problem)
        except (TooPrecise, FieldInvalid) as error:
            return _failed(str(error))
        except (FailureRepeated, KeyMixedUp) as kept:
            self._unclear(kept)
            found = await self.look_up_refund(request, "")
            return _lost(kept) if found.answer is RefundAnswer.ABSENT else found
        except OutcomeUnknown as lost:
            return _lost(lost)

    @override
    async def look_up_refund(self, request: RefundRequest, reference: str) -> RefundOutcome:
        """The refund of that id, or the one of the payment that carries our mark."""
        try:
            if reference:
                return refund_outcome(await self._gateway.refund(reference))
            found = await self._gateway.refunds_of(request.payment_reference)
        except StripeRefused as refusal:
            return RefundOutcome(answer=RefundAnswer.UNCLEAR, message=refusal.problem)
        except OutcomeUnknown as lost:
            return _lost(lost)
        ours: list[Json] = [
            one for one in found if text(one, "metadata", marks.REFUND) == request.key
        ]
        return refund_outcome(ours[0]) if ours else RefundOutcome(answer=RefundAnswer.ABSENT)


def _failed(message: str) -> RefundOutcome:
    return RefundOutcome(answer=RefundAnswer.FAILED, message=message)


def _lost(lost: OutcomeUnknown) -> RefundOutcome:
    return RefundOutcome(answer=RefundAnswer.UNCLEAR, message=str(lost))
