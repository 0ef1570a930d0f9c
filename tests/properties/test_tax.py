"""Laws of tax: every supply has a case that is set up or a named refusal; VAT is of the sums."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import (
    EXEMPT,
    REDUCED,
    STANDARD,
    TENANT,
    contract,
    day,
    drafts,
    item,
    only,
    taxed,
    view,
)

from faktura.domain.tax import Buyer, DatedRate, OssRates, TaxDecision, TaxGroup, decide
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldMissing, TaxCaseMissing
from faktura.kernel.terms import Supply, TaxCase, TaxCategory

SMALL = TaxGroup("small", TaxCase.SMALL_BUSINESS)
GROUPS = (STANDARD, REDUCED, EXEMPT, SMALL)
OSS = replace(
    TENANT,
    oss_from=day("01.07.2026"),
    oss_rates={"AT": OssRates((DatedRate(day("01.01.2016"), Decimal(20)),))},
)
TENANTS = (
    TENANT,
    OSS,
    replace(OSS, small_business=True),
    replace(OSS, tax_cases=frozenset({TaxCase.STANDARD})),
)
BUYERS = [
    Buyer(country, is_business, vat_id)
    for country in ("DE", "AT", "IT", "CH", "US")
    for is_business in (True, False)
    for vat_id in ("", "ATU12345675")
]
LAST_DAYS = (day("30.06.2026"), day("01.07.2026"))
RATED = {TaxCase.STANDARD, TaxCase.REDUCED, TaxCase.OSS}


def decided() -> list[tuple[Tenant, Buyer, TaxGroup, Supply, TaxDecision | None]]:
    """Every combination of tenant, buyer, group, supply and day; None where it is refused."""
    rows = []
    for tenant, buyer, group, supply, last in product(TENANTS, BUYERS, GROUPS, Supply, LAST_DAYS):
        decision: TaxDecision | None
        try:
            decision = decide(tenant, buyer, group, supply, last)
        except (TaxCaseMissing, FieldMissing):
            decision = None
        rows.append((tenant, buyer, group, supply, decision))
    return rows


def test_every_supply_bears_a_case_that_is_set_up_or_is_refused_by_name():
    """domain.md: nothing is billed at a rate by default."""
    for tenant, _, _, _, decision in decided():
        if decision is not None:
            assert decision.case in tenant.tax_cases
            assert (decision.rate > 0) is (decision.case in RATED)
            assert (decision.category is TaxCategory.S) is (decision.case in RATED)


def test_whoever_pays_no_vat_is_told_why():
    """§ 14 Abs. 4 Nr. 8, § 14a UStG: the document carries the reason."""
    for *_, decision in decided():
        if decision is not None and decision.case not in RATED:
            assert decision.reason


def test_a_business_abroad_is_never_charged_vat():
    """§ 3a Abs. 2 UStG: taxed where the recipient is, or refused for lack of a VAT id."""
    for _, buyer, _, _, decision in decided():
        if buyer.is_business and buyer.country != "DE" and decision is not None:
            assert decision.rate == 0


def test_a_customer_at_home_bears_what_the_group_says():
    """F045: at home only the small business overrides the tax group."""
    for tenant, buyer, group, _, decision in decided():
        if buyer.country == "DE" and decision is not None:
            expected = TaxCase.SMALL_BUSINESS if tenant.small_business else group.case
            assert decision.case is expected


LINES = st.lists(
    st.tuples(
        st.decimals(Decimal(-5000), Decimal(90000), places=2),
        st.sampled_from([STANDARD, REDUCED, EXEMPT]),
    ),
    min_size=1,
    max_size=8,
)


@given(LINES)
def test_vat_is_within_half_a_cent_of_each_rates_sum(lines):
    """P12: one rounding per rate, whatever the number of lines; gross = net + VAT."""
    items = [
        item("01.11.2026", taxed(group, str(price)), id=UUID(int=600 + n))
        for n, (price, group) in enumerate(lines)
    ]

    document = only(drafts(view(contract("01.11.2026"), *items), "01.11.2026"))

    assert document.gross == document.net + document.tax
    assert document.net.minor == sum(int(price * 100) for price, _ in lines)
    for row in document.vat:
        assert abs(100 * row.tax.minor - row.taxable.minor * int(row.rate)) <= 50


@given(st.dates(day("01.01.2019"), day("31.12.2022")))
def test_the_rate_is_that_of_the_last_day(start):
    """P13: from 01.07. to 31.12.2020 16 per cent, whenever the period began."""
    text = f"{start:%d.%m.%Y}"

    (charge,) = only(drafts(view(contract(text), item(text)), text)).charges

    last = charge.service.end - timedelta(1)
    in_between = day("01.07.2020") <= last <= day("31.12.2020")
    assert charge.tax.rate == (16 if in_between else 19)
