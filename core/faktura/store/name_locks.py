"""Locking what has no row yet, by a name."""

from hashlib import sha256

from sqlalchemy import text

from faktura.store.transaction import Tx


def lock_name(tx: Tx, name: str) -> None:
    """Let no other transaction that locks the same name go on before this one ends.

    `name` holds the tenant where it is a tenant's. On SQLite whoever writes is alone anyway.
    """
    if tx.is_postgresql:
        number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
