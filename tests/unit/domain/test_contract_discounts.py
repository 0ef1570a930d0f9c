"""Discounts of contracts worked out by hand: per cent and fixed, stacked, allocated, once (F076, F077)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    REDUCED,
    TENANT,
    article,
    contract,
    day,
    drafts,
    eur,
    item,
    lines,
    one_off,
    only,
    taxed,
    totals,
    view,
)

from faktura.domain.articles import Price
from faktura.domain.billing_plan import plan_contract
from faktura.domain.charges import Charge, CorrectedLine
from faktura.domain.contract_discounts import discounted, uses_of
from faktura.domain.discounts import ContractDiscount, Discount, DiscountUse
from faktura.domain.invoices import draft_summary
from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.terms import ArticleUnit

FIRST = UUID(int=800)


def per_cent(value: str, reason: str = "Rabatt", **changes: Any) -> ContractDiscount:
    """A per cent on the whole contract, unless said otherwise."""
    return _discount(Discount(percent=Decimal(value), reason=reason), changes)


def fixed(value: str, reason: str = "Rabatt", **changes: Any) -> ContractDiscount:
    """A fixed amount on the whole contract, unless said otherwise."""
    return _discount(Discount(amount=Decimal(value), reason=reason), changes)


def _discount(given: Discount, changes: dict[str, Any]) -> ContractDiscount:
    new = ContractDiscount(FIRST, DiscountScope.CONTRACT, None, given)
    return replace(new, **changes)


def on_article(number: str) -> dict[str, Any]:
    """Scope and target of an article."""
    return {"scope": DiscountScope.ARTICLE, "target": number}


def on_group(key: str) -> dict[str, Any]:
    """Scope and target of a product group."""
    return {"scope": DiscountScope.PRODUCT_GROUP, "target": key}


def items(*prices: str, start: str = "01.11.2026"):
    """Items of the same article number, one for each price."""
    return [item(start, article(price), id=UUID(int=600 + no)) for no, price in enumerate(prices)]


def discounts_of(charge: Charge) -> list[tuple[str, str]]:
    """Text and amount of each discount on a line."""
    return [(one.discount.reason, str(one.amount.decimal)) for one in charge.discounts]


def under(*discounts: ContractDiscount, start: str = "01.11.2026", **parts: Any):
    """A monthly contract of 30.00 with these discounts; `parts` are those of its view."""
    sold = parts.pop("items", None) or [item(start)]
    uses = parts.pop("uses", ())
    seen = view(contract(start), *sold, **parts)
    return replace(seen, discounts=discounts, discount_uses=uses)


def test_a_per_cent_of_the_contract_is_on_each_line():
    """10 % of 30.00, 49.99, 0.07 = 3.00, 5.00 (4.999), 0.01 (0.007); net 72.05; VAT 13.6895 = 13.69."""
    seen = under(per_cent("10", "Treue"), items=items("30.00", "49.99", "0.07"))

    invoice = only(drafts(seen, "01.11.2026"))

    assert [discounts_of(charge) for charge in invoice.charges] == [
        [("Treue", "3.00")],
        [("Treue", "5.00")],
        [("Treue", "0.01")],
    ]
    assert totals(invoice) == ("72.05", "13.69", "85.74")


def test_a_fixed_amount_is_allocated_so_that_lines_sum_to_it():
    """P15: 10.00 over 10.01, 20.02, 0.07 of 30.10: 3.33 (3.3256), 9.98 - 3.33 = 6.65, 0.02."""
    seen = under(fixed("10.00"), items=items("10.01", "20.02", "0.07"))

    invoice = only(drafts(seen, "01.11.2026"))

    assert [charge.discount_amount for charge in invoice.charges] == [
        eur("3.33"),
        eur("6.65"),
        eur("0.02"),
    ]
    # 6.68 + 13.37 + 0.05; 19 % of 20.10 = 3.819
    assert totals(invoice) == ("20.10", "3.82", "23.92")


def test_discounts_of_an_article_come_before_those_of_its_group():
    """F076: 100.00 less 5 % = 95.00, less 15 % of that (14.25) = 80.75; the magazine bears none.

    VAT: 19 % of 80.75 = 15.3425 = 15.34; 7 % of 20.00 = 1.40.
    """
    sold = [
        item("01.11.2026", article("100.00")),
        item("01.11.2026", taxed(REDUCED, "20.00", number="A-2"), id=UUID(int=601)),
    ]
    seen = under(
        per_cent("15", "Aktion", **on_group("services")),
        per_cent("5", "Artikel", **on_article("A-1"), id=UUID(int=801)),
        items=sold,
    )

    invoice = only(drafts(seen, "01.11.2026"))

    assert [discounts_of(charge) for charge in invoice.charges] == [
        [("Artikel", "5.00"), ("Aktion", "14.25")],
        [],
    ]
    assert totals(invoice) == ("100.75", "16.74", "117.49")


def test_a_line_bears_its_own_discount_first_and_fixed_amounts_last():
    """30.00 less its own 10 % = 27.00, less 5 % (1.35) = 25.65, less 5.00 of the article = 20.65."""
    sold = item("01.11.2026", discount=Discount(percent=Decimal(10), reason="Eigen"))
    seen = under(
        fixed("5.00", "Fix", **on_article("A-1")),
        per_cent("5", "Prozent", id=UUID(int=801)),
        items=[sold],
    )

    invoice = only(drafts(seen, "01.11.2026"))

    assert discounts_of(invoice.charges[0]) == [
        ("Eigen", "3.00"),
        ("Prozent", "1.35"),
        ("Fix", "5.00"),
    ]
    assert totals(invoice) == ("20.65", "3.92", "24.57")  # 3.9235


def test_a_discount_for_the_next_invoice_is_on_the_first_of_a_catch_up_only():
    """F077: 50 % of September 15.00 + 2.85; October whole: 30.00 + 5.70; the text is on the line."""
    seen = under(per_cent("50", "Willkommen", next_invoice=True), start="01.09.2026")

    september, october = drafts(seen, "01.10.2026")

    assert discounts_of(september.charges[0]) == [("Willkommen", "15.00")]
    assert totals(september) == ("15.00", "2.85", "17.85")
    assert (discounts_of(october.charges[0]), totals(october)) == ([], ("30.00", "5.70", "35.70"))


def test_a_discount_for_the_next_invoice_stays_with_its_interval():
    """F077: used in September, it is not on October; billed again, September bears it again."""
    used = DiscountUse(FIRST, day("01.09.2026"), 500, UUID(int=900))
    seen = under(per_cent("50", next_invoice=True), start="01.09.2026", uses=(used,))

    september, october = drafts(seen, "01.10.2026")

    assert (totals(september)[0], totals(october)[0]) == ("15.00", "30.00")


def test_a_discount_that_takes_nothing_is_not_used_up():
    """F077: a free September (100 % of its own) leaves the next-invoice discount to October."""
    free = Price(Decimal(0), "EUR", valid_until=day("01.10.2026"))
    seen = under(
        per_cent("50", next_invoice=True),
        start="01.09.2026",
        items=[item("01.09.2026", special_prices=(free,))],
    )

    september, october = drafts(seen, "01.10.2026")

    assert (totals(september)[0], totals(october)[0]) == ("0.00", "15.00")


def test_a_part_of_a_period_bears_its_own_fixed_discount_and_a_per_cent():
    """17 of 31 days of 30.00 = 16.45, 5.00 a month = 2.74, 10 % of 25.00 less 10 % of 11.29 = 1.37.

    16.45 - 2.74 - 1.37 = 12.34; VAT 2.3446 = 2.34.
    """
    frame = contract("15.05.2026", billing_anchor=day("01.06.2026"))
    sold = item("15.05.2026", anchor=day("01.06.2026"), discount=Discount(amount=Decimal("5.00")))
    seen = replace(view(frame, sold), discounts=(per_cent("10", "Treue"),))

    invoice = only(drafts(seen, "15.05.2026"))

    assert discounts_of(invoice.charges[0]) == [("Rabatt", "2.74"), ("Treue", "1.37")]
    assert totals(invoice) == ("12.34", "2.34", "14.68")


def test_a_fixed_amount_lowers_each_vat_rate_by_its_lines():
    """P15: 10.00 over 100.00 (19 %) and 50.00 (7 %): 6.67 and 3.33.

    93.33 x 19 % = 17.7327 = 17.73; 46.67 x 7 % = 3.2669 = 3.27; 140.00 + 21.00 = 161.00.
    """
    sold = [
        item("01.11.2026", article("100.00")),
        item("01.11.2026", taxed(REDUCED, "50.00"), id=UUID(int=601)),
    ]

    invoice = only(drafts(under(fixed("10.00"), items=sold), "01.11.2026"))

    assert [(row.rate, str(row.taxable), str(row.tax)) for row in invoice.vat] == [
        (Decimal(19), "93.33 EUR", "17.73 EUR"),
        (Decimal(7), "46.67 EUR", "3.27 EUR"),
    ]
    assert totals(invoice) == ("140.00", "21.00", "161.00")


def test_a_fixed_amount_is_spread_over_recurring_lines_and_one_offs_alike():
    """53.00 over 30.00 and 500.00: 3.00 and 50.00; net 477.00, VAT 90.63."""
    work = one_off("10.11.2026", article("500.00", unit=ArticleUnit.LUMP_SUM))

    invoice = only(drafts(under(fixed("53.00"), activities=(work,)), "01.11.2026"))

    assert [charge.discount_amount for charge in invoice.charges] == [eur("3.00"), eur("50.00")]
    assert totals(invoice) == ("477.00", "90.63", "567.63")


def test_a_credit_bears_no_discount_of_the_contract():
    """30.00 less 10 % = 27.00, less a fixed 20.00 = 7.00; the credit of 10.00 stays whole."""
    credit = one_off("10.11.2026", quantity=Decimal(-1), unit_price=Decimal("10.00"))
    seen = under(per_cent("10"), fixed("20.00", id=UUID(int=801)), activities=(credit,))

    invoice = only(drafts(seen, "01.11.2026"))

    assert [str(charge.net.decimal) for charge in invoice.charges] == ["7.00", "-10.00"]


def test_a_line_that_takes_another_back_bears_no_discount():
    """P15: what is taken back keeps the discount that was frozen with it."""
    (planned,) = plan_contract(TENANT, under(), day("01.11.2026")).invoices
    corrected = CorrectedLine(UUID(int=1), "RE-1", 1)
    charges = [replace(charge, corrects=corrected) for charge in planned.charges]

    (line,) = discounted(charges, [per_cent("10"), fixed("5.00")], (), day("01.11.2026"))

    assert (line.net, line.discounts) == (eur("30.00"), ())


@pytest.mark.parametrize("amount", ["30.00", "30.01", "500.00"])
def test_a_fixed_amount_is_cut_to_what_the_lines_cost(amount):
    """A line never goes below zero by discounts: 30.00 less 30.00."""
    invoice = only(drafts(under(fixed(amount)), "01.11.2026"))

    assert discounts_of(invoice.charges[0]) == [("Rabatt", "30.00")]
    assert totals(invoice) == ("0.00", "0.00", "0.00")


def test_after_a_discount_of_all_there_is_nothing_to_take_off():
    """100 % leaves nothing for a fixed amount: it is not on the line."""
    seen = under(per_cent("100", "Frei"), fixed("5.00", id=UUID(int=801)))

    invoice = only(drafts(seen, "01.11.2026"))

    assert discounts_of(invoice.charges[0]) == [("Frei", "30.00")]


def test_a_discount_counts_for_periods_that_start_while_it_is_valid():
    """F077: from 01.10. until 01.11. (exclusive): 30.00, 27.00, 30.00."""
    valid = per_cent("10", valid_from=day("01.10.2026"), valid_until=day("01.11.2026"))

    found = drafts(under(valid, start="01.09.2026"), "01.11.2026")

    assert [totals(invoice)[0] for invoice in found] == ["30.00", "27.00", "30.00"]


def test_validity_is_decided_on_the_first_day_of_the_period():
    """As with prices: valid from 16.11. it is not on November, ending on 02.11. it is."""
    late = only(drafts(under(per_cent("10", valid_from=day("02.11.2026"))), "01.11.2026"))
    early = only(drafts(under(per_cent("10", valid_until=day("02.11.2026"))), "01.11.2026"))

    assert (totals(late)[0], totals(early)[0]) == ("30.00", "27.00")


def test_what_stands_of_a_fixed_amount_is_not_given_again():
    """10.00 an interval, 4.00 stand on November: 6.00 are left; those of October do not count."""
    stand = (
        DiscountUse(FIRST, day("01.11.2026"), 400, UUID(int=901)),
        DiscountUse(FIRST, day("01.10.2026"), 1000, UUID(int=902)),
        DiscountUse(UUID(int=801), day("01.11.2026"), 300, UUID(int=901)),
    )

    invoice = only(drafts(under(fixed("10.00"), uses=stand), "01.11.2026"))

    assert discounts_of(invoice.charges[0]) == [("Rabatt", "6.00")]


def test_each_invoice_of_a_catch_up_bears_the_fixed_amount_once():
    """5.00 for each of three months: 25.00 three times."""
    found = drafts(under(fixed("5.00"), start="01.09.2026"), "01.11.2026")

    assert [totals(invoice)[0] for invoice in found] == ["25.00", "25.00", "25.00"]


def test_a_special_price_is_discounted_as_the_price_it_is():
    """F048: 25.00 until 01.01., then 30.00, each less 10 %: 22.50 and 27.00."""
    special = Price(Decimal("25.00"), "EUR", valid_until=day("01.01.2027"))
    seen = under(
        per_cent("10"),
        start="01.12.2026",
        items=[item("01.12.2026", special_prices=(special,))],
    )

    december, january = drafts(seen, "01.01.2027")

    assert (totals(december)[0], totals(january)[0]) == ("22.50", "27.00")


def test_a_preview_shows_what_is_taken_off():
    """F060: 30.00 less 10 % (3.00) less 5.00 = 22.00."""
    seen = under(per_cent("10"), fixed("5.00", id=UUID(int=801)))

    summary = draft_summary(only(drafts(seen, "01.11.2026")))

    (line,) = cast("list[dict[str, str]]", summary["lines"])
    assert (line["price"], line["discount"], line["net"]) == ("30.00", "8.00", "22.00")
    assert (summary["net"], summary["vat"], summary["gross"]) == ("22.00", "4.18", "26.18")


def test_what_a_discount_took_is_told_for_the_activity():
    """The line's own discount is no use of a contract's; 27.00 less 5 % = 1.35."""
    sold = item("01.11.2026", discount=Discount(percent=Decimal(10)))
    (charge,) = only(drafts(under(per_cent("5"), items=[sold]), "01.11.2026")).charges

    uses = uses_of(UUID(int=7), charge)

    assert uses == [(UUID(int=7), DiscountUse(FIRST, day("01.11.2026"), 135))]


def test_an_items_fixed_discount_is_cut_to_its_price():
    """40.00 off 30.00 leaves 0.00, in a part too: 16.45 less 16.45."""
    generous = Discount(amount=Decimal("40.00"))
    frame = contract("15.05.2026", billing_anchor=day("01.06.2026"))
    stub = item("15.05.2026", anchor=day("01.06.2026"), discount=generous)

    whole = only(
        drafts(view(contract("01.11.2026"), item("01.11.2026", discount=generous)), "01.11.2026")
    )
    part = only(drafts(view(frame, stub), "15.05.2026"))

    assert (lines(whole)[0][1], lines(part)[0][1]) == ("0.00", "0.00")
    assert part.charges[0].discount_amount == eur("16.45")


def test_a_credits_own_fixed_discount_makes_the_credit_smaller():
    """What was sold for 40.00 less 5.00 is credited with 35.00."""
    credit = one_off(
        "10.11.2026",
        quantity=Decimal(-1),
        unit_price=Decimal("40.00"),
        discount=Discount(amount=Decimal("5.00")),
    )

    invoice = only(drafts(under(activities=(credit,)), "01.11.2026"))

    assert [str(charge.net.decimal) for charge in invoice.charges] == ["30.00", "-35.00"]
