"""A billed company whose first customer orders a machine: deposits, money, the final invoice.

RE-000001 to RE-000003 are the invoices of October; the first deposit is RE-000004.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement
from tests.services.company import XRechnung

from faktura.kernel.bank_terms import MovementState
from faktura.services.assignment import assign, assign_to_customer
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.deposits import deposit_from_receipt, list_deposits, request_deposit
from faktura.services.final_invoices import issue_final
from faktura.services.imports.deposit_fields import (
    DepositFields,
    FinalInvoiceFields,
    ReceiptDepositFields,
)
from faktura.services.issuing import Desk
from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid
from faktura.store import tables
from faktura.store.deposits import DepositState
from faktura.store.documents import read_document
from faktura.store.facts import FrozenDocument

CONTRACT = "V-1"


@dataclass
class DepositScene(BankScene):
    """What people do about deposits, on the contract of the first customer."""

    @property
    def desk(self) -> Desk:
        """Issues the documents."""
        return Desk(self.tenant, XRechnung())

    def request(self, *positions: dict[str, object], **more: object) -> FrozenDocument:
        """Ask for a deposit."""
        given = DepositFields.model_validate({"positions": list(positions), **more})
        with self.database.write(self.tenant.id) as tx:
            return request_deposit(tx, self.desk, CONTRACT, given)

    def net(self, amount: str, article: str = "A-4", **more: object) -> FrozenDocument:
        """Ask for a deposit of that much net."""
        return self.request({"articleNumber": article, "net": amount}, **more)

    def gross(self, amount: str, article: str = "A-4", **more: object) -> FrozenDocument:
        """Ask for a deposit of that much gross."""
        return self.request({"articleNumber": article, "gross": amount}, **more)

    def from_receipt(self, amount: str, on: str, article: str = "A-4") -> FrozenDocument:
        """Make credit a deposit."""
        fields = {"amount": amount, "articleNumber": article, "receivedOn": on}
        given = ReceiptDepositFields.model_validate(fields)
        with self.database.write(self.tenant.id) as tx:
            return deposit_from_receipt(tx, self.desk, CONTRACT, given)

    def final(self, **given: object) -> FrozenDocument:
        """Issue the final invoice."""
        fields = FinalInvoiceFields.model_validate(given)
        with self.database.write(self.tenant.id) as tx:
            return issue_final(tx, self.desk, CONTRACT, fields)

    def final_over(self, net: str, **given: object) -> FrozenDocument:
        """Issue the final invoice over one machine at that price."""
        position = {"articleNumber": "A-4", "quantity": "1", "unitPrice": net}
        return self.final(positions=[position], **given)

    def pay(self, amount: str, text: str, on: date = date(2026, 11, 3)) -> None:
        """Money comes in with that text."""
        self.upload(statement(moved(amount, text, on=on)), name=f"{amount} {text} {on}.txt")

    def assign(self, *numbers: str) -> None:
        """A person assigns the only waiting movement to these documents."""
        [movement] = self.movements(MovementState.OPEN)
        with self.database.write(self.tenant.id) as tx:
            assign(tx, self.tenant, movement.id, numbers)

    def keep(self, amount: str, on: date = date(2026, 11, 5)) -> None:
        """Money comes in without a document and stays as credit of the customer."""
        self.pay(amount, "Vorkasse", on)
        [movement] = self.movements(MovementState.OPEN)
        with self.database.write(self.tenant.id) as tx:
            assign_to_customer(tx, self.tenant, movement.id, "K-1")

    def cancel(self, number: str) -> FrozenDocument:
        """Cancel a document."""
        with self.database.write(self.tenant.id) as tx:
            return cancel_invoice(tx, self.desk, number, Cancelling(reason="Irrtum"))

    def set_unpaid(self, number: str) -> None:
        """Take back the payments of a document."""
        given = SettingUnpaid("Irrtum", date(2026, 11, 9))
        with self.database.write(self.tenant.id) as tx:
            set_unpaid(tx, self.tenant, number, given)

    def deposits(self) -> list[DepositState]:
        """The deposits of the contract."""
        with self.database.read(self.tenant.id) as tx:
            return list_deposits(tx, CONTRACT)

    def snapshot(self, number: str) -> Any:
        """What is frozen of a document."""
        with self.database.read(self.tenant.id) as tx:
            return read_document(tx, number).snapshot

    def postings(self, *keys: str) -> list[str]:
        """Entries of that key or kind as `date: D 1593 119.00, C 1718 100.00`, in order."""
        entry, leg = tables.journal_entry.c, tables.leg.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(
                    entry.seq, entry.entry_key, entry.value_date, leg.side, leg.account, leg.minor
                )
                .join(tables.journal_entry, entry.seq == leg.entry_seq)
                .order_by(entry.seq, leg.no)
            ).all()
        found: dict[int, list[str]] = {}
        for row in rows:
            if row.entry_key.startswith(keys):
                legs = found.setdefault(row.seq, [f"{row.value_date}:"])
                legs.append(f"{row.side} {row.account} {row.minor / 100:.2f}")
        return [f"{legs[0]} {', '.join(legs[1:])}" for legs in found.values()]

    def balance(self, *accounts: str) -> dict[str, Decimal]:
        """Debits less credits of these accounts over all entries."""
        leg = tables.leg.c
        found = dict.fromkeys(accounts, Decimal(0))
        with self.database.read(self.tenant.id) as tx:
            for row in tx.connection.execute(select(leg.side, leg.account, leg.minor)):
                if row.account in found:
                    minor = row.minor if row.side == "D" else -row.minor
                    found[row.account] += Decimal(minor) / 100
        return found
