"""Debits over our own bank as its statements tell of them: credited, or returned (decision 0023).

A debit's end-to-end id is its attempt's id, so a movement that names it needs no other proof.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from faktura.domain.attempts import Attempt, moves
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState
from faktura.services.ledger import Ledger, Source
from faktura.services.mandates_collected import note_collected
from faktura.services.payments import keep_credit, pay
from faktura.store.attempts import lock_attempts, rewrite_attempts
from faktura.store.chargebacks import documents_of_attempts
from faktura.store.transaction import Tx

_HEX = 32


@dataclass(frozen=True, slots=True)
class NamedAttempts:
    """The attempts that movements name, by end-to-end id, with the numbers of their documents."""

    ids: Mapping[str, UUID]
    numbers: Mapping[UUID, str]

    def of_documents(self, numbers: Collection[str]) -> Self:
        """Those that collect one of these documents."""
        own = {key: number for key, number in self.numbers.items() if number in numbers}
        return replace(self, numbers=own)

    def locked(self, tx: Tx) -> dict[str, Attempt]:
        """The attempts as they are now; the caller holds their customers' locks."""
        attempts = lock_attempts(tx, list(self.numbers))
        return {key: attempts[own] for key, own in self.ids.items() if own in attempts}


def named_attempts(tx: Tx, end_to_end_ids: Iterable[str | None]) -> NamedAttempts:
    """The attempts of these end-to-end ids; other ids, and other tenants' attempts, are absent."""
    ids = {key: own for key in end_to_end_ids if key and (own := attempt_id_of(key)) is not None}
    numbers = documents_of_attempts(tx, set(ids.values())) if ids else {}
    return NamedAttempts({key: own for key, own in ids.items() if own in numbers}, numbers)


def attempt_id_of(end_to_end_id: str) -> UUID | None:
    """The attempt that an end-to-end id would be; None where it cannot be one."""
    text = end_to_end_id.strip()
    if len(text) != _HEX:
        return None
    try:
        return UUID(hex=text)
    except ValueError:
        return None


def may_settle(attempt: Attempt, amount: Money) -> bool:
    """Whether a credit of that amount is this debit's money."""
    return amount == attempt.amount and moves(attempt.state, AttemptState.SUCCEEDED)


def may_fail(attempt: Attempt) -> bool:
    """Whether its return is the first that is heard of it."""
    return moves(attempt.state, AttemptState.FAILED)


def settle_attempts(
    tx: Tx, ledger: Ledger, source: Source, attempts: Sequence[tuple[Attempt, str]]
) -> list[tuple[str, Money]]:
    """Let a credit of our bank pay the documents of these attempts, each with its document's number.

    What a document does not need any more stays as credit of its customer (P37). The ledger holds
    the documents and is written by the caller; the attempts are locked. Gives each document's part.
    """
    parts: list[tuple[str, Money]] = []
    for attempt, number in attempts:
        zero = Money.zero(attempt.amount.currency)
        part = min(attempt.amount, max(ledger.document(number).open, zero))
        if part:
            pay(ledger, source, number, part)
            parts.append((number, part))
        if attempt.amount > part:
            keep_credit(ledger, source, attempt.customer_id, attempt.amount - part)
    credited(tx, [attempt for attempt, _ in attempts], source.booked_on)
    return parts


def credited(tx: Tx, attempts: Sequence[Attempt], on: date) -> None:
    """These attempts' money is there since that day; it is booked by whoever calls."""
    now = tx.now()
    done = [
        replace(
            attempt,
            state=AttemptState.SUCCEEDED,
            failure=None,
            retry_at=None,
            next_check_at=None,
            ended_at=now,
        )
        for attempt in attempts
    ]
    rewrite_attempts(tx, done)
    note_collected(tx, done, on)
