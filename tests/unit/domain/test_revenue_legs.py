"""Where a line's revenue is booked: account by group, tax and country; cost centres and objects."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    REDUCED,
    STANDARD,
    TENANT,
    article,
    buyer_in,
    contract,
    day,
    drafts,
    item,
    one_off,
    only,
    taxed,
    view,
)

from faktura.domain.account_keys import leg_account, leg_keys
from faktura.domain.articles import ProductGroup
from faktura.domain.costs import CostShare
from faktura.domain.posting import document_entry
from faktura.domain.splits import split_item
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tax import DatedRate, OssRates
from faktura.kernel.terms import Slot, Supply

SIXTY_FORTY = (CostShare("100", None, Decimal(60)), CostShare("200", "P 7", Decimal(40)))
OSS = replace(
    TENANT,
    oss_from=day("01.01.2026"),
    oss_rates={"AT": OssRates((DatedRate(day("01.01.2016"), Decimal(20)),), REDUCED.rates)},
)


def entry_of(*items: SubscriptionItem, activities=(), frame=None, customer=None, tenant=TENANT):
    """The entry of the one invoice of a contract that was just made."""
    billable = view(frame or contract("01.11.2026"), *items, activities=activities)
    if customer is not None:
        billable = replace(billable, customer=customer)
    draft = only(drafts(billable, "01.11.2026", tenant))
    return document_entry(tenant, draft, document_id=UUID(int=900), number="R-1")


def revenue(entry):
    """(account, cost centre, cost object, amount) of each revenue leg."""
    return [
        (leg.account, leg.cost_centre, leg.cost_object, leg.minor)
        for leg in entry.legs
        if leg.slot is Slot.REVENUE
    ]


def digital():
    """An article that is taxed where its consumer lives."""
    return taxed(STANDARD, "100.00", supply=Supply.DIGITAL)


def test_a_split_posts_a_leg_for_each_share():
    """60/40 of 1,000.00; receivable and VAT stand undivided."""
    entry = entry_of(item("01.11.2026", article("1000.00"), costs=SIXTY_FORTY))

    assert [
        (leg.account, leg.cost_centre, leg.cost_object, leg.side.value, leg.minor)
        for leg in entry.legs
    ] == [
        ("1400", None, None, "D", 119_000),
        ("8400", "100", None, "C", 60_000),
        ("8400", "200", "P 7", "C", 40_000),
        ("1776", None, None, "C", 19_000),
    ]


def test_lines_are_split_each_and_gathered_by_share():
    """8.26 is 4.96 and 3.30, 0.33 is 0.20 and 0.13; another article's centre 100 joins the first."""
    entry = entry_of(
        item("01.11.2026", article("8.26"), costs=SIXTY_FORTY),
        item("01.11.2026", article("0.33"), costs=SIXTY_FORTY),
        item("01.11.2026", article("10.00", cost_centre="100")),
    )

    assert revenue(entry) == [("8400", "100", None, 1_516), ("8400", "200", "P 7", 343)]


def test_shares_that_cancel_out_have_no_leg():
    """What one line adds at a share another one takes."""
    entry = entry_of(
        item("01.11.2026", article("10.00"), costs=SIXTY_FORTY),
        item("01.11.2026", article("-4.00"), costs=(CostShare("200", "P 7"),)),
    )

    assert revenue(entry) == [("8400", "100", None, 600)]


@pytest.mark.parametrize(
    ("own", "contracts", "articles", "centre", "expected"),
    [
        ("own", "contract", "article", "single", "own"),
        (None, "contract", "article", "single", "contract"),
        (None, None, "article", "single", "article"),
        (None, None, None, "single", "single"),
        (None, None, None, None, None),
    ],
)
def test_the_nearest_costs_win(own, contracts, articles, centre, expected):
    """The booking's own, else the contract's, the article's, the article's one cost centre."""

    def costs(name):
        return () if name is None else (CostShare(name),)

    sold = article("100.00", cost_centre=centre, costs=costs(articles))
    frame = contract("01.11.2026", costs=costs(contracts))
    work = one_off("02.11.2026", sold, costs=costs(own))

    entry = entry_of(
        item("01.11.2026", sold, costs=costs(own)),
        activities=(replace(work, invoice_on=day("01.11.2026")),),
        frame=frame,
    )

    assert revenue(entry) == [("8400", expected, None, 20_000)]


def test_both_parts_of_a_split_item_keep_its_costs():
    """F039: a split changes nothing of what is booked."""
    whole = item("01.11.2026", quantity=Decimal(5), costs=SIXTY_FORTY)

    split = split_item(whole, Decimal(2), contract("01.11.2026"), None, lambda: UUID(int=601))

    assert [part.costs for part in split.parts] == [SIXTY_FORTY, SIXTY_FORTY]


@pytest.mark.parametrize(
    ("own", "account"),
    [
        ({}, "8331"),
        ({"REVENUE:OSS": "8320"}, "8320"),
        ({"REVENUE:OSS": "8320", "REVENUE:OSS:20": "8321"}, "8321"),
        ({"REVENUE:OSS:20": "8321", "REVENUE:OSS:20:AT": "8322"}, "8322"),
        ({"REVENUE:OSS:20:FR": "8323"}, "8331"),
        # Of the product group, most specific first; a wider one of the group wins over a country.
        ({"REVENUE@standard:OSS": "8330", "REVENUE:OSS:20:AT": "8322"}, "8330"),
        ({"REVENUE@standard:OSS": "8330", "REVENUE@standard:OSS:20": "8332"}, "8332"),
        ({"REVENUE@standard:OSS:20": "8332", "REVENUE@standard:OSS:20:AT": "8333"}, "8333"),
        ({"REVENUE@books:OSS": "8334"}, "8331"),
    ],
)
def test_an_account_by_group_tax_and_country(own, account):
    """The most specific key that is set wins."""
    tenant = replace(OSS, accounts=own)

    entry = entry_of(item("01.11.2026", digital()), customer=buyer_in("AT"), tenant=tenant)

    assert revenue(entry) == [(account, None, None, 10_000)]


def test_a_group_key_wins_over_the_groups_account_for_the_tax_that_it_names():
    """`revenueAccount` of the group counts where nothing more specific is set; a booking's wins."""
    group = ProductGroup("services", "Dienste", STANDARD, "8405")
    sold = article("100.00", group=group)
    tenant = replace(TENANT, accounts={"REVENUE@services:STANDARD:19": "8406"})

    assert revenue(entry_of(item("01.11.2026", sold)))[0][0] == "8405"
    assert revenue(entry_of(item("01.11.2026", sold), tenant=tenant))[0][0] == "8406"
    own = item("01.11.2026", sold, ledger_account="8407")
    assert revenue(entry_of(own, tenant=tenant))[0][0] == "8407"


def test_vat_abroad_has_an_account_by_country():
    """`VAT:OSS:20:AT`, where the advance return asks for it."""
    tenant = replace(OSS, accounts={"VAT:OSS:20:AT": "1769"})

    entry = entry_of(item("01.11.2026", digital()), customer=buyer_in("AT"), tenant=tenant)

    assert [leg.account for leg in entry.legs if leg.slot is Slot.VAT] == ["1769"]


def test_a_missing_account_keeps_group_and_country_until_it_is_set():
    """F106: each of these keys fills it, and the missing slot is named as before."""
    group = replace(STANDARD, rates=(DatedRate(day("01.07.2020"), Decimal(16)),))
    old = [article("100.00", group=ProductGroup(key, key, group)) for key in ("a", "b")]

    entry = entry_of(*(item("01.11.2026", sold, costs=SIXTY_FORTY) for sold in old))

    missing = [leg for leg in entry.legs if leg.slot is Slot.REVENUE]
    assert entry.missing == ("REVENUE:STANDARD:16",) * 4 + ("VAT:STANDARD:16",)
    assert [(leg.group, leg.cost_centre, leg.minor) for leg in missing] == [
        ("a", "100", 6_000),
        ("a", "200", 4_000),
        ("b", "100", 6_000),
        ("b", "200", 4_000),
    ]
    assert leg_keys(missing[0]) == (
        "REVENUE@a:STANDARD:16:DE",
        "REVENUE@a:STANDARD:16",
        "REVENUE@a:STANDARD",
        "REVENUE:STANDARD:16:DE",
        "REVENUE:STANDARD:16",
        "REVENUE:STANDARD",
        "REVENUE",
    )
    set_by_now = {"REVENUE@a:STANDARD": "8416", "REVENUE:STANDARD:16": "8410"}
    assert [leg_account(TENANT.chart, set_by_now, leg) for leg in missing] == [
        "8416",
        "8416",
        "8410",
        "8410",
    ]
