"""Sample invoice documents: right in every respect, to be changed by a field at a time."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from faktura.kernel.money import Money
from faktura.kernel.rounding import line_total, percent_of
from faktura.kernel.terms import DocumentKind, TaxCategory
from faktura.plugin import (
    Allowance,
    Contact,
    CreditTransfer,
    Delivery,
    DocumentLine,
    DocumentPeriod,
    Dto,
    Identifier,
    InvoiceDocument,
    Party,
    PaymentInstructions,
    PostalAddress,
    PrintDetails,
    Totals,
    VatBreakdown,
)

_ZERO = Decimal(0)
_STATED = ("prepaid", "rounding", "vat_accounting")

EXEMPTIONS: Mapping[TaxCategory, tuple[str, str | None]] = {
    TaxCategory.E: ("Kein Ausweis von Umsatzsteuer, Kleinunternehmer (§ 19 UStG)", None),
    TaxCategory.AE: ("Steuerschuldnerschaft des Leistungsempfängers", "VATEX-EU-AE"),
    TaxCategory.K: ("Steuerfreie innergemeinschaftliche Lieferung", "VATEX-EU-IC"),
    TaxCategory.G: ("Steuerfreie Ausfuhrlieferung", "VATEX-EU-G"),
    TaxCategory.O: ("Nicht steuerbar", "VATEX-EU-O"),
}
"""Text and code of BT-120 and BT-121 by category."""

SELLER = Party(
    name="Wattwerk Beispiel GmbH",
    identifiers=(Identifier(value="WW-1"),),
    registration=Identifier(value="HRB 4711"),
    vat_id="DE123456788",
    tax_number="37/123/45678",
    endpoint=Identifier(value="rechnung@wattwerk.example", scheme="EM"),
    address=PostalAddress(line1="Mühlenweg 3", city="Jena", postcode="07743", country="DE"),
    contact=Contact(name="Ada Brandt", phone="+49 3641 55512", email="ada@wattwerk.example"),
)

BUYER = Party(
    name="Stadt Musterfeld",
    identifiers=(Identifier(value="10042"),),
    endpoint=Identifier(value="04011000-12345-03", scheme="0204"),
    address=PostalAddress(line1="Am Markt 1", city="Musterfeld", postcode="99999", country="DE"),
)

PERIOD = DocumentPeriod(start=date(2026, 11, 1), end=date(2026, 11, 30))


def sample_line(quantity: str = "1", price: str = "100.00", **changes: object) -> DocumentLine:
    """A line of a monthly article at 19 %; its net follows from the other fields unless given.

    `currency` is that of the document, EUR if not given: it rounds the net.
    """
    currency = str(changes.pop("currency", "EUR"))
    fields: dict[str, object] = {
        "id": "1",
        "quantity": quantity,
        "unit_code": "MON",
        "net": _ZERO,
        "period": PERIOD,
        "price": price,
        "vat_category": TaxCategory.S,
        "vat_rate": "19",
        "name": "Grundgebühr",
    }
    line = DocumentLine.model_validate(fields | changes)
    if "net" in changes:
        return line
    net = line_total(line.price, line.quantity, currency, base=line.price_base).decimal
    net += _sum(line.charges) - _sum(line.allowances)
    return line.model_copy(update={"net": net})


def sample_invoice(**changes: object) -> InvoiceDocument:
    """A valid invoice of one line of 100.00 EUR net, with `changes`.

    VAT breakdown and totals follow from lines, allowances and charges unless given; `prepaid`,
    `rounding` and `vat_accounting` (amounts) are taken into the totals; `kind` is that of the print
    details, an invoice if not given.
    """
    stated = {name: changes.pop(name) for name in _STATED if name in changes}
    kind = DocumentKind(str(changes.pop("kind", DocumentKind.INVOICE)))
    fields: dict[str, object] = {
        "number": "R-2026-00042",
        "issued_on": date(2026, 11, 30),
        "type_code": "380",
        "currency": "EUR",
        "due_on": date(2026, 12, 14),
        "buyer_reference": "04011000-12345-03",
        "seller": SELLER,
        "buyer": BUYER,
        "delivery": Delivery(on=PERIOD.end),
        "period": PERIOD,
        "payment": PaymentInstructions(
            means_code="58",
            remittance="R-2026-00042",
            transfers=(CreditTransfer(iban="DE02120300000000202051", holder=SELLER.name),),
        ),
        "lines": (sample_line(),),
        "vat": (),
        "totals": Totals(lines=_ZERO, net=_ZERO, vat=_ZERO, gross=_ZERO, due=_ZERO),
        "printed": PrintDetails(kind=kind),
    }
    document = InvoiceDocument.model_validate(fields | changes)
    if "vat" not in changes:
        document = document.model_copy(update={"vat": _vat(document)})
    if "totals" not in changes:
        document = document.model_copy(update={"totals": _totals(document, stated)})
    return document


def changed(document: InvoiceDocument, path: str, value: object) -> InvoiceDocument:
    """`document` with one field replaced, unchecked: `changed(d, "lines.0.name", " ")`.

    Nothing else follows: this is how a test breaks a document in one place.
    """
    result = _replaced(document, path.split("."), value)
    assert isinstance(result, InvoiceDocument)  # noqa: S101 - a builder for tests
    return result


def _replaced(whole: object, path: list[str], value: object) -> object:
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(whole, tuple):
        parts = list(whole)
        parts[int(head)] = _replaced(parts[int(head)], rest, value)
        return tuple(parts)
    assert isinstance(whole, Dto)  # noqa: S101 - a builder for tests
    return whole.model_copy(update={head: _replaced(getattr(whole, head), rest, value)})


def _vat(document: InvoiceDocument) -> tuple[VatBreakdown, ...]:
    taxable: dict[tuple[TaxCategory, Decimal | None], Decimal] = {}
    parts = [(line.vat_category, line.vat_rate, line.net) for line in document.lines]
    for sign, entries in ((-1, document.allowances), (1, document.charges)):
        for entry in entries:
            assert entry.vat_category is not None  # noqa: S101 - a builder for tests
            parts.append((entry.vat_category, entry.vat_rate, sign * entry.amount))
    for category, rate, amount in parts:
        taxable[category, rate] = taxable.get((category, rate), _ZERO) + amount
    return tuple(
        _breakdown(category, rate, amount, document.currency)
        for (category, rate), amount in taxable.items()
    )


def _breakdown(
    category: TaxCategory, rate: Decimal | None, taxable: Decimal, currency: str
) -> VatBreakdown:
    reason, code = EXEMPTIONS.get(category, (None, None))
    return VatBreakdown(
        category=category,
        rate=rate,
        taxable=taxable,
        tax=percent_of(Money.from_decimal(taxable, currency), rate or _ZERO).decimal,
        exemption_reason=reason,
        exemption_code=code,
    )


def _totals(document: InvoiceDocument, stated: Mapping[str, object]) -> Totals:
    lines = sum((line.net for line in document.lines), _ZERO)
    allowances, charges = _sum(document.allowances), _sum(document.charges)
    vat = sum((entry.tax for entry in document.vat), _ZERO)
    net = lines - allowances + charges
    totals = Totals.model_validate(
        {
            "lines": lines,
            "allowances": allowances,
            "charges": charges,
            "net": net,
            "vat": vat,
            "gross": net + vat,
            "due": _ZERO,
            **stated,
        }
    )
    due = totals.gross - totals.prepaid + totals.rounding
    return totals.model_copy(update={"due": due})


def _sum(entries: Iterable[Allowance]) -> Decimal:
    return sum((entry.amount for entry in entries), _ZERO)
