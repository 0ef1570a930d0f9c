"""A customer's account in both orders, each row with the balance after it (F090, F091)."""

from datetime import date, timedelta

import pytest
from tests.services.company import bill, settle

from faktura.kernel.errors import NotFound, OutOfRange
from faktura.services.customers import AccountOrder
from faktura.services.debtor_statements import AskedAccount, debtor_statements

VALUE, RECORDED = AccountOrder.VALUE, AccountOrder.RECORDED


@pytest.fixture
def tenant(company):
    """35.70 of 1 October and 35.70 of 1 November; 10.00 of 20 October come on 6 November."""
    company.contract(company.customer(), "A-1")
    company.customer()
    bill(company.database, company.tenant)
    company.database.clock.advance(timedelta(days=31))
    bill(company.database, company.tenant, date(2026, 11, 1))
    company.database.clock.advance(timedelta(days=5))
    settle(company.database, company.tenant, "RE-000001", 1000)
    return company.tenant


def statement(database, tenant, *days: date | None, order=VALUE):
    """Opening, (number, balance) of each row, closing."""
    with database.read(tenant.id) as tx:
        (found,) = debtor_statements(tx, tenant, AskedAccount("K-1", order, *days))
    rows = [(row.transaction.no, str(row.balance.decimal)) for row in found.rows]
    return str(found.opening.decimal), rows, str(found.closing.decimal)


def test_a_late_fact_changes_later_balances_by_value_date_only(database, tenant):
    """Invariant 16: the balance after row n is the opening plus n rows, in both orders."""
    assert statement(database, tenant) == (
        "0.00",
        [(1, "35.70"), (3, "25.70"), (2, "61.40")],
        "61.40",
    )
    assert statement(database, tenant, order=RECORDED) == (
        "0.00",
        [(1, "35.70"), (2, "71.40"), (3, "61.40")],
        "61.40",
    )


@pytest.mark.parametrize(
    ("order", "first", "last", "expected"),
    [
        (VALUE, date(2026, 10, 20), None, ("35.70", [(3, "25.70"), (2, "61.40")], "61.40")),
        (VALUE, date(2026, 10, 20), date(2026, 10, 20), ("35.70", [(3, "25.70")], "25.70")),
        (VALUE, None, date(2026, 10, 31), ("0.00", [(1, "35.70"), (3, "25.70")], "25.70")),
        (VALUE, date(2026, 10, 2), date(2026, 10, 19), ("35.70", [], "35.70")),
        (VALUE, date(2026, 12, 1), None, ("61.40", [], "61.40")),
        (VALUE, None, date(2026, 9, 30), ("0.00", [], "0.00")),
        (RECORDED, date(2026, 11, 1), None, ("35.70", [(2, "71.40"), (3, "61.40")], "61.40")),
        (RECORDED, None, date(2026, 10, 31), ("0.00", [(1, "35.70")], "35.70")),
        (RECORDED, date(2026, 10, 2), date(2026, 10, 31), ("35.70", [], "35.70")),
        (RECORDED, date(2026, 11, 6), date(2026, 11, 6), ("71.40", [(3, "61.40")], "61.40")),
    ],
)
def test_rows_that_are_left_out_count_in_the_opening(
    database, tenant, order, first, last, expected
):
    """Days are value dates, or local days of recording; both ends are inclusive."""
    assert statement(database, tenant, first, last, order=order) == expected


def test_an_account_without_a_fact_has_no_statement(database, tenant):
    """Nothing was ever booked for K-2, and there is no K-9."""
    with database.read(tenant.id) as tx:
        assert debtor_statements(tx, tenant, AskedAccount("K-2", VALUE)) == []
        with pytest.raises(NotFound):
            debtor_statements(tx, tenant, AskedAccount("K-9", VALUE))
        with pytest.raises(OutOfRange):
            debtor_statements(
                tx, tenant, AskedAccount("K-1", VALUE, date(2026, 10, 2), date(2026, 10, 1))
            )
