"""The same request gets the same answer: an act behind an Idempotency-Key happens once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from faktura.kernel.errors import FieldInvalid
from faktura.kernel.request_errors import IdempotencyKeyReused
from faktura.store.api_answers import (
    KeptAnswer,
    add_answer,
    delete_answers,
    find_answer,
    lock_request,
)
from faktura.store.transaction import Tx

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=7)
_PRINTABLE = re.compile(r"[!-~]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it went out; its content is a customer's business and not printed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def checked_idempotency_key(text: str) -> str:
    """The key if it is 1 to 64 printable ASCII characters without blanks; raises FieldInvalid."""
    if not _PRINTABLE.fullmatch(text):
        raise FieldInvalid(
            "an idempotency key is 1 to 64 printable ASCII characters without blanks",
            place=HEADER,
            mend="Use a UUID",
        )
    return text


def claim_answer(
    tx: Tx, key_id: UUID, idempotency_key: str, request_hash: bytes
) -> StoredAnswer | None:
    """The answer that this request got before; None where its act is to be done now.

    Stands before the act in the act's own transaction: whoever sends the same at the same time
    waits here until it ends. Raises IdempotencyKeyReused where the key stands for another request.
    """
    lock_request(tx, key_id, checked_idempotency_key(idempotency_key))
    return _same(find_answer(tx, key_id, idempotency_key), request_hash)


def keep_answer(
    tx: Tx, key_id: UUID, idempotency_key: str, request_hash: bytes, answer: StoredAnswer
) -> StoredAnswer:
    """Keep the answer of an act in its transaction; returns the one that stands, should one already.

    Raises IdempotencyKeyReused where the one that stands is of another request.
    """
    kept = KeptAnswer(request_hash, answer.status, answer.headers, answer.body)
    add_answer(tx, key_id, checked_idempotency_key(idempotency_key), kept)
    return _same(find_answer(tx, key_id, idempotency_key), request_hash) or answer


def forget_answers(tx: Tx) -> int:
    """Delete the tenant's answers that are older than seven days; how many they were."""
    return delete_answers(tx, tx.now() - KEPT_FOR)


def _same(kept: KeptAnswer | None, request_hash: bytes) -> StoredAnswer | None:
    if kept is None:
        return None
    if kept.request_hash != request_hash:
        raise IdempotencyKeyReused(
            "the key was used for another request",
            place=HEADER,
            mend="Send the same request again, or take a new key for a new one",
        )
    return StoredAnswer(kept.status, kept.headers, kept.body)
