"""Laws of corrections: whatever is taken back in whatever order, it is exactly what was charged (P18)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from faktura.domain.addresses import Address
from faktura.domain.articles import Article, ProductGroup
from faktura.domain.contracts import Contract
from faktura.domain.corrections import Correctable, TakenBack, correction
from faktura.domain.customers import Customer
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.invoices import DraftDocument
from faktura.domain.tax import DatedRate, TaxGroup
from faktura.kernel.money import Money
from faktura.kernel.periods import Interval, Period
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import (
    ArticleUnit,
    ContractKind,
    ContractState,
    DocumentKind,
    IntervalUnit,
    Supply,
    TaxCase,
    TaxCategory,
)

DAY = date(2026, 10, 1)
ONE = UUID(int=1)
GROUP = TaxGroup("standard", TaxCase.STANDARD, (DatedRate(DAY, Decimal(19)),))
ARTICLE = Article(
    ONE, "A-1", "Machine", ArticleUnit.PIECE, Supply.GOODS, ProductGroup("g", "G", GROUP), ()
)
CUSTOMER = Customer(ONE, "K-1", "Kunde", True, Address("Weg 1", "10115", "Berlin"), "10001")  # noqa: FBT003 - a field
CONTRACT = Contract(
    ONE,
    "V-1",
    ONE,
    ONE,
    ContractKind.SIMPLE,
    ContractState.ACTIVE,
    DAY,
    Interval(1, IntervalUnit.MONTH),
    DAY,
)

lines = st.lists(
    st.tuples(
        st.integers(-100_000, 100_000).filter(bool), st.sampled_from([Decimal(19), Decimal(7)])
    ),
    min_size=1,
    max_size=5,
)


def invoice(nets: list[tuple[int, Decimal]]) -> Correctable:
    """An invoice of lines of these nets in cents and rates."""
    rates = dict.fromkeys(rate for _, rate in nets)
    vat: list[dict[str, Any]] = []
    for rate in rates:
        taxable = Money(sum(net for net, own in nets if own == rate), "EUR")
        vat.append(
            {
                "category": "S",
                "rate": str(rate),
                "taxable": taxable.minor,
                "tax": percent_of(taxable, rate).minor,
            }
        )
    net, tax = sum(one for one, _ in nets), sum(row["tax"] for row in vat)
    record = DocumentRecord(
        ONE,
        "RE-1",
        DocumentKind.INVOICE,
        ONE,
        ONE,
        DAY,
        DAY,
        Period(DAY, date(2026, 11, 1)),
        "EUR",
        Money(net, "EUR"),
        Money(tax, "EUR"),
        Money(net + tax, "EUR"),
        {
            "paymentMethod": "TRANSFER",
            "buyer": {"vatId": "", "registerNumber": ""},
            "vat": vat,
        },
        tuple(_line(no, minor, rate) for no, (minor, rate) in enumerate(nets, 1)),
    )
    return Correctable(record, CUSTOMER, CONTRACT, {})


def _line(no: int, minor: int, rate: Decimal) -> LineRecord:
    net = Money(minor, "EUR")
    return LineRecord(
        no,
        "A-1",
        "Machine",
        "",
        Decimal(1),
        ArticleUnit.PIECE,
        net.decimal,
        Decimal(1),
        net,
        Money(0, "EUR"),
        net,
        TaxCase.STANDARD if rate == 19 else TaxCase.REDUCED,
        TaxCategory.S,
        rate,
        "DE",
        Period(DAY, date(2026, 11, 1)),
        None,
        {"unitPrice": str(net.decimal), "quantity": "1", "currency": "EUR"},
    )


def _vat(record: DocumentRecord) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", record.snapshot["vat"])


def taken_after(original: Correctable, draft: DraftDocument) -> Correctable:
    """The invoice after one more correction."""
    taken = dict(original.taken)
    for charge in draft.charges:
        assert charge.corrects is not None
        no = charge.corrects.line_no
        taken[no] = taken.get(no, 0) + charge.net.minor
    return replace(original, taken=taken)


@given(lines, st.data())
def test_corrections_of_an_invoice_sum_to_it_exactly(
    nets: list[tuple[int, Decimal]], data: st.DataObject
):
    """P18: net, VAT of each rate and gross are taken back to the cent, in any parts and order."""
    whole = invoice(nets)
    left = whole
    drafts: list[DraftDocument] = []
    while not left.is_used_up:
        open_lines = [line for line in left.record.lines if left.rest(line)]
        line = data.draw(st.sampled_from(open_lines))
        rest = left.rest(line).minor
        part = data.draw(st.integers(1, abs(rest))) if len(drafts) < 6 else abs(rest)
        amount = Money(part if rest > 0 else -part, "EUR")
        draft = correction(left, [TakenBack(line, ARTICLE, amount)], DAY, DocumentKind.CORRECTION)
        drafts.append(draft)
        left = taken_after(left, draft)

    record = whole.record
    assert sum(draft.net.minor for draft in drafts) == -record.net.minor
    assert sum(draft.gross.minor for draft in drafts) == -record.gross.minor
    for row in _vat(record):
        rows = [
            one
            for draft in drafts
            for one in draft.vat
            if (one.category, str(one.rate)) == (row["category"], row["rate"])
        ]
        assert sum(one.tax.minor for one in rows) == -row["tax"]
        for one in rows:
            assert abs(one.tax.minor - percent_of(one.taxable, one.rate).minor) <= 1


@given(lines)
def test_a_cancellation_is_the_invoice_negated(nets: list[tuple[int, Decimal]]):
    """F064: line by line, rate by rate."""
    whole = invoice(nets)
    taken = [TakenBack(line, ARTICLE) for line in whole.record.lines]

    draft = correction(whole, taken, DAY, DocumentKind.CANCELLATION)

    assert [charge.net.minor for charge in draft.charges] == [-net for net, _ in nets]
    assert [charge.quantity for charge in draft.charges] == [Decimal(-1)] * len(nets)
    assert draft.gross == -whole.record.gross
    assert [row.tax.minor for row in draft.vat] == [-row["tax"] for row in _vat(whole.record)]
