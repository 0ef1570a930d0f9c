"""What a payment, a refund and a returned debit do: account, allocation, journal, event (F090-F095)."""

from collections.abc import Sequence
from uuid import UUID

from faktura.domain.events import EventType
from faktura.domain.posting import (
    Settlement,
    chargeback_entry,
    payment_entry,
    provider_fee_entry,
    refund_entry,
    return_entry,
    return_fee_entry,
)
from faktura.domain.returns import Payment
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.services.ledger import Ledger, Posting, Source


def pay(ledger: Ledger, source: Source, number: str, amount: Money) -> None:
    """Settle `amount` of a document; negative where credit is set off or paid out."""
    document = ledger.document(number)
    key = ledger.next_key(AccountFact.PAYMENT, source)
    posted = ledger.record(
        source,
        Posting(
            AccountFact.PAYMENT,
            document.customer_id,
            -amount,
            f"Zahlung {number}",
            document.id,
        ),
    )
    after = ledger.allocate(source, number, posted, key)
    settlement = _settlement(ledger, source, number, key, amount)
    ledger.post(payment_entry(ledger.tenant, settlement))
    ledger.tell(
        number,
        EventType.INVOICE_PAYMENT_RECEIVED,
        {**_told(source, amount), "open": str(after.open.decimal)},
    )


def keep_credit(ledger: Ledger, source: Source, customer_id: UUID, amount: Money) -> None:
    """What is left of a payment stays on the customer's account, visible (P37)."""
    key = ledger.next_key(AccountFact.PAYMENT, source)
    ledger.record(
        source, Posting(AccountFact.PAYMENT, customer_id, -amount, "Zahlung ohne Rechnung")
    )
    ledger.post(payment_entry(ledger.tenant, _of_credit(ledger, source, customer_id, key, amount)))


def refund(ledger: Ledger, source: Source, number: str, amount: Money) -> None:
    """Pay out credit of a document; `amount` > 0 is what went out."""
    document = ledger.document(number)
    key = ledger.next_key(AccountFact.REFUND, source)
    text = f"Erstattung {number}"
    posted = ledger.record(
        source, Posting(AccountFact.REFUND, document.customer_id, amount, text, document.id)
    )
    after = ledger.allocate(source, number, posted, key)
    ledger.post(refund_entry(ledger.tenant, _settlement(ledger, source, number, key, amount)))
    ledger.tell(
        number,
        EventType.INVOICE_REFUNDED,
        {**_told(source, amount), "open": str(after.open.decimal)},
    )


def refund_credit(ledger: Ledger, source: Source, customer_id: UUID, amount: Money) -> None:
    """Pay out money that counts for no document; `amount` > 0 is what went out (P37)."""
    key = ledger.next_key(AccountFact.REFUND, source)
    text = "Erstattung von Guthaben"
    ledger.record(source, Posting(AccountFact.REFUND, customer_id, amount, text))
    ledger.post(refund_entry(ledger.tenant, _of_credit(ledger, source, customer_id, key, amount)))


def take_back(ledger: Ledger, source: Source, payments: Sequence[Payment], fee: Money) -> None:
    """Undo the shares of a returned payment and book the bank's fee (F095, G8)."""
    for payment in payments:
        _take_back(ledger, source, payment, fee)
    if fee:
        keep_return_fee(ledger, source, payments[0].number, fee)


def keep_return_fee(ledger: Ledger, source: Source, number: str, fee: Money) -> None:
    """Book what our bank keeps for the return of a document's payment: a cost of ours (F095)."""
    settlement = _settlement(ledger, source, number, source.fee_key, fee)
    ledger.post(return_fee_entry(ledger.tenant, settlement))


def give_again(ledger: Ledger, source: Source, taken: Payment, chargeback_id: UUID | None) -> str:
    """Undo what a return took back of a payment: that share counts again. Gives the entry's key.

    The entry itself is posted by the caller, as the reversal of the return's.
    """
    key = ledger.next_key(AccountFact.RETURN, source)
    customer_id = ledger.document(taken.number).customer_id
    text = f"Rücklastschrift {taken.number} zurückgenommen"
    posting = Posting(AccountFact.RETURN, customer_id, taken.amount, text, taken.document_id)
    after = ledger.restore(source, taken, ledger.record(source, posting), key)
    ledger.tell(
        taken.number,
        EventType.CHARGEBACK_WON,
        {
            **_told(source, -taken.amount),
            "chargeback": None if chargeback_id is None else str(chargeback_id),
            "open": str(after.open.decimal),
        },
    )
    return key


def _take_back(ledger: Ledger, source: Source, payment: Payment, fee: Money) -> None:
    number, paid = payment.number, ledger.paid(payment)
    key = ledger.next_key(AccountFact.RETURN, source)
    posted = ledger.record(
        source,
        Posting(
            AccountFact.RETURN,
            paid.customer_id,
            paid.amount,
            f"Rücklastschrift {number}",
            payment.document_id,
        ),
    )
    ledger.reverse(source, payment, posted, key)
    settlement = _settlement(ledger, source, number, key, paid.amount)
    ledger.post(return_entry(ledger.tenant, settlement, reverses_key=paid.entry_key))
    ledger.tell(
        number,
        EventType.CHARGEBACK_RECEIVED,
        {
            **_told(source, paid.amount),
            "fee": str(fee.decimal),
            "reason": source.return_reason,
        },
    )


def keep_fee(ledger: Ledger, source: Source, number: str, fee: Money) -> None:
    """Book what a provider keeps of a payment, negative what it gives back; nothing for nothing."""
    if fee:
        settlement = _settlement(ledger, source, number, f"fee:{source.booking}", fee)
        ledger.post(provider_fee_entry(ledger.tenant, settlement))


def charge_back(
    ledger: Ledger,
    source: Source,
    number: str,
    parts: Sequence[tuple[Payment, Money]],
    rest: Money,
) -> None:
    """Take back what a provider took back of a payment: a part of each of its shares (P33).

    A part of a share makes that part live again. `rest` counts for no document: it was credit of the
    customer, or is owed on the account alone. `number` is the document that the payment was for.
    """
    for share, part in parts:
        _charge_back_share(ledger, source, share, part)
    if rest:
        customer_id = ledger.document(number).customer_id
        key = ledger.next_key(AccountFact.CHARGEBACK, source)
        text = f"Rückbelastung {number}"
        ledger.record(source, Posting(AccountFact.CHARGEBACK, customer_id, rest, text))
        settlement = _of_credit(ledger, source, customer_id, key, rest)
        ledger.post(chargeback_entry(ledger.tenant, settlement))


def _charge_back_share(ledger: Ledger, source: Source, share: Payment, part: Money) -> None:
    paid = ledger.paid(share)
    key = ledger.next_key(AccountFact.CHARGEBACK, source)
    posted = ledger.record(
        source,
        Posting(
            AccountFact.CHARGEBACK,
            paid.customer_id,
            part,
            f"Rückbelastung {share.number}",
            share.document_id,
        ),
    )
    whole = part == share.amount
    if whole:
        ledger.reverse(source, share, posted, key)
    else:
        ledger.reopen(source, share.number, posted, key)
    settlement = _settlement(ledger, source, share.number, key, part)
    reversed_key = paid.entry_key if whole else None
    ledger.post(chargeback_entry(ledger.tenant, settlement, reverses_key=reversed_key))


def _settlement(ledger: Ledger, source: Source, number: str, key: str, amount: Money) -> Settlement:
    document = ledger.document(number)
    return Settlement(
        key,
        document.id,
        number,
        document.customer_id,
        ledger.customers[document.customer_id].debtor_account,
        amount,
        source.value_on,
        source.ledger_account,
        source.bank_iban,
    )


def _of_credit(
    ledger: Ledger, source: Source, customer_id: UUID, key: str, amount: Money
) -> Settlement:
    customer = ledger.customers[customer_id]
    return Settlement(
        key,
        None,
        customer.number,
        customer_id,
        customer.debtor_account,
        amount,
        source.value_on,
        source.ledger_account,
        source.bank_iban,
    )


def _told(source: Source, amount: Money) -> dict[str, object]:
    return {
        "amount": str(amount.decimal),
        "currency": amount.currency,
        "valueDate": str(source.value_on),
    }
