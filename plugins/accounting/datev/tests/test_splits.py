"""The law of the export: what DATEV books out of the rows is the journal, to the cent."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from faktura.kernel.terms import Chart
from faktura.plugin import JournalEntryData
from faktura_datev.accounts import Functions, vat_in
from faktura_datev.division import divide, is_whole
from faktura_datev.row import Row
from faktura_datev.rows import rows_of

CENT = Decimal("0.01")
RATES = {"8400": 19, "8401": 19, "8200": 19, "8300": 7, "8301": 7, "8120": 0}
VAT = {19: "1776", 7: "1771"}
CASES = {19: "STANDARD", 7: "REDUCED", 0: "EXPORT"}

shares = st.lists(
    st.tuples(
        st.sampled_from(sorted(RATES)),
        st.sampled_from(["", "100", "200"]),
        st.integers(-500_000, 500_000).filter(bool),
    ),
    min_size=1,
    max_size=8,
)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def side(credit: Decimal) -> str:
    return "C" if credit > 0 else "D"


def debited(leg: dict[str, object]) -> Decimal:
    amount = Decimal(str(leg["amount"]))
    return amount if leg["side"] == "D" else -amount


def legs_of(parts: list[tuple[str, str, int]]) -> list[dict[str, object]]:
    """Revenue legs, the VAT per rate on the sum of nets, and the debtor with the rest."""
    legs: list[dict[str, object]] = []
    nets: Counter[int] = Counter()
    for account, cost_centre, net_cents in parts:
        net = Decimal(net_cents) * CENT
        nets[RATES[account]] += net_cents
        legs.append(
            {
                "account": account,
                "slot": "REVENUE",
                "side": side(net),
                "amount": abs(net),
                "tax_case": CASES[RATES[account]],
                "tax_rate": RATES[account],
                "cost_centre": cost_centre or None,
            }
        )
    for rate, net_cents in nets.items():
        vat = rounded(Decimal(net_cents) * CENT * rate / 100)
        if vat:
            legs.append(
                {
                    "account": VAT[rate],
                    "slot": "VAT",
                    "side": side(vat),
                    "amount": abs(vat),
                    "tax_case": CASES[rate],
                    "tax_rate": rate,
                }
            )
    total = -sum((debited(leg) for leg in legs), Decimal(0))
    if total:
        debit = {"account": "1400", "slot": "RECEIVABLES", "debtor": "10001"}
        legs.append(debit | {"side": side(-total), "amount": abs(total)})
    return legs


def booked(rows: tuple[Row, ...]) -> Counter[tuple[str, str]]:
    """DATEV's own arithmetic, written down a second time: gross to net and VAT per row."""
    balances: Counter[tuple[str, str]] = Counter()
    for row in rows:
        debit = row.amount if row.side == "S" else -row.amount
        rate = {"0040": 0, "0003": 19, "0002": 7}.get(row.key)
        if rate is None:
            rate = 0 if row.contra == "8200" else RATES[row.contra]
        vat = int((Decimal(debit) * rate / (100 + rate)).quantize(Decimal(1), ROUND_HALF_UP))
        balances[row.account, row.cost_centre if row.account in RATES else ""] += debit
        balances[row.contra, row.cost_centre] -= debit - vat
        if vat:
            balances[VAT[rate], ""] -= vat
    return Counter({place: cents for place, cents in balances.items() if cents})


def journal(legs: list[dict[str, object]]) -> Counter[tuple[str, str]]:
    balances: Counter[tuple[str, str]] = Counter()
    for leg in legs:
        account = str(leg.get("debtor") or leg["account"])
        cost_centre = str(leg.get("cost_centre") or "")
        balances[account, cost_centre] += int(debited(leg) * 100)
    return Counter({place: cents for place, cents in balances.items() if cents})


@settings(deadline=None)
@given(shares)
def test_any_split_over_accounts_rates_and_cost_centres_books_the_journal(parts):
    """Sums survive the division, whatever the signs: expanded rows equal the legs."""
    legs = legs_of(parts)
    assume(any(leg["slot"] == "RECEIVABLES" for leg in legs))  # nothing owed is no invoice
    entry = JournalEntryData.model_validate(
        {
            "seq": 1, "key": "k", "kind": "INVOICE", "value_date": date(2026, 11, 15),
            "booked_on": date(2026, 11, 15), "recorded_at": datetime(2026, 11, 15, tzinfo=UTC), "currency": "EUR", "text": "t",
            "legs": [{"no": n} | leg for n, leg in enumerate(legs)],
        }
    )  # fmt: skip

    rows = rows_of(entry, Functions(Chart.SKR03))

    assert booked(rows) == journal(legs)
    assert all(row.amount > 0 for row in rows)


rates = st.sampled_from([Decimal(rate) for rate in ("5", "7", "16", "19", "20", "25.5", "27")])


@given(st.integers(-10_000_000, 10_000_000), rates)
def test_the_vat_of_a_single_net_amount_can_always_be_found_in_its_gross(net, rate):
    """Rounding forth on the net and back out of the gross meets the same cent."""
    vat = int((net * rate / 100).quantize(Decimal(1), ROUND_HALF_UP))

    assert is_whole(net, vat, rate)


@given(
    st.lists(st.integers(1, 1_000_000), min_size=1, max_size=6),
    st.sampled_from([Decimal(7), Decimal(19)]),
)
def test_a_division_gives_parts_that_sum_to_the_vat_or_nothing(nets, rate):
    """Each part is what DATEV finds in its own row."""
    vat = int((sum(nets) * rate / 100).quantize(Decimal(1), ROUND_HALF_UP))

    parts = divide(nets, vat, rate)

    if parts is not None:
        assert sum(parts) == vat
        assert [vat_in(net + part, rate) for net, part in zip(nets, parts, strict=True)] == parts


def test_round_amounts_are_divided_as_they_are():
    """600.00 and 400.00 at 19 %: rows of 714.00 and 476.00."""
    assert divide([60_000, 40_000], 19_000, Decimal(19)) == [11_400, 7_600]
    assert (vat_in(71_400, Decimal(19)), vat_in(47_600, Decimal(19))) == (11_400, 7_600)


def test_a_cent_too_much_is_taken_from_a_row_that_can_miss_it():
    """2 x 100.50 at 19 % is 19.095 each: 19.10 twice is a cent more than 38.19."""
    assert divide([10_050, 10_050], 3_819, Decimal(19)) == [1_909, 1_910]
