"""Payment doubles that are broken in one way each, in an ability or in reading deliveries."""

import json
from collections.abc import Sequence
from typing import ClassVar
from uuid import uuid4

from typing_extensions import override

from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import (
    AttemptReference,
    Cancelled,
    Handshake,
    Outcome,
    PageRequest,
    PageResult,
    PaymentFact,
    PolledEvents,
    ProviderEvent,
    RawDelivery,
    RefundAnswer,
    RefundOutcome,
    RefundRequest,
    SavedMeans,
)
from faktura.plugin import MeansReference as Reference
from faktura.testing.payment_double import DoubleProvider
from faktura.testing.webhook_double import DoubleSource


class RefundsTwice(DoubleProvider):
    @override
    async def refund(self, request: RefundRequest) -> RefundOutcome:
        return await super().refund(request.model_copy(update={"refund": uuid4()}))


class RefundsSay(DoubleProvider):
    """Refunds well and takes one answer for another."""

    wrongly: ClassVar[dict[RefundAnswer, RefundAnswer]]

    @override
    async def refund(self, request: RefundRequest) -> RefundOutcome:
        outcome = await super().refund(request)
        said = self.wrongly.get(outcome.answer, outcome.answer)
        return outcome.model_copy(update={"answer": said})


class RefundsMoreThanIsLeft(RefundsSay):
    wrongly: ClassVar = {RefundAnswer.FAILED: RefundAnswer.SUCCEEDED}


class TakesALostRefundForFailed(RefundsSay):
    wrongly: ClassVar = {RefundAnswer.UNCLEAR: RefundAnswer.FAILED}


class CancelsWhatIsPaid(DoubleProvider):
    @override
    async def cancel(self, attempt: AttemptReference) -> Outcome:
        return Cancelled()


class ClosesAPaidPage(DoubleProvider):
    @override
    async def close_page(self, request: PageRequest, reference: str) -> PageResult:
        return PageResult(outcome=Cancelled(reference=reference))


class ShowsTheWholeNumber(DoubleProvider):
    @override
    async def describe_means(self, means: Reference) -> SavedMeans | None:
        saved = await super().describe_means(means)
        return saved and saved.model_copy(update={"label": "Visa 4111111111111111"})


class PollsNothing(DoubleProvider):
    @override
    async def events_since(self, cursor: str, since: object) -> PolledEvents:
        return PolledEvents(events=(), cursor="99")


class TellsFacts(DoubleProvider):
    """Tells facts with some of their fields changed."""

    changes: ClassVar[dict[str, object]]

    @override
    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        return [one.model_copy(update=self.changes) for one in await super().facts(event)]


class TellsNoMark(TellsFacts):
    changes: ClassVar = {"tenant": ""}


class TellsTheEventsOldState(DoubleProvider):
    @override
    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        facts = await super().facts(event)
        if event.type != "payment.pending":
            return facts
        pending = {"kind": PaymentFactKind.PAYMENT_PENDING}
        return [one.model_copy(update=pending) for one in facts]


class ChargebackWithoutAName(TellsFacts):
    changes: ClassVar = {"subject": ""}


class BelievesEverybody(DoubleSource):
    @override
    def read(self, delivery: RawDelivery) -> Handshake | tuple[ProviderEvent, ...]:
        events = json.loads(delivery.body)["events"]
        return tuple(ProviderEvent.model_validate(one) for one in events)


class Reads(DoubleSource):
    """Verifies well and makes something else of the events."""

    @override
    def read(self, delivery: RawDelivery) -> Handshake | tuple[ProviderEvent, ...]:
        read = super().read(delivery)
        return self.events(read) if isinstance(read, tuple) else read

    def events(self, read: tuple[ProviderEvent, ...]) -> tuple[ProviderEvent, ...]:
        raise AssertionError(read)


class NewIdEachTime(Reads):
    @override
    def events(self, read: tuple[ProviderEvent, ...]) -> tuple[ProviderEvent, ...]:
        return tuple(one.model_copy(update={"id": uuid4().hex}) for one in read)


class OneIdForAll(Reads):
    @override
    def events(self, read: tuple[ProviderEvent, ...]) -> tuple[ProviderEvent, ...]:
        return tuple(one.model_copy(update={"id": "event"}) for one in read)


class DropsUnknownTypes(Reads):
    @override
    def events(self, read: tuple[ProviderEvent, ...]) -> tuple[ProviderEvent, ...]:
        return tuple(one for one in read if one.type.startswith("payment."))
