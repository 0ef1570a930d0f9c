"""Contracts: the base of every invoice (F001-F012), their states and frame data."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.costs import Costs
from faktura.domain.customers import Recipient
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.periods import Interval
from faktura.kernel.terms import ContractKind, ContractState, DayCount, PaymentMethod

_ALLOWED = {
    ContractState.DRAFT: frozenset({ContractState.ACTIVE, ContractState.VOIDED}),
    ContractState.ACTIVE: frozenset({ContractState.TERMINATED}),
    ContractState.TERMINATED: frozenset({ContractState.ENDED}),
    ContractState.ENDED: frozenset[ContractState](),
    ContractState.VOIDED: frozenset[ContractState](),
}

# The run takes these (F006, F007): a terminated contract is billed until its end.
BILLABLE = frozenset({ContractState.ACTIVE, ContractState.TERMINATED})

# Nothing of these changes any more.
FINAL = frozenset({ContractState.ENDED, ContractState.VOIDED})


@dataclass(frozen=True, slots=True)
class Contract:
    """The frame of a customer's services.

    `start` is the conclusion date; `billing_anchor` the day from which billing intervals are
    counted; `end` the exclusive last bound of a terminated contract. Payment method and term
    override the customer's; recipients override the customer's addresses (F011, F017).
    `invoice_not_before` puts off what falls due earlier (F036); `predecessor_id` is the contract
    that this one follows after a large upgrade (F022). `costs` override those of the articles.
    """

    id: UUID
    number: str
    customer_id: UUID
    project_id: UUID
    kind: ContractKind
    state: ContractState
    start: date
    interval: Interval
    billing_anchor: date
    currency: str = "EUR"
    in_advance: bool = True
    day_count: DayCount = DayCount.ACTUAL
    end: date | None = None
    payment_method: PaymentMethod | None = None
    payment_term: PaymentTerm | None = None
    internal_identifier: str = ""
    header_text: str = ""
    footer_text: str = ""
    order_reference: str = ""
    recipients: tuple[Recipient, ...] = ()
    invoice_not_before: date | None = None
    predecessor_id: UUID | None = None
    costs: Costs = ()


def moved(contract: Contract, state: ContractState) -> Contract:
    """The contract in its next state; raises TransitionRefused for what F004 does not allow."""
    if state not in _ALLOWED[contract.state]:
        possible = ", ".join(sorted(_ALLOWED[contract.state])) or "nothing: the state is final"
        raise TransitionRefused(
            f"contract {contract.number} is {contract.state} and cannot become {state}",
            place="contract.state",
            mend=f"Possible from here: {possible}",
        )
    return replace(contract, state=state)
