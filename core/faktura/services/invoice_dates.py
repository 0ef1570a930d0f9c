"""The next invoice date moved by hand, with a reason and a text (F036)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.events import EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.contract_terms import InvoiceDateReason
from faktura.kernel.errors import FieldMissing, OutOfRange, TransitionRefused
from faktura.services.contract_dues import next_due_on, reschedule
from faktura.services.contract_events import ContractFact, tell_contract_facts
from faktura.services.imports.text_fields import checked_line
from faktura.services.named_bookings import locked_view
from faktura.store.contracts import update_frame
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class InvoiceDateMove:
    """Nothing of the contract is billed before `day`; None: it is due as it would be by itself."""

    day: date | None
    reason: InvoiceDateReason
    text: str


def move_invoice_date(
    tx: Tx,
    tenant: Tenant,
    number: str,
    move: InvoiceDateMove,
    today: date,
    projects: Collection[UUID] | None = None,
) -> Contract:
    """Put off what falls due before the day, or lift an earlier date (F036).

    Raises FieldMissing without a text, NotFound, also outside `projects` (None: all),
    TransitionRefused for a contract that is not billed or has nothing to put off or lift, OutOfRange
    for a day before today or before what is due by itself: that would be interim billing.
    """
    text = checked_line(move.text)
    if not text:
        raise FieldMissing("the field is empty", place="text", mend="Say why, in words (F036)")
    view = locked_view(tx, number, projects)
    if view.contract.state not in BILLABLE:
        raise TransitionRefused(
            f"contract {number} is {view.contract.state}: it is not billed yet (F036)",
            place="contract.state",
            mend="Activate it first",
        )
    if move.day is None:
        _check_lifted(view.contract)
    else:
        _check_moved(tenant, view, move.day, today)
    changed = replace(view.contract, invoice_not_before=move.day)
    update_frame(tx, changed)
    facts = {
        "old": view.contract.invoice_not_before,
        "new": move.day,
        "reason": move.reason,
        "text": text,
    }
    reschedule(tx, tenant, [changed.id])
    told = ContractFact(EventType.CONTRACT_INVOICE_DATE_MOVED, changed, facts, before=view.contract)
    tell_contract_facts(tx, [told])
    return changed


def _check_lifted(contract: Contract) -> None:
    if contract.invoice_not_before is None:
        raise TransitionRefused(
            f"no invoice date of contract {contract.number} was set by hand (F036)",
            place="date",
            mend="Give the day to move it to",
        )


def _check_moved(tenant: Tenant, view: BillableContract, day: date, today: date) -> None:
    if day < today:
        raise OutOfRange(
            f"{day} lies before today, {today} (F036)", place="date", mend=f"Use {today} or later"
        )
    natural = replace(view, contract=replace(view.contract, invoice_not_before=None))
    due = next_due_on(tenant, natural)
    if due is None:
        raise TransitionRefused(
            f"nothing of contract {view.contract.number} waits to be billed (F036)",
            place="date",
            mend="Record what is to be billed first",
        )
    if day < due:
        raise OutOfRange(
            f"{day} lies before {due}, when the contract is due by itself (F036)",
            place="date",
            mend=f"Use {due} or later; interim billing brings an invoice forward",
        )
