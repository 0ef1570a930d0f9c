"""Answers kept for requests that come again, each under its key and its Idempotency-Key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from faktura.kernel.canonical import canonical_json
from faktura.store.name_locks import lock_name
from faktura.store.tables import api_answer
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given, and the hash of the request that it answers."""

    request_hash: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes


def lock_request(tx: Tx, key_id: UUID, idempotency_key: str) -> None:
    """Let no other transaction answer the same request before this one ends.

    There is no row to lock yet.
    """
    lock_name(tx, f"api_answer:{tx.tenant_id}:{key_id}:{idempotency_key}")


def find_answer(tx: Tx, key_id: UUID, idempotency_key: str) -> KeptAnswer | None:
    """The kept answer, if there is one."""
    row = tx.connection.execute(
        select(
            api_answer.c.request_hash, api_answer.c.status, api_answer.c.headers, api_answer.c.body
        ).where(
            api_answer.c.tenant_id == tx.tenant_id,
            api_answer.c.key_id == key_id,
            api_answer.c.idempotency_key == idempotency_key,
        )
    ).one_or_none()
    if row is None:
        return None
    return KeptAnswer(row.request_hash, row.status, json.loads(row.headers), row.body)


def add_answer(tx: Tx, key_id: UUID, idempotency_key: str, answer: KeptAnswer) -> None:
    """Keep an answer; one that is kept already stands."""
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    tx.connection.execute(
        insert(api_answer)
        .values(
            tenant_id=tx.tenant_id,
            key_id=key_id,
            idempotency_key=idempotency_key,
            request_hash=answer.request_hash,
            status=answer.status,
            headers=canonical_json(dict(answer.headers)),
            body=answer.body,
            answered_at=tx.now(),
        )
        .on_conflict_do_nothing()
    )


def delete_answers(tx: Tx, before: datetime) -> int:
    """Forget the tenant's answers given before that moment; how many they were."""
    return tx.connection.execute(
        delete(api_answer).where(
            api_answer.c.tenant_id == tx.tenant_id, api_answer.c.answered_at < before
        )
    ).rowcount
