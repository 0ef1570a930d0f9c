"""The rules run over a labelled set, movement by movement in its order, with the state they leave."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from faktura.domain.bank_policies import BankPolicy
from faktura.domain.match_proof_checks import Kept, proof_problems
from faktura.domain.match_proofs import proof_of, raw_texts
from faktura.domain.matches import (
    Book,
    CashDiscount,
    Decision,
    OpenDocument,
    Outcome,
    Proposal,
)
from faktura.domain.matching import decide
from faktura.domain.movements import Movement, MovementClass, classify
from faktura.domain.number_index import Found, NumberIndex
from faktura.domain.return_fees import BookedReturn, ReturnBook, decide_fee, is_return_fee
from faktura.domain.returns import Payment, decide_return, taken_back
from faktura.domain.tight_text import tight
from faktura.kernel.canonical import canonical_json
from faktura.kernel.money import Money
from faktura.testing.recon_reading import InvoiceShape, LabelledSet, TransactionShape

_NOT_PROVIDED = ("NOTPROVIDED", "")
_CENT = Decimal("0.01")
_BANK = "DE02120300000000202051"

Parts = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """What the rules made of a movement: auto, reverse, propose or none; parts by number.

    `proof` is that of a booking, with what is kept of the movement beside it.
    """

    action: str
    rule: str
    parts: Parts = ()
    fee: Decimal = Decimal(0)
    proposals: tuple[Proposal, ...] = ()
    proof: tuple[dict[str, Any], Kept] | None = None

    @property
    def unproved(self) -> list[str]:
        """What does not hold of its proof, worked out anew."""
        return proof_problems(*self.proof) if self.proof else []


@dataclass(slots=True)
class Run:
    """The rules at work on one set; `do` changes what the next movement meets."""

    book: Book
    index: NumberIndex
    policy: BankPolicy = field(default_factory=BankPolicy)
    payments: list[Payment] = field(default_factory=list)
    returns: ReturnBook = field(default_factory=ReturnBook)
    _reopens: dict[str, OpenDocument] = field(default_factory=dict)
    _made: int = 0

    @classmethod
    def of(cls, given: LabelledSet) -> "Run":
        """The state before the first movement."""
        customers = {one.id: UUID(int=no) for no, one in enumerate(given.customers, 1)}
        opened = [_opened(one, customers[one.customer]) for one in given.open_invoices]
        own: dict[UUID, list[str]] = defaultdict(list)
        for document in sorted(opened, key=lambda one: (str(one.due_on), one.number)):
            if document.customer_id:
                own[document.customer_id].append(document.number)
        book = Book(
            {document.number: document for document in opened},
            {number: customers[customer] for number, customer in given.settled},
            _gathered((iban, customers[one.id]) for one in given.customers for iban in one.ibans),
            _gathered((tight(one.name), customers[one.id]) for one in given.customers),
            own,
        )
        run = cls(book, NumberIndex.of(opened))
        for number, _ in given.settled:
            run.index.add(number)
        owners = {one.id: one for one in given.customers}
        for debit in given.collected_direct_debits:
            gross = Money.from_decimal(debit.gross, "EUR")
            customer_id = customers[debit.customer]
            run._reopens[debit.number] = OpenDocument(debit.number, gross, customer_id)
            paid = run._payment(debit.number, gross, debit.collected_on, debit.end_to_end_id)
            ibans = owners[debit.customer].ibans
            account = ibans[0] if ibans else None
            run.payments.append(replace(paid, mandate_id=debit.mandate_id, iban=account))
        return run

    def do(self, transaction: TransactionShape) -> Ran:
        """Decide about the next movement of the list."""
        movement = movement_of(transaction)
        found = self.index.find(movement)
        kind = classify(movement)
        if kind is MovementClass.RETURN:
            return self._returned(movement, found)
        if kind is MovementClass.BANK and is_return_fee(movement):
            return self._fee(movement, found)
        decision = decide(movement, found, self.book, self.policy)
        if decision.outcome is not Outcome.FULL:
            action = "propose" if decision.outcome is Outcome.PROPOSED else "none"
            return Ran(action, decision.rule, proposals=decision.proposals)
        booked = tuple((document.number, document.open) for document in decision.documents)
        if decision.proposals:
            booked = decision.proposals[0].parts
        for document in decision.documents:
            self.book.settled[document.number] = document.customer_id
            self._reopens[document.number] = self.book.open.pop(document.number)
        for number, part in booked:
            paid = self._payment(number, part, movement.booked_on, movement.end_to_end_id)
            self.payments.append(
                replace(paid, mandate_id=movement.mandate_id, collected=movement.amount)
            )
        proof = _proof(movement, decision, booked)
        proposals = decision.proposals
        return Ran("auto", decision.rule, _parts(booked), proposals=proposals, proof=proof)

    def _returned(self, movement: Movement, found: Found) -> Ran:
        ids = {one.end_to_end_id for one in self.payments if one.end_to_end_id is not None}
        decision = decide_return(movement, found.hits, self.payments, ids)
        if decision.outcome is not Outcome.FULL:
            return Ran("propose", decision.rule)
        gone = decision.documents
        self.payments = [replace(p, counts=False) if p in gone else p for p in self.payments]
        for payment in gone:
            self.book.settled.pop(payment.number, None)
            self.book.open[payment.number] = self._reopens[payment.number]
        fee = taken_back(movement, gone).fee
        self.returns.add(
            BookedReturn(
                self._id(),
                _BANK,
                movement.booked_on,
                gone[0].end_to_end_id,
                gone[0].mandate_id,
                tuple(payment.number for payment in gone),
                bool(fee),
            )
        )
        parts = [(payment.number, payment.amount) for payment in gone]
        proof = _proof(movement, decision, parts, fee=str(fee.decimal))
        return Ran("reverse", decision.rule, _parts(parts), fee.decimal, proof=proof)

    def _fee(self, movement: Movement, found: Found) -> Ran:
        decision = decide_fee(movement, _BANK, self.returns, found.hits)
        if decision.outcome is not Outcome.FULL:
            return Ran("none", decision.rule)
        self.returns.take(decision.documents[0])
        return Ran("none", decision.rule, fee=abs(movement.amount).decimal)

    def _payment(self, number: str, amount: Money, on: date, end_to_end_id: str | None) -> Payment:
        return Payment(self._id(), number, 1, amount, self._id(), on, end_to_end_id)

    def _id(self) -> UUID:
        self._made += 1
        return UUID(int=10**6 + self._made)


def run_set(given: LabelledSet) -> dict[str, Ran]:
    """What the rules make of every movement, by its id, in the order of the list."""
    run = Run.of(given)
    return {transaction.id: run.do(transaction) for transaction in given.transactions}


def movement_of(transaction: TransactionShape) -> Movement:
    """A movement as a parser gives it; NOTPROVIDED is no id."""
    instructed = transaction.instructed_amount
    return Movement(
        booked_on=transaction.booking_date,
        value_on=transaction.booking_date,
        amount=Money.from_decimal(transaction.amount, transaction.currency),
        end_to_end_id=_given(transaction.end_to_end_id),
        mandate_id=transaction.mandate_id,
        counterparty_iban=transaction.counterparty_iban or None,
        counterparty_name=transaction.counterparty_name,
        remittance_lines=transaction.remittance_lines,
        structured_reference=transaction.structured_reference,
        gvc=transaction.gvc,
        bank_code=transaction.btc,
        instructed=instructed.amount if instructed else None,
        instructed_currency=instructed.currency if instructed else None,
        charges=transaction.charges,
        return_reason=transaction.return_reason,
    )


def _proof(
    movement: Movement, decision: Decision[Any], parts: Sequence[tuple[str, Money]], **extra: str
) -> tuple[dict[str, Any], Kept]:
    """The proof as it would be kept, and what is kept of the movement beside it."""
    proof = json.loads(canonical_json(proof_of(movement, decision, parts, None, **extra)))
    texts = {str(part): text for part, text in raw_texts(movement).items()}
    amount = movement.amount
    return proof, Kept(decision.rule, str(amount.decimal), amount.currency, texts)


def _given(end_to_end_id: str | None) -> str | None:
    return None if end_to_end_id in _NOT_PROVIDED else end_to_end_id


def _opened(invoice: InvoiceShape, customer_id: UUID) -> OpenDocument:
    value = Money.from_decimal(invoice.open, invoice.currency)
    discount = None
    if invoice.skonto and value.minor > 0:
        exact = invoice.open * invoice.skonto.percent / 100
        off = Money.from_decimal(exact.quantize(_CENT, ROUND_HALF_UP), invoice.currency)
        discount = CashDiscount(off, invoice.skonto.until)
    return OpenDocument(invoice.number, value, customer_id, invoice.issued, invoice.due, discount)


def _gathered(pairs: Iterable[tuple[str, UUID]]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    for key, customer_id in pairs:
        found[key].add(customer_id)
    return dict(found)


def _parts(parts: Iterable[tuple[str, Money]]) -> Parts:
    return tuple(sorted((number, part.decimal) for number, part in parts))
