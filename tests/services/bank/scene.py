"""A billed company and its bank: what the tests of the bank side begin with."""

import logging
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from sqlalchemy import select
from tests.services.bank.statement_files import IBAN, LineParsers, file_of, statement
from tests.services.company import RUN, TENANT, Company, NoState, XRechnung, bill

from faktura.domain.account import AccountTransaction
from faktura.domain.bank_accounts import BankAccount
from faktura.domain.customers import Customer
from faktura.domain.tenants import Tenant
from faktura.domain.violations import Proof
from faktura.flows.statements import Bank, BankReport, Fed, import_fed, import_statements
from faktura.flows.verification import verify
from faktura.kernel.bank_terms import MovementState, Notifications
from faktura.kernel.terms import Chart
from faktura.plugin import BankTransaction, Runtime, StatementKind, StatementRecord
from faktura.services.bank_accounts import add_bank_account, bank_account_of, set_notifications
from faktura.services.bank_lists import ListedMovement, listed_movements
from faktura.services.dismissal import dismiss
from faktura.services.issuing import Desk, issue
from faktura.services.run_decisions import preview_contract
from faktura.services.statement_reports import ImportReport
from faktura.store import tables
from faktura.store.accounts import Allocation, read_account, read_allocations, read_open_items
from faktura.store.billable import view_of
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.documents import read_document
from faktura.store.movement_lists import MovementFilter


@dataclass
class BankScene:
    """Three customers with one invoice each: RE-000001 35.70, RE-000002 100.00, RE-000003 297.50.

    They were issued on 1 October 2026; statements come in November.
    """

    database: Database
    folder: Path
    chart: Chart = Chart.SKR03
    ledger_account: str | None = "1200"
    notifications: Notifications = Notifications.DETAILS
    company: Company = field(init=False)
    customers: list[Customer] = field(init=False)
    bank: Bank = field(init=False)
    account: BankAccount = field(init=False)

    def __post_init__(self) -> None:
        tenant = replace(TENANT, document_format=None, chart=self.chart)
        self.company = Company(self.database, tenant)
        self.customers = [self.company.customer() for _ in range(3)]
        for customer, article in zip(self.customers, ("A-1", "A-3", "A-4"), strict=True):
            self.company.contract(customer, article)
        bill(self.database, self.tenant)
        content = DirectoryStore(self.folder)
        runtime = Runtime(self.database.clock, logging.getLogger("test"), NoState())
        self.bank = Bank(self.database, content, LineParsers(runtime), self.tenant)
        self.account = self.add_account(IBAN, self.ledger_account)
        with self.database.write(self.tenant.id) as tx:
            set_notifications(tx, IBAN, self.notifications, by="test")

    @property
    def tenant(self) -> Tenant:
        """The company."""
        return self.company.tenant

    def add_account(self, iban: str, ledger_account: str | None = None) -> BankAccount:
        """A bank account of the company."""
        with self.database.write(self.tenant.id) as tx:
            return add_bank_account(tx, iban, holder="Werk GmbH", ledger_account=ledger_account)

    def upload(
        self, *statements: list[StatementRecord], name: str = "november.txt", iban: str = IBAN
    ) -> BankReport:
        """Import a file of these statements."""
        return import_statements(self.bank, BytesIO(file_of(*statements)), name, iban)

    def fed(
        self, *movements: BankTransaction, connection: str, account: str = IBAN
    ) -> ImportReport:
        """Take over what a connection of a feed handed over."""
        records = statement(*movements, iban=account, kind=StatementKind.FEED)
        digest = self.bank.content.put(self.tenant.id, file_of(records))
        fed = Fed(f"feed:{connection}", digest, "the feed", "test-feed", records)
        with self.database.read(self.tenant.id) as tx:
            own = bank_account_of(tx, account)
        return import_fed(self.bank, own, fed)

    def movement_states(self) -> list[tuple[str, str, str]]:
        """Amount, state and text of each movement, earliest booking first."""
        return [(str(m.amount), m.state.value, m.remittance or "") for m in self.movements()]

    def dismiss_all(self, reason: str) -> None:
        """Decide that what waits is none of ours."""
        for movement in self.movements(MovementState.OPEN):
            with self.database.write(self.tenant.id) as tx:
                dismiss(tx, movement.id, reason)

    def issue_credit(self, customer: Customer, amount: str) -> str:
        """Issue a document over -`amount` net, 19 % VAT on top; its number."""
        contract = self.company.contract(replace(customer, number=f"{customer.number}-C"))
        priced = {"unit_price": -Decimal(amount), "text": "Gutschrift"}
        self.company.one_off(contract, "A-1", invoice_on=RUN, **priced)
        with self.database.write(self.tenant.id) as tx:
            view = view_of(tx, contract.id)
            drafts, _ = preview_contract(self.tenant, view, RUN)
            desk = Desk(self.tenant, XRechnung())
            prepared = [desk.prepare(draft) for draft in drafts]
            return issue(tx, self.tenant, prepared, on=RUN, run_id=None)[0].number

    def bill_november(self) -> None:
        """The second month: RE-000004 35.70, RE-000005 100.00, RE-000006 297.50."""
        bill(self.database, self.tenant, date(2026, 11, 1))

    def trust_statements(self) -> None:
        """As if the bank had sent the right balances afterwards."""
        with self.database.write(self.tenant.id) as tx:
            tx.connection.execute(tables.bank_statement.update().values(balanced=True))

    def open(self) -> dict[str, str]:
        """What is open, by document number."""
        with self.database.read(self.tenant.id) as tx:
            return {item.number: str(item.open) for item in read_open_items(tx)}

    def movements(self, *states: MovementState) -> list[ListedMovement]:
        """Movements in these states, earliest booking first."""
        with self.database.read(self.tenant.id) as tx:
            return listed_movements(tx, MovementFilter(states or None), limit=1000)[::-1]

    def waiting(self) -> list[tuple[str, str | None]]:
        """Amount and rule of each movement that waits, earliest booking first."""
        return [(str(m.amount), m.rule) for m in self.movements(MovementState.OPEN)]

    def account_of(self, customer: int) -> list[AccountTransaction]:
        """The account of a customer, counted from 0."""
        with self.database.read(self.tenant.id) as tx:
            return read_account(tx, self.customers[customer].id, "EUR")

    def allocations(self, number: str) -> list[Allocation]:
        """A document's allocations."""
        with self.database.read(self.tenant.id) as tx:
            return read_allocations(tx, read_document(tx, number).id)

    def legs(self, key: str) -> list[str]:
        """The legs of the journal entry whose key begins so, as `D 1200 119.00`-like texts."""
        entry, leg = tables.journal_entry.c, tables.leg.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(leg.side, leg.account, leg.minor)
                .join(tables.journal_entry, entry.seq == leg.entry_seq)
                .where(entry.entry_key.startswith(key))
                .order_by(entry.seq, leg.no)
            ).all()
        return [f"{row.side} {row.account} {row.minor / 100:.2f}" for row in rows]

    def events(self, number: str) -> list[tuple[int, str]]:
        """Sequence and type of a document's events."""
        event = tables.event.c
        with self.database.read(self.tenant.id) as tx:
            document = read_document(tx, number)
            rows = tx.connection.execute(
                select(event.sequence, event.type)
                .where(event.object_id == document.id)
                .order_by(event.sequence)
            ).all()
        return [(row.sequence, row.type) for row in rows]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.database.read(self.tenant.id) as tx:
            found = tx.connection.execute(select(tables.metadata.tables[table])).all()
        return len(found)

    def violations(self, *proofs: Proof) -> list[str]:
        """What `faktura verify` finds, in these proofs only where some are named."""
        found = verify(self.database, self.bank.content, self.tenant.id)
        return [str(v) for v in found if v.proof in (proofs or tuple(Proof))]
