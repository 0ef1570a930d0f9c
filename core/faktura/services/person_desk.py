"""What a person decides about a waiting movement, booked in one transaction and kept with its proof.

The documents' customers are locked before anything is read of them, so what is checked is what is
booked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from faktura.domain.match_proofs import proof_of
from faktura.domain.matches import Decision, Outcome
from faktura.domain.movements import MovementClass
from faktura.domain.tenants import Tenant
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import CurrencyMismatch, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.terms import AccountFact
from faktura.services.bank_attempts import named_attempts
from faktura.services.debits_at_bank import DebitDesk
from faktura.services.differences import give_up, read_claims
from faktura.services.given_up_limits import check_given_up
from faktura.services.ledger import Ledger, open_ledger
from faktura.services.movement_cases import MovementCase
from faktura.services.payments import keep_credit, pay
from faktura.services.taught_payers import teaches
from faktura.store.documents import no_document
from faktura.store.movements import DecisionRow, set_state, write_decisions
from faktura.store.payable import owners_of
from faktura.store.payers import learn_payer
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

RULE = "person"
_RULE_VERSION = 1

Parts = Sequence[tuple[str, Money]]


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of a movement: each document's part, and what stays as credit or was a fee.

    `credits` say whose the credit is, by customer number; `given_up` is what was given up of
    documents: written off, or as cash discount.
    """

    state: MovementState
    parts: tuple[tuple[str, Money], ...]
    credit: Money
    fee: Money
    credits: tuple[tuple[str, Money], ...] = ()
    given_up: tuple[tuple[str, Money], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonDesk:
    """A locked movement with the ledger of what a person names; `owners` are the documents' customers."""

    tx: Tx
    tenant: Tenant
    case: MovementCase
    ledger: Ledger
    debits: DebitDesk
    owners: Mapping[str, UUID]

    @classmethod
    def of(
        cls,
        tx: Tx,
        tenant: Tenant,
        case: MovementCase,
        numbers: Sequence[str],
        customers: Iterable[UUID] = (),
    ) -> Self:
        """The desk with these documents and customers; raises NotFound."""
        tenant = holding_accounts(tx, tenant)
        owners = owners_of(tx, numbers)
        for number in numbers:
            if number not in owners:
                raise no_document(number)
        ledger = open_ledger(tx, tenant, numbers, customers)
        named = named_attempts(tx, [case.movement.end_to_end_id]).of_documents(numbers)
        return cls(tx, tenant, case, ledger, DebitDesk.of(tx, ledger, named), owners)

    def settle(
        self, parts: Parts, left: Sequence[tuple[UUID, Money]], rest_as: AccountFact | None
    ) -> Assigned:
        """Pay the parts, keep what is `left` as customers' credit, give up what stays open as `rest_as`.

        Raises CurrencyMismatch, and TransitionRefused for more than is open, or may be given up.
        """
        self._check_sum([part for _, part in parts], [amount for _, amount in left])
        for number, part in parts:
            self._check(number, part)
            pay(self.ledger, self.case.source, number, part)
        for customer_id, amount in left:
            keep_credit(self.ledger, self.case.source, customer_id, amount)
        given_up = () if rest_as is None else self._give_up(rest_as)
        self.debits.note_credit(self.case.source)
        currency = self.case.movement.amount.currency
        whole = sum(amount.minor for _, amount in left)
        return Assigned(
            MovementState.BOOKED,
            tuple(parts),
            Money(whole, currency),
            Money.zero(currency),
            tuple((self.ledger.customers[one].number, amount) for one, amount in left),
            given_up,
        )

    def finish(self, done: Assigned, reason: str, **proof: object) -> Assigned:
        """Write what was booked with the decision and its proof; the payer is learned from it."""
        self.ledger.write(self.tx)
        self.debits.follow(self.tx, self.tenant)
        movement_id = self.case.waiting.id
        write_decisions(self.tx, [self._decision(done, reason, proof)])
        set_state(self.tx, [movement_id], done.state)
        self._learn(done)
        return done

    def _learn(self, done: Assigned) -> None:
        """Money that paid documents of one customer, and of nobody else, tells who pays from there."""
        payers = {self.owners[number] for number, _ in done.parts}
        numbers = {self.ledger.customers[one].number for one in payers}
        others = {number for number, _ in done.credits} - numbers
        movement = self.case.movement
        if teaches(movement, payers, others):
            learn_payer(self.tx, movement.counterparty_iban, payers.pop(), self.case.waiting.id)

    def _check_sum(self, parts: Sequence[Money], left: Sequence[Money]) -> None:
        whole = self.case.movement.amount
        named = total([*parts, *left], whole.currency)
        if named != whole:
            raise TransitionRefused(
                f"the movement is {whole}, and {named} are named",
                place=f"movement {self.case.waiting.id}",
                mend="Name all of it, to the cent",
            )
        for amount in left:
            if amount.minor <= 0:
                raise TransitionRefused(
                    f"{amount} is no credit of a customer",
                    place=f"movement {self.case.waiting.id}",
                    mend="Name the documents it belongs to",
                )

    def _check(self, number: str, part: Money) -> None:
        rest = self.ledger.document(number).open
        if rest.currency != part.currency:
            raise CurrencyMismatch(
                f"the movement is in {part.currency}, {number} in {rest.currency}", place=number
            )
        if not part or (part.minor > 0) != (rest.minor > 0) or abs(part) > abs(rest):
            raise TransitionRefused(
                f"{rest} are open of {number}, so {part} of it cannot be settled",
                place=number,
                mend="What is left is credit of a customer",
            )

    def _give_up(self, rest_as: AccountFact) -> tuple[tuple[str, Money], ...]:
        named = sorted(self.owners)
        lacking = [one for one in named if self.ledger.document(one).open.minor > 0]
        claims = read_claims(self.tx, self.ledger, lacking)
        given_up = []
        for number in lacking:
            amount = self.ledger.document(number).open
            before = self.ledger.given_up_of(number)
            check_given_up(self.tenant, claims[number], amount, rest_as, before=before)
            give_up(self.ledger, self.case.source, claims[number], amount, rest_as)
            given_up.append((number, amount))
        return tuple(given_up)

    def _decision(self, done: Assigned, reason: str, proof: Mapping[str, object]) -> DecisionRow:
        said = _told(done, reason)
        decision: Decision[object] = Decision(Outcome.ASSIGNED, RULE, said)
        # What a return takes back is kept as it was paid.
        sign = -1 if self.case.kind is MovementClass.RETURN else 1
        documents = [(number, Money(sign * one.minor, one.currency)) for number, one in done.parts]
        customers = dict.fromkeys(
            self.ledger.customers[self.owners[number]].number for number, _ in done.parts
        )
        kept: dict[str, object] = {
            "customer": next(iter([*customers, *(number for number, _ in done.credits)]), ""),
            "credits": [[number, str(one.decimal)] for number, one in done.credits],
            "givenUp": [[number, str(one.decimal)] for number, one in done.given_up],
            "fee": str(done.fee.decimal),
            **proof,
        }
        text = canonical_json(proof_of(self.case.movement, decision, documents, None, **kept))
        return DecisionRow(self.case.waiting.id, Outcome.ASSIGNED, RULE, _RULE_VERSION, said, text)


def _told(done: Assigned, reason: str) -> str:
    for number, amount in done.credits:
        reason += f", {amount} kept as credit of {number}"
    for number, amount in done.given_up:
        reason += f", {amount} of {number} given up"
    return reason + (f", fee {done.fee}" if done.fee else "")
