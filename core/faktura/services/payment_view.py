"""How a frozen document is paid: instructions (BG-16), terms (BT-20), and what is due at all."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from faktura.domain.deposit_table import deducted_total
from faktura.domain.document_kinds import CORRECTING, SELF_BILLED
from faktura.domain.document_language import amount_text, day_text
from faktura.domain.document_words import DocumentWords, document_words
from faktura.domain.documents import DocumentRecord
from faktura.domain.snapshot_fields import (
    Frozen,
    day_of_snapshot,
    language_of,
    part_of_snapshot,
    rows_of_snapshot,
    text_of_snapshot,
)
from faktura.kernel.money import Money
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import CreditTransfer, DirectDebit, PaymentInstructions

# BT-81 (UNTDID 4461). A card is charged online by its provider: 48 would ask for the card's last
# digits (BR-DE-24-a), which only the provider knows.
_MEANS_CODES = {
    PaymentMethod.TRANSFER: "58",
    PaymentMethod.SEPA_DEBIT: "59",
    PaymentMethod.CARD: "68",
    PaymentMethod.PAYPAL: "68",
}
_CLEARING = "97"
# A debit by a mandate that a provider holds: 59 would ask for ours (BG-19).
_ONLINE = "68"


@dataclass(frozen=True, slots=True)
class PaymentView:
    """What a document says about its payment; amounts as on the customer's account.

    `due_on` is None where there is nothing to pay, `collect_on` the day of a direct debit.
    """

    prepaid: Money
    due_on: date | None
    terms: str
    instructions: PaymentInstructions
    collect_on: date | None = None


def payment_view(record: DocumentRecord) -> PaymentView:
    """Corrections and credit notes go to the account (F066); all others are paid or paid already.

    A document with nothing left to pay keeps its payment instructions: BR-DE-1 wants them.
    """
    words = document_words(language_of(record.snapshot))
    if record.kind in CORRECTING | SELF_BILLED:
        return _cleared(record, words)
    prepaid = deducted_total(record.snapshot, record.currency) + _received(record)
    instructions = _instructions(record, words)
    if not (record.gross - prepaid):
        return PaymentView(prepaid, None, _nothing_due(record, words), instructions)
    return PaymentView(
        prepaid,
        record.due_on,
        _terms(record, record.gross - prepaid, instructions, words),
        instructions,
        record.due_on if instructions.direct_debit else None,
    )


def _received(record: DocumentRecord) -> Money:
    """What was there before the document: a deposit can be made of a payment (F061)."""
    parts = rows_of_snapshot(record.snapshot, "paidBy")
    return Money(sum(cast("int", part["amount"]) for part in parts), record.currency)


def _cleared(record: DocumentRecord, words: DocumentWords) -> PaymentView:
    terms = words.nothing_due
    if record.gross:
        terms = words.charged if record.gross.minor > 0 else words.credited
    instructions = PaymentInstructions(
        means_code=_CLEARING, means_text=words.clearing, remittance=record.number
    )
    return PaymentView(Money.zero(record.currency), None, terms, instructions)


def _nothing_due(record: DocumentRecord, words: DocumentWords) -> str:
    parts = rows_of_snapshot(record.snapshot, "paidBy")
    if parts:
        received = max(day_of_snapshot(part, "receivedOn") for part in parts)
        return words.received.format(day=day_text(received, language_of(record.snapshot)))
    return words.covered if record.snapshot.get("deposits") else words.nothing_due


def _terms(
    record: DocumentRecord, due: Money, instructions: PaymentInstructions, words: DocumentWords
) -> str:
    """The deposits' rest is named: the invoice is over more than is to be paid."""
    language, has_deposits = language_of(record.snapshot), bool(record.snapshot.get("deposits"))
    debit, means = (
        instructions.direct_debit,
        instructions.means_text and words.means[_method(record)],
    )
    sentence = words.rest if has_deposits else words.payable
    if means:
        sentence = words.rest_by if has_deposits else words.payable_by
    if debit:
        sentence = words.collect_rest if has_deposits else words.collect
    return sentence.format(
        amount=amount_text(due, language),
        day=day_text(record.due_on, language),
        means=means,
        mandate=debit.mandate if debit else "",
        creditor=debit.creditor_id if debit else "",
    )


def _method(record: DocumentRecord) -> PaymentMethod:
    return PaymentMethod(str(record.snapshot["paymentMethod"]))


def _instructions(record: DocumentRecord, words: DocumentWords) -> PaymentInstructions:
    method = _method(record)
    seller = part_of_snapshot(record.snapshot, "seller")
    debit = _debit(record, seller) if method is PaymentMethod.SEPA_DEBIT else None
    means = None if debit else words.means.get(method)
    by_provider = method is PaymentMethod.SEPA_DEBIT and debit is None
    return PaymentInstructions(
        means_code=_ONLINE if by_provider else _MEANS_CODES[method],
        means_text=means and means[0].upper() + means[1:],
        remittance=record.number,
        transfers=credit_transfers(seller) if method is PaymentMethod.TRANSFER else (),
        direct_debit=debit,
    )


def credit_transfers(seller: Frozen) -> tuple[CreditTransfer, ...]:
    """The seller's account to pay to (BG-17); none where none is recorded."""
    iban = text_of_snapshot(seller, "iban")
    if not iban:
        return ()
    holder, bic = text_of_snapshot(seller, "accountHolder"), text_of_snapshot(seller, "bic")
    return (CreditTransfer(iban=iban, holder=holder, bic=bic),)


def _debit(record: DocumentRecord, seller: Frozen) -> DirectDebit | None:
    mandate = part_of_snapshot(part_of_snapshot(record.snapshot, "buyer"), "mandate")
    if not mandate:
        return None
    return DirectDebit(
        mandate=str(mandate["reference"]),
        creditor_id=str(seller["creditorId"]),
        iban=str(mandate["iban"]),
    )
