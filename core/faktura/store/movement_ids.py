"""Bank movements by the end of their id, as a person copies it from a list."""

from uuid import UUID

from sqlalchemy import Text, cast, func, select

from faktura.store.tables import bank_transaction
from faktura.store.transaction import Tx


def ids_ending_in(tx: Tx, ending: str, limit: int) -> list[UUID]:
    """At most `limit` movements whose id ends in these hexadecimal digits, in lower case."""
    t = bank_transaction.c
    if tx.is_postgresql:
        digits = func.replace(cast(t.id, Text), "-", "", type_=Text)
    else:
        digits = func.lower(func.hex(t.id), type_=Text)
    return list(
        tx.connection.execute(
            select(t.id)
            .where(t.tenant_id == tx.tenant_id, digits.endswith(ending))
            .order_by(t.id)
            .limit(limit)
        ).scalars()
    )
