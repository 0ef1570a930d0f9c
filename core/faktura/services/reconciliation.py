"""Deciding about bank movements by the rules, a chunk at a time (F096-F100).

A decision is taken with the accounts locked and what is open read under that lock, so that two
runs never settle the same document twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from faktura.domain import matching, returns
from faktura.domain.match_proofs import Documents, proof_of
from faktura.domain.matches import Decision, OpenDocument, Outcome
from faktura.domain.movements import MovementClass
from faktura.domain.tenants import Tenant
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.canonical import canonical_json
from faktura.kernel.clock import local_date
from faktura.services.bank_attempts import named_attempts
from faktura.services.collective_credits import NamedFiles
from faktura.services.debits_at_bank import DebitDesk
from faktura.services.ledger import Ledger, open_ledger
from faktura.services.match_books import Concerned, Register
from faktura.services.match_cases import Case, read_cases
from faktura.services.returning import NamedReturns, ReturnDesk, Returning
from faktura.services.settling import SettlingDesk
from faktura.store.movements import DecisionRow, set_state, write_decisions
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Matched:
    """What a chunk came to: payments booked, returned debits booked, still open."""

    booked: int = 0
    returned: int = 0
    open: int = 0


def open_register(tx: Tx, tenant: Tenant) -> Register:
    """What a run over all waiting movements knows; read once a run."""
    return Register.of(tx, tenant.bank, local_date(tx.clock, tenant.time_zone))


def match_chunk(tx: Tx, tenant: Tenant, register: Register, ids: Collection[UUID]) -> Matched:
    """Decide about these movements, as far as they are still open, in booking order."""
    tenant = holding_accounts(tx, tenant)
    waiting = read_cases(tx, register.index, ids)
    # What a person set unpaid the rules would only pay again: a person assigns it (F065).
    cases = [case for case in waiting if not case.waiting.times_unpaid]
    desk = _desk(tx, tenant, register, cases)
    decisions = [desk.decided(case) for case in cases]
    desk.ledger.write(tx)
    desk.debits.follow(tx, tenant)
    desk.returning.follow(tx)
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


def _desk(tx: Tx, tenant: Tenant, register: Register, cases: Sequence[Case]) -> "_Desk":
    """Everything that the cases may concern, read set-based; the accounts are locked."""
    back = NamedReturns.of(tx, tenant, [case.movement for case in cases])
    own_ids = [case.movement.end_to_end_id for case in cases]
    single = named_attempts(tx, [*own_ids, *back.end_to_end_ids])
    # A credit that names its debit needs no file, whatever batch it comes from.
    batches = [one.movement for one in cases if one.movement.end_to_end_id not in single.ids]
    files = NamedFiles.of(tx, batches)
    attempts = named_attempts(tx, [*single.ids, *files.end_to_end_ids]) if files.files else single
    concerned = Concerned.of(tx, register, cases)
    numbers = concerned.numbers | set(attempts.numbers.values()) | back.numbers
    ledger = open_ledger(tx, tenant, numbers)
    debits = DebitDesk.of(tx, ledger, attempts)
    settling = SettlingDesk.of(tx, register, concerned, ledger)
    customers = {one.id: one.number for one in ledger.customers.values()}
    returning = ReturnDesk.of(tx, ledger, debits, back, [_returning(case) for case in cases])
    return _Desk(ledger, settling, returning, debits, files, customers)


def _returning(case: Case) -> Returning:
    return Returning(case.source, case.movement, case.found.hits)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a chunk is decided on: the ledger, what is open, returns, debits of ours, their files."""

    ledger: Ledger
    settling: SettlingDesk
    returning: ReturnDesk
    debits: DebitDesk
    files: NamedFiles
    customers: Mapping[UUID, str]

    def decided(self, case: Case) -> DecisionRow:
        if case.waiting.balanced is False:
            reason = "the balances of its statement do not add up"
            hits = case.found.hits
            return self._row(case, Decision(Outcome.OPEN, "statement-unbalanced", reason, hits))
        match case.kind:
            case MovementClass.PAYMENT:
                return self._collected(case) or self._settled(case)
            case MovementClass.RETURN:
                return self._taken_back(case)
            case MovementClass.BANK:
                return self._fee(case) or self._settled(case)
            case MovementClass.CAME_BACK | MovementClass.FOREIGN:
                return self._settled(case)

    def _collected(self, case: Case) -> DecisionRow | None:
        """What a debit of ours brought in, one or a whole file; None where it is none."""
        movement = case.movement
        debit = self.debits.credited(case.source, movement.amount)
        debit = debit or self.files.credited(self.debits, case.source, movement)
        if debit is None:
            return None
        said: Decision[OpenDocument] = Decision(
            debit.outcome, debit.rule, debit.reason, case.found.hits
        )
        self.settling.refresh(number for number, _ in debit.parts)
        return self._row(case, said, debit.parts)

    def _settled(self, case: Case) -> DecisionRow:
        done = self.settling.settled(case)
        return self._row(case, done.decision, done.parts, done.extra)

    def _taken_back(self, case: Case) -> DecisionRow:
        done = self.returning.take_back(_returning(case))
        self.settling.refresh(number for number, _ in done.documents)
        return self._row(case, done.decision, done.documents, done.extra)

    def _fee(self, case: Case) -> DecisionRow | None:
        """The fee of a return that stands apart; None where it is none."""
        done = self.returning.fee(_returning(case))
        return None if done is None else self._row(case, done.decision, (), done.extra)

    def _row(
        self,
        case: Case,
        decision: Decision[Any],
        documents: Documents = (),
        extra: Mapping[str, object] | None = None,
    ) -> DecisionRow:
        is_return = case.kind is MovementClass.RETURN
        version = returns.RULE_VERSION if is_return else matching.RULE_VERSION
        proof = proof_of(case.movement, decision, documents, self.customers, **(extra or {}))
        return DecisionRow(
            case.waiting.id,
            decision.outcome,
            decision.rule,
            version,
            decision.reason,
            canonical_json(proof),
        )
