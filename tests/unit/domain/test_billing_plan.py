"""When a contract is looked at, and with which invoice its one-offs go."""

from typing import Any
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    QUARTERLY,
    TENANT,
    contract,
    day,
    item,
    one_off,
    view,
)

from faktura.domain.billing_plan import plan_contract
from faktura.kernel.periods import Interval
from faktura.kernel.terms import ContractKind, ContractState, IntervalUnit, Renewal


def simple(start="01.11.2026", **changes: Any):
    return contract(start, kind=ContractKind.SIMPLE, **changes)


def planned(billable, on):
    """First service day of each line, by invoice."""
    plan = plan_contract(TENANT, billable, day(on))
    return [[f"{c.service.start:%d.%m.}" for c in i.charges] for i in plan.invoices]


def next_due(billable, on):
    return plan_contract(TENANT, billable, day(on)).next_due_on


@pytest.mark.parametrize("state", [ContractState.DRAFT, ContractState.ENDED, ContractState.VOIDED])
def test_only_active_and_terminated_contracts_are_billed(state):
    """F005, F006: a draft never makes an invoice, nor what is ended or voided."""
    plan = plan_contract(
        TENANT, view(contract("01.11.2026", state=state), item("01.11.2026")), day("01.12.2026")
    )

    assert (plan.invoices, plan.next_due_on) == ((), None)


def test_a_contract_without_services_makes_no_invoice():
    """F009: an invoice only appears if services exist."""
    plan = plan_contract(TENANT, view(simple()), day("01.12.2026"))

    assert (plan.invoices, plan.next_due_on) == ((), None)


def test_a_planned_run_is_repeatable():
    """Equal input, equal plan."""
    billable = view(contract("01.11.2026"), item("01.11.2026"), activities=(one_off("05.11.2026"),))

    assert plan_contract(TENANT, billable, day("01.01.2027")) == plan_contract(
        TENANT, billable, day("01.01.2027")
    )


def test_a_simple_contract_is_billed_at_the_end_of_the_interval():
    """F001: work of 10.11. is billed on 01.12.; what is done by then shares the invoice."""
    billable = view(simple(), activities=(one_off("10.11.2026"), one_off("20.11.2026")))

    assert planned(billable, "30.11.2026") == []
    assert next_due(billable, "30.11.2026") == day("01.12.2026")
    assert planned(billable, "01.12.2026") == [["10.11.", "20.11."]]


def test_a_simple_contract_catches_up_interval_by_interval():
    """P5: work of November and of December, seen on 15.01., makes two invoices."""
    billable = view(simple(), activities=(one_off("20.12.2026"), one_off("10.11.2026")))

    assert planned(billable, "15.01.2027") == [["10.11."], ["20.12."]]


def test_a_one_off_with_a_date_is_billed_from_that_day():
    """F040: "invoice on" 05.11., without waiting for the regular invoice of 01.12."""
    dated = one_off("02.11.2026", invoice_on=day("05.11.2026"))
    billable = view(
        contract("01.11.2026"), item("01.11.2026"), until="01.12.2026", activities=(dated,)
    )

    assert planned(billable, "04.11.2026") == []
    assert next_due(billable, "04.11.2026") == day("05.11.2026")
    assert planned(billable, "05.11.2026") == [["02.11."]]


def test_a_one_off_with_a_later_date_stays_behind_the_regular_invoice():
    """Invoice on 05.12.: the regular invoice of 01.12. goes without it."""
    dated = one_off("02.11.2026", invoice_on=day("05.12.2026"))
    billable = view(
        contract("01.11.2026"), item("01.11.2026"), until="01.12.2026", activities=(dated,)
    )

    assert planned(billable, "01.12.2026") == [["01.12."]]
    assert next_due(billable, "01.12.2026") == day("05.12.2026")


def test_a_manual_one_off_is_left_to_a_person():
    """F040, F001: only interim billing takes it; the run neither bills nor waits for it."""
    billable = view(simple(), activities=(one_off("10.11.2026", manual=True),))

    plan = plan_contract(TENANT, billable, day("01.01.2027"))

    assert (plan.invoices, plan.next_due_on) == ((), None)


def test_a_one_off_waits_for_the_next_regular_invoice_however_far():
    """Billed until 01.01. elsewhere: work of 10.10. is not billed at the end of its month."""
    billable = view(
        contract("01.10.2026"),
        item("01.10.2026"),
        until="01.01.2027",
        activities=(one_off("10.10.2026"),),
    )

    assert planned(billable, "31.12.2026") == []
    assert planned(billable, "01.01.2027") == [["01.01.", "10.10."]]


def test_a_one_off_goes_with_the_first_missed_invoice_from_its_interval_on():
    """Catch-up on 15.03.: work of 10.02. stands on the invoice of February, not of January."""
    billable = view(contract("01.01.2027"), item("01.01.2027"), activities=(one_off("10.02.2027"),))

    assert planned(billable, "15.03.2027") == [["01.01."], ["01.02.", "10.02."], ["01.03."]]


def test_a_one_off_of_later_goes_with_the_last_invoice_of_the_run():
    """A training of 10.05., entered in March without a date, goes with the next regular invoice."""
    billable = view(
        contract("01.01.2027"),
        item("01.01.2027"),
        until="01.03.2027",
        activities=(one_off("10.05.2027"),),
    )

    assert planned(billable, "01.03.2027") == [["01.03.", "10.05."]]


def test_without_a_next_regular_invoice_a_one_off_is_billed_at_the_intervals_end():
    """The term is over (F027), the contract active: work of 10.05. is billed on 01.07."""
    term = {"renewal": Renewal.NONE, "minimum_term": Interval(3, IntervalUnit.MONTH)}
    billable = view(
        contract("01.01.2027", QUARTERLY),
        item("01.01.2027", term=term),
        until="01.04.2027",
        activities=(one_off("10.05.2027"),),
    )

    assert planned(billable, "30.06.2027") == []
    assert planned(billable, "01.07.2027") == [["10.05."]]


def test_a_dated_one_off_does_not_keep_another_waiting():
    """The same, beside a one-off for October: the date of one is no regular invoice."""
    term = {"renewal": Renewal.NONE, "minimum_term": Interval(3, IntervalUnit.MONTH)}
    dated = one_off("11.05.2027", invoice_on=day("01.10.2027"), id=UUID(int=701))
    billable = view(
        contract("01.01.2027", QUARTERLY),
        item("01.01.2027", term=term),
        until="01.04.2027",
        activities=(dated, one_off("10.05.2027")),
    )

    assert planned(billable, "01.07.2027") == [["10.05."]]
    assert next_due(billable, "01.07.2027") == day("01.10.2027")


def test_the_earliest_of_all_items_is_next():
    """One item is billed until 01.12., the other from 15.11. on: 15.11. is next."""
    later = item("01.11.2026")
    sooner = item("15.11.2026", anchor=day("01.11.2026"), id=UUID(int=601))

    assert next_due(view(contract("01.11.2026"), later, sooner), "10.11.2026") == day("15.11.2026")


def test_items_of_an_interval_share_its_invoice():
    """Two items of November make one invoice, two missed months make two."""
    billable = view(
        contract("01.11.2026"), item("01.11.2026"), item("15.11.2026", anchor=day("01.11.2026"))
    )

    assert planned(billable, "01.12.2026") == [["01.11.", "15.11."], ["01.12.", "01.12."]]
