"""Waiving what a notice charged: the charges stay on record, what is open of them is given up.

There is no VAT in them, so none is corrected; fees and interest are taken back in the proportion in
which they were charged.
"""

from dataclasses import replace

from faktura.domain.dunning_charges import Waiver, waiver_entry
from faktura.domain.events import Event, EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import NotFound, TransitionRefused, shortened
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, DocumentKind
from faktura.services.ledger import Ledger, Posting, Source, open_ledger
from faktura.store.dunning_charged import Charged, charged_by
from faktura.store.events import next_sequences
from faktura.store.payable import owners_of
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx


def waive_charges(tx: Tx, tenant: Tenant, number: str, *, reason: str, by: str) -> Money:
    """Give up what is open of a notice's charges, and return it; `number` is their document's.

    `by` says who does. Raises NotFound, and TransitionRefused where it is no such document or nothing
    is open of it.
    """
    if number not in owners_of(tx, [number]):
        raise NotFound(f"there is no document {shortened(number)}", place="number")
    ledger = open_ledger(tx, holding_accounts(tx, tenant), [number])
    _check(ledger, number)
    amount = ledger.document(number).open
    charged = charged_by(tx, ledger.document(number).id)
    _post(tx, ledger, charged, number, reason)
    data: dict[str, object] = {
        "notice": str(charged.notice_id),
        "customerNumber": ledger.customers[ledger.document(number).customer_id].number,
        "charges": number,
        "amount": str(amount.decimal),
        "currency": amount.currency,
        # Why stands with the account transaction: it may be about a person, events are kept for ever.
        "by": by,
    }
    sequence = next_sequences(tx, [charged.notice_id])[charged.notice_id]
    ledger.tell_of(
        [Event(EventType.DUNNING_WAIVED, "dunning_notice", charged.notice_id, sequence, data)]
    )
    ledger.write(tx)
    return amount


def _check(ledger: Ledger, number: str) -> None:
    state = ledger.document(number)
    if state.kind is not DocumentKind.DUNNING:
        raise TransitionRefused(
            f"{number} is of kind {state.kind}, not charges of dunning",
            place="number",
            mend="Write other claims off: faktura invoices write-off",
        )
    if state.open.minor <= 0:
        raise TransitionRefused(
            f"nothing is open of {number}",
            place="number",
            mend="Pay back what was paid as any other payment",
        )


def _post(tx: Tx, ledger: Ledger, charged: Charged, number: str, reason: str) -> None:
    state = ledger.document(number)
    today = local_date(tx.clock, ledger.tenant.time_zone)
    source = replace(
        Source.named(f"{state.id}:{charged.times_waived + 1}"),
        booked_on=today,
        value_on=max(today, state.issued_on),
        remittance=reason,
    )
    fact = AccountFact.DUNNING_WAIVED
    key = ledger.next_key(fact, source)
    posting = Posting(fact, state.customer_id, -state.open, f"Erlass {number}", state.id)
    waiver = Waiver(
        key,
        state.id,
        number,
        ledger.customers[state.customer_id],
        state.open,
        source.value_on,
        charged.fees,
        charged.interest,
    )
    ledger.allocate(source, number, ledger.record(source, posting), key)
    ledger.post(waiver_entry(ledger.tenant, waiver))
