"""A company whose customers pay by card at the double: K-1 owes 35.70 for RE-000001, K-2 likewise ...

It is 15 October 2026, 10:00 in Berlin; the invoices of 1 October are due on that day.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast
from uuid import UUID

from sqlalchemy import select
from tests.services.company import TENANT, Company, bill, settle
from typing_extensions import override

from faktura.domain.attempts import Attempt
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.payment_policies import PaymentPolicies
from faktura.domain.tenants import Tenant
from faktura.flows.attempt_calls import Tally
from faktura.flows.collecting import Collected, Till, Wanted, collect
from faktura.flows.job_context import JobContext
from faktura.flows.pay_desk import PayDesk, start_page
from faktura.flows.payment_accounts import limits_of
from faktura.flows.payment_jobs import collect_payments_job
from faktura.flows.resolving import resolve
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import AttemptReference, CollectRequest, Outcome, Unclear
from faktura.services.attempts import Run, open_attempts
from faktura.services.outcomes import Applied, Report, apply_reports
from faktura.services.page_requests import Wish
from faktura.store.accounts import read_account, read_open_items
from faktura.store.attempts import AttemptFilter, list_attempts
from faktura.store.blobs import DirectoryStore
from faktura.store.customers import read_customer
from faktura.store.database import Database
from faktura.store.documents import document_id
from faktura.store.payment_accounts import (
    change_account_state,
    list_accounts,
    write_account,
)
from faktura.store.payment_means import find_means, write_means
from faktura.store.tables import event, journal_entry, task
from faktura.store.transaction import Tx
from faktura.testing.double_store import DoubleStore
from faktura.testing.payment_double import DoubleProvider

TODAY = date(2026, 10, 15)
CARD = PaymentMethod.CARD


class Silent(DoubleProvider):
    """A provider whose every answer is lost."""

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        return Unclear(why="the answer was lost")


class Unkeepable(DoubleProvider):
    """A provider whose reference of the first invoice's payment is half a character: no text."""

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        outcome = await super().collect(request)
        if request.invoice_number != "RE-000001":
            return outcome
        return outcome.model_copy(update={"reference": "\ud800"})


class FineFee(DoubleProvider):
    """A provider that says a fee of a tenth of a cent: no amount of ours."""

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        outcome = await super().collect(request)
        return outcome.model_copy(update={"fee": Decimal("0.001")})


@dataclass
class CollectScene:
    """A billed company, the double's books, and what is done with them."""

    database: Database
    folder: Path
    customers: int = 1
    method: PaymentMethod = CARD
    policies: PaymentPolicies = field(default_factory=PaymentPolicies)
    provider: type[DoubleProvider] = DoubleProvider
    settings: dict[str, object] = field(default_factory=dict)
    company: Company = field(init=False)

    def __post_init__(self) -> None:
        tenant = replace(TENANT, key="werk", payments=self.policies)
        self.company = Company(self.database, tenant)
        with self.database.write(self.tenant.id) as tx:
            write_account(tx, PaymentAccount("double", "double", frozenset(PaymentMethod)))
        for _ in range(self.customers):
            self.add_customer()
        bill(self.database, self.tenant)
        self.clock.advance(timedelta(days=14, hours=2))

    def add_account(self, tx: Tx, instance: str) -> None:
        """An account of a provider that no plugin offers."""
        write_account(tx, PaymentAccount(instance, instance, frozenset({PaymentMethod.PAYPAL})))

    def means_id(self, tx: Tx) -> UUID:
        """K-1's means of payment."""
        means = find_means(tx, "double", "tok_K-1")
        assert means is not None
        return means.id

    def add_customer(self) -> None:
        """A customer of one contract over 35.70 a month, with a saved means of payment."""
        customer = self.company.customer(payment_method=self.method)
        self.company.contract(customer, "A-1")
        means = PaymentMeans(
            self.database.new_id(),
            customer.id,
            self.method,
            f"tok_{customer.number}",
            "Visa 4242",
            self.database.clock.now(),
            instance="double",
            fingerprint=f"fp-{customer.number}",
        )
        with self.database.write(self.tenant.id) as tx:
            write_means(tx, [means])

    @property
    def tenant(self) -> Tenant:
        return self.company.tenant

    @property
    def clock(self) -> FixedClock:
        return cast("FixedClock", self.database.clock)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def store(self) -> DoubleStore:
        return DoubleStore(self.folder / "double.sqlite3")

    @property
    def till(self) -> Till:
        """Fresh adapters each time, as in a process of its own."""
        registry = Registry(payments={"double": Offer("double", "double", self.provider)})
        own = Installation(file={"double": {"file": str(self.store.path), **self.settings}})
        adapters = Adapters(registry, NothingKept(), self.database.clock, own)
        return Till(self.database, adapters, self.tenant)

    def collect(self, on: date = TODAY, **changes: object) -> Collected:
        """A run of collections."""
        wanted = replace(Wanted(on), **changes)  # type: ignore[arg-type]
        return asyncio.run(collect(self.till, wanted))

    def retry(self, number: str = "RE-000001") -> Collected:
        """What a person does."""
        with self.database.read(self.tenant.id) as tx:
            ids = (document_id(tx, number),)
        return self.collect(channel=AttemptChannel.MANUAL, asked_by="mia", documents=ids)

    def resolve(self, after: timedelta = timedelta(0)) -> Tally:
        """A run of the resolver, that much later."""
        self.clock.advance(after)
        return asyncio.run(resolve(self.till))

    def report(self, outcome: Outcome, number: str = "RE-000001") -> Applied:
        """The provider says that of the invoice's last attempt."""
        last = self.attempts(number)[-1]
        with self.database.write(self.tenant.id) as tx:
            (applied,) = apply_reports(tx, self.tenant, [Report(last.id, outcome)])
        return applied

    def attempts(self, number: str = "RE-000001") -> list[Attempt]:
        """An invoice's attempts, oldest first."""
        with self.database.read(self.tenant.id) as tx:
            wanted = AttemptFilter(document_id=document_id(tx, number))
            return [one for one, _ in reversed(list_attempts(tx, wanted))]

    def all_attempts(self) -> list[Attempt]:
        """All attempts, newest first."""
        with self.database.read(self.tenant.id) as tx:
            return [one for one, _ in list_attempts(tx, AttemptFilter())]

    def states(self, number: str = "RE-000001") -> list[str]:
        """How an invoice's attempts stand, oldest first."""
        return [one.state.value for one in self.attempts(number)]

    def leave_behind(self) -> None:
        """A process opens the attempts and dies."""
        with self.database.read(self.tenant.id) as tx:
            ids = [one.document_id for one in read_open_items(tx)]
        limits = limits_of(self.till.adapters, self.tenant.id, self._accounts())
        with self.database.write(self.tenant.id) as tx:
            open_attempts(tx, Run(self.tenant, TODAY, limits), ids)

    def _accounts(self) -> list[PaymentAccount]:
        with self.database.read(self.tenant.id) as tx:
            return list_accounts(tx)

    def resume(self) -> None:
        """A person mended the account."""
        with self.database.write(self.tenant.id) as tx:
            change_account_state(tx, "double", ProviderState.ACTIVE)

    def pause(self) -> None:
        """A person wants nothing collected over the account."""
        with self.database.write(self.tenant.id) as tx:
            change_account_state(tx, "double", ProviderState.PAUSED, "we move")

    def be_silent(self) -> None:
        """From now on the provider answers nothing of use."""
        self.provider = Silent

    def speak(self) -> None:
        """From now on the provider answers as its script says."""
        self.provider = DoubleProvider

    def say_nonsense(self) -> None:
        """From now on its answer for RE-000001 cannot be kept."""
        self.provider = Unkeepable

    def pay_by_bank(self, minor: int, number: str = "RE-000001") -> None:
        """So many cents come by another way."""
        settle(self.database, self.tenant, number, minor)

    def balance(self) -> str:
        """What K-1's account says; negative is credit."""
        with self.database.read(self.tenant.id) as tx:
            customer = read_customer(tx, "K-1")
            return str(read_account(tx, customer.id, "EUR")[-1].balance_after)

    def job(self, at: datetime) -> None:
        """The scheduled run of that moment over all that is due."""
        self.clock.advance(at - self.now)
        context = JobContext(
            self.database, Registry(), self.till.adapters, DirectoryStore(self.folder)
        )
        asyncio.run(collect_payments_job(context, self.tenant.id, {"scope": "due"}))

    def open(self) -> dict[str, str]:
        """What is open, by number."""
        with self.database.read(self.tenant.id) as tx:
            return {one.number: str(one.open) for one in read_open_items(tx)}

    def tasks(self) -> list[tuple[str, str]]:
        """Kind and text of the open tasks."""
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(task.c.kind, task.c.problem).where(
                    task.c.tenant_id == tx.tenant_id, task.c.done_at.is_(None)
                )
            )
            return [(str(row.kind), str(row.problem)) for row in rows]

    def task_kinds(self) -> list[str]:
        """Kinds of the open tasks."""
        return sorted(kind for kind, _ in self.tasks())

    def events(self, *kinds: str) -> list[str]:
        """Types of the events about attempts and accounts, or the data of these kinds."""
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(event.c.type, event.c.data)
                .where(event.c.tenant_id == tx.tenant_id)
                .order_by(event.c.seal_seq, event.c.object_id, event.c.sequence)
            )
            if kinds:
                return [str(row.data) for row in rows if row.type in kinds]
            wanted = ("RECURRING_PAYMENT_FAILED", "CUSTOMER_NOTICE", "PROVIDER_ACCOUNT_CHANGED")
            return [str(row.type) for row in rows if row.type in wanted]

    def entry_texts(self) -> list[str]:
        """Texts of the journal's entries, in their order."""
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(journal_entry.c.text)
                .where(journal_entry.c.tenant_id == tx.tenant_id)
                .order_by(journal_entry.c.seq)
            )
            return [str(row.text) for row in rows]


def opened_page(scene: CollectScene, number: str = "RE-000001") -> Attempt:
    """The customer opens a page for the invoice."""
    till = scene.till
    with scene.database.read(scene.tenant.id) as tx:
        of_document = document_id(tx, number)
    wish = Wish(CARD, False, Money(3_570, "EUR"), "https://billing.example/back")  # noqa: FBT003 - the border's own order
    begun = asyncio.run(
        start_page(PayDesk(till.database, till.adapters, till.tenant), of_document, wish)
    )
    assert isinstance(begun, Attempt), begun
    return begun
