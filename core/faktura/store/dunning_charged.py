"""What a document of kind DUNNING charges, and for which notice."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from faktura.kernel.terms import AccountFact
from faktura.store.tables import account_transaction, document, dunning_notice
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Charged:
    """A notice with its charges in minor units: `fees` are fee and flat sums."""

    notice_id: UUID
    fees: int
    interest: int
    times_waived: int


def charged_by(tx: Tx, document_id: UUID) -> Charged:
    """What that document charges; it is one of a notice, and its customer is locked."""
    n, d, t = dunning_notice.c, document.c, account_transaction.c
    row = tx.connection.execute(
        select(n.id, n.fee, n.flat, n.interest).where(
            n.tenant_id == tx.tenant_id, n.document_id == document_id
        )
    ).one()
    waived = tx.connection.execute(
        select(func.count())
        .select_from(account_transaction)
        .join(document, (d.tenant_id == t.tenant_id) & (d.id == t.document_id))
        .where(
            t.tenant_id == tx.tenant_id,
            t.customer_id == d.customer_id,
            d.id == document_id,
            t.fact == AccountFact.DUNNING_WAIVED,
        )
    ).scalar_one()
    return Charged(row.id, row.fee + row.flat, row.interest, int(waived))
