"""An invoice document as the data of its page: every text and number ready to be set."""

from collections.abc import Iterator, Sequence

from faktura.kernel.terms import DocumentKind
from faktura.plugin import Attachment, Identifier, InvoiceDocument, Party, PrecedingInvoice
from faktura_zugferd.amounts_shown import Shown
from faktura_zugferd.look import Look
from faktura_zugferd.page_data_head import (
    Correspondents,
    contact_pairs,
    head,
    info_rows,
    meta,
    one_line_address,
)
from faktura_zugferd.page_data_lines import LineRows
from faktura_zugferd.page_data_payment import payment_block
from faktura_zugferd.page_data_totals import (
    deposit_table,
    due_row,
    exemption_texts,
    tax_currency_row,
    total_rows,
)
from faktura_zugferd.page_titles import is_self_billed, kind_key, title_of
from faktura_zugferd.texts_shown import shown
from faktura_zugferd.words import Words

_TEXT_WIDTH = 60
_LEITWEG_SCHEME = "0204"
# UNTDID 1001: invoices, deposits and final invoices; nobody is thanked for one that is taken back.
_THANKED = "380"
_COLUMNS = ("no", "article", "quantity", "price", "vat", "net")


def invoice_page(
    document: InvoiceDocument, look: Look, giro_code: Sequence[str] = ()
) -> dict[str, object]:
    """The data of the kind `invoice`; `giro_code` are the rows of the code, without quiet zone."""
    words = Words(document.printed.language if document.printed else "de", look.texts)
    amounts = Shown(words.language, document.currency)
    who = _correspondents(document)
    title = title_of(document, words)
    deposits = document.printed.deposits if document.printed else None
    lines = LineRows(document.lines, amounts, words, look.price_decimals)
    return {
        "meta": meta(words, f"{title} {document.number}", who.sender.name, document.issued_on),
        "head": head(who, words, look),
        "info": info_rows(_info(document, who, amounts), words),
        "title": title,
        "number": shown(document.number, 30),
        "subtitle": shown(_subtitle(document, amounts, words), _TEXT_WIDTH),
        "before": _texts(document.printed.header_texts if document.printed else ()),
        "lines": {
            "head": [words.say(f"columns.{key}", currency=amounts.currency) for key in _COLUMNS],
            "widths": lines.widths(),
            "carried": words.say("carried"),
            "subtotal": words.say("subtotal"),
            "rest": words.say("line.rest"),
            "rows": [*lines.rows()],
        },
        "totals": total_rows(document, amounts, words),
        "due": due_row(document, amounts, words),
        "tax_currency": tax_currency_row(document, words),
        "exemptions": exemption_texts(document, words),
        "deposits": deposit_table(deposits, amounts, words) if deposits else None,
        "payment": payment_block(document, amounts, look, giro_code),
        "after": _texts(_after(document, words)),
    }


def _correspondents(document: InvoiceDocument) -> Correspondents:
    sender, receiver = document.seller, document.buyer
    if is_self_billed(document):
        return Correspondents(sender=receiver, receiver=sender)
    debit = document.payment.direct_debit
    return Correspondents(
        sender, receiver, document.payment.transfers, debit.creditor_id if debit else None
    )


def _info(
    document: InvoiceDocument, who: Correspondents, amounts: Shown
) -> Iterator[tuple[str, str | None]]:
    """The facts beside the window, in the order people look for them."""
    self_billed = is_self_billed(document)
    number = _number_of(who.receiver)
    yield "number", document.number
    yield "day", amounts.day(document.issued_on)
    yield "supplier" if self_billed else "customer", number
    yield from _service(document, amounts)
    yield "tax_point", amounts.day(document.vat_point_on) if document.vat_point_on else None
    yield "contract", document.contract_reference
    yield "order", document.order_reference
    yield "sales_order", document.sales_order_reference
    yield "project", document.project_reference
    yield "despatch", document.despatch_reference
    yield "receiving", document.receiving_reference
    yield "tender", document.tender_reference
    yield "object", _value(document.object_identifier)
    yield "accounting", document.accounting_reference
    yield from _buyer_reference(document, number)
    yield "buyer_vat_id", who.receiver.vat_id
    if self_billed:
        yield "tax_number", who.receiver.tax_number
    yield from contact_pairs(who.sender)


def _value(identifier: Identifier | None) -> str | None:
    return identifier.value if identifier else None


def _number_of(party: Party) -> str | None:
    return party.identifiers[0].value if party.identifiers else None


def _service(document: InvoiceDocument, amounts: Shown) -> Iterator[tuple[str, str | None]]:
    """When it was supplied (F057): the period, else the day."""
    if document.period and document.period.start != document.period.end:
        yield "service_period", amounts.period(document.period)
        return
    day = document.delivery.on if document.delivery else None
    if day is None and document.period:
        day = document.period.start
    yield "service_day", amounts.day(day) if day else None


def _buyer_reference(
    document: InvoiceDocument, number: str | None
) -> Iterator[tuple[str, str | None]]:
    """BT-10: a Leitweg-ID by its name; not printed twice where it is the customer's number."""
    reference, endpoint = document.buyer_reference, document.buyer.endpoint
    if reference == number:
        return
    is_leitweg = endpoint and endpoint.scheme == _LEITWEG_SCHEME and endpoint.value == reference
    yield "leitweg_id" if is_leitweg else "buyer_reference", reference


def _subtitle(document: InvoiceDocument, amounts: Shown, words: Words) -> str:
    """BG-3: the documents this one is about."""
    if not document.preceding:
        return ""
    listed = ", ".join(_named(one, amounts, words) for one in document.preceding)
    if kind_key(document) == "credit_note_correction":
        return words.say("preceding.credit_note", list=listed)
    final = document.printed is not None and document.printed.kind is DocumentKind.FINAL
    return words.say("preceding.deducts" if final else "preceding", list=listed)


def _named(one: PrecedingInvoice, amounts: Shown, words: Words) -> str:
    if one.issued_on is None:
        return one.number
    return words.say("of_day", number=one.number, day=amounts.day(one.issued_on))


def _after(document: InvoiceDocument, words: Words) -> Iterator[str]:
    """Texts behind the sums: delivery, representative, the document's own, attachments."""
    say, delivery = words.say, document.delivery
    if delivery and (delivery.name or delivery.address):
        address = one_line_address(delivery.address, words) if delivery.address else ""
        yield say("delivered_to", address=", ".join(filter(None, (delivery.name, address))))
    if document.tax_representative:
        one = document.tax_representative
        address = one_line_address(one.address, words)
        yield say("represented", name=one.name, address=address, vat_id=one.vat_id)
    if document.printed:
        # The notes repeat the texts and the table of deposits: none is printed twice.
        yield from document.printed.footer_texts
    else:
        yield from (note.text for note in document.notes)
    names = [_attached(one) for one in document.attachments]
    if names:
        yield say("attachments", list=", ".join(names))
    if document.type_code == _THANKED:
        yield say("own.thanks")


def _attached(one: Attachment) -> str:
    """What it is, and where it can be found unless it comes with the document (BT-124)."""
    name = one.description or one.reference
    return f"{name} ({one.location})" if one.location else name


def _texts(texts: Iterator[str] | Sequence[str]) -> list[str]:
    return [text for text in (shown(one, _TEXT_WIDTH) for one in texts) if text]
