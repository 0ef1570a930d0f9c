"""Payment doubles that are broken in one way each, where they collect and look up."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from typing_extensions import override

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import (
    Absent,
    ActionNeeded,
    AttemptReference,
    Cancelled,
    Capabilities,
    CollectRequest,
    Declined,
    Outcome,
    Pending,
    Succeeded,
    Unclear,
)
from faktura.testing.kit.surroundings import KIT_NOW
from faktura.testing.payment_double import DoubleProvider


class ChargesTwice(DoubleProvider):
    @override
    def key_of(self, request: CollectRequest) -> str:
        return uuid4().hex


class Says(DoubleProvider):
    """Collects well and says something else of it."""

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        return self.said(await super().collect(request), request)

    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        raise AssertionError(outcome, request)


class GuessesSuccess(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        if not isinstance(outcome, Unclear):
            return outcome
        return Succeeded(reference="dp_1", amount=request.amount, currency="EUR", at=KIT_NOW)


class SaysNoAfterMoneyMoved(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        return Declined(hard=False, code="timeout") if isinstance(outcome, Unclear) else outcome


class SaysNotDoneAfterMoneyMoved(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        if isinstance(outcome, Unclear):
            raise OutsideUnavailable("no answer")
        return outcome


class LetsAnErrorThrough(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        if isinstance(outcome, Unclear):
            raise OutcomeUnknown("no answer")
        return outcome


class SwallowsADecline(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        return Unclear(why="declined") if isinstance(outcome, Declined) else outcome


class EveryDeclineIsSoft(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        if isinstance(outcome, Declined):
            return outcome.model_copy(update={"hard": False})
        return outcome


class DeclinesWhatTheCustomerMustConfirm(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        return Declined(hard=False, code="sca") if isinstance(outcome, ActionNeeded) else outcome


class PendingIsPaid(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        if not isinstance(outcome, Pending):
            return outcome
        said = outcome.model_dump(include={"reference", "amount", "currency"})
        return Succeeded(**said, at=KIT_NOW)


class WrongMinorUnits(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        if isinstance(outcome, Succeeded):
            return outcome.model_copy(update={"amount": outcome.amount / 100})
        return outcome


class TakesAHundredfold(DoubleProvider):
    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        more = request.model_copy(update={"amount": request.amount * 100})
        outcome = await super().collect(more)
        return outcome.model_copy(update={"amount": request.amount})


class Rounds(DoubleProvider):
    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        cents = request.amount.quantize(Decimal("0.01"))
        return await super().collect(request.model_copy(update={"amount": cents}))


class AsksTheSystemForTheTime(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        if isinstance(outcome, Succeeded):
            return outcome.model_copy(update={"at": KIT_NOW - timedelta(days=1500)})
        return outcome


class TakesAUsedKeyForANewRequest(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        if request.amount != Decimal("120.00"):
            return outcome
        return Succeeded(reference="dp_1", amount=request.amount, currency="EUR", at=KIT_NOW)


class LogsASecret(Says):
    @override
    def said(self, outcome: Outcome, request: CollectRequest) -> Outcome:
        self.runtime.log.debug("collected with %s", request.means.reference)
        return outcome


class TellsASecretInAnError(DoubleProvider):
    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        try:
            return await super().collect(request)
        except OutsideUnavailable as away:
            raise ValueError(request.means.reference) from away


class TellsASecretInACause(DoubleProvider):
    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        try:
            return await super().collect(request)
        except OutsideUnavailable as away:
            raise OutsideUnavailable("away") from ValueError(request.means.reference, away)


class LooksUp(DoubleProvider):
    """Looks up well and says something else of it."""

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        return self.found(await super().look_up(attempt))

    def found(self, outcome: Outcome) -> Outcome:
        raise AssertionError(outcome)


class GuessesAnUnknownStatus(LooksUp):
    @override
    def found(self, outcome: Outcome) -> Outcome:
        return Declined(hard=True, code="other") if isinstance(outcome, Unclear) else outcome


class TakesAbsentForCancelled(LooksUp):
    @override
    def found(self, outcome: Outcome) -> Outcome:
        return Cancelled() if isinstance(outcome, Absent) else outcome


class LooksUpByInvoice(DoubleProvider):
    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        row = self.store.payment(attempt.request.invoice_number)
        return Succeeded(
            reference=row.reference, amount=row.amount, currency=row.currency, at=row.at
        )


class ClaimsALowerMinimum(DoubleProvider):
    @override
    def capabilities(self) -> Capabilities:
        can = super().capabilities()
        return can.model_copy(update={"minimum": {"EUR": Decimal("0.10")}})
