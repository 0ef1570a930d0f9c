"""Signs on paper: what takes off is kept as the customer's account sees it, and printed positive.

A partial correction (381) and a credit note (389) are positive on paper, a cancellation (384) and
the correction of a credit note negative (P18).
"""

from decimal import Decimal

from faktura.plugin import Allowance, DocumentLine, InvoiceDocument, VatBreakdown

_AMOUNTS = ("lines", "allowances", "charges", "net", "vat", "gross", "prepaid", "rounding", "due")


def the_other_way_round(document: InvoiceDocument) -> InvoiceDocument:
    """The document with every amount and quantity of the other sign."""
    totals = document.totals
    turned = {name: _minus(getattr(totals, name)) for name in _AMOUNTS}
    return document.model_copy(
        update={
            "totals": totals.model_copy(update=turned),
            "vat": tuple(_vat(row) for row in document.vat),
            "lines": tuple(_line(line) for line in document.lines),
        }
    )


def _minus(amount: Decimal) -> Decimal:
    """The amount the other way round; nothing stays nothing, without a sign."""
    return -amount if amount else amount


def _vat(row: VatBreakdown) -> VatBreakdown:
    return row.model_copy(update={"taxable": _minus(row.taxable), "tax": _minus(row.tax)})


def _line(line: DocumentLine) -> DocumentLine:
    return line.model_copy(
        update={
            "quantity": _minus(line.quantity),
            "net": _minus(line.net),
            "allowances": tuple(_allowance(one) for one in line.allowances),
        }
    )


def _allowance(one: Allowance) -> Allowance:
    base = None if one.base is None else _minus(one.base)
    return one.model_copy(update={"amount": _minus(one.amount), "base": base})
