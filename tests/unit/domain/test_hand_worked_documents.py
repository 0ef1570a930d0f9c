"""Documents worked out by hand: prices, discounts, one-offs, and how VAT and totals are rounded."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.unit.domain.builders import (
    MONTHLY,
    REDUCED,
    YEARLY,
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
from faktura.domain.discounts import Discount
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import (
    ArticleUnit,
    ContractKind,
    IntervalUnit,
    Origin,
    PaymentMethod,
    TaxCategory,
)


def simple(start="01.11.2026", **changes: Any):
    return contract(start, kind=ContractKind.SIMPLE, **changes)


def test_vat_is_computed_on_the_sum_of_a_rate():
    """P12: 3 x 0.33 = 0.99, 19 % of it 0.1881 = 0.19; line by line it would be 0.18."""
    items = [item("01.11.2026", article("0.33"), id=UUID(int=n)) for n in (601, 602, 603)]

    invoice = only(drafts(view(contract("01.11.2026"), *items), "01.11.2026"))

    assert totals(invoice) == ("0.99", "0.19", "1.18")


def test_two_rates_are_two_rows_of_the_vat_table():
    """100.00 at 19 % = 19.00; 24.30 at 7 % = 1.701 = 1.70; together 124.30 + 20.70 = 145.00."""
    service = item("01.11.2026", article("100.00"))
    magazine = item("01.11.2026", taxed(REDUCED, "24.30"), id=UUID(int=601))

    invoice = only(drafts(view(contract("01.11.2026"), service, magazine), "01.11.2026"))

    assert [(row.rate, str(row.taxable), str(row.tax)) for row in invoice.vat] == [
        (Decimal(19), "100.00 EUR", "19.00 EUR"),
        (Decimal(7), "24.30 EUR", "1.70 EUR"),
    ]
    assert {row.category for row in invoice.vat} == {TaxCategory.S}
    assert totals(invoice) == ("124.30", "20.70", "145.00")


def test_a_discount_in_per_cent_is_rounded_apart_from_the_line():
    """10 % of 49.99 = 4.999 = 5.00; 44.99 net; VAT 8.5481 = 8.55."""
    discounted = item("01.11.2026", article("49.99"), discount=Discount(percent=Decimal(10)))

    invoice = only(drafts(view(contract("01.11.2026"), discounted), "01.11.2026"))

    (charge,) = invoice.charges
    assert (charge.list_net, charge.discount_amount) == (eur("49.99"), eur("5.00"))
    assert totals(invoice) == ("44.99", "8.55", "53.54")


def test_a_fixed_discount_is_prorated_with_its_period():
    """5.00 a month on 17 of 31 days: 16.45 - 2.74 (2.7419) = 13.71; VAT 2.6049 = 2.60."""
    frame = contract("15.05.2026", billing_anchor=day("01.06.2026"))
    discounted = item(
        "15.05.2026", anchor=day("01.06.2026"), discount=Discount(amount=Decimal("5.00"))
    )

    invoice = only(drafts(view(frame, discounted), "15.05.2026"))

    assert invoice.charges[0].discount_amount == eur("2.74")
    assert totals(invoice) == ("13.71", "2.60", "16.31")


def test_the_discounts_of_two_halves_are_that_of_the_whole():
    """P16: 5 % of 30.20 = 1.51; the first half bears 5 % of 15.10 = 0.76, the rest 0.75."""
    discount = Discount(percent=Decimal(5))
    first = item("01.06.2026", article("30.20"), until=day("16.06.2026"), discount=discount)
    rest = item("16.06.2026", article("30.20"), anchor=day("01.06.2026"), discount=discount)

    invoice = only(drafts(view(contract("01.06.2026"), first, rest), "16.06.2026"))

    assert [charge.list_net for charge in invoice.charges] == [eur("15.10"), eur("15.10")]
    assert [charge.discount_amount for charge in invoice.charges] == [eur("0.76"), eur("0.75")]


def test_prices_of_six_decimals_are_rounded_once_at_the_line():
    """F051: 86,399 seconds at 0.0042 = 362.8758 = 362.88; VAT 68.9472 = 68.95."""
    compute = article(unit=ArticleUnit.SECOND, prices=(Price(Decimal("0.0042"), "EUR"),))
    usage = one_off("10.11.2026", compute, origin=Origin.USAGE, quantity=Decimal(86_399))

    invoice = only(drafts(view(simple(), activities=(usage,)), "01.12.2026"))

    assert totals(invoice) == ("362.88", "68.95", "431.83")


def test_hours_are_billed_in_parts():
    """F040: 2.5 h at 95.00 = 237.50; VAT 45.125, half a cent goes up: 45.13."""
    work = one_off("10.11.2026", article("95.00", unit=ArticleUnit.HOUR), quantity=Decimal("2.5"))

    invoice = only(drafts(view(simple(), activities=(work,)), "01.12.2026"))

    assert lines(invoice) == [("10.11.2026-10.11.2026", "237.50")]
    assert totals(invoice) == ("237.50", "45.13", "282.63")


def test_the_tier_of_the_quantity_counts_for_all_of_it():
    """F047: from 10 on 8.50 instead of 9.90: 12 x 8.50 = 102.00; 9 x 9.90 = 89.10."""
    prices = (
        Price(Decimal("9.90"), "EUR"),
        Price(Decimal("8.50"), "EUR", from_quantity=Decimal(10)),
    )
    users = article(prices=prices, unit=ArticleUnit.NONE)
    frame = contract("01.11.2026")

    twelve = only(
        drafts(view(frame, item("01.11.2026", users, quantity=Decimal(12))), "01.11.2026")
    )
    nine = only(drafts(view(frame, item("01.11.2026", users, quantity=Decimal(9))), "01.11.2026"))

    assert totals(twelve) == ("102.00", "19.38", "121.38")
    assert totals(nine) == ("89.10", "16.93", "106.03")  # 16.929


def test_after_a_special_price_the_list_price_applies_again():
    """F048: 25.00 until 01.01. (exclusive): December 25.00 + 4.75, January 30.00 + 5.70."""
    special = Price(Decimal("25.00"), "EUR", valid_until=day("01.01.2027"))
    cheap = item("01.12.2026", special_prices=(special,))

    december, january = drafts(view(contract("01.12.2026"), cheap), "01.01.2027")

    assert totals(december) == ("25.00", "4.75", "29.75")
    assert totals(january) == ("30.00", "5.70", "35.70")
    assert [d.charges[0].picked.special for d in (december, january)] == [True, False]


def test_a_price_change_takes_effect_with_the_next_period():
    """30.00 until 31.05., 33.00 from 01.06.: the period 15.05.-14.06. keeps the price of 15.05."""
    prices = (
        Price(Decimal("30.00"), "EUR"),
        Price(Decimal("33.00"), "EUR", valid_from=day("01.06.2026")),
    )
    billable = view(contract("15.05.2026"), item("15.05.2026", article(prices=prices)))

    may, june = drafts(billable, "15.06.2026")

    assert lines(may) == [("15.05.2026-14.06.2026", "30.00")]
    assert lines(june) == [("15.06.2026-14.07.2026", "33.00")]


def test_a_contract_is_billed_in_its_currency():
    """The article has prices in EUR and CHF; the contract's currency picks: 32.50, VAT 6.175."""
    prices = (Price(Decimal("30.00"), "EUR"), Price(Decimal("32.50"), "CHF"))
    frame = contract("01.11.2026", currency="CHF")

    invoice = only(drafts(view(frame, item("01.11.2026", article(prices=prices))), "01.11.2026"))

    assert invoice.gross == Money(38_68, "CHF")


def test_a_currency_without_cents_is_rounded_to_whole_units():
    """17 of 31 days of 1,000 yen = 548.39 = 548; VAT 104.12 = 104."""
    frame = contract("15.05.2026", billing_anchor=day("01.06.2026"), currency="JPY")
    sold = article(prices=(Price(Decimal(1000), "JPY"),))

    invoice = only(
        drafts(view(frame, item("15.05.2026", sold, anchor=day("01.06.2026"))), "15.05.2026")
    )

    assert (invoice.net, invoice.tax) == (Money(548, "JPY"), Money(104, "JPY"))


def test_an_agreed_price_wins_for_a_one_off():
    """Set-up agreed at 450.00 instead of 500.00, 10 % off: 405.00, VAT 76.95."""
    agreed = one_off(
        "10.11.2026", unit_price=Decimal("450.00"), discount=Discount(percent=Decimal(10))
    )

    invoice = only(drafts(view(simple(), activities=(agreed,)), "01.12.2026"))

    assert totals(invoice) == ("405.00", "76.95", "481.95")
    assert invoice.charges[0].picked.special


def test_a_negative_agreed_price_is_taken_off():
    """A credit of 20.00 beside 500.00 of work: 480.00, VAT 91.20."""
    work = one_off("10.11.2026")
    credit = one_off("11.11.2026", unit_price=Decimal("-20.00"), id=UUID(int=701))

    invoice = only(drafts(view(simple(), activities=(work, credit)), "01.12.2026"))

    assert totals(invoice) == ("480.00", "91.20", "571.20")


def test_an_article_without_a_price_to_pay_makes_a_zero_line():
    """P17: a free article is billed with 0.00; whether a document is made, the run decides."""
    billable = view(contract("01.11.2026"), item("01.11.2026", article("0.00")))

    assert totals(only(drafts(billable, "01.11.2026"))) == ("0.00", "0.00", "0.00")


def test_a_one_off_stands_on_the_next_regular_invoice():
    """Work of 20.10. without a date waits for 01.11.: 30.00 + 500.00 = 530.00, VAT 100.70."""
    billable = view(
        contract("01.10.2026"),
        item("01.10.2026"),
        until="01.11.2026",
        activities=(one_off("20.10.2026"),),
    )

    assert drafts(billable, "25.10.2026") == ()
    invoice = only(drafts(billable, "01.11.2026"))

    assert lines(invoice) == [
        ("01.11.2026-30.11.2026", "30.00"),
        ("20.10.2026-20.10.2026", "500.00"),
    ]
    assert totals(invoice) == ("530.00", "100.70", "630.70")
    # BT-73 and BT-74, and the delivery date BT-72 = BT-74 (F112, G9).
    assert invoice.service == Period(day("20.10.2026"), day("01.12.2026"))
    assert invoice.service.last_day == day("30.11.2026")


def test_the_yearly_fee_of_the_temporary_rate_bears_the_rate_of_its_last_day():
    """P13: 01.10.2019-30.09.2020 ends at 16 %: 1200.00 + 192.00; the next year at 19 %: 228.00."""
    yearly = item("01.10.2019", article("1200.00", unit=ArticleUnit.YEAR))

    first, second = drafts(view(contract("01.10.2019", YEARLY), yearly), "01.10.2020")

    assert totals(first) == ("1200.00", "192.00", "1392.00")
    assert totals(second) == ("1200.00", "228.00", "1428.00")


def test_the_contracts_payment_term_and_method_win():
    """F011: one month from 31.01. ends on 28.02.; the contract pays by debit, the customer not."""
    frame = contract(
        "31.01.2027",
        MONTHLY,
        payment_term=PaymentTerm(1, IntervalUnit.MONTH),
        payment_method=PaymentMethod.SEPA_DEBIT,
    )

    invoice = only(drafts(view(frame, item("31.01.2027")), "31.01.2027"))

    assert invoice.due_on == day("28.02.2027")
    assert invoice.payment_method is PaymentMethod.SEPA_DEBIT
