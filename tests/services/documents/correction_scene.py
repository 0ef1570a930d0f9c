"""The company of company.py with its books at hand: what tests of corrections act on and look at."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from tests.services.company import RUN, TENANT, Company, XRechnung, bill, settle

from faktura.domain.documents import DocumentRecord
from faktura.domain.tenants import Tenant
from faktura.flows.verification import verify
from faktura.plugin import InvoiceDocument
from faktura.services.invoice_view import invoice_document
from faktura.services.issuing import Desk
from faktura.services.tenants import start_number_range
from faktura.store import tables
from faktura.store.accounts import read_open_items
from faktura.store.activities import WAITING
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.documents import read_document
from faktura.store.numbers import RangeFormat
from faktura.store.transaction import Tx


@dataclass
class CorrectionScene:
    """One company; its books as literal texts."""

    database: Database
    folder: Path
    tenant_given: Tenant = TENANT
    company: Company = field(init=False)

    def __post_init__(self) -> None:
        self.company = Company(self.database, self.tenant_given)

    @property
    def tenant(self) -> Tenant:
        """The company."""
        return self.company.tenant

    @property
    def desk(self) -> Desk:
        """Where its documents are checked; XRechnung is its format."""
        return Desk(self.tenant, XRechnung())

    def write(self) -> "Writing":
        """A transaction of the company."""
        return Writing(self)

    def bill(self, on: date = RUN) -> None:
        """Bill what is due."""
        bill(self.database, self.tenant, on)

    def pay(self, number: str, minor: int) -> None:
        """A payment of that many cents."""
        settle(self.database, self.tenant, number, minor)

    def document(self, number: str) -> DocumentRecord:
        """An issued document."""
        with self.database.read(self.tenant.id) as tx:
            return read_document(tx, number)

    def printed(self, number: str) -> InvoiceDocument:
        """The document in the terms of EN 16931."""
        return invoice_document(self.document(number))

    def findings(self, number: str) -> list[str]:
        """What XRechnung says of the document."""
        return [one.rule for one in XRechnung().cii.check(self.printed(number))]

    def totals(self) -> dict[str, str]:
        """Net, VAT and gross of all documents by number."""
        d = tables.document.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(d.number, d.net, d.tax, d.gross)
                .where(d.tenant_id == self.tenant.id)
                .order_by(d.number)
            ).all()
        return {r.number: f"{r.net / 100:.2f} {r.tax / 100:.2f} {r.gross / 100:.2f}" for r in rows}

    def vat(self, number: str) -> list[str]:
        """Rate, taxable amount and VAT of each row of a document's VAT table."""
        rows = self.document(number).snapshot["vat"]
        assert isinstance(rows, list)
        return [f"{r['rate']} {r['taxable'] / 100:.2f} {r['tax'] / 100:.2f}" for r in rows]

    def open(self) -> dict[str, str]:
        """What is open, by document number."""
        with self.database.read(self.tenant.id) as tx:
            return {item.number: str(item.open.decimal) for item in read_open_items(tx)}

    def balance(self, customer_id: UUID) -> str:
        """The customer's balance."""
        t = tables.account_transaction.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(t.balance_after)
                .where(t.tenant_id == self.tenant.id, t.customer_id == customer_id)
                .order_by(t.no)
            ).scalars()
            return f"{list(rows)[-1] / 100:.2f}"

    def legs(self, key: str) -> list[str]:
        """The legs of a journal entry as `D 1400 119.00`."""
        entry, leg = tables.journal_entry.c, tables.leg.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(leg.side, leg.account, leg.minor)
                .join(
                    tables.journal_entry,
                    (entry.tenant_id == leg.tenant_id) & (entry.seq == leg.entry_seq),
                )
                .where(entry.tenant_id == self.tenant.id, entry.entry_key == key)
                .order_by(leg.no)
            ).all()
        return [f"{row.side} {row.account} {row.minor / 100:.2f}" for row in rows]

    def waiting(self) -> list[str]:
        """What waits to be billed: service start, end (exclusive)."""
        a = tables.activity.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(a.service_start, a.service_end)
                .where(a.tenant_id == self.tenant.id, WAITING)
                .order_by(a.service_start, a.service_end)
            ).all()
        return [f"{row.service_start} {row.service_end}" for row in rows]

    def events(self) -> list[str]:
        """Types of all events, in order."""
        e = tables.event.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(e.type)
                .where(e.tenant_id == self.tenant.id)
                .order_by(e.seal_seq, e.object_id, e.sequence)
            ).scalars()
            return list(rows)

    def violations(self) -> list[str]:
        """What `faktura verify` finds."""
        return [
            str(one) for one in verify(self.database, DirectoryStore(self.folder), self.tenant.id)
        ]

    def start_range(self, started: RangeFormat) -> None:
        """A number range of its own."""
        with self.write() as tx:
            start_number_range(tx, started)


class Writing:
    """A transaction that writes, as a context."""

    def __init__(self, scene: CorrectionScene) -> None:
        self._context = scene.database.write(scene.tenant.id)

    def __enter__(self) -> Tx:
        return self._context.__enter__()

    def __exit__(self, *error: object) -> bool | None:
        return self._context.__exit__(*error)  # type: ignore[arg-type]


def without_format(tenant: Tenant = TENANT) -> Tenant:
    """The company whose customers want no e-invoice."""
    return replace(tenant, document_format=None)
