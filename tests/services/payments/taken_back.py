"""Invoices that were paid over a provider or by debit, and what takes the money back."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from tests.services.accounting.money import MoneyScene
from typing_extensions import override

from faktura.domain.attempts import Attempt
from faktura.domain.chargebacks import Chargeback
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.payment_policies import MethodPolicy, PaymentPolicies
from faktura.kernel.clock import FixedClock
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, FollowUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import CollectRequest, Declined, MeansReference, Succeeded
from faktura.services.chargebacks import (
    ChargebackFact,
    lose_chargeback,
    open_chargeback,
    win_chargeback,
)
from faktura.services.outcomes import Report, apply_reports
from faktura.store import tables
from faktura.store.attempts import read_attempt, write_attempts
from faktura.store.chargebacks import ChargebackFilter, list_chargebacks
from faktura.store.payable import read_document_states
from faktura.store.payment_accounts import write_account
from faktura.store.payment_means import read_means, write_means
from faktura.store.tasks import TaskFilter, find_tasks

NOON = datetime(2026, 11, 10, 11, tzinfo=UTC)


@dataclass
class TakenBackScene(MoneyScene):
    """RE-000001 35.70 of K-1, RE-000002 100.00 of K-2, RE-000003 297.50 of K-3; account `double`."""

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        methods = frozenset(PaymentMethod) - {PaymentMethod.TRANSFER}
        with self.database.write(self.tenant.id) as tx:
            write_account(tx, PaymentAccount("double", "double", methods))
        self.clock.advance(NOON - self.clock.now())
        self.posted()

    @property
    def clock(self) -> FixedClock:
        """It stands at noon of 10 November 2026 until it is moved."""
        clock = self.database.clock
        assert isinstance(clock, FixedClock)
        return clock

    def policy(
        self,
        follow_up: FollowUp,
        *actions: str,
        method: PaymentMethod = PaymentMethod.CARD,
    ) -> None:
        """What a chargeback of that method does from now on."""
        policies = PaymentPolicies({method: MethodPolicy(follow_up=follow_up, actions=actions)})
        self.company.tenant = replace(self.tenant, payments=policies)
        self.bank = replace(self.bank, tenant=self.tenant)

    def attempt(
        self,
        number: str,
        amount: str | None = None,
        *,
        method: PaymentMethod = PaymentMethod.CARD,
        means: PaymentMeans | None = None,
        **changes: object,
    ) -> Attempt:
        """An attempt for what is open of a document, pending at the provider."""
        with self.database.write(self.tenant.id) as tx:
            (state,) = read_document_states(tx, [number])
            attempt_id, now = tx.new_id(), tx.now()
            money = state.open if amount is None else Money.parse(amount, "EUR")
            request = CollectRequest(
                attempt=attempt_id,
                tenant=self.tenant.key,
                amount=money.decimal,
                currency="EUR",
                method=method,
                means=MeansReference(reference="tok_1"),
                invoice_number=number,
                customer_number="K",
                customer_name="Kunde",
                description=number,
                created_at=now,
            )
            new = Attempt(
                attempt_id,
                state.id,
                state.customer_id,
                "double",
                method,
                AttemptChannel.BACKGROUND,
                money,
                request.model_dump_json(),
                date(2026, 11, 1),
                now,
                state=AttemptState.PENDING,
                means_id=None if means is None else means.id,
                reference=f"pi_{attempt_id.hex[-6:]}",
                first_sent_at=now,
                last_sent_at=now,
                tries=1,
            )
            new = replace(new, **changes)  # type: ignore[arg-type]
            write_attempts(tx, [new])
        return new

    def paid(self, number: str, amount: str | None = None, **more: object) -> Attempt:
        """An attempt whose money came in."""
        attempt = self.attempt(number, amount, **more)  # type: ignore[arg-type]
        self.succeed(attempt)
        return self.now(attempt)

    def succeed(self, attempt: Attempt, fee: str | None = None) -> None:
        """The provider says that the money is there."""
        said = Succeeded(
            reference=attempt.reference or "",
            amount=attempt.amount.decimal,
            currency="EUR",
            at=NOON,
            fee=None if fee is None else Decimal(fee),
        )
        with self.database.write(self.tenant.id) as tx:
            apply_reports(tx, self.tenant, [Report(attempt.id, said)])

    def fail(self, attempt: Attempt, code: str) -> None:
        """The provider says that it failed."""
        said = Declined(reference=attempt.reference or "", hard=False, code=code)
        with self.database.write(self.tenant.id) as tx:
            apply_reports(tx, self.tenant, [Report(attempt.id, said)])

    def now(self, attempt: Attempt) -> Attempt:
        """The attempt as it is now."""
        with self.database.read(self.tenant.id) as tx:
            return read_attempt(tx, attempt.id)

    def now_paid(self, attempt: Attempt) -> Attempt:
        """The attempt, once its money came in after all."""
        self.succeed(attempt)
        return self.now(attempt)

    def fact(
        self,
        attempt: Attempt,
        subject: str = "double:dp_1",
        amount: str | None = None,
        fee: str | None = None,
    ) -> ChargebackFact:
        """What the provider says of a dispute."""
        return ChargebackFact(
            subject,
            attempt.id,
            NOON,
            None if amount is None else Money.parse(amount, "EUR"),
            None if fee is None else Money.parse(fee, "EUR"),
            "fraudulent",
        )

    def dispute(
        self,
        attempt: Attempt,
        subject: str = "double:dp_1",
        amount: str | None = None,
        fee: str | None = None,
    ) -> UUID | None:
        """A dispute is opened."""
        fact = self.fact(attempt, subject, amount, fee)
        with self.database.write(self.tenant.id) as tx:
            return open_chargeback(tx, self.tenant, fact)

    def won(self, attempt: Attempt, *said: str) -> bool:
        """A dispute is won."""
        with self.database.write(self.tenant.id) as tx:
            return win_chargeback(tx, self.tenant, self.fact(attempt, *said))

    def lost(self, attempt: Attempt, *said: str) -> bool:
        """A dispute is lost."""
        with self.database.write(self.tenant.id) as tx:
            return lose_chargeback(tx, self.tenant, self.fact(attempt, *said))

    def chargebacks(self) -> list[Chargeback]:
        """All chargebacks, newest first."""
        with self.database.read(self.tenant.id) as tx:
            return [one.chargeback for one in list_chargebacks(tx, ChargebackFilter())]

    def tasks(self) -> list[tuple[str, str]]:
        """Kind and subject of the open tasks."""
        with self.database.read(self.tenant.id) as tx:
            return [(one.kind.value, one.subject) for one in find_tasks(tx, TaskFilter(done=False))]

    def means(self, customer: int, **changes: object) -> PaymentMeans:
        """A saved means of payment of a customer, counted from 0."""
        with self.database.write(self.tenant.id) as tx:
            new = PaymentMeans(
                tx.new_id(),
                self.customers[customer].id,
                PaymentMethod.SEPA_DEBIT,
                f"tok_{customer}",
                "DE…6199",
                tx.now(),
                instance="double",
            )
            new = replace(new, **changes)  # type: ignore[arg-type]
            write_means(tx, [new])
        return new

    def means_now(self, means: PaymentMeans) -> PaymentMeans:
        """The means as it is now."""
        with self.database.read(self.tenant.id) as tx:
            return read_means(tx, means.id)

    def told(self, event: str) -> list[dict[str, object]]:
        """The data of all events of a type."""
        e = tables.event.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(e.data).where(e.type == event).order_by(e.seal_seq, e.sequence)
            ).scalars()
            return [json.loads(row) for row in rows]

    def owes(self, customer: int = 0) -> str:
        """What a customer, counted from 0, owes."""
        return str(self.account_of(customer)[-1].balance_after)
