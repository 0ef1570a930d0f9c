"""A proposal's shares: what each document gets of a movement, and what is left (P36)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from faktura.domain.match_context import Case
from faktura.domain.matches import OpenDocument, Proposal
from faktura.kernel.money import Money


def oldest_first(documents: Sequence[OpenDocument]) -> list[OpenDocument]:
    """By due date, then by number; without a date last."""
    return sorted(documents, key=lambda one: (one.due_on or date.max, one.number))


def proposal(
    case: Case,
    rule: str,
    reason: str,
    documents: Sequence[OpenDocument],
    *,
    given_up: Money | None = None,
    owner: UUID | None = None,
) -> Proposal:
    """The amount over these documents: credit among them is set off, then the oldest due first.

    What is over is credit of `owner`, or of the documents' only customer, or of who paid.
    """
    currency = case.amount.currency
    parts, rest = _spread(case.amount.minor, documents)
    given = {number: Money(part, currency) for number, part in parts.items() if part}
    return Proposal(
        rule,
        reason,
        tuple((one.number, given[one.number]) for one in documents if one.number in given),
        Money(rest, currency),
        given_up or Money.zero(currency),
        owner or _owner(case, documents),
    )


def _spread(amount: int, documents: Sequence[OpenDocument]) -> tuple[dict[str, int], int]:
    against = {d.number: d.open.minor for d in documents if (d.open.minor > 0) != (amount > 0)}
    parts = dict(against)
    left = amount - sum(against.values())
    for document in oldest_first([d for d in documents if d.number not in against]):
        part = min(abs(left), abs(document.open.minor))
        parts[document.number] = part if amount > 0 else -part
        left -= parts[document.number]
    return parts, left


def _owner(case: Case, documents: Sequence[OpenDocument]) -> UUID | None:
    """Whose the rest is: who paid, if documents of his are among them, else the oldest's customer."""
    owners = [one.customer_id for one in oldest_first(documents)]
    if len(case.payer.customers) == 1:
        (payer,) = case.payer.customers
        if payer in owners or not owners:
            return payer
    return owners[0] if owners else None
