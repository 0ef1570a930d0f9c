"""Deciding about bank movements: by the rules, a chunk at a time, or by a person (F096-F100).

A decision is taken with the accounts locked and what is open read under that lock, so that two
runs never settle the same document twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never
from uuid import UUID

from faktura.domain import matching, returns
from faktura.domain.document_kinds import DOCUMENT_RANGES
from faktura.domain.matching import Decision, Hit, NumberIndex, OpenDocument, Outcome, decide
from faktura.domain.movements import Movement, MovementClass, classify
from faktura.domain.returns import decide_return, return_amounts
from faktura.domain.tenants import Tenant
from faktura.domain.written_numbers import unknown_numbers, written_numbers
from faktura.kernel.canonical import canonical_json
from faktura.kernel.terms import MovementState
from faktura.services.bank_attempts import named_attempts
from faktura.services.collective_credits import NamedFiles
from faktura.services.debits_at_bank import DebitDesk
from faktura.services.ledger import Ledger, Source, open_ledger
from faktura.services.movement_view import movement_of, record_from_text
from faktura.services.payments import pay, take_back
from faktura.store.movements import (
    DecisionRow,
    Waiting,
    lock_waiting,
    set_state,
    write_decisions,
)
from faktura.store.numbers import ranges
from faktura.store.payable import booked_by, known_numbers, numbers_paid_by, open_numbers
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

# Whatever documents such a booking names: it does not settle them by itself.
_LEFT_ALONE = {
    MovementClass.CAME_BACK: ("came-back", "money that had been sent out came back"),
    MovementClass.FOREIGN: ("foreign", "sent in another currency, or charges were taken off"),
    MovementClass.BANK: ("bank", "the bank's own booking"),
}


@dataclass(frozen=True, slots=True)
class Matched:
    """What a chunk came to: payments booked, returned debits booked, still open."""

    booked: int = 0
    returned: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A waiting movement with its kind and the document numbers found in its text.

    `unknown` are numbers written like ours that no document has.
    """

    waiting: Waiting
    movement: Movement
    kind: MovementClass
    hits: tuple[Hit, ...]
    unknown: tuple[str, ...]

    @property
    def source(self) -> Source:
        """Where its money comes from."""
        movement = self.movement
        return Source(
            self.waiting.id,
            movement.booked_on,
            movement.value_on,
            self.waiting.bank_iban,
            self.waiting.ledger_account,
            movement.remittance,
            movement.end_to_end_id,
            movement.return_reason,
            self.waiting.times_unpaid,
        )


def number_index(tx: Tx) -> NumberIndex:
    """The numbers of all open documents; built once a run."""
    return NumberIndex.of(open_numbers(tx))


def match_chunk(tx: Tx, tenant: Tenant, index: NumberIndex, ids: Collection[UUID]) -> Matched:
    """Decide about these movements, as far as they are still open, in booking order."""
    tenant = holding_accounts(tx, tenant)
    waiting = read_cases(tx, index, ids)
    # What a person set unpaid the rules would only pay again: a person assigns it (F065).
    cases = [case for case in waiting if not case.waiting.times_unpaid]
    collected = booked_by(tx, _returned_ids(cases))
    single = named_attempts(tx, [case.movement.end_to_end_id for case in cases])
    # A credit that names its debit needs no file, whatever batch it comes from.
    batches = [one.movement for one in cases if one.movement.end_to_end_id not in single.ids]
    files = NamedFiles.of(tx, batches)
    named = named_attempts(tx, [*single.ids, *files.end_to_end_ids]) if files.files else single
    numbers = {hit.number for case in cases for hit in case.hits} | set(named.numbers.values())
    ledger = open_ledger(tx, tenant, numbers | numbers_paid_by(tx, collected))
    debits = DebitDesk.of(tx, ledger, named)
    desk = _Desk(ledger, index, frozenset(collected.values()), debits, files)
    decisions = [_decided(desk, case) for case in cases]
    ledger.write(tx)
    desk.debits.follow(tx, tenant)
    write_decisions(tx, decisions)
    full = {row.movement_id for row in decisions if row.outcome == Outcome.FULL}
    returned = [
        case.waiting.id
        for case in cases
        if case.waiting.id in full and case.kind is MovementClass.RETURN
    ]
    booked = sorted(full.difference(returned))
    set_state(tx, booked, MovementState.BOOKED)
    set_state(tx, returned, MovementState.RETURNED)
    return Matched(len(booked), len(returned), len(waiting) - len(full))


def read_cases(tx: Tx, index: NumberIndex, ids: Collection[UUID]) -> list[Case]:
    """Those of the movements that are still open, locked, in booking order."""
    found = [
        (waiting, movement_of(record_from_text(waiting.data))) for waiting in lock_waiting(tx, ids)
    ]
    formats = {given.format for given in ranges(tx) if given.name in DOCUMENT_RANGES}
    written = {
        waiting.id: written_numbers(movement.searched_text, formats) for waiting, movement in found
    }
    known = _learn_settled(tx, index, written)
    return [
        Case(
            waiting,
            movement,
            classify(movement),
            index.find(movement.searched_text),
            unknown_numbers(movement.searched_text, written[waiting.id], known),
        )
        for waiting, movement in found
    ]


def _learn_settled(
    tx: Tx, index: NumberIndex, written: Mapping[UUID, Collection[str]]
) -> frozenset[str]:
    """Paid documents count too: a text that names one is never a full match (F097)."""
    known = frozenset(known_numbers(tx, frozenset().union(*written.values())))
    for number in known:
        index.add(number)
    return known


def _returned_ids(cases: Sequence[Case]) -> set[str]:
    """The end-to-end ids that returns name."""
    return {
        case.movement.end_to_end_id
        for case in cases
        if case.kind is MovementClass.RETURN and case.movement.end_to_end_id is not None
    }


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a chunk is decided on: the ledger, known numbers and ids, debits of ours and their files."""

    ledger: Ledger
    index: NumberIndex
    booked: Collection[str]
    debits: DebitDesk
    files: NamedFiles


def _decided(desk: _Desk, case: Case) -> DecisionRow:
    if case.waiting.balanced is False:
        reason = "the balances of its statement do not add up"
        return _row(case, Decision(Outcome.OPEN, "statement-unbalanced", reason, case.hits))
    match case.kind:
        case MovementClass.PAYMENT:
            return _settled(desk, case)
        case MovementClass.RETURN:
            return _taken_back(desk, case)
        case MovementClass.CAME_BACK | MovementClass.FOREIGN | MovementClass.BANK:
            rule, reason = _LEFT_ALONE[case.kind]
            return _row(case, Decision(Outcome.OPEN, rule, reason, case.hits))
        case _ as never:
            assert_never(never)


def _settled(desk: _Desk, case: Case) -> DecisionRow:
    movement, ledger = case.movement, desk.ledger
    debit = desk.debits.credited(case.source, movement.amount)
    debit = debit or desk.files.credited(desk.debits, case.source, movement)
    if debit is not None:
        settled = [[number, str(part)] for number, part in debit.parts]
        said: Decision[OpenDocument] = Decision(debit.outcome, debit.rule, debit.reason, case.hits)
        return _row(case, said, documents=settled)
    decision = decide(
        movement.searched_text, movement.amount, desk.index, ledger.open_documents(), case.unknown
    )
    for document in decision.documents:
        pay(ledger, case.source, document.number, document.open)
    settled = [[document.number, str(document.open)] for document in decision.documents]
    return _row(case, decision, documents=settled)


def _taken_back(desk: _Desk, case: Case) -> DecisionRow:
    ledger = desk.ledger
    known = {*desk.booked, *ledger.end_to_end_ids(), *desk.debits.attempts}
    payments = desk.debits.payments(case.movement.end_to_end_id)
    decision = decide_return(case.movement, case.hits, payments, known)
    amounts = return_amounts(case.movement)
    if not decision.documents or amounts is None:
        desk.debits.note_failure(case.movement)
        return _row(case, decision)
    take_back(ledger, case.source, decision.documents, amounts.fee)
    desk.debits.note_return(case.source, case.movement, decision.documents, amounts.fee)
    returned = [[payment.number, str(payment.amount)] for payment in decision.documents]
    return _row(
        case,
        decision,
        documents=returned,
        fee=str(amounts.fee),
        payment=str(decision.documents[0].movement_id),
    )


def _row(case: Case, decision: Decision[Any], **proof: object) -> DecisionRow:
    version = returns.RULE_VERSION if case.kind is MovementClass.RETURN else matching.RULE_VERSION
    hits = [[hit.number, hit.start, hit.end] for hit in decision.hits]
    return DecisionRow(
        case.waiting.id,
        decision.outcome,
        decision.rule,
        version,
        decision.reason,
        # The spans count in the text as it was searched, so it is part of the proof.
        canonical_json({"text": case.movement.searched_text, "hits": hits, **proof}),
    )
