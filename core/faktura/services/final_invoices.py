"""Final invoices as an act: the whole service with its VAT, less the deposits for it (F061, P19)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.billing_plan import BillableContract, plan_contract
from faktura.domain.deposit_facts import DeductedDeposit
from faktura.domain.deposits import check_billable, final_draft
from faktura.domain.invoices import DraftDocument, draft_invoice
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import (
    FieldInvalid,
    FieldRepeated,
    NotFound,
    OutOfRange,
    TransitionRefused,
)
from faktura.kernel.terms import ContractState, Origin
from faktura.services.changing import issue_change, merged
from faktura.services.contract_dues import reschedule
from faktura.services.deposits import invoice_day, service_period
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.deposit_fields import FinalInvoiceFields
from faktura.services.imports.findings import Findings, Spot
from faktura.services.imports.new_contract import Drafting
from faktura.services.imports.offer import read_offer
from faktura.services.issuing import Desk
from faktura.services.reversals import Reversal
from faktura.services.visible_contracts import locked_contracts
from faktura.store.activities import write_open
from faktura.store.billable import view_of
from faktura.store.deposits import DepositState, deposit_ids, read_deposits
from faktura.store.facts import FrozenDocument
from faktura.store.transaction import Tx


def issue_final(
    tx: Tx,
    desk: Desk,
    number: str,
    given: FinalInvoiceFields,
    projects: Collection[UUID] | None = None,
) -> FrozenDocument:
    """Bill the service and deduct its deposits, each once; what is open is the rest (F061).

    Raises NotFound, TransitionRefused for a deposit that is not paid or deducted already and where
    nothing waits, OutOfRange for a day before a deposit was received, NegativeTotal for deposits of
    more than the service, and what cannot be priced, taxed or issued; nothing is written then.
    """
    contract = locked_contracts(tx, [number], projects)[0]
    check_billable(contract)
    on = invoice_day(tx, desk.tenant, given.date)
    view = view_of(tx, contract.id)
    if given.positions:
        view = replace(view, activities=tuple(_one_offs(tx, desk.tenant, view, given, on)))
    elif given.service_from or given.service_until:
        raise FieldInvalid(
            "activities that wait have their own service periods",
            place="serviceFrom",
            mend="Leave it out, or give positions",
        )
    deposits = _chosen(tx, contract.id, given.deposits)
    if given.date is not None:
        _check_received_by(given.date, deposits)
    draft = final_draft(_service(desk.tenant, view, on), deposits)
    documents = issue_change(tx, desk, Reversal(), [draft], on)
    reschedule(tx, desk.tenant, [contract.id])
    if not documents:
        raise TransitionRefused(
            f"what waits on contract {number} costs nothing",
            place="positions",
            mend="Leave it to the next run",
        )
    return documents[0]


def _check_received_by(on: date, deposits: Sequence[DeductedDeposit]) -> None:
    """Raise OutOfRange for an invoice date before a deposit that it deducts: its VAT was not due yet."""
    for one in deposits:
        earliest = max(one.issued_on, one.received_on)
        if on < earliest:
            raise OutOfRange(
                f"deposit {one.number} of {one.issued_on} was received on {one.received_on}: it"
                f" cannot be deducted on {on} (F061)",
                place="date",
                mend=f"Use {earliest} or later",
            )


def _one_offs(
    tx: Tx, tenant: Tenant, view: BillableContract, given: FinalInvoiceFields, on: date
) -> Sequence[OpenActivity]:
    """The positions as one-offs that wait on the contract; billed in the same transaction."""
    service = service_period(given, on)
    offer = read_offer(tx, articles=[one.article_number for one in given.positions])
    spot = Spot(Findings())
    fields = [
        (
            spot.part(f"positions.{no}"),
            ActivityFields.model_construct(
                article_number=one.article_number,
                origin=Origin.ONE_OFF,
                quantity=one.quantity,
                start=service.start,
                until=service.end,
                manual=True,
                unit_price=one.unit_price,
                discount=one.discount,
                text=one.text,
                ledger_account=one.ledger_account,
                costs=one.costs,
            ),
        )
        for no, one in enumerate(given.positions, 1)
    ]
    one_offs = Drafting(offer, tenant.currency, tx.new_id).activities(view.contract, fields)
    spot.findings.refuse_if_any()
    write_open(tx, view.contract.id, one_offs)
    return one_offs


def _service(tenant: Tenant, view: BillableContract, on: date) -> DraftDocument:
    """One invoice over all that waits on the contract, whenever it would be due."""
    asked = replace(
        view,
        contract=replace(view.contract, state=ContractState.ACTIVE, invoice_not_before=None),
        items=(),
        billed_until=(),
        reopened=(),
        activities=tuple(
            replace(one, manual=False, invoice_on=min(one.invoice_on or on, on))
            for one in view.activities
        ),
    )
    planned = merged(plan_contract(tenant, asked, on).invoices)
    if not planned:
        raise TransitionRefused(
            f"nothing waits on contract {view.contract.number} that a final invoice could bill",
            place="positions",
            mend="Give positions, or record activities first",
        )
    return draft_invoice(tenant, replace(planned[0], contract=view.contract), on)


def _chosen(tx: Tx, contract_id: UUID, numbers: Sequence[str] | None) -> list[DeductedDeposit]:
    """The deposits to deduct: those named, or all that stand and are not deducted yet.

    One that is not paid is refused rather than left out: beside the whole service it would be owed
    a second time.
    """
    states = read_deposits(tx, deposit_ids(tx, contract_id))
    if numbers is None:
        chosen = [one for one in states if one.gross and one.deducted_by is None]
    else:
        chosen = [_named(states, number) for number in numbers]
        if len(set(numbers)) < len(numbers):
            raise FieldRepeated(
                "a deposit is named twice", place="deposits", mend="Name each deposit once"
            )
    return [_deducted(one) for one in chosen]


def _named(states: Sequence[DepositState], number: str) -> DepositState:
    for one in states:
        if one.record.number == number:
            return one
    raise NotFound(
        f"there is no deposit invoice {number} on this contract",
        place="deposits",
        mend="faktura deposits list shows them",
    )


def _deducted(state: DepositState) -> DeductedDeposit:
    """What is deducted of a deposit; raises TransitionRefused for one not paid, or deducted."""
    number, place = state.record.number, "deposits"
    if state.deducted_by is not None:
        raise TransitionRefused(
            f"deposit {number} is deducted by {state.deducted_by} already (F061)",
            place=place,
            mend="Leave it out",
        )
    if not state.gross:
        raise TransitionRefused(
            f"deposit {number} was taken back (F061)", place=place, mend="Leave it out"
        )
    if state.received != state.gross:
        raise TransitionRefused(
            f"of deposit {number} over {state.gross} only {state.received} are received (F061)",
            place=place,
            mend="Wait for the money, cancel the deposit invoice, or name those to deduct without it",
        )
    return DeductedDeposit(
        state.record.id,
        number,
        state.record.issued_on,
        max(receipt.value_date for receipt in state.live),
        state.shares,
    )
