"""Laws of the journal: debits equal credits, and the receivable is the document's gross amount."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import (
    EXEMPT,
    REDUCED,
    STANDARD,
    TENANT,
    buyer_in,
    contract,
    day,
    drafts,
    item,
    only,
    taxed,
    view,
)

from faktura.domain.journal import Entry, balance
from faktura.domain.posting import invoice_entry
from faktura.domain.tax import DatedRate, OssRates
from faktura.kernel.terms import Chart, Slot, Supply

# The same rates abroad, so that one row of the VAT table has two cases and two accounts.
OSS = replace(
    TENANT,
    oss_from=day("01.01.2026"),
    oss_rates={"AT": OssRates((DatedRate(day("01.01.2016"), Decimal(19)),), REDUCED.rates)},
)
LINES = st.lists(
    st.tuples(
        st.decimals(Decimal(-5000), Decimal(90000), places=2),
        st.sampled_from([STANDARD, REDUCED]),
        st.sampled_from(Supply),
        st.sampled_from([None, "10", "20"]),
    ),
    min_size=1,
    max_size=6,
)


def amount(entry: Entry | None, slot: Slot) -> int:
    """Debits minus credits of a slot; nothing where there is no entry."""
    return 0 if entry is None else balance(leg for leg in entry.legs if leg.slot is slot)


@given(LINES, st.sampled_from(["DE", "AT"]), st.sampled_from([Chart.SKR03, Chart.SKR04]))
def test_every_document_posts_a_balanced_entry(lines, country, chart):
    """Receivable = gross, revenue = net, VAT = tax, whatever lines, rates, countries and signs."""
    tenant = replace(OSS, chart=chart)
    items = [
        item(
            "01.11.2026",
            taxed(group, str(price), supply=supply, cost_centre=cost_centre),
            id=UUID(int=600 + n),
        )
        for n, (price, group, supply, cost_centre) in enumerate(lines)
    ]
    billable = view(contract("01.11.2026"), *items, customer=buyer_in(country))
    draft = only(drafts(billable, "01.11.2026", tenant))

    entry = invoice_entry(tenant, draft, document_id=UUID(int=900), number="R-1")

    assert entry is None or balance(entry.legs) == 0
    assert amount(entry, Slot.RECEIVABLES) == draft.gross.minor
    assert amount(entry, Slot.REVENUE) == -draft.net.minor
    assert amount(entry, Slot.VAT) == -draft.tax.minor
    if entry is not None:
        assert entry.missing == ()
        assert all(leg.minor > 0 for leg in entry.legs)


@given(st.decimals(Decimal(-5000), Decimal(90000), places=2))
def test_an_exempt_document_has_no_vat_leg(price):
    """Without VAT the receivable is the net amount."""
    draft = only(
        drafts(
            view(contract("01.11.2026"), item("01.11.2026", taxed(EXEMPT, str(price)))),
            "01.11.2026",
        )
    )

    entry = invoice_entry(TENANT, draft, document_id=UUID(int=900), number="R-1")

    assert amount(entry, Slot.VAT) == 0
    assert amount(entry, Slot.RECEIVABLES) == draft.net.minor
