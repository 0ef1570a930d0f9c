"""Payments over a provider that have credit to give back, and who asks the provider's double."""

from dataclasses import replace

from tests.services.payments.taken_back import NOON, TakenBackScene

from faktura.domain.attempts import Attempt
from faktura.domain.provider_refunds import ProviderRefund
from faktura.flows.providers import Provider
from faktura.flows.refunding import RefundDesk
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.money import Money
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import CollectRequest, RefundAnswer, RefundOutcome, Succeeded
from faktura.services.opening_refunds import WantedRefund, open_refund
from faktura.services.provider_refunds import ForeignRefund, apply_refund, foreign_refund
from faktura.store.refunds_at_provider import RefundFilter, list_refunds
from faktura.testing.double_store import DoubleStore
from faktura.testing.payment_double import DoubleProvider


class Refunds(TakenBackScene):
    """RE-000001 was paid by card and cancelled: 35.70 of credit at the provider `double`."""

    @property
    def books(self) -> DoubleStore:
        """What the double knows."""
        return DoubleStore(self.folder.parent / "double.sqlite3")

    @property
    def refund_desk(self) -> RefundDesk:
        """Asks the double."""
        offer = Offer("double", "double", DoubleProvider)
        settings = {"double": {"file": str(self.folder.parent / "double.sqlite3")}}
        adapters = Adapters(
            Registry(payments={"double": offer}),
            NothingKept(),
            self.database.clock,
            Installation(file=settings),
        )
        return RefundDesk(self.database, adapters, self.tenant)

    def paid_and_cancelled(self, number: str = "RE-000001") -> Attempt:
        """A document is paid and cancelled: credit."""
        attempt = self.paid(number)
        self.cancel(number)
        self.posted()
        return attempt

    def open_one(self, attempt: Attempt, amount: str, **more: object) -> ProviderRefund:
        """Write a refund down."""
        wanted = WantedRefund(attempt.id, Money.parse(amount, "EUR"), "Kulanz", **more)  # type: ignore[arg-type]
        with self.database.write(self.tenant.id) as tx:
            return open_refund(tx, self.tenant, wanted)

    def said(self, refund: ProviderRefund, answer: RefundAnswer, **more: object) -> bool:
        """What the provider says of it."""
        outcome = RefundOutcome(answer=answer, **more)  # type: ignore[arg-type]
        with self.database.write(self.tenant.id) as tx:
            return apply_refund(tx, self.tenant, refund.id, outcome, NOON)

    def foreign(self, attempt: Attempt, amount: str, reference: str = "re_9") -> bool:
        """Somebody refunded it in the provider's own pages."""
        told = ForeignRefund(attempt.id, reference, Money.parse(amount, "EUR"), NOON)
        with self.database.write(self.tenant.id) as tx:
            return foreign_refund(tx, self.tenant, told)

    def refunds(self) -> list[tuple[str, str]]:
        """Amount and state of all refunds, oldest first."""
        with self.database.read(self.tenant.id) as tx:
            found = list_refunds(tx, RefundFilter())
        return [(str(one.refund.amount), one.refund.state.value) for one in found[::-1]]


async def at_double(scene: Refunds) -> Attempt:
    """RE-000001 was paid at the double and cancelled: credit to give back."""
    scene.books.keep_means("tok_1", PaymentMethod.CARD)
    attempt = scene.attempt("RE-000001", reference=None)
    provider = await scene.refund_desk.provider("double")
    assert isinstance(provider, Provider)
    request = CollectRequest.model_validate_json(attempt.request)
    outcome = await provider.outcome(lambda: provider.adapter.collect(request))
    assert isinstance(outcome, Succeeded)
    scene.succeed(replace(attempt, reference=outcome.reference))
    scene.cancel("RE-000001")
    scene.posted()
    return attempt
