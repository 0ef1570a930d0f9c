"""A person confirms what the rules proposed or only marked: it is booked as it was shown (F097)."""

from dataclasses import dataclass
from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.kernel.errors import Conflict, OutOfRange, TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.services.assignment import check_claims_stand
from faktura.services.kept_proposals import KeptProposal, proposals_of
from faktura.services.movement_cases import waiting_case
from faktura.services.person_desk import Assigned, PersonDesk
from faktura.store.customers import read_customer
from faktura.store.movement_lists import DecisionView, last_decision
from faktura.store.transaction import Tx

_AGAIN = "Look at it again: faktura bank show, after faktura bank match"


@dataclass(frozen=True, slots=True)
class Confirming:
    """What a person confirms: the proposal, counted from 1, of the decision they looked at.

    None as `decision_no` means the last one. `rest_as` says how to give up what stays open of the
    documents: WRITE_OFF or CASH_DISCOUNT.
    """

    proposal: int = 1
    decision_no: int | None = None
    rest_as: AccountFact | None = None


_BEST = Confirming()


def confirm(tx: Tx, tenant: Tenant, movement_id: UUID, said: Confirming = _BEST) -> Assigned:
    """Book a proposal, or a marked match, of a waiting movement exactly as it was shown.

    Raises NotFound, OutOfRange for a proposal that there is not, TransitionRefused unless it waits or
    where more would be given up than may be, and Conflict where it is decided anew meanwhile or the
    documents stand differently now.
    """
    case = waiting_case(tx, movement_id)
    decision = _decision(tx, movement_id, said)
    kept = _proposal(decision, said)
    customers = [read_customer(tx, kept.customer).id] if kept.customer else []
    desk = PersonDesk.of(tx, tenant, case, [number for number, _ in kept.documents], customers)
    _check_unchanged(desk, kept)
    check_claims_stand(desk.ledger, kept.rest)
    left = [(_whose(desk, kept, customers), kept.rest)] if kept.rest else []
    done = desk.settle(kept.documents, left, said.rest_as or _rest_of(kept))
    reason = f"{kept.rule} confirmed by a person"
    return desk.finish(done, reason, confirmed=decision.no, proposal=said.proposal)


def _decision(tx: Tx, movement_id: UUID, said: Confirming) -> DecisionView:
    decision = last_decision(tx, movement_id)
    if decision is None or said.decision_no not in (None, decision.no):
        raise Conflict(
            "no rule looked at it yet"
            if decision is None
            else f"decision {said.decision_no} is not the last one, {decision.no} is",
            place=f"movement {movement_id}",
            mend=_AGAIN,
        )
    return decision


def _proposal(decision: DecisionView, said: Confirming) -> KeptProposal:
    proposals = proposals_of(decision.proof)
    if not 1 <= said.proposal <= len(proposals):
        raise OutOfRange(
            f"there is no proposal {said.proposal}; there are {len(proposals)}",
            place="proposal",
            mend="faktura bank assign and faktura bank split need none",
        )
    return proposals[said.proposal - 1]


def _check_unchanged(desk: PersonDesk, kept: KeptProposal) -> None:
    changed, lacking = [], Money.zero(kept.rest.currency)
    for number, part in kept.documents:
        rest = desk.ledger.document(number).open
        if rest.currency != part.currency:
            continue
        if abs(part) > abs(rest) or (part.minor > 0) != (rest.minor > 0):
            changed.append(f"{part} of {number} would be settled, {rest} are open now")
        elif part.minor > 0:
            lacking += rest - part
    if kept.given_up and not changed and lacking != kept.given_up:
        changed.append(f"{kept.given_up} would be given up, {lacking} stay open now")
    if changed:
        raise Conflict("; ".join(changed), place=f"movement {desk.case.waiting.id}", mend=_AGAIN)


def _whose(desk: PersonDesk, kept: KeptProposal, customers: list[UUID]) -> UUID:
    owners = set(customers) or set(desk.owners.values())
    if len(owners) != 1:
        raise TransitionRefused(
            f"{kept.rest} are left, and nobody says whose they are",
            place=f"movement {desk.case.waiting.id}",
            mend="Say so: faktura bank split … --credit CUSTOMER=AMOUNT",
        )
    return owners.pop()


def _rest_of(kept: KeptProposal) -> AccountFact | None:
    """How what a proposal gives up is posted: a discount as such, any other difference as lost."""
    if not kept.given_up:
        return None
    return AccountFact.CASH_DISCOUNT if "discount" in kept.rule else AccountFact.WRITE_OFF
