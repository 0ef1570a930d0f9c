"""Invoices become entries: the standard postings of both charts, account by account."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    EXEMPT,
    REDUCED,
    STANDARD,
    TENANT,
    article,
    buyer_in,
    contract,
    day,
    drafts,
    item,
    only,
    taxed,
    view,
)

from faktura.domain.articles import ProductGroup
from faktura.domain.journal import balance
from faktura.domain.posting import (
    invoice_entry,
)
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tax import DatedRate, OssRates, TaxGroup
from faktura.kernel.terms import Chart, EntryKind, Supply, TaxCase

SKR03 = TENANT
SKR04 = replace(TENANT, chart=Chart.SKR04)


def document(*items: SubscriptionItem, customer=COMPANY, tenant=TENANT):
    return only(
        drafts(view(contract("01.11.2026"), *items, customer=customer), "01.11.2026", tenant)
    )


def posted(draft, tenant=TENANT):
    return invoice_entry(tenant, draft, document_id=UUID(int=900), number="R-2026-00042")


def legs(entry):
    """(side, account or what is missing, amount) of each leg."""
    return [(leg.side.value, leg.account, leg.minor) for leg in entry.legs]


@pytest.mark.parametrize(
    ("tenant", "accounts"), [(SKR03, ("1400", "8400", "1776")), (SKR04, ("1200", "4400", "3806"))]
)
def test_an_invoice_posts_receivable_to_revenue_and_vat(tenant, accounts):
    """An invoice of 1,190.00: debtor 10001 to revenue 1,000.00 and VAT 190.00."""
    draft = document(item("01.11.2026", article("1000.00")))

    entry = posted(draft, tenant)

    receivable, revenue, vat = accounts
    assert legs(entry) == [("D", receivable, 119_000), ("C", revenue, 100_000), ("C", vat, 19_000)]
    assert entry.legs[0].debtor == "10001"
    assert (entry.key, entry.kind, entry.value_date, entry.text) == (
        "inv:R-2026-00042",
        EntryKind.INVOICE,
        day("01.11.2026"),
        "R-2026-00042 Beispielhaus AG",
    )
    assert entry.missing == ()


def test_a_rate_without_accounts_makes_a_draft():
    """16 % has no account in the chart: revenue and VAT are both named, nothing is guessed."""
    group = TaxGroup("old", TaxCase.STANDARD, (DatedRate(day("01.07.2020"), Decimal(16)),))

    entry = posted(document(item("01.11.2026", taxed(group, "100.00"))))

    assert legs(entry) == [("D", "1400", 11_600), ("C", None, 10_000), ("C", None, 1_600)]
    assert entry.missing == ("REVENUE:STANDARD:16", "VAT:STANDARD:16")


def test_the_tenants_own_account_completes_the_draft():
    """F106: the same invoice after the accounts were set."""
    group = TaxGroup("old", TaxCase.STANDARD, (DatedRate(day("01.07.2020"), Decimal(16)),))
    own = {"REVENUE:STANDARD:16": "8410", "VAT:STANDARD:16": "1775"}

    entry = posted(
        document(item("01.11.2026", taxed(group, "100.00"))), replace(TENANT, accounts=own)
    )

    assert [account for _, account, _ in legs(entry)] == ["1400", "8410", "1775"]


def test_each_rate_and_cost_centre_has_a_revenue_leg():
    """One row per revenue account, rate and KOST; VAT once per rate."""
    entry = posted(
        document(
            item("01.11.2026", article("100.00", cost_centre="10")),
            item("01.11.2026", article("50.00", cost_centre="20")),
            item("01.11.2026", article("25.00", cost_centre="10")),
            item("01.11.2026", taxed(REDUCED, "10.00")),
        )
    )

    # 175.00 at 19 % = 33.25, 10.00 at 7 % = 0.70
    assert [(leg.account, leg.cost_centre, leg.minor) for leg in entry.legs] == [
        ("1400", None, 21_895),
        ("8400", "10", 12_500),
        ("8400", "20", 5_000),
        ("8300", None, 1_000),
        ("1776", None, 3_325),
        ("1771", None, 70),
    ]
    assert balance(entry.legs) == 0


@pytest.mark.parametrize(
    ("customer", "sold", "skr03", "skr04"),
    [
        (COMPANY, taxed(EXEMPT, "10.00"), "8100", "4100"),
        (
            buyer_in("AT", is_business=True, vat_id="ATU12345675"),
            article("10.00"),
            "8336",
            "4336",
        ),
        (
            buyer_in("AT", is_business=True, vat_id="ATU12345675"),
            article("10.00", supply=Supply.GOODS),
            "8125",
            "4125",
        ),
        (buyer_in("CH"), article("10.00", supply=Supply.GOODS), "8120", "4120"),
        (buyer_in("CH", is_business=True), article("10.00"), "8338", "4338"),
        (COMPANY, taxed(TaxGroup("s", TaxCase.SMALL_BUSINESS), "10.00"), "8195", "4185"),
        (
            COMPANY,
            taxed(
                TaxGroup("pv", TaxCase.REDUCED, (DatedRate(day("01.01.2023"), Decimal(0)),)),
                "10.00",
            ),
            "8290",
            "4290",
        ),
    ],
)
def test_revenue_without_vat_has_its_account_by_case(customer, sold, skr03, skr04):
    """Each case abroad and each exemption has an account of its own."""
    draft = document(item("01.11.2026", sold), customer=customer)

    assert legs(posted(draft, SKR03))[1:] == [("C", skr03, 1_000)]
    assert legs(posted(draft, SKR04))[1:] == [("C", skr04, 1_000)]


def test_the_product_groups_own_account_wins_at_home():
    """F045: the group's revenue account before the chart's."""
    group = ProductGroup("hosting", "Hosting", STANDARD, revenue_account="8401")

    entry = posted(document(item("01.11.2026", article("100.00", group=group))))

    assert legs(entry)[1] == ("C", "8401", 10_000)


def test_the_product_groups_own_account_is_not_used_abroad():
    """8401 works out 19 % by itself: reverse charge on it would owe VAT that nobody charged."""
    group = ProductGroup("hosting", "Hosting", STANDARD, revenue_account="8401")
    austrian = buyer_in("AT", is_business=True, vat_id="ATU12345675")

    entry = posted(document(item("01.11.2026", article("100.00", group=group)), customer=austrian))

    assert legs(entry)[1] == ("C", "8336", 10_000)


def test_one_vat_row_of_two_countries_is_split_to_the_cent():
    """19 % at home and 19 % under OSS: 0.05 net bear 0.0095 = 0.01, 0.10 net bear 0.019 = 0.02.

    So the first case bears 0.01, the second 0.02 - 0.01 = 0.01.
    """
    tenant = replace(
        TENANT,
        oss_from=day("01.01.2026"),
        oss_rates={"AT": OssRates((DatedRate(day("01.01.2016"), Decimal(19)),))},
    )
    draft = document(
        item("01.11.2026", article("0.05")),
        item("01.11.2026", article("0.05", supply=Supply.DIGITAL)),
        customer=buyer_in("AT"),
        tenant=tenant,
    )

    entry = posted(draft, tenant)

    assert legs(entry) == [
        ("D", "1400", 12),
        ("C", "8400", 5),
        ("C", "8331", 5),
        ("C", "1776", 1),
        ("C", "1768", 1),
    ]
    assert [leg.tax_country for leg in entry.legs] == [None, "DE", "AT", "DE", "AT"]


def test_a_credited_case_takes_its_own_vat_back():
    """100.00 at home and -50.00 under OSS at the same rate: VAT +19.00 and -9.50."""
    tenant = replace(
        TENANT,
        oss_from=day("01.01.2026"),
        oss_rates={"AT": OssRates((DatedRate(day("01.01.2016"), Decimal(19)),))},
    )
    draft = document(
        item("01.11.2026", article("100.00")),
        item("01.11.2026", article("-50.00", supply=Supply.DIGITAL)),
        customer=buyer_in("AT"),
        tenant=tenant,
    )

    assert legs(posted(draft, tenant)) == [
        ("D", "1400", 5_950),
        ("C", "8400", 10_000),
        ("D", "8331", 5_000),
        ("C", "1776", 1_900),
        ("D", "1768", 950),
    ]


def test_a_negative_total_changes_the_sides():
    """A document of -119.00: revenue and VAT are debited, the debtor credited."""
    entry = posted(document(item("01.11.2026", article("-100.00"))))

    assert legs(entry) == [("C", "1400", 11_900), ("D", "8400", 10_000), ("D", "1776", 1_900)]


def test_a_document_over_nothing_has_no_entry():
    """P17: neither a leg of 0.00 nor an entry without legs."""
    assert posted(document(item("01.11.2026", article("0.00")))) is None


def test_two_cost_centres_that_cancel_out_are_posted_without_a_receivable():
    """+10.00 and -10.00 on two cost centres: revenue moves, nobody owes anything."""
    draft = document(
        item("01.11.2026", article("10.00", cost_centre="10")),
        item("01.11.2026", article("-10.00", cost_centre="20")),
    )

    assert legs(posted(draft)) == [("C", "8400", 1_000), ("D", "8400", 1_000)]
