"""Who is told that a payment failed: the outside world, the customer, a person of ours (payments 6.7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.events import Event, EventType
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, FailureClass
from faktura.services.attempt_failures import Failed
from faktura.services.follow_ups import contracts_of_each
from faktura.services.ledger import Ledger
from faktura.services.pay_links import links_for, pay_path
from faktura.store.events import next_sequences
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

ATTEMPT = "payment_attempt"
# Nobody refused anything, or it was told of when the customer was asked to act.
_SILENT = frozenset({FailureClass.NOT_RECEIVED, FailureClass.LAPSED})
_OURS = frozenset({FailureClass.REJECTED})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read for all failures together, by document: numbers of contracts, pay links."""

    numbers: Mapping[UUID, Sequence[str]]
    links: Mapping[UUID, str]


def failure_events(tx: Tx, ledger: Ledger, failures: Sequence[tuple[Failed, str]]) -> list[Event]:
    """The events of these failures with their documents' numbers; the attempts are locked.

    Each attempt is told of once, and only what nobody watched: whoever pays on a page sees it there.
    """
    loud = [
        (failed, number)
        for failed, number in failures
        if failed.after.failure not in _SILENT
        and failed.after.channel is not AttemptChannel.PAGE
        and not failed.is_told
    ]
    sequences = next_sequences(tx, [failed.after.id for failed, _ in loud])
    known = _read(tx, {failed.after.document_id for failed, _ in loud})
    events: list[Event] = []
    for failed, number in loud:
        told = _told(known, ledger, failed, number)
        sequence = sequences[failed.after.id]
        if failed.after.channel is AttemptChannel.BACKGROUND:
            events.append(_event(EventType.RECURRING_PAYMENT_FAILED, failed, sequence, told))
            sequence += 1
        if _concerns_customer(failed):
            notice = _notice(known, ledger, failed, told)
            events.append(_event(EventType.CUSTOMER_NOTICE, failed, sequence, notice))
    return events


def ask_about_rejections(tx: Tx, failures: Sequence[tuple[Failed, str]]) -> None:
    """What a provider calls wrong is ours to mend: a task, and no word to the customer."""
    for failed, number in failures:
        if failed.after.failure in _OURS:
            ask_once(
                tx,
                TaskKind.PAYMENT_REJECTED,
                number,
                f"{failed.after.instance} rejected the collection of {number}:"
                f" {failed.why}. Mend the set-up, then:"
                f" faktura payments retry {number}",
            )


def _concerns_customer(failed: Failed) -> bool:
    """A debit that failed late has the mail of its chargeback; after the first no dunning is due yet."""
    if failed.after.failure in _OURS or failed.was_on_its_way:
        return False
    return failed.first or failed.after.failure is not FailureClass.SOFT


def _read(tx: Tx, documents: Collection[UUID]) -> _Known:
    if not documents:
        return _Known({}, {})
    ids = sorted(documents)
    return _Known(contracts_of_each(tx, ids), links_for(tx, ids))


def _told(known: _Known, ledger: Ledger, failed: Failed, number: str) -> dict[str, object]:
    one = failed.after
    customer = ledger.customers[one.customer_id]
    return {
        "invoice": number,
        "contracts": list(known.numbers.get(one.document_id, ())),
        "customer": customer.number,
        "attempt": str(one.id),
        "method": one.method.value,
        "amount": str(one.amount.decimal),
        "currency": one.amount.currency,
        "class": None if one.failure is None else one.failure.value,
        "code": failed.code,
        "nextRetryAt": None if one.retry_at is None else one.retry_at.isoformat(),
        "actionUrl": pay_path(known.links[one.document_id]),
    }


def _notice(
    known: _Known, ledger: Ledger, failed: Failed, told: dict[str, object]
) -> dict[str, object]:
    customer = ledger.customers[failed.after.customer_id]
    waits = failed.after.state is AttemptState.ACTION_NEEDED
    return {
        "notice": "ACTION_NEEDED" if waits else "PAYMENT_FAILED",
        "customerNumber": customer.number,
        "invoices": [told["invoice"]],
        "contracts": told["contracts"],
        "method": told["method"],
        "amount": told["amount"],
        "currency": told["currency"],
        "reason": failed.reason.value,
        "language": customer.language,
        "nextRetryAt": told["nextRetryAt"],
        "payUrl": told["actionUrl"],
    }


def _event(kind: EventType, failed: Failed, sequence: int, data: dict[str, object]) -> Event:
    return Event(kind, ATTEMPT, failed.after.id, sequence, data)
