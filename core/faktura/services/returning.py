"""Returned debits among the movements of a chunk: what they may undo, and what is booked (F095, F100).

Read before the ledger is opened, decided under its locks, followed once it is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from faktura.domain.mandates import account_fingerprint
from faktura.domain.matches import Decision, Hit
from faktura.domain.movements import Movement, MovementClass, classify
from faktura.domain.return_fees import is_return_fee
from faktura.domain.return_texts import is_about_return
from faktura.domain.returns import Payment, as_told, decide_return, taken_back
from faktura.domain.tenants import Tenant
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.money import Money
from faktura.kernel.periods import add_months
from faktura.services.bank_attempts import attempt_id_of
from faktura.services.debits_at_bank import DebitDesk
from faktura.services.differences import recover_returned
from faktura.services.ledger import Ledger, Source
from faktura.services.payments import take_back
from faktura.services.returnable_payments import ReturnablePayments
from faktura.services.returned_fees import FeeDesk, NamedFees
from faktura.store.payable import booked_by, numbers_paid_by
from faktura.store.payers import account_key, payers_of
from faktura.store.payment_means import find_mandates
from faktura.store.returnable import customers_with_account, numbers_paid_since
from faktura.store.tasks import ask_each
from faktura.store.transaction import Tx

# Without any mandate a debit may come back for 13 months (banking 2.4).
_MONTHS = 13
# What is said of a return whose sums do not add up.
_DIFFERING = frozenset({"return-unclear", "return-differs"})


@dataclass(frozen=True, slots=True)
class Returning:
    """A movement that may be a return or its fee, with the numbers found in its text."""

    source: Source
    movement: Movement
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided; `documents` is what was given back of each, `extra` belongs to the proof."""

    decision: Decision[Any]
    documents: tuple[tuple[str, Money], ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedReturns:
    """What the returns and the fees of a chunk name, to be read under locks.

    `numbers` are documents whose payments may be meant, `booked` the end-to-end ids of movements
    that are booked, `end_to_end_ids` all that are named.
    """

    end_to_end_ids: frozenset[str]
    numbers: frozenset[str]
    booked: frozenset[str]
    fees: NamedFees

    @classmethod
    def of(cls, tx: Tx, tenant: Tenant, movements: Iterable[Movement]) -> Self:
        """Those of these movements; nothing is read for what is neither."""
        seen = list(movements)
        told = [as_told(one) for one in seen if classify(one) is MovementClass.RETURN]
        fees = NamedFees.of(tx, [one for one in seen if is_return_fee(one)])
        ids = {one.end_to_end_id for one in told if one.end_to_end_id is not None}
        collected = booked_by(tx, ids) if ids else {}
        known = frozenset(collected.values())
        numbers = numbers_paid_by(tx, collected) | fees.numbers
        # What names no payment is looked for by mandate and account.
        unnamed = [one for one in told if not _is_named(one, known)]
        if unnamed:
            since = add_months(min(one.booked_on for one in unnamed), -_MONTHS)
            numbers |= numbers_paid_since(tx, _customers(tx, tenant, unnamed), since)
        return cls(frozenset(ids), frozenset(numbers), known, fees)


@dataclass(slots=True)
class ReturnDesk:
    """Returns and their fees as they are decided, one after the other."""

    ledger: Ledger
    debits: DebitDesk
    named: NamedReturns
    fees: FeeDesk
    _payments: ReturnablePayments
    _problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        tx: Tx,
        ledger: Ledger,
        debits: DebitDesk,
        named: NamedReturns,
        returns: Iterable[Returning],
    ) -> Self:
        """The desk of these returns; `ledger` holds what they name."""
        told = [one for one in returns if classify(one.movement) is MovementClass.RETURN]
        collected = (debits.attempts.get(key) for key in sorted(named.end_to_end_ids))
        numbers = {hit.number for one in told for hit in one.hits} | named.numbers
        numbers |= {debits.numbers[one.id] for one in collected if one is not None}
        payments = ReturnablePayments.of(tx, ledger, numbers if told else ())
        return cls(ledger, debits, named, FeeDesk.of(tx, ledger, named.fees), payments)

    def take_back(self, one: Returning) -> Decided:
        """Undo the payment that a return gives back, where it is certain which one."""
        told = as_told(one.movement)
        ledger = self.ledger
        known = {*self.named.booked, *ledger.end_to_end_ids(), *self.debits.attempts}
        payments = [*ledger.payments(), *ledger.came_back()]
        decision = decide_return(
            told, one.hits, [self._payments.known(payment) for payment in payments], known
        )
        if not decision.documents:
            self.debits.note_failure(told)
            self._note_problem(one, decision)
            return Decided(decision)
        given = decision.documents
        fee = taken_back(told, given).fee
        source = replace(one.source, return_reason=told.return_reason)
        take_back(ledger, source, given, fee)
        recover_returned(self.debits.tx, ledger, source, given)
        self.debits.note_return(one.source, told, given, fee)
        return Decided(
            decision,
            tuple((payment.number, payment.amount) for payment in given),
            {"fee": str(fee.decimal), "payment": str(given[0].movement_id)},
        )

    def fee(self, one: Returning) -> Decided | None:
        """Book the fee of a return that stands apart; None where it is none."""
        if not is_return_fee(one.movement):
            return None
        decision = self.fees.decided(one.source, one.movement, one.hits)
        if not decision.documents:
            return Decided(decision) if is_about_return(one.movement.told) else None
        extra = {
            "fee": str(abs(one.movement.amount).decimal),
            "return": str(decision.documents[0].movement_id),
        }
        return Decided(decision, (), extra)

    def follow(self, tx: Tx) -> None:
        """Do what follows of all that was decided; the ledger is written, the debits followed."""
        self.fees.follow(tx)
        ask_each(tx, TaskKind.RETURN_DIFFERS, self._problems, ever=True)

    def _note_problem(self, one: Returning, decision: Decision[Payment]) -> None:
        if decision.rule not in _DIFFERING:
            return
        movement = one.movement
        place = f"{one.source.bank_iban}, {movement.booked_on}, {movement.amount}"
        debit = (
            movement.end_to_end_id or movement.mandate_id or movement.remittance or "no reference"
        )
        self._problems[f"movement:{one.source.movement_id}"] = (
            f"The return {debit} ({place}) does not add up: {decision.reason}. Nothing was booked."
            f" Ask the bank what it took back, then: faktura bank assign {one.source.movement_id}"
        )


def _is_named(told: Movement, known: Iterable[str]) -> bool:
    """Whether its end-to-end id alone leads to its payment."""
    named = told.end_to_end_id
    return named is not None and (named in known or attempt_id_of(named) is not None)


def _customers(tx: Tx, tenant: Tenant, told: Sequence[Movement]) -> set[UUID]:
    """Whose mandates and accounts these returns name."""
    references = [one.mandate_id for one in told if one.mandate_id]
    accounts = {account_key(one.counterparty_iban) for one in told if one.counterparty_iban}
    found: set[UUID] = set()
    if references and tenant.seller.creditor_id:
        mandates = find_mandates(tx, tenant.seller.creditor_id, references)
        found |= {one.customer_id for one in mandates.values()}
    if accounts:
        found = found.union(*payers_of(tx, accounts).values())
        found |= customers_with_account(tx, [account_fingerprint(one) for one in accounts])
    return found
