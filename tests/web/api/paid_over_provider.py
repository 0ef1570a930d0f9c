"""A payment over a provider in the world of world.py, a part of it refunded, a part taken back."""

from datetime import UTC, date, datetime
from uuid import UUID

from faktura.bootstrap import App
from faktura.domain.attempts import Attempt
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Succeeded
from faktura.services.chargebacks import ChargebackFact, open_chargeback
from faktura.services.outcomes import Report, apply_reports
from faktura.services.provider_refunds import ForeignRefund, foreign_refund
from faktura.store.attempts import write_attempts
from faktura.store.payable import read_document_states
from faktura.store.refunds_at_provider import find_refund

THEN = datetime(2026, 10, 20, 11, tzinfo=UTC)


def paid(app: App, tenant: Tenant, number: str) -> UUID:
    """The id of a card payment of all that is open of a document, at the account `till`."""
    with app.database.write(tenant.id) as tx:
        (state,) = read_document_states(tx, [number])
        new = Attempt(
            tx.new_id(), state.id, state.customer_id, "till", PaymentMethod.CARD,
            AttemptChannel.BACKGROUND, state.open, "{}", date(2026, 10, 20), tx.now(),
            AttemptState.PENDING, reference=f"pi_{number}", first_sent_at=THEN, last_sent_at=THEN,
        )  # fmt: skip
        write_attempts(tx, [new])
        said = Succeeded(
            reference=f"pi_{number}", amount=state.open.decimal, currency="EUR", at=THEN
        )
        apply_reports(tx, tenant, [Report(new.id, said)])
    return new.id


def taken_back(app: App, tenant: Tenant, number: str) -> dict[str, str]:
    """A document is paid, 1.00 refunded at the provider and 2.00 charged back: the ids of both."""
    attempt = paid(app, tenant, number)
    with app.database.write(tenant.id) as tx:
        foreign_refund(tx, tenant, ForeignRefund(attempt, "re_1", Money(100, "EUR"), THEN))
        fact = ChargebackFact(
            "till:dp_1", attempt, THEN, Money(200, "EUR"), Money(1500, "EUR"), "fraudulent"
        )
        chargeback = open_chargeback(tx, tenant, fact)
        refund = find_refund(tx, attempt, "re_1")
        assert refund is not None
    return {"chargebackId": str(chargeback), "refundId": str(refund.id)}
