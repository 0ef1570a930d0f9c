"""Documents worked out by hand: which days they bill, and what those days cost."""

from decimal import Decimal

import pytest
from tests.unit.domain.builders import (
    QUARTERLY,
    TENANT,
    article,
    contract,
    day,
    drafts,
    item,
    lines,
    only,
    totals,
    view,
)

from faktura.domain.billing_plan import plan_contract
from faktura.kernel.errors import PriceMissing
from faktura.kernel.periods import Interval
from faktura.kernel.terms import (
    ArticleUnit,
    ContractState,
    IntervalUnit,
    PaymentMethod,
    Renewal,
)


def test_the_service_period_starts_with_the_contract():
    """F028: start 15.05., first period 15.05.-14.06.; 30.00 + 19 % = 5.70."""
    billable = view(contract("15.05.2026"), item("15.05.2026"))

    invoice = only(drafts(billable, "15.05.2026"))

    assert lines(invoice) == [("15.05.2026-14.06.2026", "30.00")]
    assert totals(invoice) == ("30.00", "5.70", "35.70")
    assert (invoice.issued_on, invoice.due_on) == (day("15.05.2026"), day("29.05.2026"))
    assert invoice.payment_method is PaymentMethod.TRANSFER


def test_an_aligned_cycle_begins_with_a_prorated_stub():
    """F029, G3: aligned to 01.06., the days 15.-31.05. are 17 of May's 31: 510 / 31 = 16.4516."""
    frame = contract("15.05.2026", billing_anchor=day("01.06.2026"))
    billable = view(frame, item("15.05.2026", anchor=day("01.06.2026")))

    stub, june = drafts(billable, "01.06.2026")

    assert lines(stub) == [("15.05.2026-31.05.2026", "16.45")]
    assert totals(stub) == ("16.45", "3.13", "19.58")  # 3.1255
    (charge,) = stub.charges
    assert (charge.quantity, charge.unit) == (Decimal(17), ArticleUnit.DAY)
    assert (charge.price, charge.base) == (Decimal("30.00"), Decimal(31))
    assert lines(june) == [("01.06.2026-30.06.2026", "30.00")]


def test_a_stub_is_billed_at_its_start():
    """In advance the stub 15.-31.05. is due on 15.05., the full June on 01.06. and not before."""
    frame = contract("15.05.2026", billing_anchor=day("01.06.2026"))
    billable = view(frame, item("15.05.2026", anchor=day("01.06.2026")))

    plan = plan_contract(TENANT, billable, day("15.05.2026"))

    assert len(plan.invoices) == 1
    assert plan.next_due_on == day("01.06.2026")


def test_an_imported_contract_is_billed_from_billed_until_on():
    """F019, G4: billed until 01.01. (exclusive), so the first billed day is 01.01."""
    billable = view(contract("01.06.2026"), item("01.06.2026"), until="01.01.2027")

    invoice = only(drafts(billable, "01.01.2027"))

    assert lines(invoice) == [("01.01.2027-31.01.2027", "30.00")]


def test_a_quarterly_invoice_has_three_monthly_activities():
    """Service cycle and billing interval are two things: 3 x 30.00 = 90.00, VAT 17.10."""
    billable = view(contract("01.10.2026", QUARTERLY), item("01.10.2026"))

    invoice = only(drafts(billable, "01.10.2026"))

    assert lines(invoice) == [
        ("01.10.2026-31.10.2026", "30.00"),
        ("01.11.2026-30.11.2026", "30.00"),
        ("01.12.2026-31.12.2026", "30.00"),
    ]
    assert totals(invoice) == ("90.00", "17.10", "107.10")
    assert (invoice.service.start, invoice.service.last_day) == (
        day("01.10.2026"),
        day("31.12.2026"),
    )


def test_an_article_by_the_piece_follows_the_billing_interval():
    """F025: three pieces a quarter at 12.00 are one activity of 36.00."""
    pieces = item("01.10.2026", article("12.00", unit=ArticleUnit.PIECE), quantity=Decimal(3))

    invoice = only(drafts(view(contract("01.10.2026", QUARTERLY), pieces), "01.10.2026"))

    assert lines(invoice) == [("01.10.2026-31.12.2026", "36.00")]
    assert totals(invoice) == ("36.00", "6.84", "42.84")


def test_month_ends_come_back_after_february():
    """P1: from 31.01. the periods start 31.01., 28.02., 31.03., 30.04. and are whole each."""
    billable = view(contract("31.01.2027"), item("31.01.2027"))

    invoices = drafts(billable, "30.04.2027")

    assert [lines(invoice) for invoice in invoices] == [
        [("31.01.2027-27.02.2027", "30.00")],
        [("28.02.2027-30.03.2027", "30.00")],
        [("31.03.2027-29.04.2027", "30.00")],
        [("30.04.2027-30.05.2027", "30.00")],
    ]


def test_missed_intervals_are_invoices_of_their_own():
    """P5: a run on 20.03. bills January, February and March apart, all dated 20.03."""
    billable = view(contract("01.01.2027"), item("01.01.2027"))

    invoices = drafts(billable, "20.03.2027")

    assert [lines(invoice)[0][0] for invoice in invoices] == [
        "01.01.2027-31.01.2027",
        "01.02.2027-28.02.2027",
        "01.03.2027-31.03.2027",
    ]
    assert {invoice.issued_on for invoice in invoices} == {day("20.03.2027")}
    assert {invoice.due_on for invoice in invoices} == {day("03.04.2027")}


def test_in_arrears_the_interval_is_billed_when_it_is_over():
    """October to December, billed on 01.01. and not on 31.12."""
    frame = contract("01.10.2026", QUARTERLY, in_advance=False)
    billable = view(frame, item("01.10.2026"))

    assert drafts(billable, "31.12.2026") == ()
    invoice = only(drafts(billable, "01.01.2027"))

    assert [net for _, net in lines(invoice)] == ["30.00", "30.00", "30.00"]
    assert totals(invoice) == ("90.00", "17.10", "107.10")


def test_in_arrears_a_terminated_contract_is_billed_at_its_end():
    """The contract ends with 31.10. inside the quarter: October is billed on 01.11."""
    frame = contract(
        "01.10.2026",
        QUARTERLY,
        in_advance=False,
        state=ContractState.TERMINATED,
        end=day("01.11.2026"),
    )

    invoice = only(drafts(view(frame, item("01.10.2026")), "01.11.2026"))

    assert lines(invoice) == [("01.10.2026-31.10.2026", "30.00")]


def test_the_period_that_contains_the_end_is_billed_whole():
    """P9: terminated to 20.06. (exclusive), no period starts after it; June stays whole."""
    frame = contract("01.05.2026", state=ContractState.TERMINATED, end=day("20.06.2026"))

    invoices = drafts(view(frame, item("01.05.2026")), "01.09.2026")

    assert [lines(invoice) for invoice in invoices] == [
        [("01.05.2026-31.05.2026", "30.00")],
        [("01.06.2026-30.06.2026", "30.00")],
    ]


def test_in_arrears_the_period_that_contains_the_end_is_waited_for():
    """Ended 20.06., but June is billed whole, so its invoice waits for 01.07."""
    frame = contract(
        "01.05.2026", in_advance=False, state=ContractState.TERMINATED, end=day("20.06.2026")
    )
    billable = view(frame, item("01.05.2026"), until="01.06.2026")

    assert drafts(billable, "30.06.2026") == ()
    assert lines(only(drafts(billable, "01.07.2026"))) == [("01.06.2026-30.06.2026", "30.00")]


def test_without_renewal_nothing_is_billed_after_the_minimum_term():
    """F027, G10: three months from 01.01.; on 01.06. there are three invoices, not five."""
    term = {"renewal": Renewal.NONE, "minimum_term": Interval(3, IntervalUnit.MONTH)}
    frame = contract("01.01.2027")

    plan = plan_contract(TENANT, view(frame, item("01.01.2027", term=term)), day("01.06.2027"))

    assert len(plan.invoices) == 3
    assert plan.next_due_on is None
    assert frame.state is ContractState.ACTIVE


def test_without_renewal_the_last_period_ends_with_the_term():
    """F027: no service after the term, also where an aligned period runs on.

    Three months from 15.01. end on 14.04.; the cycle of the 1st leaves 14 of April's 30 days.
    """
    term = {"renewal": Renewal.NONE, "minimum_term": Interval(3, IntervalUnit.MONTH)}
    aligned = item("15.01.2027", anchor=day("01.02.2027"), term=term)
    frame = contract("15.01.2027", billing_anchor=day("01.02.2027"))

    invoices = drafts(view(frame, aligned, until="01.04.2027"), "01.06.2027")

    assert [lines(invoice) for invoice in invoices] == [[("01.04.2027-14.04.2027", "14.00")]]


def test_the_price_of_the_first_day_is_the_price_of_the_whole_period():
    """Nothing is valid on 01.06., so June cannot be billed at all: it is refused by name."""
    future = article(prices=())

    with pytest.raises(PriceMissing, match="A-1 has no price in EUR for 1 on 2026-06-01"):
        drafts(view(contract("01.06.2026"), item("01.06.2026", future)), "01.06.2026")
