"""One hash over all that a ledger says: the same story gives the same hash on every database."""

import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from faktura.kernel.decimals import scaled
from faktura.store.database import Database
from faktura.store.ledger_order import ledger_in_order

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False, ensure_ascii=True).encode


def ledger_hash(database: Database, tenant_id: int) -> str:
    """SHA-256 in hex over documents with lines, accounts, the journal with its legs, and allocations.

    Rows stand in the order of their numbers and are told apart by them: no id and no moment of a
    machine is in it. It is read on one snapshot, row by row, so memory stays flat.
    """
    hashed = sha256()
    with database.read(tenant_id) as tx:
        for name, rows in ledger_in_order(tx):
            count = 0
            for row in rows:
                count += 1
                hashed.update(_encode([_written(value) for value in row]).encode() + b"\n")
            # Where a section ends is part of it: a row never passes for one of the next.
            hashed.update(f"{name} {count}\n".encode())
    return hashed.hexdigest()


def _written(value: object) -> object:
    match value:
        case None | int():
            return value
        case StrEnum():
            return value.value
        case str():
            return value
        case Decimal():
            return scaled(value)
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"a row of the ledger holds a {type(value).__name__}")
