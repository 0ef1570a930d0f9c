"""Proof of the matches: what rules booked from the bank's texts is there, to the byte and the cent (O6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from typing import Any
from uuid import UUID

from faktura.domain.match_proof_checks import Kept, documents_of, proof_problems, thousandths
from faktura.domain.matches import Outcome
from faktura.domain.violations import Proof, Violation
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money
from faktura.services.movement_view import record_from_text
from faktura.store.match_proofs import (
    Counted,
    ProvedMovement,
    booked_money,
    booked_movements,
    counted_and_waiting,
    counted_by_movement,
    unposted_keys,
)
from faktura.store.transaction import Tx

# What a rule of this name gave up is said by the proposal that it took.
_DISCOUNT = "discount-exact-sum"

_Said = tuple[UUID, ProvedMovement | Counted]


def matches_are_proved(tx: Tx) -> Iterator[Violation]:
    """Every booking by a rule has a proof that holds, and counts for exactly what that says.

    What is not booked, or was undone, counts for nothing; whatever counts is in the journal. What a
    payment left on accounts, with the credit of all customers, is what the bank says of it.
    """
    for case in _cases(tx):
        for movement in case.movements:
            yield from _proved(movement, case.counted)
    for movement_id, number, amount in counted_and_waiting(tx):
        place = f"bank_transaction {movement_id}"
        yield _violation(place, f"it is not booked, and {amount} of it count for {number}")
    for movement_id, key in unposted_keys(tx):
        place = f"bank_transaction {movement_id}"
        yield _violation(place, f"{key} counts and is not in the journal")
    for movement_id, state, brought, stands in booked_money(tx):
        wanted = brought if state is MovementState.BOOKED else Money.zero(brought.currency)
        if stands != wanted:
            place = f"bank_transaction {movement_id}"
            problem = f"it is {state}, and {stands} of it stand on accounts, not {wanted}"
            yield _violation(place, problem)


@dataclass(slots=True)
class _Case:
    """All that is kept of one movement; `movements` is it, where it is booked."""

    movements: list[ProvedMovement] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)


def _cases(tx: Tx) -> Iterator[_Case]:
    """Both streams go on movement by movement; no more than one movement's rows are in memory."""
    streams: tuple[Iterator[_Said], ...] = (
        ((one.id, one) for one in booked_movements(tx)),
        ((one.movement_id, one) for one in counted_by_movement(tx)),
    )
    said = merge(*streams, key=lambda one: one[0])
    for _, members in groupby(said, key=lambda one: one[0]):
        case = _Case()
        for _, member in members:
            if isinstance(member, Counted):
                case.counted.append(member)
            else:
                case.movements.append(member)
        yield case


def _proved(movement: ProvedMovement, counted: list[Counted]) -> Iterator[Violation]:
    if movement.rule is None:
        yield _violation(movement.place, "it is booked, and nothing was decided about it")
        return
    if movement.outcome != Outcome.FULL:
        # A person decided: what they named is on the account, no text has to prove it.
        if movement.outcome != Outcome.ASSIGNED:
            problem = f"it is {movement.state}, but decided as {movement.outcome}"
            yield _violation(movement.place, problem)
        return
    try:
        proof = movement.read_proof()
        kept = _kept(movement)
    except ValueError:
        yield _violation(movement.place, "its proof or its record cannot be read")
        return
    problems = proof_problems(proof, kept)
    for problem in problems:
        yield _violation(movement.place, f"the proof of {movement.rule}: {problem}")
    if not problems:
        yield from _counts(movement, proof, counted)


def _kept(movement: ProvedMovement) -> Kept:
    record = record_from_text(movement.data)
    return Kept(
        movement.rule or "",
        str(movement.amount.decimal),
        movement.amount.currency,
        {
            "remittance": "\n".join(record.remittance_lines),
            "reference": record.structured_reference or "",
            "endToEndId": record.end_to_end_id or "",
        },
    )


def _counts(
    movement: ProvedMovement, proof: Mapping[str, Any], counted: list[Counted]
) -> Iterator[Violation]:
    """What counts for documents is what the proof names; a return takes that away."""
    sign = -1 if movement.state is MovementState.RETURNED else 1
    wanted = {number: sign * part for number, part in documents_of(proof).items()}
    currency = movement.amount.currency
    found = {
        one.number: thousandths(str(Money(one.paid, currency).decimal))
        for one in counted
        if one.paid
    }
    for number in sorted(wanted.keys() | found.keys()):
        if wanted.get(number, 0) != found.get(number, 0):
            problem = f"what counts for {number} is not what its proof says"
            yield _violation(movement.place, problem)
    given_up = sum(one.given_up for one in counted)
    allowed = "0"
    if movement.rule == _DISCOUNT and proof.get("proposals"):
        allowed = proof["proposals"][0]["givenUp"]
    if thousandths(str(Money(given_up, currency).decimal)) != thousandths(allowed):
        yield _violation(movement.place, f"{allowed} {currency} should be given up with it")


def _violation(place: str, problem: str) -> Violation:
    return Violation(Proof.MATCHES, place, problem)
