"""Every line of an issued document is recomputable from what is stored with it (O10)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.company import Company, bill

from faktura.domain.articles import Price
from faktura.domain.derivation import recomputed_net
from faktura.domain.discounts import Discount
from faktura.domain.documents import LineRecord
from faktura.domain.explanation import explain
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit, TaxCase, TaxCategory
from faktura.store.documents import document_ids, read_document, read_documents


def lines_of(database, tenant, number):
    """The frozen lines of a document."""
    with database.read(tenant.id) as tx:
        return read_document(tx, number).lines


def test_every_line_is_recomputed_from_its_stored_derivation_alone(database, billed):
    """Nine invoices of all tax cases, with parts, discounts and a negative one-off."""
    with database.read(billed.id) as tx:
        documents = read_documents(tx, document_ids(tx))

    lines = [line for document in documents for line in document.lines]

    assert len(lines) == 12
    assert [recomputed_net(line.derivation) for line in lines] == [line.net for line in lines]


def test_a_whole_period_is_explained(database, billed):
    """2 × 30.00 for October."""
    (line,) = lines_of(database, billed, "RE-000001")

    why = explain(line)

    assert why.calculation == "30.00 EUR × 2 = 60.00"
    assert why.sources == (
        "list price valid from 01.01.2020; price day 01.10.2026; VAT 19 % (STANDARD) of 31.10.2026"
    )
    assert why.holds


def test_a_discount_is_explained(database, billed):
    """9.90 less 10 per cent is 8.91."""
    _, line = lines_of(database, billed, "RE-000002")

    why = explain(line)

    assert why.calculation == "9.90 EUR × 1 − 10 % = 8.91"
    assert "discount: Treue; VAT 7 % (REDUCED)" in why.sources


def test_a_part_of_a_period_is_explained(database, billed):
    """30.00 × 17/31 = 16.4516… = 16.45."""
    line, _ = lines_of(database, billed, "RE-000007")

    why = explain(line)

    assert why.calculation == "30.00 EUR × 1 × 17/31 = 16.45"
    assert "days 1 to 17 of the period (ACTUAL)" in why.sources


def test_special_prices_tiers_and_fixed_discounts_are_explained(database):
    """20.00 until the year's end, less a fixed 5.00: 15.00."""
    company = Company(database)
    special = Price(
        Decimal("20.00"), "EUR", date(2026, 1, 1), date(2027, 1, 1), from_quantity=Decimal(1)
    )
    company.contract(
        company.customer(),
        "A-1",
        special_prices=(special,),
        discount=Discount(amount=Decimal("5.00"), reason=""),
    )
    bill(database, company.tenant)

    (line,) = lines_of(database, company.tenant, "RE-000001")

    why = explain(line)
    assert why.calculation == "20.00 EUR × 1 − 5.00 EUR = 15.00"
    assert why.sources == (
        "special price valid from 01.01.2026 until before 01.01.2027; tier from 1;"
        " price day 01.10.2026; VAT 19 % (STANDARD) of 31.10.2026"
    )


@pytest.mark.parametrize(("stored", "holds"), [(6000, True), (6001, False)])
def test_an_amount_that_does_not_follow_is_said_so(stored, holds):
    """The recomputed amount stands beside the stored one."""
    line = LineRecord(
        1, "A-1", "Membership", "", Decimal(2), ArticleUnit.MONTH, Decimal("30.00"), Decimal(1),
        Money(stored, "EUR"), Money(0, "EUR"), Money(stored, "EUR"), TaxCase.STANDARD,
        TaxCategory.S, Decimal(19), "DE", Period(date(2026, 10, 1), date(2026, 11, 1)), None,
        {
            "currency": "EUR", "unitPrice": "30.00", "quantity": "2", "priceSource": "list price",
            "priceDay": "2026-10-01", "taxDay": "2026-10-31", "taxCase": "STANDARD", "taxRate": "19",
        },
    )  # fmt: skip

    why = explain(line)

    assert why.holds is holds
    assert why.recomputed == Money(6000, "EUR")
    assert why.sources == "list price; price day 01.10.2026; VAT 19 % (STANDARD) of 31.10.2026"
