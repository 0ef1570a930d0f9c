"""Cancelling an invoice as a whole, and what becomes of what it billed (F064).

The cancellation mirrors the document line by line. What it billed waits again, so that the next run
bills it, or counts as billed for nothing: either way each day of an item is accounted for once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from faktura.domain.activities import OpenActivity, ReopenedPeriod
from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.corrections import TakenBack, correction
from faktura.domain.invoices import DraftDocument
from faktura.domain.rebilling import owed_again
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.periods import Period
from faktura.kernel.terms import DocumentKind
from faktura.services.contract_dues import reschedule
from faktura.services.issuing import Desk, issue
from faktura.services.originals import (
    LockedOriginal,
    check_not_deducted,
    check_uncorrected,
    day_of_correction,
    locked_original,
)
from faktura.store.activities import open_activity, write_open
from faktura.store.billable import views_by_id
from faktura.store.catalogue import Catalogue, read_articles
from faktura.store.facts import FrozenDocument
from faktura.store.reopened import WaitingPeriod, write_given_away, write_reopened
from faktura.store.standing import activities_of, mark_reversed
from faktura.store.transaction import Tx

CANCELLABLE = frozenset({DocumentKind.INVOICE, DocumentKind.DEPOSIT, DocumentKind.FINAL})


@dataclass(frozen=True, slots=True)
class Cancelling:
    """How an invoice is cancelled: `on` None is today; `reason` is printed.

    With `bill_again` what it billed waits for the next run, else it is given away.
    """

    on: date | None = None
    reason: str = ""
    bill_again: bool = True


@dataclass(slots=True)
class BilledAgain:
    """What of a cancelled document waits again, by contract."""

    periods: list[WaitingPeriod] = field(default_factory=list)
    activities: dict[UUID, list[OpenActivity]] = field(default_factory=dict)

    def periods_of(self, contract_id: UUID) -> list[ReopenedPeriod]:
        """The waiting periods of a contract."""
        return [one.period for one in self.periods if one.contract_id == contract_id]


def cancel_invoice(
    tx: Tx, desk: Desk, number: str, given: Cancelling, projects: Collection[UUID] | None = None
) -> FrozenDocument:
    """Take a whole invoice back by a cancellation (384); its credit pays what is open of it.

    Raises NotFound, Conflict for what was corrected before or is no invoice (F064),
    TransitionRefused where what it billed could not be billed again.
    """
    original = cancellable(tx, number, projects)
    if given.bill_again:
        _check_billable(original.contracts)
    draft = cancellation(tx, desk, original, given)
    rows = activities_of(tx, [original.record.id])
    (document,) = issue(tx, desk.tenant, [desk.prepare(draft)], on=draft.issued_on, run_id=None)
    mark_reversed(tx, [(row.id, document.id) for row in rows])
    if given.bill_again:
        wait_again(tx, waiting_again(tx, rows, views_of_contracts(tx, original)))
    else:
        write_given_away(tx, [_given_away(tx, row) for row in rows if row.item_id is not None])
    reschedule(tx, desk.tenant, [contract.id for contract in original.contracts])
    return document


def cancellable(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> LockedOriginal:
    """The document of that number, locked, nothing of it taken back; raises as `cancel_invoice`."""
    original = locked_original(tx, number, CANCELLABLE, projects)
    check_uncorrected(original)
    check_not_deducted(tx, original)
    return original


def cancellation(tx: Tx, desk: Desk, original: LockedOriginal, given: Cancelling) -> DraftDocument:
    """The document that mirrors the original line by line; raises OutOfRange for its day."""
    record = original.record
    on = day_of_correction(tx, desk.tenant, record, given.on)
    lines = [TakenBack(line, original.articles[line.article_number]) for line in record.lines]
    return correction(original.document, lines, on, DocumentKind.CANCELLATION, given.reason)


def views_of_contracts(tx: Tx, original: LockedOriginal) -> dict[UUID, BillableContract]:
    """The contracts of a document as the plan sees them, by id."""
    views = views_by_id(tx, [contract.id for contract in original.contracts])
    return {view.contract.id: view for view in views}


def waiting_again(
    tx: Tx, rows: Sequence[Any], views: Mapping[UUID, BillableContract]
) -> BilledAgain:
    """What is billed again of reversed activities: periods as items are now, one-offs as agreed."""
    found = BilledAgain()
    catalogue = read_articles(tx, {row.article_id for row in rows})
    for row in rows:
        if row.item_id is None:
            again = _one_off(tx, row, catalogue)
            found.activities.setdefault(row.contract_id, []).append(again)
        else:
            found.periods += _periods(tx, row, views[row.contract_id])
    return found


def wait_again(tx: Tx, again: BilledAgain) -> None:
    """Let activities wait; those that billed the same before are marked as reversed."""
    write_reopened(tx, again.periods)
    for contract_id, waiting in again.activities.items():
        write_open(tx, contract_id, waiting)


def _one_off(tx: Tx, row: Any, catalogue: Catalogue) -> OpenActivity:
    service = Period(row.service_start, row.service_end)
    return replace(open_activity(row, service, catalogue), id=tx.new_id())


def _periods(tx: Tx, row: Any, view: BillableContract) -> list[WaitingPeriod]:
    item = next(item for item in view.items if item.id == row.item_id)
    service = Period(row.service_start, row.service_end)
    return [
        WaitingPeriod(
            ReopenedPeriod(tx.new_id(), item.id, part),
            row.contract_id,
            row.article_id,
            item.quantity,
        )
        for part in owed_again(item, view.contract, service)
    ]


def _given_away(tx: Tx, row: Any) -> WaitingPeriod:
    service = Period(row.service_start, row.service_end)
    period = ReopenedPeriod(tx.new_id(), row.item_id, service)
    return WaitingPeriod(period, row.contract_id, row.article_id, row.quantity)


def _check_billable(contracts: Iterable[Contract]) -> None:
    for contract in contracts:
        if contract.state not in BILLABLE:
            raise TransitionRefused(
                f"contract {contract.number} is {contract.state}: no run bills it again",
                place="billAgain",
                mend="Rebill the invoice at once, or cancel it with billAgain false",
            )
