"""Debits of ours among bank movements: what a chunk of them says, followed once it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from uuid import UUID

from faktura.domain.attempts import Attempt, moves
from faktura.domain.matches import Outcome
from faktura.domain.movements import Movement
from faktura.domain.returns import Payment, as_told
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState
from faktura.services.bank_attempts import (
    NamedAttempts,
    attempt_id_of,
    credited,
    may_fail,
    may_settle,
    settle_attempts,
)
from faktura.services.bank_returns import ReturnedDebit, debit_failed, returned_by_bank
from faktura.services.ledger import Ledger, Source
from faktura.store.chargebacks import documents_of_attempts
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class CreditedDebit:
    """What is decided about a credit that names a debit of ours, and each document's part."""

    outcome: Outcome
    rule: str
    reason: str
    parts: tuple[tuple[str, Money], ...] = ()


@dataclass(slots=True)
class DebitDesk:
    """The debits that the movements of a transaction name; `attempts` by end-to-end id, locked."""

    tx: Tx
    ledger: Ledger
    attempts: dict[str, Attempt]
    numbers: Mapping[UUID, str]
    _failed: list[tuple[UUID, str | None]] = field(default_factory=list)
    _returned: list[ReturnedDebit] = field(default_factory=list)

    @classmethod
    def of(cls, tx: Tx, ledger: Ledger, named: NamedAttempts) -> Self:
        """The debits, locked after the ledger's customers."""
        return cls(tx, ledger, named.locked(tx), named.numbers)

    def credited(self, source: Source, amount: Money) -> CreditedDebit | None:
        """Let a credit pay the debit that it names; None where it names none."""
        key = source.end_to_end_id or ""
        attempt = self.attempts.get(key)
        if attempt is None:
            return None
        if not may_settle(attempt, amount):
            reason = f"the debit {key} over {attempt.amount} is {attempt.state}"
            return CreditedDebit(Outcome.OPEN, "debit-differs", reason)
        number = self.numbers[attempt.id]
        parts = settle_attempts(self.tx, self.ledger, source, [(attempt, number)])
        self.attempts[key] = replace(attempt, state=AttemptState.SUCCEEDED)
        reason = f"credits the debit of {number}"
        return CreditedDebit(Outcome.FULL, "debit-credited", reason, tuple(parts))

    def settled(
        self, source: Source, debits: Sequence[UUID], proof: tuple[str, str]
    ) -> CreditedDebit:
        """Let one credit pay many debits; `proof` is rule and reason."""
        known = {one.id: one for one in self.attempts.values()}
        paid = [(known[own], self.numbers[own]) for own in debits]
        parts = settle_attempts(self.tx, self.ledger, source, paid)
        done = frozenset(debits)
        for key, one in self.attempts.items():
            if one.id in done:
                self.attempts[key] = replace(one, state=AttemptState.SUCCEEDED)
        return CreditedDebit(Outcome.FULL, *proof, tuple(parts))

    def note_credit(self, source: Source) -> None:
        """A person said what a credit pays, and booked it: the debit that it names is done."""
        attempt = self.attempts.get(source.end_to_end_id or "")
        if attempt is not None and moves(attempt.state, AttemptState.SUCCEEDED):
            credited(self.tx, [attempt], source.booked_on)

    def note_failure(self, movement: Movement) -> None:
        """A return found no payment: a debit that it names failed before its credit was known."""
        attempt = self.attempts.get(movement.end_to_end_id or "")
        if attempt is not None and may_fail(attempt):
            self._failed.append((attempt.id, movement.return_reason))

    def note_return(
        self, source: Source, movement: Movement, payments: Sequence[Payment], fee: Money
    ) -> None:
        """A return was booked."""
        if source.movement_id is None:
            return
        movement = as_told(movement)
        attempt = self._returned_attempt(movement, payments)
        own = payments[0].number
        self._returned.append(
            ReturnedDebit(
                source.movement_id,
                self.ledger.document(own).customer_id,
                tuple((one.number, one.amount) for one in payments),
                fee,
                source.value_on,
                movement.return_reason,
                movement.mandate_id,
                attempt,
                source.times_unpaid,
            )
        )

    def _returned_attempt(self, movement: Movement, payments: Sequence[Payment]) -> UUID | None:
        """The debit that a return names, else the one that its payment is known to be of."""
        named = self.attempts.get(movement.end_to_end_id or "")
        if named is not None:
            return named.id
        own = attempt_id_of(payments[0].end_to_end_id or "")
        found = documents_of_attempts(self.tx, [own]) if own is not None else {}
        return own if own is not None and own in found else None

    def follow(self, tx: Tx, tenant: Tenant) -> None:
        """Do what follows of all that was noted; the ledger is written."""
        for attempt_id, code in self._failed:
            debit_failed(tx, tenant, attempt_id, code)
        for one in self._returned:
            returned_by_bank(tx, tenant, one)
