"""What a change of mind bills ahead of time: what it took back, and nothing of other items (F071)."""

from datetime import date
from uuid import UUID

from tests.unit.domain.builders import TENANT, contract, day, item, view

from faktura.domain.billing_plan import plan_contract
from faktura.domain.contract_life import Change, StandingPeriod
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin

OLD, NEW, OTHER = UUID(int=601), UUID(int=602), UUID(int=603)


def planned(until: dict[UUID, date]) -> list[tuple[str, UUID | None]]:
    """First day and item of each line of a run on 10.08. with the changed items billed until then."""
    both = item("01.08.2026", id=NEW), item("01.08.2026", id=OTHER)
    billable = view(contract("01.08.2026"), *both, until="01.09.2026")
    plan = plan_contract(TENANT, billable, day("10.08.2026"), rebill_until=until)
    return [(f"{c.service.start:%d.%m.}", c.item_id) for i in plan.invoices for c in i.charges]


def test_an_item_that_changes_is_billed_as_far_as_it_was():
    """Billed until 01.11. before: September and October at once; the other item waits for its day."""
    assert planned({NEW: day("01.11.2026")}) == [("01.09.", NEW), ("01.10.", NEW)]


def test_without_a_change_each_item_waits_for_its_day():
    """Nothing is due on 10.08."""
    assert planned({}) == []


def test_a_change_bills_ahead_its_own_items_only():
    """The reversed, the changed and the added item, until what was taken back ended."""
    august = Period(day("01.08.2026"), day("01.09.2026"))
    billed = StandingPeriod(UUID(int=1), OLD, Origin.SUBSCRIPTION, august)
    old, new = item("01.08.2026", id=OLD), item("10.08.2026", id=NEW)
    change = Change(contract("01.08.2026"), (old,), (new,), (billed,))

    assert change.rebill_until == {OLD: day("01.09.2026"), NEW: day("01.09.2026")}


def test_a_change_that_takes_nothing_back_bills_nothing_ahead():
    """An item that begins later waits like any other."""
    change = Change(contract("01.08.2026"), (), (item("01.09.2026", id=NEW),))

    assert change.rebill_until == {}
