"""Two customers of one sandbox at different days, a third one at the real one (O23)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update
from tests.services.company import TENANT, Company, XRechnung, bill
from tests.services.verify.books import proved

import faktura.flows.simulated_date
from faktura.domain.dunning_policies import DunningPolicy
from faktura.flows.contract_day import settle_day
from faktura.flows.dunning import run_dunning
from faktura.flows.simulated_date import Simulated, simulate_date
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.terms import ContractState
from faktura.services.simulated_dates import local_today, take_back, today_of
from faktura.services.tenants import change_tenant
from faktura.store.blobs import DirectoryStore
from faktura.store.contracts import read_contracts
from faktura.store.database import Database
from faktura.store.simulated_dates import simulated_dates
from faktura.store.tables import contract, customer, document, dunning_notice

SANDBOX = replace(TENANT, sandbox=True)


class Town:
    """Three customers of a sandbox with a membership of 35.70 EUR a month from 1 October 2026."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.company = Company(database, SANDBOX)
        self.customers = [self.company.customer() for _ in range(3)]
        self.contracts = [self.company.contract(one, "A-1") for one in self.customers]

    def go(self, who: int, to: date) -> Simulated:
        """Let that customer go forward."""
        number = self.customers[who].number
        return simulate_date(self.database, self.company.tenant, XRechnung(), number, to)

    def invoices(self, who: int) -> list[tuple[str, int]]:
        """Their days and amounts."""
        with self.database.read(self.company.tenant.id) as tx:
            rows = tx.connection.execute(
                select(document.c.issued_on, document.c.gross)
                .where(document.c.customer_id == self.customers[who].id)
                .order_by(document.c.issued_on)
            )
            return [(str(row.issued_on), row.gross) for row in rows]


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def test_two_customers_stand_at_different_days_in_one_database(town, tmp_path):
    """Each has exactly the invoices of the days that came; a run of the real day is for the third alone."""
    december = town.go(0, date(2026, 12, 15))
    march = town.go(1, date(2027, 3, 1))
    real = bill(town.database, town.company.tenant)

    assert december == Simulated("K-1", date(2026, 12, 15), documents=3)
    assert march == Simulated("K-2", date(2027, 3, 1), documents=6)
    assert real.totals.documents == 1
    assert town.invoices(0) == [("2026-10-01", 3570), ("2026-11-01", 3570), ("2026-12-01", 3570)]
    assert town.invoices(1) == [
        ("2026-10-01", 3570),
        ("2026-11-01", 3570),
        ("2026-12-01", 3570),
        ("2027-01-01", 3570),
        ("2027-02-01", 3570),
        ("2027-03-01", 3570),
    ]
    assert town.invoices(2) == [("2026-10-01", 3570)]
    with town.database.read(town.company.tenant.id) as tx:
        assert simulated_dates(tx) == {"K-1": date(2026, 12, 15), "K-2": date(2027, 3, 1)}
    assert proved(town.database, town.company.tenant, DirectoryStore(tmp_path)) == []


def test_a_run_over_all_leaves_out_who_lives_on_another_day(town):
    """Also one of a later day; the customer alone is billed by what goes forward."""
    town.go(0, date(2026, 10, 15))

    receipt = bill(town.database, town.company.tenant, date(2026, 12, 1))

    assert (receipt.totals.contracts, receipt.totals.documents) == (2, 6)
    assert town.invoices(0) == [("2026-10-01", 3570)]


def test_going_to_the_same_day_again_changes_nothing_and_back_is_refused(town):
    """An act that is repeated comes to the same end; time goes forward only."""
    town.go(0, date(2026, 11, 10))

    again = town.go(0, date(2026, 11, 10))

    assert again == Simulated("K-1", date(2026, 11, 10))
    with pytest.raises(OutOfRange) as refused:
        town.go(0, date(2026, 11, 9))
    assert refused.value.problem == "2026-11-09 is before 2026-11-10, where the customer stands"
    with pytest.raises(OutOfRange, match="before 2026-10-01"):
        town.go(1, date(2026, 9, 30))
    with pytest.raises(OutOfRange, match="more than two years ahead"):
        town.go(1, date(2028, 11, 1))


def test_whoever_was_cut_off_goes_on_where_they_were(town, monkeypatch):
    """A crash after any day: begun again nothing is billed twice and nothing is missing."""

    class Crashed(Exception):
        pass

    live = faktura.flows.simulated_date._live

    def dying(database, tenant, formats, day, customer_id):
        done = live(database, tenant, formats, day, customer_id)
        if day.on == date(2026, 11, 1):
            raise Crashed
        return done

    monkeypatch.setattr(faktura.flows.simulated_date, "_live", dying)
    with pytest.raises(Crashed):
        town.go(0, date(2026, 12, 1))
    monkeypatch.undo()

    done = town.go(0, date(2026, 12, 1))

    assert done.documents == 1
    assert [on for on, _ in town.invoices(0)] == ["2026-10-01", "2026-11-01", "2026-12-01"]


def test_a_contract_ends_on_its_day(town):
    """The work of a day on contracts is done as well, and only of this customer."""
    town.go(0, date(2026, 10, 1))
    bill(town.database, town.company.tenant)
    with town.database.write(town.company.tenant.id) as tx:
        tx.connection.execute(
            update(contract).values(
                state=ContractState.TERMINATED, end=date(2026, 11, 1), next_due_on=None
            )
        )

    done = town.go(0, date(2026, 11, 1))

    assert (done.ended, done.documents) == (1, 0)
    with town.database.read(town.company.tenant.id) as tx:
        states = {one.number: one.state for one in read_contracts(tx, ["V-1", "V-2"])}
    assert states == {"V-1": ContractState.ENDED, "V-2": ContractState.TERMINATED}
    assert settle_day(town.database, town.company.tenant, date(2026, 11, 1)).ended == 2


def test_who_owes_is_dunned_on_the_way(town):
    """Where dunning runs by itself; a run of the real company does not look at the customer."""
    tenant = replace(town.company.tenant, dunning=DunningPolicy(by_itself=True))
    with town.database.write(tenant.id) as tx:
        change_tenant(tx, tenant)
    town.company.tenant = tenant

    done = town.go(0, date(2026, 11, 30))

    with town.database.read(tenant.id) as tx:
        rows = tx.connection.execute(select(dunning_notice.c.customer_id)).scalars().all()
    assert done.notices >= 1
    assert len(rows) == done.notices
    assert set(rows) == {town.customers[0].id}
    assert run_dunning(town.database, tenant, date(2026, 12, 31)).planned_customers == 0


def test_today_is_the_customers_own(town):
    """At every door that names the customer or the contract; taken back it is the real day again."""
    tenant = town.company.tenant
    town.go(0, date(2026, 12, 15))

    with town.database.write(tenant.id) as tx:
        days = (
            local_today(tx, tenant, customer_number="K-1"),
            local_today(tx, tenant, contract_number="V-1"),
            local_today(tx, tenant, document_number="RE-000001"),
            today_of(tx, tenant, town.customers[0].id),
            local_today(tx, tenant, customer_number="K-2"),
            local_today(tx, tenant, contract_number="nobody's"),
            local_today(tx, tenant, document_number="nobody's"),
            local_today(tx, tenant),
        )
        take_back(tx, tenant, "K-1")
        after = local_today(tx, tenant, customer_number="K-1")

    own, real = date(2026, 12, 15), date(2026, 10, 1)
    assert days == (own, own, own, own, real, real, real, real)
    assert after == real


def test_a_live_tenant_has_no_simulated_date(database):
    """Nothing is issued there on a day that has not come."""
    company = Company(database)
    one = company.customer()
    company.contract(one, "A-1")

    with pytest.raises(TransitionRefused):
        simulate_date(database, company.tenant, XRechnung(), one.number, date(2026, 12, 1))

    with database.read(company.tenant.id) as tx:
        assert tx.connection.execute(select(document.c.id)).all() == []
        assert tx.connection.execute(select(customer.c.simulated_on)).scalars().all() == [None]
