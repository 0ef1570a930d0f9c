"""Laws of discounts: no cent is won or lost by cutting or allocating, and no line falls below zero."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.builders import article, contract, day, drafts, eur, item, view

from faktura.domain.derivation import derivation_of, recomputed_net
from faktura.domain.discount_facts import applied_discounts
from faktura.domain.discounts import ContractDiscount, Discount
from faktura.domain.line_amounts import PricedPart, discount_amounts, list_amount
from faktura.domain.proration import Share
from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.money import Money

PERCENTS = st.decimals(0, 100, places=2).map(lambda value: Discount(percent=value))
AMOUNTS = st.decimals(0, 2_000, places=2).map(lambda value: Discount(amount=value))
PRICES = st.decimals(Decimal("0.0001"), 1_000, places=4)


@given(
    price=PRICES,
    quantity=st.integers(-20, 20).filter(bool).map(Decimal),
    own=st.one_of(PERCENTS, AMOUNTS),
    per_cents=st.lists(PERCENTS, max_size=3),
    cuts=st.sets(st.integers(1, 30), max_size=6),
)
def test_the_discounts_of_the_parts_sum_to_those_of_the_whole(
    price, quantity, own, per_cents, cuts
):
    """P16 with several discounts: each sums to its whole, and no part changes its sign."""
    given = (own, *per_cents)
    sums = [0] * len(given)
    sign = 1 if quantity > 0 else -1
    for start, end in pairwise([0, *sorted(cuts), 31]):
        part = Share(start, end, 31)
        amounts = discount_amounts(given, PricedPart(price, quantity, "EUR", part))
        net = list_amount(price, quantity, "EUR", part).minor - sum(one.minor for one in amounts)
        assert sign * net >= 0
        assert all(sign * one.minor >= 0 for one in amounts)
        sums = [done + one.minor for done, one in zip(sums, amounts, strict=True)]

    whole = discount_amounts(given, PricedPart(price, quantity, "EUR", Share(0, 1, 1)))
    assert sums == [one.minor for one in whole]


@given(
    prices=st.lists(st.decimals(0, 500, places=2), min_size=1, max_size=5),
    start=st.dates(day("01.01.2025"), day("31.12.2026")),
    first=st.integers(1, 28),
    discounts=st.lists(
        st.tuples(st.one_of(PERCENTS, AMOUNTS), st.sampled_from(["A-1", "A-2", None])), max_size=4
    ),
)
def test_what_is_allocated_sums_to_the_amount_and_is_recomputed(prices, start, first, discounts):
    """P15, O10: a fixed amount is given whole or to the last cent that the lines cost."""
    start = start.replace(day=first)
    frame = contract(f"{start:%d.%m.%Y}", billing_anchor=start.replace(day=1))
    sold = [
        item(
            f"{start:%d.%m.%Y}",
            article(str(price), number=f"A-{no % 2 + 1}"),
            anchor=start.replace(day=1),
            id=UUID(int=600 + no),
        )
        for no, price in enumerate(prices)
    ]
    given = tuple(
        ContractDiscount(
            UUID(int=no),
            DiscountScope.CONTRACT if target is None else DiscountScope.ARTICLE,
            target,
            discount,
        )
        for no, (discount, target) in enumerate(discounts, 1)
    )
    seen = replace(view(frame, *sold), discounts=given)

    invoice = drafts(seen, f"{start:%d.%m.%Y}")[0]

    for charge in invoice.charges:
        facts = derivation_of(charge, frame)
        assert recomputed_net(facts) == charge.net == charge.list_net - charge.discount_amount
        assert [one.amount for one in applied_discounts(facts)] == [
            one.amount for one in charge.discounts
        ]
        assert charge.net >= eur("0.00")
    for one in given:
        if one.discount.amount is None:
            continue
        hit = [charge for charge in invoice.charges if one.target in (None, charge.article.number)]
        took = sum(
            applied.amount.minor
            for charge in hit
            for applied in charge.discounts
            if applied.discount_id == one.id
        )
        rest = sum(charge.net.minor for charge in hit)
        assert took == Money.from_decimal(one.discount.amount, "EUR").minor or rest == 0
