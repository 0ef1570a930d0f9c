"""A company whose customers owe what a test says, and how they pay it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from tests.services.company import Company, opened

from faktura.domain.account import opened as opened_account
from faktura.domain.account import recorded
from faktura.domain.base_rates import SHIPPED
from faktura.domain.customers import Customer
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.domain.opening_items import OpeningItem, opening_entry, opening_snapshot
from faktura.domain.posting import Settlement, payment_entry
from faktura.domain.tenants import Tenant
from faktura.flows.dunning import DunningReceipt, run_dunning
from faktura.kernel.canonical import canonical_json
from faktura.kernel.clock import FixedClock
from faktura.kernel.dunning_terms import InterestRule
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, DocumentLinkKind
from faktura.services.base_rates import add_base_rate
from faktura.store import tables
from faktura.store.accounts import Allocation, OpenItem, account_heads, read_allocations
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.database import Database
from faktura.store.documents import read_document
from faktura.store.facts import Facts, write_facts
from faktura.store.openings import FrozenOpening
from faktura.store.tenants import read_tenant, update_tenant

# Three levels of which only the first is for free.
LEVELS = (
    DunningLevel(days=7),
    DunningLevel(days=14, fee=500, interest=InterestRule.LEGAL),
    DunningLevel(days=14, interest=InterestRule.LEGAL, flat=True),
)
ISSUED = date(2026, 2, 2)


@dataclass
class Scene:
    """One database with one company; today is 31 October 2026."""

    database: Database
    company: Company = field(init=False)

    def __post_init__(self) -> None:
        self.company = Company(self.database)
        self.set_policy(DunningPolicy(LEVELS))

    @property
    def tenant(self) -> Tenant:
        """The tenant as it is now."""
        with self.database.read(self.company.tenant.id) as tx:
            return read_tenant(tx)

    def set_policy(self, policy: DunningPolicy) -> None:
        """Dun by that policy from now on."""
        with self.database.write(self.company.tenant.id) as tx:
            update_tenant(tx, replace(read_tenant(tx), dunning=policy))

    def customer(self, **changes: object) -> Customer:
        """A new customer, a business unless `changes` say otherwise."""
        return self.company.customer(**changes)  # type: ignore[arg-type]

    def owe(
        self,
        customer: Customer,
        number: str,
        minor: int,
        due_on: date,
        *,
        currency: str = "EUR",
        told: bool = False,
        issued_on: date = ISSUED,
    ) -> UUID:
        """A document that the customer owes; `told` where it named the consequences of default."""
        tenant = self.tenant
        with self.database.write(tenant.id) as tx:
            lock_customers(tx, [customer.id])
            item = OpeningItem(
                tx.new_id(), customer, number, issued_on, due_on, Money(minor, currency)
            )
            head = account_heads(tx, [customer.id]).get((customer.id, currency))
            posted, _ = recorded(
                head or opened_account(currency),
                customer.id,
                AccountFact.OPENING,
                item.amount,
                value_date=issued_on,
                text=item.title,
                source=item.source,
                document_id=item.id,
            )
            snapshot = opening_snapshot(tenant, item)
            if told:
                snapshot["consumerNotice"] = "Sie geraten 30 Tage nach Fälligkeit in Verzug."
            facts = Facts(
                transactions=[posted],
                entries=[opening_entry(tenant, item)],
                open_items=[OpenItem(item.id, customer.id, number, item.amount, due_on)],
                openings=[FrozenOpening(item, canonical_json(snapshot))],
            )
            write_facts(tx, facts)
        return item.id

    def pay(self, number: str, minor: int, on: date) -> None:
        """Money for a document on that day."""
        self._move(number, minor, on, None)

    def take_back(self, number: str, minor: int, on: date) -> None:
        """A return of the first payment of a document on that day."""
        self._move(number, -minor, on, 1)

    def _move(self, number: str, minor: int, on: date, reverses_no: int | None) -> None:
        tenant = self.tenant
        with self.database.write(tenant.id) as tx:
            document = read_document(tx, number)
            currency = document.currency
            (owner,) = read_customers_by_id(tx, [document.customer_id]).values()
            lock_customers(tx, [owner.id])
            amount, before = Money(minor, currency), read_allocations(tx, document.id)
            key = f"{'pay' if minor > 0 else 'ret'}:{number}:{len(before) + 1}"
            posted, _ = recorded(
                account_heads(tx, [owner.id])[owner.id, currency],
                owner.id,
                AccountFact.PAYMENT if minor > 0 else AccountFact.RETURN,
                -amount,
                value_date=on,
                text=f"Zahlung {number}",
                source=key,
            )
            settlement = Settlement(
                key, document.id, number, owner.id, owner.debtor_account, amount, on, "1200", "DE02"
            )
            allocation = Allocation(
                document.id,
                len(before) + 1,
                owner.id,
                posted.no,
                amount,
                None,
                key,
                reverses_no,
            )
            entry = payment_entry(tenant, settlement)
            write_facts(tx, Facts(transactions=[posted], allocations=[allocation], entries=[entry]))

    def correct(self, number: str, by: str) -> None:
        """A negative document, the last of the customer's account, corrects another one as issued."""
        tenant = self.tenant
        with self.database.write(tenant.id) as tx:
            original, correction = read_document(tx, number), read_document(tx, by)
            lock_customers(tx, [original.customer_id])
            no = account_heads(tx, [original.customer_id])[original.customer_id, "EUR"].last_no
            link = tables.document_link.insert().values(
                tenant_id=tx.tenant_id,
                document_id=correction.id,
                original_id=original.id,
                kind=DocumentLinkKind.CORRECTS,
            )
            tx.connection.execute(link)
            allocations = [
                Allocation(one, 1, original.customer_id, no, amount, None, f"open:{by}", None)
                for one, amount in (
                    (original.id, -correction.gross),
                    (correction.id, correction.gross),
                )
            ]
            write_facts(tx, Facts(allocations=allocations))

    def credit(self, customer: Customer, minor: int, on: date, currency: str = "EUR") -> None:
        """Money of a customer that counts for no document."""
        tenant = self.tenant
        with self.database.write(tenant.id) as tx:
            lock_customers(tx, [customer.id])
            head = account_heads(tx, [customer.id]).get((customer.id, currency))
            posted, _ = recorded(
                head or opened_account(currency),
                customer.id,
                AccountFact.PAYMENT,
                Money(-minor, currency),
                value_date=on,
                text="Zahlung ohne Rechnung",
                source=f"pay:credit-{customer.number}-{minor}",
            )
            write_facts(tx, Facts(transactions=[posted]))

    def dun(self, on: date) -> DunningReceipt:
        """Dun the company as of that day."""
        return run_dunning(self.database, self.tenant, on)

    def notices(self) -> list[tuple[object, ...]]:
        """Customer, level, day, open, fee, flat, interest of all notices, oldest first."""
        n, c = tables.dunning_notice.c, tables.customer.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                tables.dunning_notice.select()
                .with_only_columns(
                    c.number, n.level, n.dunned_on, n.open, n.fee, n.flat, n.interest
                )
                .join(tables.customer, c.id == n.customer_id)
                .order_by(n.dunned_on, c.number, n.currency)
            ).all()
        return [tuple(row) for row in rows]

    def items(self) -> list[tuple[object, ...]]:
        """Day, number, level, open, interest, its days and flat sum of all items."""
        i, n, d = tables.dunning_item.c, tables.dunning_notice.c, tables.document.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                tables.dunning_item.select()
                .with_only_columns(
                    n.dunned_on,
                    d.number,
                    i.level,
                    i.open,
                    i.interest,
                    i.interest_from,
                    i.interest_until,
                    i.flat,
                )
                .join(tables.dunning_notice, n.id == i.notice_id)
                .join(tables.document, d.id == i.document_id)
                .order_by(n.dunned_on, d.number)
            ).all()
        return [tuple(row) for row in rows]

    def know_rate(self, start: date, percent: str) -> None:
        """A base rate that was announced."""
        if start not in SHIPPED:
            with self.database.write(self.tenant.id) as tx:
                add_base_rate(tx, start, Decimal(percent), by="test")


def open_scene(url: str) -> Scene:
    """A company on a new database."""
    scene = Scene(opened(url))
    clock = scene.database.clock
    assert isinstance(clock, FixedClock)
    clock.advance(datetime(2026, 10, 31, 8, tzinfo=UTC) - clock.now())
    return scene
