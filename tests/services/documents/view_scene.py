"""A company without formats: what its documents are in the terms of EN 16931."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.services.company import RUN, TENANT, Company, settle

from faktura.domain.contracts import Contract
from faktura.domain.documents import DocumentRecord
from faktura.domain.tenants import Tenant
from faktura.flows.billing import run_billing
from faktura.kernel.errors import PluginMissing
from faktura.plugin import DocumentFormat, InvoiceDocument
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.credit_notes import (
    CorrectingCredit,
    correct_credit_note,
    create_credit_note,
)
from faktura.services.deposits import request_deposit
from faktura.services.final_invoices import issue_final
from faktura.services.imports.credit_note_file import CreditNoteFields
from faktura.services.imports.deposit_fields import DepositFields, FinalInvoiceFields
from faktura.services.invoice_view import invoice_document
from faktura.services.issuing import Desk
from faktura.store.contracts import update_frame
from faktura.store.database import Database
from faktura.store.documents import read_document


class NoFormats:
    """No plugin is enabled."""

    offered: frozenset[str] = frozenset()

    def format_of(self, format_id: str) -> DocumentFormat:
        """There is none."""
        raise PluginMissing(f"no enabled plugin offers {format_id}")


@dataclass
class ViewScene:
    """The company of company.py; nothing checks its documents."""

    database: Database
    given: Tenant = TENANT
    company: Company = field(init=False)

    def __post_init__(self) -> None:
        self.company = Company(self.database, replace(self.given, document_format=None))

    @property
    def desk(self) -> Desk:
        """Issues documents."""
        return Desk(self.company.tenant, NoFormats())

    def rewrite(self, contract: Contract, **changes: Any) -> None:
        """Change fields of a contract, as a person would."""
        with self.database.write(self.company.tenant.id) as tx:
            update_frame(tx, replace(contract, **changes))

    def bill(self, on: date = RUN) -> None:
        """Bill what is due."""
        run_billing(self.database, self.company.tenant, NoFormats(), on)

    def settle(self, number: str, minor: int) -> None:
        """A payment of that many cents on 20 October."""
        settle(self.database, self.company.tenant, number, minor)

    def deposit(self, contract: str, net: str, **more: object) -> str:
        """Ask for a deposit of the machine."""
        position = {"articleNumber": "A-4", "net": net}
        given = DepositFields.model_validate({"positions": [position], **more})
        with self.database.write(self.company.tenant.id) as tx:
            return request_deposit(tx, self.desk, contract, given).number

    def final(self, contract: str, net: str, **more: object) -> str:
        """The final invoice over one machine."""
        position = {"articleNumber": "A-4", "quantity": "1", "unitPrice": net}
        given = FinalInvoiceFields.model_validate({"positions": [position], **more})
        with self.database.write(self.company.tenant.id) as tx:
            return issue_final(tx, self.desk, contract, given).number

    def cancel(self, number: str, reason: str) -> str:
        """Cancel a document on the day of the run."""
        with self.database.write(self.company.tenant.id) as tx:
            return cancel_invoice(tx, self.desk, number, Cancelling(RUN, reason)).number

    def correct(self, number: str, *lines: Any, reason: str = "Minderleistung") -> str:
        """Correct parts of a document on the day of the run."""
        with self.database.write(self.company.tenant.id) as tx:
            given = Correcting(lines, reason, RUN)
            return correct_invoice(tx, self.desk, number, given).number

    def credit(self, partner: str, contract: str, article: str = "A-1") -> str:
        """Credit a partner twice 50.00 for October."""
        position = {
            "articleNumber": article,
            "quantity": "2",
            "unitPrice": "50",
            "from": "2026-10-01",
            "until": "2026-11-01",
        }
        given = CreditNoteFields.model_validate(
            {"partnerNumber": partner, "contractNumber": contract, "positions": [position]}
        )
        with self.database.write(self.company.tenant.id) as tx:
            return create_credit_note(tx, self.desk, given).number

    def take_credit_back(self, number: str, reason: str) -> str:
        """Take a credit note back whole."""
        with self.database.write(self.company.tenant.id) as tx:
            return correct_credit_note(tx, self.desk, number, CorrectingCredit(reason)).number

    def record(self, number: str) -> DocumentRecord:
        """A document as it was frozen."""
        with self.database.read(self.company.tenant.id) as tx:
            return read_document(tx, number)

    def view(self, number: str) -> InvoiceDocument:
        """A document as formats see it."""
        return invoice_document(self.record(number))


def without_keys(record: DocumentRecord, *paths: str) -> DocumentRecord:
    """The document as an older version froze it, without these keys: `buyer.phone`."""
    snapshot = dict(record.snapshot)
    for path in paths:
        owner, _, key = path.rpartition(".")
        if owner:
            part = dict(_mapping(snapshot[owner]))
            part.pop(key)
            snapshot[owner] = part
        else:
            snapshot.pop(key)
    return replace(record, snapshot=snapshot)


def _mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value
