"""What the proof of the corrections asks about reversed activities."""

from collections.abc import Iterator

from sqlalchemy import and_, func, select

from faktura.store.tables import activity, document, line_correction
from faktura.store.transaction import Tx
from faktura.store.verification import STREAM


def reversed_with_rest(tx: Tx) -> Iterator[tuple[str, int]]:
    """Document and line of activities that are reversed while something of their line is left."""
    a, c, d = activity.c, line_correction.c, document.c
    taken = (
        select(func.coalesce(func.sum(c.net), 0))
        .where(
            c.tenant_id == a.tenant_id,
            c.original_id == a.document_id,
            c.original_line_no == a.line_no,
        )
        .correlate(activity)
        .scalar_subquery()
    )
    rows = tx.connection.execute(
        select(d.number, a.line_no)
        .join(document, and_(d.tenant_id == a.tenant_id, d.id == a.document_id))
        .where(a.tenant_id == tx.tenant_id, a.reversed_by.is_not(None), a.net + taken != 0)
        .order_by(d.number, a.line_no),
        execution_options=STREAM,
    )
    for row in rows:
        yield row.number, row.line_no
