"""Discounts of a line as allowances of EN 16931 (BG-27), alone and several (F076, P15)."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.services.company import Company, XRechnung, bill

from faktura.domain.discounts import ContractDiscount, Discount
from faktura.kernel.contract_terms import DiscountScope
from faktura.plugin import Allowance
from faktura.services.documents import check_document
from faktura.services.invoice_view import invoice_document
from faktura.store.discounts import write_discounts
from faktura.store.documents import read_document


def discounted(database, articles, *discounts: Discount, **item: Any) -> Company:
    """A contract of these articles with these discounts on all its lines."""
    company = Company(database)
    contract = company.contract(company.customer(), *articles, **item)
    given = [
        ContractDiscount(database.new_id(), DiscountScope.CONTRACT, None, discount)
        for discount in discounts
    ]
    with database.write(company.tenant.id) as tx:
        write_discounts(tx, contract.id, given)
    return company


def document(database, company, number="RE-000001"):
    """The issued document as formats see it, and what XRechnung finds wrong with it."""
    with database.read(company.tenant.id) as tx:
        return (
            invoice_document(read_document(tx, number)),
            check_document(tx, XRechnung().cii, number),
        )


def test_each_discount_is_an_allowance_of_its_own(database):
    """30.00: 10 % of 30.00 = 3.00, 5 % of 27.00 = 1.35, then 2.00 of 2.00; 23.65 are left."""
    company = discounted(
        database,
        ["A-1"],
        Discount(percent=Decimal(5), reason="Treue"),
        Discount(amount=Decimal("2.00"), reason="Aktion"),
        discount=Discount(percent=Decimal(10), reason="Eigen"),
    )
    bill(database, company.tenant)

    shown, findings = document(database, company)

    assert shown.lines[0].net == Decimal("23.65")
    assert shown.lines[0].allowances == (
        Allowance(
            amount=Decimal("3.00"),
            base=Decimal("30.00"),
            percent=Decimal(10),
            reason="Eigen",
            reason_code="95",
        ),
        Allowance(
            amount=Decimal("1.35"),
            base=Decimal("27.00"),
            percent=Decimal(5),
            reason="Treue",
            reason_code="95",
        ),
        Allowance(amount=Decimal("2.00"), reason="Aktion", reason_code="95"),
    )
    assert findings == ()


def test_a_per_cent_of_a_part_is_shown_as_the_bare_amount(database):
    """R040: 17 of 31 days of 30.00 bear 3.00 - 1.36 = 1.64 (P16), 10 % of their 16.45 were 1.65."""
    company = discounted(
        database,
        ["A-1"],
        Discount(percent=Decimal(10), reason=""),
        start=date(2026, 10, 15),
        anchor=date(2026, 10, 1),
    )
    bill(database, company.tenant, date(2026, 10, 15))

    shown, findings = document(database, company)

    assert shown.lines[0].allowances == (
        Allowance(amount=Decimal("1.64"), reason="Rabatt", reason_code="95"),
    )
    assert shown.lines[0].net == Decimal("14.81")
    assert findings == ()


def test_a_discount_that_rounds_to_nothing_is_no_allowance(database):
    """0.01 % of 9.90 is 0.00: nothing was taken off, so nothing is shown."""
    company = discounted(database, ["A-2"], Discount(percent=Decimal("0.01")))
    bill(database, company.tenant)

    shown, findings = document(database, company)

    assert (shown.lines[0].allowances, shown.lines[0].net) == ((), Decimal("9.90"))
    assert findings == ()


def test_a_fixed_amount_over_two_rates_keeps_the_formats_rules(database):
    """10.00 over 30.00 (19 %) and 9.90 (7 %): 7.52 (7.5188) and 2.48; 22.48 + 7.42 = 29.90.

    VAT 4.2712 = 4.27 and 0.5194 = 0.52: 34.69.
    """
    company = discounted(
        database, ["A-1", "A-2"], Discount(amount=Decimal("10.00"), reason="Aktion")
    )
    bill(database, company.tenant)

    shown, findings = document(database, company)

    assert [line.allowances[0].amount for line in shown.lines] == [Decimal("7.52"), Decimal("2.48")]
    assert (shown.totals.net, shown.totals.vat, shown.totals.gross) == (
        Decimal("29.90"),
        Decimal("4.79"),
        Decimal("34.69"),
    )
    assert findings == ()
