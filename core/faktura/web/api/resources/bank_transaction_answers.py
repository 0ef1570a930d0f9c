"""Bank movements as the API shows them: what came, what was decided, and on which evidence."""

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money
from faktura.services.bank_lists import ListedMovement, MovementDetails
from faktura.services.kept_proposals import KeptProposal
from faktura.services.person_desk import Assigned
from faktura.services.undoing_matches import Undone
from faktura.store.movement_lists import DecisionView
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Day, DecimalText, Moment


class ProposedPart(Answer):
    """What of a movement would settle a document."""

    invoice_number: str = Field(description="Number of the document.")
    amount: AmountText = Field(description="Its part; of credit notes negative.")


class BankProposalAnswer(Answer):
    """One explanation of a movement that waits, for a person to confirm."""

    no: int = Field(description="Counts the proposals from 1, the best one first.")
    rule: str = Field(description="Which rule proposes it.")
    reason: str = Field(description="Why, for people.")
    parts: tuple[ProposedPart, ...] = Field(description="What would count for each document.")
    credit: AmountText = Field(description="What would stay as credit of the customer.")
    given_up: AmountText = Field(description="What would be given up of the documents.")
    customer_number: str | None = Field(description="Whose credit it would be; null: not named.")

    @classmethod
    def of(cls, no: int, proposal: KeptProposal) -> Self:
        """The answer."""
        return cls(
            no=no,
            rule=proposal.rule,
            reason=proposal.reason,
            parts=tuple(
                ProposedPart(invoice_number=number, amount=amount)
                for number, amount in proposal.documents
            ),
            credit=proposal.rest,
            given_up=proposal.given_up,
            customer_number=proposal.customer or None,
        )


class BankTransactionSummary(Answer):
    """A booked movement of a bank account, in a list."""

    id: UUID = Field(description="Id of the movement.")
    account: str = Field(description="IBAN of our bank account.")
    booked_on: Day = Field(description="The day the bank booked it.")
    value_on: Day = Field(description="The day from which it counts for interest.")
    amount: AmountText = Field(description="Positive came in, negative went out.")
    currency: Currency
    counterparty: str = Field(description="Name of who paid or was paid; may be empty.")
    remittance: str = Field(description="The payer's own text, as the bank gave it.")
    state: MovementState
    rule: str | None = Field(description="The rule that decided last; null: none did yet.")
    reason: str = Field(description="Why it was decided so, for people.")
    marked: bool = Field(description="A rule is certain; it waits to be confirmed all the same.")
    proposal: BankProposalAnswer | None = Field(description="The best one, while it waits.")
    proposal_count: int = Field(description="How many proposals there are.")

    @classmethod
    def of(cls, movement: ListedMovement) -> Self:
        """The answer."""
        return cls.model_validate(_listed(movement))


class BankDecisionAnswer(Answer):
    """A decision about a movement, by a rule or by a person."""

    no: int = Field(description="Counts the decisions from 1.")
    outcome: str = Field(description="FULL, MARKED, PROPOSED, OPEN, ASSIGNED or DISMISSED.")
    rule: str = Field(description="Which rule decided; `person` where somebody did.")
    rule_version: int = Field(description="Version of the rule.")
    reason: str = Field(description="Why, for people.")
    proof: dict[str, object] = Field(description="The evidence that it was decided on.")
    decided_at: Moment = Field(description="When.")

    @classmethod
    def of(cls, decision: DecisionView) -> Self:
        """The answer."""
        return cls(
            no=decision.no,
            outcome=decision.outcome,
            rule=decision.rule,
            rule_version=decision.rule_version,
            reason=decision.reason,
            proof=dict(decision.proof),
            decided_at=decision.decided_at,
        )


class BankTransactionAnswer(BankTransactionSummary):
    """A booked movement with what the bank said about it, and all decisions; null: it did not."""

    counterparty_iban: str | None = Field(description="IBAN of who paid or was paid.")
    end_to_end_id: str | None = Field(description="The payer's reference of the payment.")
    mandate_id: str | None = Field(description="Reference of the SEPA mandate.")
    structured_reference: str | None = Field(description="Structured reference, such as RF18….")
    booking_text: str | None = Field(description="The bank's own words for the booking.")
    gvc: str | None = Field(description="German transaction code of three digits.")
    bank_code: str | None = Field(description="ISO 20022 code: domain/family/sub-family.")
    return_reason: str | None = Field(description="Why a debit was returned, such as AM04.")
    instructed: DecimalText | None = Field(description="The amount that was asked for.")
    instructed_currency: str | None = Field(description="Its currency.")
    charges: DecimalText | None = Field(description="Charges that the bank took.")
    proposals: tuple[BankProposalAnswer, ...] = Field(description="All of them, the best first.")
    decisions: tuple[BankDecisionAnswer, ...] = Field(description="All decisions, in order.")

    @classmethod
    def whole(cls, details: MovementDetails) -> Self:
        """The answer."""
        return cls.model_validate(_whole(details))


class BankTransactionUndoneAnswer(BankTransactionAnswer):
    """A movement that was taken back, and waits again."""

    invoices: tuple[str, ...] = Field(description="Documents that it does not count for any more.")
    stays: tuple[str, ...] = Field(description="What followed of it and is not undone, for people.")

    @classmethod
    def undone(cls, details: MovementDetails, done: Undone) -> Self:
        """The answer."""
        return cls.model_validate(
            {**_whole(details), "invoices": done.numbers, "stays": done.stays}
        )


def _whole(details: MovementDetails) -> dict[str, object]:
    record = details.record
    return {
        **_listed(details.listed),
        "counterparty_iban": record.counterparty_iban,
        "end_to_end_id": record.end_to_end_id,
        "mandate_id": record.mandate_id,
        "structured_reference": record.structured_reference,
        "booking_text": record.booking_text,
        "gvc": record.gvc,
        "bank_code": record.bank_code,
        "return_reason": record.return_reason,
        "instructed": record.instructed,
        "instructed_currency": record.instructed_currency,
        "charges": record.charges,
        "proposals": _proposals(details.listed),
        "decisions": tuple(BankDecisionAnswer.of(one) for one in details.decisions),
    }


def _listed(movement: ListedMovement) -> dict[str, object]:
    return {
        "id": movement.id,
        "account": movement.bank_iban,
        "booked_on": movement.booked_on,
        "value_on": movement.value_on,
        "amount": movement.amount,
        "currency": movement.amount.currency,
        "counterparty": movement.counterparty,
        "remittance": movement.remittance,
        "state": movement.state,
        "rule": movement.rule,
        "reason": movement.reason,
        "marked": movement.marked,
        "proposal": next(iter(_proposals(movement)), None),
        "proposal_count": len(movement.proposals),
    }


def _proposals(movement: ListedMovement) -> tuple[BankProposalAnswer, ...]:
    return tuple(BankProposalAnswer.of(no, one) for no, one in enumerate(movement.proposals, 1))


class AssignedPart(Answer):
    """What of a movement counts for a document."""

    invoice_number: str = Field(description="Number of the document.")
    amount: AmountText = Field(description="Its part; negative where a payment was returned.")


class CreditPart(Answer):
    """What of a movement stays as a customer's credit."""

    customer_number: str = Field(description="Number of the customer.")
    amount: AmountText = Field(description="Their part.")


class AssignedAnswer(Answer):
    """What became of a movement that a person decided about."""

    state: MovementState
    parts: tuple[AssignedPart, ...] = Field(description="What counts for each document.")
    credit: AmountText = Field(description="What stays as credit on customers' accounts.")
    credits: tuple[CreditPart, ...] = Field(description="Whose credit that is.")
    given_up: tuple[AssignedPart, ...] = Field(
        description="What was given up of documents, as a posting of its own."
    )
    fee: AmountText = Field(description="What the bank took for a return.")

    @classmethod
    def of(cls, assigned: Assigned) -> Self:
        """The answer."""
        return cls(
            state=assigned.state,
            parts=_assigned(assigned.parts),
            credit=assigned.credit,
            credits=tuple(
                CreditPart(customer_number=number, amount=amount)
                for number, amount in assigned.credits
            ),
            given_up=_assigned(assigned.given_up),
            fee=assigned.fee,
        )


def _assigned(parts: Iterable[tuple[str, Money]]) -> tuple[AssignedPart, ...]:
    return tuple(AssignedPart(invoice_number=number, amount=amount) for number, amount in parts)
