"""Settling what the rules found: payments with their cash discount, or a mark for a person (F097)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from faktura.domain.matches import Book, Decision, OpenDocument, Outcome, Proposal
from faktura.domain.matching import decide
from faktura.domain.movements import Movement
from faktura.domain.tight_text import tight
from faktura.kernel.bank_terms import AutoBooking
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.services.differences import Claim, give_up, read_claims
from faktura.services.ledger import Ledger
from faktura.services.match_books import DISCOUNTED, Concerned, Register, book_of, enter
from faktura.services.match_cases import Case
from faktura.services.payments import pay
from faktura.store.payers import account_key
from faktura.store.transaction import Tx

Parts = list[tuple[str, Money]]


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision with the parts that it settles and what else its proof says."""

    decision: Decision[OpenDocument]
    parts: Parts = field(default_factory=list)
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettlingDesk:
    """What payments of a chunk are decided on; changes with each decision."""

    register: Register
    book: Book
    ledger: Ledger
    claims: Mapping[str, Claim]

    @classmethod
    def of(cls, tx: Tx, register: Register, concerned: Concerned, ledger: Ledger) -> Self:
        """The desk; the ledger's customers are locked."""
        book = book_of(register, concerned, ledger)
        claims: Mapping[str, Claim] = {}
        if ledger.tenant.bank.takes_discount:
            # What is paid now may be open again within the chunk: a return goes before the payment.
            named = [
                one.number
                for one in ledger.states()
                if one.number in concerned.named and one.kind in DISCOUNTED
            ]
            claims = read_claims(tx, ledger, sorted(named))
        return cls(register, book, ledger, claims)

    def settled(self, case: Case) -> Settled:
        """Decide about a movement, and book it where that is certain and wanted."""
        policy = self.ledger.tenant.bank
        self.book.unknown = case.unknown
        decision = decide(case.movement, case.found, self.book, policy)
        if decision.outcome is not Outcome.FULL:
            return Settled(decision)
        settling = _settling(decision)
        evidence = self._evidence(case.movement, decision)
        if policy.auto is AutoBooking.MARK:
            self.register.taken.update(number for number, _ in settling.parts)
            self.refresh(number for number, _ in settling.parts)
            said = replace(decision, outcome=Outcome.MARKED, documents=(), proposals=(settling,))
            return Settled(said, extra=evidence)
        given_up = self._book(case, decision, settling)
        self.refresh(number for number, _ in settling.parts)
        if given_up:
            evidence["givenUp"] = [[number, str(part.decimal)] for number, part in given_up]
        return Settled(decision, list(settling.parts), evidence)

    def refresh(self, numbers: Iterable[str]) -> None:
        """Let the rules see how these documents stand now."""
        for number in numbers:
            enter(self.book, self.register, self.ledger, self.ledger.document(number))

    def _book(self, case: Case, decision: Decision[OpenDocument], settling: Proposal) -> Parts:
        """Pay each part; what is left of a document then is its cash discount."""
        given_up: Parts = []
        for document, (number, part) in zip(decision.documents, settling.parts, strict=True):
            pay(self.ledger, case.source, number, part)
            if rest := document.open - part:
                claim = self.claims[number]
                give_up(self.ledger, case.source, claim, rest, AccountFact.CASH_DISCOUNT)
                given_up.append((number, rest))
        return given_up

    def _evidence(self, movement: Movement, decision: Decision[OpenDocument]) -> dict[str, object]:
        """Who is known to pay so, where the text alone would not have been enough."""
        strong = {hit.number for hit in decision.hits if hit.reading.is_strong}
        owners = {
            one.customer_id
            for one in decision.documents
            if one.number not in strong and one.customer_id is not None
        }
        iban, name = movement.counterparty_iban or "", movement.counterparty_name or ""
        ways = (
            (iban, self.book.payers.get(account_key(iban), ())),
            (name, self.book.names.get(tight(name), ())),
        )
        said = [
            ["payer", way, self.ledger.customers[one].number]
            for way, payers in ways
            for one in sorted(owners.intersection(payers))
        ]
        return {"evidence": said} if said else {}


def _settling(decision: Decision[OpenDocument]) -> Proposal:
    """What is booked of a certain decision; with cash discount the rules say the parts."""
    if decision.proposals:
        return decision.proposals[0]
    parts = tuple((one.number, one.open) for one in decision.documents)
    nothing = Money.zero(decision.documents[0].open.currency)
    owners = {one.customer_id for one in decision.documents}
    owner = owners.pop() if len(owners) == 1 else None
    return Proposal(decision.rule, decision.reason, parts, nothing, nothing, owner)
