"""Sums below the lines: net, VAT per rate and category, gross, what is due; deposits deducted."""

from collections.abc import Iterator
from decimal import Decimal

from faktura.kernel.terms import TaxCategory
from faktura.plugin import DepositTable, InvoiceDocument, VatBreakdown
from faktura_zugferd.amounts_shown import Shown
from faktura_zugferd.page_data_lines import share_text
from faktura_zugferd.page_titles import kind_key
from faktura_zugferd.texts_shown import shown
from faktura_zugferd.words import Words

_LABEL_WIDTH = 40
_TAXED = frozenset({TaxCategory.S})

Row = dict[str, object]


def total_rows(document: InvoiceDocument, amounts: Shown, words: Words) -> list[Row]:
    """The rows in reading order; `strong` ones are sums of what stands above them."""
    totals = document.totals
    rows = [*_adjustments(document, amounts, words)]
    rows.append(_row(words.say("totals.net"), amounts.money(totals.net), strong=bool(rows)))
    rows += [_row(_vat_label(one, amounts, words), amounts.money(one.tax)) for one in document.vat]
    if len(document.vat) > 1:
        rows.append(_row(words.say("totals.vat_sum"), amounts.money(totals.vat)))
    rows.append(_row(words.say("totals.gross"), amounts.money(totals.gross), strong=True))
    if totals.prepaid:
        deposits = document.printed and document.printed.deposits
        word = "totals.deposits" if deposits else "totals.prepaid"
        rows.append(_row(words.say(word), amounts.money(-totals.prepaid)))
    if totals.rounding:
        rows.append(_row(words.say("totals.rounding"), amounts.money(totals.rounding)))
    return rows


def due_row(document: InvoiceDocument, amounts: Shown, words: Words) -> Row:
    """The amount the page is about (BT-115), in the words of the document's kind."""
    kind, due = kind_key(document), document.totals.due
    if kind == "cancellation":
        key = kind
    elif kind == "correction":
        key = kind if due >= 0 else "correction.other"
    elif kind in {"credit_note", "credit_note_correction"}:
        key = kind
    elif due < 0:
        return _row(words.say("due.credit"), amounts.money(-due))
    else:
        key = "invoice"
    return _row(words.say(f"due.{key}"), amounts.money(due))


def tax_currency_row(document: InvoiceDocument, words: Words) -> list[Row]:
    """BT-111: the VAT in the currency of the tax return, where it is another one."""
    value, currency = document.totals.vat_accounting, document.tax_currency
    if value is None or currency is None:
        return []
    label = words.say("totals.tax_currency", currency=currency)
    return [_row(label, Shown(words.language, currency).money(value))]


def exemption_texts(document: InvoiceDocument, words: Words) -> list[str]:
    """Why no VAT is charged, once each (BT-120; the category's word where only a code is given)."""
    reasons = [
        one.exemption_reason or words.say(f"vat.{one.category.value}")
        for one in document.vat
        if one.category not in _TAXED
    ]
    return [shown(reason) for reason in dict.fromkeys(reasons)]


def deposit_table(table: DepositTable, amounts: Shown, words: Words) -> dict[str, object]:
    """The deposits of a final invoice with their VAT, their sum, and what remains (F061)."""
    net = sum((row.net for row in table.rows), Decimal(0))
    vat = sum((row.vat for row in table.rows), Decimal(0))
    gross = sum((row.gross for row in table.rows), Decimal(0))
    columns = ("number", "issued", "received", "net", "rate", "vat", "gross")
    return {
        "title": words.say("deposits.title"),
        "head": [words.say(f"deposits.{key}", currency=amounts.currency) for key in columns],
        "rows": [
            [
                shown(row.number, 16),
                amounts.day(row.issued_on),
                amounts.day(row.received_on),
                amounts.amount(row.net),
                amounts.percent(row.vat_rate),
                amounts.amount(row.vat),
                amounts.amount(row.gross),
            ]
            for row in table.rows
        ],
        "sums": [
            _sums("deposits.sum", (net, vat, gross), amounts, words),
            _sums(
                "deposits.rest",
                (
                    table.remaining_net,
                    table.remaining_vat,
                    table.remaining_net + table.remaining_vat,
                ),
                amounts,
                words,
            ),
        ],
    }


def _adjustments(document: InvoiceDocument, amounts: Shown, words: Words) -> Iterator[Row]:
    """Sum of the lines and what is taken off or added on the document; nothing if that is nothing."""
    if not (document.allowances or document.charges):
        return
    yield _row(words.say("totals.lines"), amounts.money(document.totals.lines))
    for sign, key, entries in (
        (-1, "allowance", document.allowances),
        (1, "charge", document.charges),
    ):
        for entry in entries:
            text = share_text(entry, words.say(f"totals.{key}"), amounts, words)
            yield _row(text, amounts.money(sign * entry.amount))


def _vat_label(one: VatBreakdown, amounts: Shown, words: Words) -> str:
    net = amounts.money(one.taxable)
    if one.category is TaxCategory.S and one.rate is not None:
        return words.say("totals.vat", percent=amounts.percent(one.rate), net=net)
    why = words.say(f"vat.{one.category.value}") if one.category not in _TAXED else ""
    if one.rate is None:
        return words.say("totals.vat.untaxed", net=net, why=why)
    return words.say("totals.vat.none", percent=amounts.percent(one.rate), net=net, why=why)


def _sums(
    key: str, values: tuple[Decimal, Decimal, Decimal], amounts: Shown, words: Words
) -> dict[str, object]:
    return {"label": words.say(key), "amounts": [amounts.amount(value) for value in values]}


def _row(label: str, amount: str, *, strong: bool = False) -> Row:
    return {"label": shown(label, _LABEL_WIDTH), "amount": amount, "strong": strong}
