"""Interim billing: what is due on a contract on a day, outside the regular run (F021)."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    TENANT,
    article,
    contract,
    day,
    item,
    lines,
    one_off,
    totals,
    view,
)

from faktura.domain.activities import ReopenedPeriod
from faktura.domain.billing_plan import BillableContract
from faktura.domain.interim_billing import after_billing, interim_plan
from faktura.domain.invoices import DraftDocument, draft_invoice
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit, ContractState, Origin


def billed(billable: BillableContract, on: str) -> list[DraftDocument]:
    """The drafts of interim billing by interval; the act joins them in one invoice."""
    return [draft_invoice(TENANT, one, day(on)) for one in interim_plan(TENANT, billable, day(on))]


def usage(service: str, price: str, quantity: str, **changes: object):
    """Minutes of a call, at their own price."""
    sold = article(price, number="A-9", name="Minuten", unit=ArticleUnit.MINUTE, recurring=False)
    return one_off(service, sold, quantity=Decimal(quantity), origin=Origin.USAGE, **changes)


def test_what_waits_without_a_date_is_billed_once_its_service_has_begun():
    """F040, F001: a run would wait for the interval's end."""
    frame = contract("01.10.2026")
    waits = view(frame, activities=(usage("10.10.2026", "0.10", "123"),))

    assert billed(waits, "09.10.2026") == []
    assert [lines(draft) for draft in billed(waits, "10.10.2026")] == [
        [("10.10.2026-10.10.2026", "12.30")]
    ]


def test_what_is_left_to_a_person_is_billed_whatever_its_date():
    """F001 wins over F040: a run never takes it."""
    left = usage("10.10.2026", "0.10", "50", manual=True, invoice_on=day("01.12.2026"))

    (draft,) = billed(view(contract("01.10.2026"), activities=(left,)), "10.10.2026")

    assert totals(draft) == ("5.00", "0.95", "5.95")


def test_a_date_decides_alone_about_what_is_not_left_to_a_person():
    """F040: from that day on, even if the service is later."""
    frame = contract("01.10.2026")
    later = view(
        frame, activities=(usage("10.10.2026", "1.00", "5", invoice_on=day("20.10.2026")),)
    )
    early = view(
        frame, activities=(usage("10.10.2026", "1.00", "5", invoice_on=day("02.10.2026")),)
    )

    assert billed(later, "19.10.2026") == []
    assert len(billed(later, "20.10.2026")) == 1
    assert len(billed(early, "02.10.2026")) == 1


def test_a_day_set_by_hand_does_not_hold_it_back():
    """F036 puts off the run; a person asks for interim billing."""
    frame = contract("01.10.2026", invoice_not_before=day("01.12.2026"))

    found = billed(view(frame, item("01.10.2026")), "01.11.2026")

    assert [lines(draft) for draft in found] == [
        [("01.10.2026-31.10.2026", "30.00")],
        [("01.11.2026-30.11.2026", "30.00")],
    ]
    assert found[0].contract == frame


def test_an_ended_contract_is_billed_for_usage_that_arrived_later():
    """domain.md: no run looks at it any more; nothing begins after its end."""
    frame = contract("01.09.2026", state=ContractState.ENDED, end=day("01.10.2026"))
    ended = view(
        frame,
        item("01.09.2026"),
        until="01.10.2026",
        activities=(usage("28.09.2026", "0.10", "1000"),),
    )

    (draft,) = billed(ended, "15.10.2026")

    assert lines(draft) == [("28.09.2026-28.09.2026", "100.00")]
    assert draft.contract.state is ContractState.ENDED


@pytest.mark.parametrize("state", [ContractState.DRAFT, ContractState.VOIDED])
def test_nothing_is_owed_on_a_contract_that_never_ran(state: ContractState):
    """F005: refused by name, not answered with nothing."""
    with pytest.raises(TransitionRefused, match="F005"):
        interim_plan(TENANT, view(contract("01.10.2026", state=state)), day("01.10.2026"))


def test_a_reopened_period_is_billed_again_and_counts_as_billed_before():
    """P18: what a cancelled invoice had billed is due as it was."""
    billable = view(contract("01.09.2026"), item("01.09.2026"), until="01.11.2026")
    again = ReopenedPeriod(
        UUID(int=800), UUID(int=600), Period(day("01.09.2026"), day("01.10.2026"))
    )
    opened = replace(billable, reopened=(again,))

    (draft,) = billed(opened, "10.10.2026")
    after = after_billing(opened, draft.charges)

    assert lines(draft) == [("01.09.2026-30.09.2026", "30.00")]
    assert (after.reopened, after.billed_until) == ((), (day("01.11.2026"),))


def test_once_billed_nothing_is_left_to_bill():
    """Periods of each item and what waited; what is not due yet still waits."""
    later = usage("20.10.2026", "1.00", "5", id=UUID(int=701))
    billable = view(
        contract("01.10.2026"),
        item("01.10.2026"),
        item("01.11.2026", id=UUID(int=601)),
        activities=(usage("01.10.2026", "1.00", "5"), later),
    )

    (draft,) = billed(billable, "10.10.2026")
    after = after_billing(billable, draft.charges)

    assert after.billed_until == (day("01.11.2026"), None)
    assert after.activities == (later,)
    assert billed(after, "10.10.2026") == []
