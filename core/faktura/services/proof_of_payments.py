"""Proof of the payments: what providers took and gave back is booked once, to the cent (P26, P33)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby

from faktura.domain.chargebacks import Chargeback
from faktura.domain.violations import Proof, Violation
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState
from faktura.services.proof_of_chargebacks import chargebacks_are_booked, told_of_attempt
from faktura.services.proof_of_debit_files import files_hold_their_debits
from faktura.services.proof_of_refunds import refunds_are_booked
from faktura.store.payment_proofs import (
    BookedAs,
    ProvedAttempt,
    attempts_by_id,
    booked_as,
    chargebacks_by_attempt,
    crowded_documents,
    paid_at_bank,
)
from faktura.store.transaction import Tx

_PAGE = 500
_PAID = frozenset({AttemptState.SUCCEEDED, AttemptState.CHARGED_BACK})


def payments_are_booked(tx: Tx) -> Iterator[Violation]:
    """Attempts, chargebacks, refunds and files of debits say the same as accounts and journal."""
    yield from _attempts(tx)
    for number, live in crowded_documents(tx):
        yield _violation(f"document {number}", f"{live} attempts may still become its money")
    yield from chargebacks_are_booked(tx)
    yield from refunds_are_booked(tx)
    yield from files_hold_their_debits(tx)


@dataclass(slots=True)
class _Case:
    """All that is said in the name of one attempt; `key` is its id as bookings write it."""

    key: str
    attempts: list[ProvedAttempt] = field(default_factory=list)
    bookings: list[BookedAs] = field(default_factory=list)
    chargebacks: list[Chargeback] = field(default_factory=list)

    def add(self, said: ProvedAttempt | BookedAs | Chargeback) -> None:
        """Keep one more of them."""
        match said:
            case ProvedAttempt():
                self.attempts.append(said)
            case BookedAs():
                self.bookings.append(said)
            case Chargeback():
                self.chargebacks.append(said)

    @property
    def payments(self) -> list[BookedAs]:
        """What is booked as the attempt's own payment, not as one that was won again."""
        return [one for one in self.bookings if one.source == f"pay:attempt:{self.key}"]


_Said = ProvedAttempt | BookedAs | Chargeback


def _cases(tx: Tx) -> Iterator[_Case]:
    """All streams go on attempt by attempt; no more than one attempt's rows are in memory."""
    streams: tuple[Iterator[tuple[str, _Said]], ...] = (
        ((one.id.hex, one) for one in attempts_by_id(tx)),
        ((_key(one), one) for one in booked_as(tx, "pay:attempt:")),
        ((_key(one), one) for one in booked_as(tx, "cb:attempt:")),
        ((one.attempt_id.hex, one) for one in chargebacks_by_attempt(tx) if one.attempt_id),
    )
    said = merge(*streams, key=lambda one: one[0])
    for key, members in groupby(said, key=lambda one: one[0]):
        case = _Case(key)
        for _, member in members:
            case.add(member)
        yield case


def _key(booked: BookedAs) -> str:
    return booked.source.split(":")[2]


def _attempts(tx: Tx) -> Iterator[Violation]:
    """Every attempt that was paid has its payment, no other has one."""
    elsewhere: list[ProvedAttempt] = []
    for case in _cases(tx):
        if not case.attempts:
            yield from _without_attempt(case)
            continue
        (attempt,) = case.attempts
        payments = case.payments
        if attempt.state in _PAID and not payments:
            elsewhere.append(attempt)
        else:
            yield from _compared(attempt, payments)
        yield from told_of_attempt(attempt, case.chargebacks, case.bookings)
        if len(elsewhere) == _PAGE:
            yield from _paid_elsewhere(tx, elsewhere)
            elsewhere = []
    yield from _paid_elsewhere(tx, elsewhere)


def _without_attempt(case: _Case) -> Iterator[Violation]:
    places = [f"account_transaction {one.source}" for one in case.bookings]
    places += [f"chargeback {one.subject}" for one in case.chargebacks]
    for place in places:
        yield _violation(place, "its payment attempt does not exist")


def _compared(attempt: ProvedAttempt, payments: list[BookedAs]) -> Iterator[Violation]:
    expected = attempt.amount if attempt.state in _PAID else Money.zero(attempt.amount.currency)
    for one in payments:
        if one.customer_id != attempt.customer_id:
            yield _violation(attempt.place, "its payment is booked for another customer")
        elif -one.amount != expected:
            problem = f"it is {attempt.state} over {attempt.amount}, and {-one.amount} are booked"
            yield _violation(attempt.place, problem)


def _paid_elsewhere(tx: Tx, attempts: list[ProvedAttempt]) -> Iterator[Violation]:
    """What no provider was booked for is paid by a movement of the bank: a debit of our own."""
    paid = paid_at_bank(tx, attempts) if attempts else set()
    for one in attempts:
        if one.id not in paid:
            problem = f"it is {one.state} over {one.amount}, and no payment is booked for it"
            yield _violation(one.place, problem)


def _violation(place: str, problem: str) -> Violation:
    return Violation(Proof.PAYMENTS, place, problem)
