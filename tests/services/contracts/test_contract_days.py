"""The work of a day: what is over becomes ended, what was renewed is told once (F027, F032, F033)."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.contracts.lives import (
    THREE_MONTHS,
    YEARLY,
    billed,
    contract,
    day,
    due,
    policy,
    state,
    terminated,
    told,
    violations,
)

from faktura.domain.pauses import Pause
from faktura.flows.contract_day import DayReceipt, contract_day_job, settle_day
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Registry
from faktura.kernel.terms import ContractState
from faktura.services.contract_days import end_contracts, renew_contracts
from faktura.services.contracts import add_activity
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.pausing import pause_subscription, resume_subscription
from faktura.store.billing import Scope
from faktura.store.blobs import DirectoryStore


def settle(house, on):
    return settle_day(house.database, house.tenant, day(on))


@pytest.fixture
def ending(peopled):
    """V-1 runs since 1 September 2026 and ends with 31 October; nothing is billed yet."""
    peopled.take("contracts", [contract()])
    terminated(peopled, "V-1", day("2026-11-01"))
    return peopled


# --- ended ---


def test_a_run_alone_ends_what_it_billed_to_the_end(ending):
    """F004: on the end's day, once everything up to it is billed; told with its end."""
    ending.bill(day("2026-10-31"))
    assert state(ending) is ContractState.TERMINATED

    ending.bill(day("2026-11-01"))

    assert state(ending) is ContractState.ENDED
    assert len(billed(ending)) == 2
    assert told(ending, "CONTRACT_ENDED") == [
        {"number": "V-1", "customerNumber": "K-1", "end": "2026-11-01"}
    ]
    assert violations(ending) == []


def test_a_contract_is_not_ended_before_everything_is_billed(ending):
    """F004: October is still to be billed on 1 November."""
    assert settle(ending, "2026-11-01") == DayReceipt(0, 0)
    assert state(ending) is ContractState.TERMINATED

    ending.bill(day("2026-11-01"))
    assert state(ending) is ContractState.ENDED


def test_the_last_period_in_arrears_is_billed_before_the_contract_ends(peopled):
    """P9: the period that contains the end is whole and is due when it is over."""
    peopled.take("contracts", [contract(billInAdvance=False)])
    terminated(peopled, "V-1", day("2026-10-15"))

    peopled.bill(day("2026-10-31"))
    assert state(peopled) is ContractState.TERMINATED

    peopled.bill(day("2026-11-01"))
    assert [line[0] for line in billed(peopled)] == ["2026-09-01", "2026-10-01"]
    assert state(peopled) is ContractState.ENDED


def test_settling_again_ends_nothing_again(ending):
    """Idempotent: the night after the run finds nothing left to do."""
    ending.bill(day("2026-11-01"))

    assert settle(ending, "2026-11-02") == DayReceipt(0, 0)
    assert len(told(ending, "CONTRACT_ENDED")) == 1


def test_a_contract_waits_for_what_is_billed_by_hand(ending):
    """F040: an activity that waits for interim billing keeps the contract terminated."""
    given = fields_of(
        ActivityFields,
        {"articleNumber": "SETUP", "quantity": "1", "from": "2026-10-20", "manual": "true"},
        Form.TEXT,
    )
    ending.write(add_activity, ending.tenant, "V-1", given)

    ending.bill(day("2026-11-01"))

    assert due(ending) is None
    assert state(ending) is ContractState.TERMINATED


def test_a_contract_waits_for_periods_that_an_open_pause_holds_up(ending):
    """P10: billed later means billed before it ends; resuming at its end lets it go."""
    policy(ending, pauseBilledLater=True)
    rest = Pause(day("2026-09-20"), None, "moved house")
    ending.write(pause_subscription, ending.tenant, "V-1", rest)
    ending.bill(day("2026-11-05"))
    assert state(ending) is ContractState.TERMINATED

    ending.write(resume_subscription, ending.tenant, "V-1", on=day("2026-11-01"))
    ending.bill(day("2026-11-05"))

    assert [line[0] for line in billed(ending)] == ["2026-09-01", "2026-10-01"]
    assert state(ending) is ContractState.ENDED


def test_a_pause_that_begins_behind_the_end_holds_up_nothing(ending):
    """P10: the pause was to come when the end was moved before it; nobody could resume it."""
    policy(ending, pauseBilledLater=True)
    rest = Pause(day("2026-10-20"), None, "moved house")
    ending.write(pause_subscription, ending.tenant, "V-1", rest)
    terminated(ending, "V-1", day("2026-10-15"))

    ending.bill(day("2026-11-01"))

    assert state(ending) is ContractState.ENDED
    assert len(billed(ending)) == 2


def test_an_open_pause_that_holds_up_nothing_lets_a_contract_end(ending):
    """P10: what starts in the pause is never billed."""
    rest = Pause(day("2026-09-20"), None, "moved house")
    ending.write(pause_subscription, ending.tenant, "V-1", rest)

    ending.bill(day("2026-11-01"))

    assert (len(billed(ending)), state(ending)) == (1, ContractState.ENDED)


def test_contracts_that_run_on_are_left_alone(peopled):
    """F006: active, terminated with an end ahead, and drafts."""
    peopled.take("contracts", [contract(f"V-{no}", activate=no != 3) for no in (1, 2, 3)])
    terminated(peopled, "V-2", day("2027-01-01"))

    peopled.bill(day("2026-12-31"))

    assert [state(peopled, f"V-{no}") for no in (1, 2, 3)] == [
        ContractState.ACTIVE,
        ContractState.TERMINATED,
        ContractState.DRAFT,
    ]


def test_a_contract_without_renewal_stays_active(peopled):
    """F027, G10: nothing is billed after the minimum term, and nobody terminated it."""
    peopled.take("contracts", [contract(term=THREE_MONTHS)])

    peopled.bill(day("2027-06-01"))
    settle(peopled, "2027-06-01")

    assert [line[0] for line in billed(peopled)] == ["2026-09-01", "2026-10-01", "2026-11-01"]
    assert (due(peopled), state(peopled)) == (None, ContractState.ACTIVE)
    assert told(peopled, "CONTRACT_RENEWED") == []


def test_many_contracts_end_batch_by_batch(peopled):
    """One transaction a batch: five contracts, two at a time."""
    numbers = [f"V-{no}" for no in range(1, 6)]
    peopled.take("contracts", [contract(number) for number in numbers])
    for number in numbers:
        terminated(peopled, number, day("2026-10-01"))
    # A run of the last day of the contracts bills all and ends none.
    peopled.bill(day("2026-09-30"))
    seen, after = [], None
    while True:
        batch = peopled.write(
            end_contracts, peopled.tenant, day("2026-10-01"), after=after, limit=2
        )
        seen.append(batch.written)
        after = batch.last
        if after is None:
            break

    assert seen == [2, 2, 1]
    assert {state(peopled, number) for number in numbers} == {ContractState.ENDED}


def test_a_run_ends_only_what_it_looks_at(ending):
    """A key of other projects, or a run of one customer or contract, ends no other contract."""
    ending.bill(day("2026-10-31"))
    other = ending.database.new_id()
    for scope in (
        Scope(projects=frozenset({other})),
        Scope(customer_id=other),
        Scope(contract_id=other),
    ):
        batch = ending.write(end_contracts, ending.tenant, day("2026-11-01"), scope=scope)
        assert batch.written == 0

    assert state(ending) is ContractState.TERMINATED


# --- renewed ---


def test_a_renewal_is_told_when_its_deadline_has_passed(peopled):
    """F033: notice for 1 September 2027 counts by 31 May; told once, also after missed days."""
    peopled.take("contracts", [contract(term=YEARLY)])

    assert settle(peopled, "2027-05-31") == DayReceipt(0, 0)
    assert settle(peopled, "2027-06-03") == DayReceipt(0, 1)
    assert settle(peopled, "2027-06-04") == DayReceipt(0, 0)

    assert told(peopled, "CONTRACT_RENEWED") == [
        {
            "number": "V-1",
            "customerNumber": "K-1",
            "subscription": 1,
            "renewal": 1,
            "day": "2027-06-01",
            "oldEnd": "2027-09-01",
            "newEnd": "2028-09-01",
        }
    ]


def test_renewals_of_missed_years_are_caught_up_in_order(peopled):
    """P5: two deadlines passed since somebody looked last."""
    peopled.take("contracts", [contract(term=YEARLY)])

    assert settle(peopled, "2028-06-01") == DayReceipt(0, 2)
    assert settle(peopled, "2028-06-01") == DayReceipt(0, 0)
    assert settle(peopled, "2029-06-01") == DayReceipt(0, 1)

    assert [one["newEnd"] for one in told(peopled, "CONTRACT_RENEWED")] == [
        "2028-09-01",
        "2029-09-01",
        "2030-09-01",
    ]


def test_what_was_renewed_before_it_came_here_is_not_told(peopled):
    """F019: a contract of 2020, imported on 31 October 2026: the next deadline is in 2027."""
    peopled.take("contracts", [contract(start="2020-09-01", term=YEARLY)])

    assert settle(peopled, "2026-12-01") == DayReceipt(0, 0)
    settle(peopled, "2027-06-01")

    assert [one["renewal"] for one in told(peopled, "CONTRACT_RENEWED")] == [7]


def test_each_subscription_is_renewed_for_itself(peopled):
    """F023: one by a year, one by a month without notice; each is told under its number."""
    monthly = {
        "minimumTerm": {"unit": "YEAR"},
        "renewal": "FIXED",
        "renewalTerm": {"unit": "MONTH"},
        "items": [{"articleNumber": "WEB-M", "quantity": "2"}],
    }
    given = contract(term=YEARLY)
    given["subscriptions"].append(monthly)
    peopled.take("contracts", [given])

    assert settle(peopled, "2027-10-01") == DayReceipt(0, 3)

    assert [
        (one["subscription"], one["day"], one["newEnd"])
        for one in told(peopled, "CONTRACT_RENEWED")
    ] == [
        (1, "2027-06-01", "2028-09-01"),
        (2, "2027-09-01", "2027-10-01"),
        (2, "2027-10-01", "2027-11-01"),
    ]


def test_a_terminated_contract_is_not_renewed(peopled):
    """F004: nor a draft, nor one with another renewal."""
    peopled.take(
        "contracts",
        [
            contract("V-1", term=YEARLY),
            contract("V-2", term=YEARLY, activate=False),
            contract("V-3"),
        ],
    )
    terminated(peopled, "V-1", day("2027-09-01"))

    assert settle(peopled, "2027-08-31") == DayReceipt(0, 0)


def test_renewals_are_told_batch_by_batch(peopled):
    """One transaction a batch; an empty one says that there are no more."""
    peopled.take("contracts", [contract(term=YEARLY)])
    on = day("2027-06-01")

    first = peopled.write(renew_contracts, peopled.tenant, on, limit=1)
    rest = peopled.write(renew_contracts, peopled.tenant, on, after=first.last, limit=1)

    assert (first.written, rest.written, rest.last) == (1, 0, None)


def test_the_job_settles_the_tenants_own_day(peopled, clock):
    """P4: 31 May 23:00 UTC is 1 June in Berlin."""
    peopled.take("contracts", [contract(term=YEARLY)])
    now = clock.now()
    clock.advance(timedelta(days=(day("2027-05-31") - now.date()).days, hours=23 - now.hour))
    registry = Registry()
    adapters = Adapters(registry, NothingKept(), clock, Installation())
    context = JobContext(peopled.database, registry, adapters, DirectoryStore(Path("nowhere")))

    contract_day_job(context, peopled.tenant.id, {})

    assert [one["day"] for one in told(peopled, "CONTRACT_RENEWED")] == ["2027-06-01"]
