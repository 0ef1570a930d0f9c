"""What is deferred at a day, and what of it was not received (F108, HGB § 250 Abs. 2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.services.accounting.deferred import deferring, invoice
from tests.services.company import Company, XRechnung, settle

from faktura.domain.line_parts import LinePart
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.deferral_reports import ReportQuery, open_deferrals, unpaid_deferrals
from faktura.services.issuing import Desk


@pytest.fixture
def books(company: Company) -> Company:
    """Three invoices of 1,190.00 for 15.11.2026 to 14.11.2027; of the second 595.00 are paid.

    Of the third 40 % are taken back in November, and nothing is paid.
    """
    deferring(company)
    for _ in range(3):
        invoice(company, "A-1")
    settle(company.database, company.tenant, "RE-000001", 119_000)
    settle(company.database, company.tenant, "RE-000002", 59_500)
    company.tenant = replace(company.tenant, document_format=None)
    with company.database.write(company.tenant.id) as tx:
        given = Correcting((LinePart(1, percent=Decimal(40)),), "Kulanz", date(2026, 11, 20))
        correct_invoice(tx, Desk(company.tenant, XRechnung()), "RE-000003", given)
    return company


def at(books: Company, day: date, **more: str):
    with books.database.read(books.tenant.id) as tx:
        return [
            (one.number, *(str(sum_.decimal) for sum_ in (one.deferred, one.released, one.open)))
            for one in open_deferrals(tx, ReportQuery(day, **more))
        ]


def test_open_deferrals_at_the_end_of_a_year(books: Company):
    """956.16 less 84.93 of December; the correction of 400.00 the same way back."""
    assert at(books, date(2026, 12, 31)) == [
        ("RE-000001", "956.16", "84.93", "871.23"),
        ("RE-000002", "956.16", "84.93", "871.23"),
        ("RE-000003", "956.16", "84.93", "871.23"),
        ("RK-000001", "-382.47", "-33.98", "-348.49"),
    ]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 11, 29), []),
        (date(2026, 11, 30), [("RE-000001", "956.16", "0.00", "956.16")]),
        (date(2026, 12, 30), [("RE-000001", "956.16", "0.00", "956.16")]),
        (date(2027, 11, 29), [("RE-000001", "956.16", "917.80", "38.36")]),
        (date(2027, 11, 30), []),
    ],
)
def test_a_month_counts_from_its_last_day_on(books: Company, day: date, found: list[object]):
    """As the journal has it: postings are dated the last day of their month."""
    assert at(books, day, customer_number="K-1") == found


def test_the_list_goes_on_behind_a_number(books: Company):
    """For pages; the last release is in November 2027."""
    assert [row[0] for row in at(books, date(2026, 12, 31), after="RE-000002")] == [
        "RE-000003",
        "RK-000001",
    ]
    with books.database.read(books.tenant.id) as tx:
        first = next(open_deferrals(tx, ReportQuery(date(2026, 12, 31))))
    assert (first.until, first.customer_number) == (date(2027, 11, 30), "K-1")
    assert (first.kind.value, first.issued_on) == ("INVOICE", date(2026, 11, 15))


def test_deferrals_of_unpaid_invoices(books: Company):
    """The second: half of 871.23 was not received. The third: what its correction left, all of it.

    871.23 - 348.49 = 522.74 of 714.00, all owed. The first is paid.
    """
    with books.database.read(books.tenant.id) as tx:
        found = [
            (
                one.deferral.number,
                str(one.deferral.open.decimal),
                str(one.unpaid.decimal),
                str(one.not_received.decimal),
            )
            for one in unpaid_deferrals(tx, ReportQuery(date(2026, 12, 31)))
        ]
        before = [
            one.deferral.number for one in unpaid_deferrals(tx, ReportQuery(date(2027, 11, 30)))
        ]

    # 871.23 / 2 = 435.615.
    assert found == [
        ("RE-000002", "871.23", "595.00", "435.62"),
        ("RE-000003", "522.74", "714.00", "522.74"),
    ]
    assert before == []
