"""How the document is paid: the sentence, the account or mandate, the GiroCode and the link."""

from collections.abc import Iterator, Mapping, Sequence

from faktura.plugin import CreditTransfer, InvoiceDocument
from faktura_en16931.codes import CARD_MEANS, DEBIT_MEANS, TRANSFER_MEANS
from faktura_en16931.text import is_blank
from faktura_zugferd.amounts_shown import Shown
from faktura_zugferd.code_drawing import code_svg
from faktura_zugferd.look import Look
from faktura_zugferd.page_data_head import grouped
from faktura_zugferd.page_titles import kind_key
from faktura_zugferd.payment_terms_shown import terms_shown
from faktura_zugferd.texts_shown import shown
from faktura_zugferd.words import Words

_VALUE_WIDTH = 30
_TEXT_WIDTH = 50
_CLEARING, _CASH, _ONLINE = "97", "10", "68"
# What stands on them as positive is the receiver's (P18).
_PAID_BY_US = frozenset({"correction", "credit_note", "credit_note_correction"})
_MASK = "•"
_CLEAR_SIGNS = 4


def payment_block(
    document: InvoiceDocument, amounts: Shown, look: Look, giro_code: Sequence[str]
) -> dict[str, object]:
    """The part `payment`: payment terms (BT-20) as given, else the sentence of the means."""
    words = Words(_language_of(document), look.texts)
    asks = document.totals.due > 0 and not _is_ours(document)
    terms = shown(terms_shown(document.payment_terms, amounts, words), _TEXT_WIDTH)
    sentence = terms or _sentence(document, amounts, words)
    return {
        "title": words.say("pay.title"),
        "text": sentence,
        "rows": [*_rows(document, amounts, words)] if asks or _goes_to_partner(document) else [],
        "qr": code_svg(giro_code) if asks else "",
        "qr_word": words.say("pay.qr"),
        "link": _link(document, look, words) if asks else None,
    }


def transfer_rows(
    transfers: Sequence[CreditTransfer], remittance: str | None, words: Words
) -> list[list[str]]:
    """Account holder, IBAN, BIC of each account, then the text to give with the money."""
    rows: list[list[str]] = []
    for one in transfers:
        rows += _labelled(words, {"holder": one.holder, "iban": grouped(one.iban), "bic": one.bic})
    return rows + _labelled(words, {"remittance": remittance})


def masked(iban: str) -> str:
    """The first and the last four signs, the rest hidden: `DE02 •••• 3030`."""
    plain = "".join(iban.split())
    hidden = _MASK * _CLEAR_SIGNS
    if len(plain) <= 2 * _CLEAR_SIGNS:
        return hidden
    return f"{plain[:_CLEAR_SIGNS]} {hidden} {plain[-_CLEAR_SIGNS:]}"


def _language_of(document: InvoiceDocument) -> str:
    return document.printed.language if document.printed else "de"


def _is_ours(document: InvoiceDocument) -> bool:
    """Whether a positive amount is what we pay."""
    return kind_key(document) in _PAID_BY_US


def _goes_to_partner(document: InvoiceDocument) -> bool:
    """On a credit note the account is the partner's own, and says where the money goes."""
    return kind_key(document) == "credit_note" and document.totals.due > 0


def _sentence(document: InvoiceDocument, amounts: Shown, words: Words) -> str:
    """What is to be done, where the document has no terms of its own."""
    due, code = document.totals.due, document.payment.means_code
    if code == _CLEARING:
        return words.say("pay.cleared")
    if due == 0:
        return words.say("pay.nothing")
    if _is_ours(document) or due < 0:
        key = "pay.back" if _is_ours(document) == (due > 0) else "pay.other"
        return words.say(key, amount=amounts.money(abs(due)))
    sentence = _asking(document, amounts, words)
    if document.due_on and code not in TRANSFER_MEANS | DEBIT_MEANS:
        sentence = f"{sentence} {words.say('pay.due', day=amounts.day(document.due_on))}"
    return sentence


def _asking(document: InvoiceDocument, amounts: Shown, words: Words) -> str:
    payment, amount = document.payment, amounts.money(document.totals.due)
    code = payment.means_code
    if code in TRANSFER_MEANS:
        if document.due_on:
            return words.say("pay.transfer", amount=amount, day=amounts.day(document.due_on))
        return words.say("pay.transfer.any_day", amount=amount)
    if code in DEBIT_MEANS and payment.direct_debit:
        return _debit(document, amount, amounts, words)
    if code in CARD_MEANS:
        digits = payment.card_last_digits
        key = "pay.card" if digits else "pay.card.any"
        return words.say(key, amount=amount, digits=shown(digits))
    if code == _ONLINE:
        means = shown(payment.means_text)
        return words.say("pay.online" if means else "pay.online.any", amount=amount, means=means)
    return words.say("pay.cash" if code == _CASH else "pay.other", amount=amount)


def _debit(document: InvoiceDocument, amount: str, amounts: Shown, words: Words) -> str:
    """The SEPA pre-notification: amount, day and account."""
    debit = document.payment.direct_debit
    iban = masked(debit.iban) if debit else ""
    day = (document.printed and document.printed.collect_on) or document.due_on
    if day:
        return words.say("pay.debit", amount=amount, day=amounts.day(day), iban=iban)
    return words.say("pay.debit.any_day", amount=amount, iban=iban)


def _rows(document: InvoiceDocument, amounts: Shown, words: Words) -> Iterator[list[str]]:
    payment = document.payment
    if document.payee:
        yield from _labelled(words, {"payee": document.payee.name})
    if payment.direct_debit:
        debit = payment.direct_debit
        day = document.printed.collect_on if document.printed else None
        yield from _labelled(
            words,
            {
                "collect_on": amounts.day(day) if day else None,
                "debited": masked(debit.iban),
                "mandate": debit.mandate,
                "creditor_id": debit.creditor_id,
            },
        )
    elif payment.transfers:
        yield from transfer_rows(payment.transfers, payment.remittance, words)
    elif payment.means_code != _CLEARING:
        digits = payment.card_last_digits
        yield from _labelled(
            words,
            {
                # Its own sentence names the means already.
                "means": payment.means_text if document.payment_terms else None,
                "card_number": f"{_MASK * 4} {digits}" if digits else None,
                "card_holder": payment.card_holder,
            },
        )


def _link(document: InvoiceDocument, look: Look, words: Words) -> dict[str, str] | None:
    """Where to pay online; not where a debit is collected, nor on a document that pays back."""
    url = look.link_for(document.number)
    if not url or document.payment.direct_debit:
        return None
    return {"label": words.say("pay.link"), "url": url, "shown": shown(url, _VALUE_WIDTH)}


def _labelled(words: Words, values: Mapping[str, str | None]) -> list[list[str]]:
    return [
        [words.say(f"pay.{key}"), shown(value, _VALUE_WIDTH)]
        for key, value in values.items()
        if not is_blank(value)
    ]
