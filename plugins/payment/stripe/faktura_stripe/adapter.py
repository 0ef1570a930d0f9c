"""An account at Stripe: asks, and says in our words what was answered; keeps nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from typing_extensions import override

from faktura.kernel.errors import FieldInvalid, TooPrecise
from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.kernel.payment_terms import LookUp
from faktura.plugin import (
    Absent,
    AttemptReference,
    Cancelling,
    Capabilities,
    Checking,
    CollectRequest,
    EventReading,
    MeansKeeping,
    MeansReference,
    Outcome,
    PaymentAdapter,
    PaymentFact,
    PolledEvents,
    Polling,
    ProviderEvent,
    Rejected,
    SavedMeans,
    Unclear,
)
from faktura_stripe import marks
from faktura_stripe.amounts import MINIMUM, maximum_of
from faktura_stripe.answers import FailureRepeated, KeyMixedUp, StripeRefused
from faktura_stripe.checking import problems_of
from faktura_stripe.fact_finding import facts_of
from faktura_stripe.hosted import HostedPages
from faktura_stripe.mapping import outcome_of, refused
from faktura_stripe.means import saved_means
from faktura_stripe.pages import page_result
from faktura_stripe.polling import events_since
from faktura_stripe.reading import Json, inner, text
from faktura_stripe.refunds import Refunds
from faktura_stripe.requests import is_marked, payment_params

_KEY_WINDOW = timedelta(hours=20)
"""Stripe may forget a key after 24 hours and would then charge again: four hours to spare (1.3)."""

_SLACK = timedelta(seconds=300)
_CANCELLABLE = frozenset(
    {"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"}
)
_BEST_FIRST = ("succeeded", "processing")
_PAGE = "cs_"


class StripeAdapter(
    Refunds, HostedPages, PaymentAdapter, Cancelling, EventReading, Polling, MeansKeeping, Checking
):
    """Cards, SEPA debits and PayPal over one account."""

    @override
    def capabilities(self) -> Capabilities:
        """What Stripe takes. Looked up is what was written before, as far as we know (1.4)."""
        return Capabilities(
            methods=self._own.methods,
            currencies=None,
            minimum=MINIMUM,
            maximum={code: maximum_of(code) for code in MINIMUM},
            key_window=_KEY_WINDOW,
            look_up=LookUp.EVENTUAL,
            settles_within_days=7,
            dispute_days=13 * 31,
        )

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        """Charge a saved means while the customer is away; a repetition is answered from the key."""
        try:
            params = payment_params(request, self._own)
            return outcome_of(await self._gateway.create_payment(params, marks.key_of(request.key)))
        except (TooPrecise, FieldInvalid) as error:
            return Rejected(code=error.code, message=str(error))
        except StripeRefused as refusal:
            return refused(refusal.error)
        except (FailureRepeated, KeyMixedUp) as kept:
            # The same answer would come for a day: what happened is found by looking (1.3). Keys
            # get mixed up where a setting that is sent along was changed in between.
            unclear = self._unclear(kept)
            found = await self.look_up(AttemptReference(request=request))
            return unclear if isinstance(found, Absent) else found
        except OutcomeUnknown as lost:
            return self._unclear(lost)

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        """By reference, else among the customer's payments since the attempt, by our marks."""
        try:
            if attempt.reference.startswith(_PAGE):
                return page_result(await self._gateway.session(attempt.reference)).outcome
            payment = await self._found(attempt)
        except StripeRefused as refusal:
            # That Stripe does not know the reference may mean that the key is another account's.
            return Unclear(why=str(refusal))
        except OutcomeUnknown as lost:
            return self._unclear(lost)
        return outcome_of(payment) if payment else Absent()

    async def _found(self, attempt: AttemptReference) -> Json:
        """The payment of an attempt, empty where there is none; what took money comes first."""
        if attempt.reference:
            return await self._gateway.payment(attempt.reference)
        request = attempt.request
        found = [
            one
            async for one in self._gateway.payments_since(
                request.means.customer, request.created_at - _SLACK
            )
            if is_marked(inner(one, "metadata"), request.key, request.tenant)
        ]
        if len(found) > 1:
            names = ", ".join(text(one, "id") for one in found)
            self.runtime.log.error("stripe_attempt_found_twice %s %s", request.key, names)
        ranks = {status: rank for rank, status in enumerate(_BEST_FIRST)}
        found.sort(key=lambda one: ranks.get(text(one, "status"), len(ranks)))
        return found[0] if found else {}

    @override
    async def cancel(self, attempt: AttemptReference) -> Outcome:
        """Call a payment off while that is possible; else its real outcome."""
        try:
            if attempt.reference.startswith(_PAGE):
                return page_result(await self._closed(attempt.reference)).outcome
            payment = await self._found(attempt)
            if text(payment, "status") in _CANCELLABLE:
                payment = await self._called_off(text(payment, "id"))
        except StripeRefused as refusal:
            # That Stripe does not know the reference may mean that the key is another account's.
            return Unclear(why=str(refusal))
        except OutcomeUnknown as lost:
            return self._unclear(lost)
        return outcome_of(payment) if payment else Absent()

    async def _called_off(self, reference: str) -> Json:
        try:
            return await self._gateway.cancel_payment(reference)
        except StripeRefused:
            # Something was faster.
            return await self._gateway.payment(reference)

    async def _closed(self, reference: str) -> Json:
        session = await self._gateway.session(reference)
        if text(session, "status") != "open":
            return session
        try:
            return await self._gateway.expire_session(reference)
        except StripeRefused:
            return await self._gateway.session(reference)

    @override
    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        """What is so now behind an event."""
        return await facts_of(self._gateway, event, self.runtime.clock.now())

    @override
    async def events_since(self, cursor: str, since: datetime) -> PolledEvents:
        """Events behind the cursor, oldest first, as far back as Stripe lists them (30 days)."""
        return await events_since(self._gateway, cursor, since, self.runtime.clock.now())

    @override
    async def describe_means(self, means: MeansReference) -> SavedMeans | None:
        """What a saved means is now; its mandate's texts stay as they were told."""
        try:
            said = await self._gateway.means(means.reference)
        except StripeRefused as refusal:
            if text(refusal.error, "code") == "resource_missing":
                return None
            raise
        except OutcomeUnknown as lost:
            raise OutsideUnavailable(lost.problem, place=lost.place) from lost
        saved = saved_means(said)
        if saved is None:
            return None
        kept = saved.means.model_copy(update={"details": means.details})
        return saved.model_copy(update={"means": kept})

    @override
    async def forget_means(self, means: MeansReference) -> None:
        """Take it from its customer at Stripe."""
        if await self.describe_means(means) is None:
            return
        try:
            await self._gateway.detach_means(means.reference)
        except OutcomeUnknown as lost:
            raise OutsideUnavailable(lost.problem, place=lost.place) from lost

    @override
    async def problems(self, webhook_url: str) -> Sequence[str]:
        """What is wrong with key, endpoint, clock and kinds of payment."""
        return await problems_of(self._gateway, self._own, self.runtime.clock, webhook_url)
