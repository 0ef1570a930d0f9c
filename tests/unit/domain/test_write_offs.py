"""What of a claim is written off: net and VAT of each rate, to the cent (§ 17 UStG)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.services.company import TENANT

from faktura.domain.deposit_facts import DepositShare, Taxed
from faktura.domain.write_offs import WriteOff, write_off_entry, written_off
from faktura.kernel.terms import AccountFact, Chart, EntryKind, Side, TaxCase, TaxCategory

FULL = Taxed(TaxCase.STANDARD, TaxCategory.S, Decimal(19), "DE")
LOW = Taxed(TaxCase.REDUCED, TaxCategory.S, Decimal(7), "DE")
FREE = Taxed(TaxCase.EXEMPT, TaxCategory.E, Decimal(0), "DE")
# 119.00 + 107.00 + 50.00 = 276.00
CLAIM = (
    DepositShare(FULL, 10_000, 1_900),
    DepositShare(LOW, 10_000, 700),
    DepositShare(FREE, 5_000, 0),
)


def plain(shares):
    """Net and VAT by rate."""
    return [(int(share.taxed.rate), share.net, share.tax) for share in shares]


def entry(minor, shares, tenant=TENANT):
    """The legs of a write-off."""
    given = WriteOff(
        "wo:1:1", UUID(int=1), "RE-1", UUID(int=2), "10001", "EUR", minor, date(2026, 11, 1), shares
    )
    made = write_off_entry(tenant, given)
    return [(leg.side.value, leg.account, leg.minor, leg.tax_case) for leg in made.legs]


def test_a_whole_claim_gives_its_table():
    """Nothing is rounded."""
    assert plain(written_off(CLAIM, 0, 27_600)) == [
        (19, 10_000, 1_900),
        (7, 10_000, 700),
        (0, 5_000, 0),
    ]


def test_a_part_is_spread_and_its_vat_computed_out_of_gross():
    """10.00 of 276.00: 4.31 at 19 % (0.69 VAT), 3.88 at 7 % (0.25 VAT), 1.81 without.

    119 x 10 / 276 = 4.3116; up to 226 x 10 / 276 = 8.1884 -> 8.19, so 3.88; 4.31 x 19 / 119 = 0.688;
    3.88 x 7 / 107 = 0.2538.
    """
    assert plain(written_off(CLAIM, 0, 1_000)) == [(19, 362, 69), (7, 363, 25), (0, 181, 0)]


def test_more_than_the_claim_has_no_vat():
    """119.00 are open of a claim of which 59.50 were corrected: only 9.50 of VAT are left."""
    left = (DepositShare(FULL, 5_000, 950),)

    shares = written_off(left, 0, 11_900)

    assert plain(shares) == [(19, 5_000, 950)]
    assert entry(11_900, shares) == [
        ("D", "2406", 5_000, TaxCase.STANDARD), ("D", "1776", 950, TaxCase.STANDARD),
        ("D", "2400", 5_950, None), ("C", "1400", 11_900, None),
    ]  # fmt: skip
    assert written_off((), 0, 100) == ()
    assert written_off((DepositShare(FULL, -100, -19), DepositShare(FREE, 100, 0)), 0, 5) == ()


def test_a_share_in_the_customers_favour_stands_on_the_other_side():
    """119.00 at 19 % less 10.70 at 7 %; a share whose net and VAT cancel out brings none."""
    claim = (
        DepositShare(FULL, 10_000, 1_900),
        DepositShare(LOW, -1_000, -70),
        DepositShare(FREE, 5, -5),
    )

    shares = written_off(claim, 0, 10_830)

    assert entry(10_830, shares) == [
        ("D", "2406", 10_000, TaxCase.STANDARD), ("D", "1776", 1_900, TaxCase.STANDARD),
        (Side.CREDIT.value, "2401", 1_000, TaxCase.REDUCED), ("C", "1771", 70, TaxCase.REDUCED),
        ("C", "1400", 10_830, None),
    ]  # fmt: skip


_MINOR = st.integers(1, 100_000)


@given(st.lists(st.tuples(_MINOR, st.integers(0, 30_000)), min_size=1, max_size=4), st.data())
def test_parts_sum_to_the_claims_vat(amounts, data):
    """Whatever the parts: net and VAT of every rate sum to the claim's, to the cent."""
    claim = tuple(
        DepositShare(Taxed(TaxCase.STANDARD, TaxCategory.S, Decimal(rate), "DE"), net, tax)
        for rate, (net, tax) in enumerate(amounts, 1)
    )
    whole, before = sum(share.gross for share in claim), 0
    sums: dict[Taxed, tuple[int, int]] = {}
    while before < whole:
        part = data.draw(st.integers(max(1, (whole - before) // 4), whole - before))
        shares = written_off(claim, before, part)
        assert sum(share.gross for share in shares) == part
        for share in shares:
            net, tax = sums.get(share.taxed, (0, 0))
            sums[share.taxed] = net + share.net, tax + share.tax
        before += part
    assert sums == {share.taxed: (share.net, share.tax) for share in claim}


@pytest.mark.parametrize(
    ("chart", "full", "low", "free", "vat", "owed"),
    [
        (Chart.SKR03, "8736", "8731", "8730", ("1776", "1771"), "1400"),
        (Chart.SKR04, "4736", "4731", "4730", ("3806", "3801"), "1200"),
    ],
)
def test_cash_discount_is_posted_by_rate_with_its_vat(chart, full, low, free, vat, owed):
    """10.00 of 276.00 as above: 3.62 + 0.69 at 19 %, 3.63 + 0.25 at 7 %, 1.81 without VAT."""
    shares = written_off(CLAIM, 0, 1_000)
    given = WriteOff(
        "dis:1:1", UUID(int=1), "RE-1", UUID(int=2), "10001", "EUR", 1_000, date(2026, 11, 1),
        shares, AccountFact.CASH_DISCOUNT,
    )  # fmt: skip

    made = write_off_entry(replace(TENANT, chart=chart), given)

    assert (made.kind, made.text) == (EntryKind.CASH_DISCOUNT, "Skonto RE-1")
    assert [(leg.side.value, leg.account, leg.minor) for leg in made.legs] == [
        ("D", full, 362), ("D", vat[0], 69),
        ("D", low, 363), ("D", vat[1], 25),
        ("D", free, 181), ("C", owed, 1_000),
    ]  # fmt: skip


def test_cash_discount_beyond_the_claim_has_no_vat():
    """As of a write-off: what the claim lacks was never taxed in these books."""
    given = WriteOff(
        "dis:1:1", UUID(int=1), "RE-1", UUID(int=2), "10001", "EUR", 100, date(2026, 11, 1), (),
        AccountFact.CASH_DISCOUNT,
    )  # fmt: skip

    assert [leg.account for leg in write_off_entry(TENANT, given).legs] == ["8730", "1400"]
