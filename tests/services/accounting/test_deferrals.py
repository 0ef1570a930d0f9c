"""Deferred revenue through the services that issue, change and post (F108, F109, P45)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.services.accounting.deferred import (
    NOVEMBER,
    deferring,
    drafts_of,
    invoice,
    pass_until,
    postings,
    prap,
    release,
    rows,
)
from tests.services.changes.world import World, open_world
from tests.services.company import Company, bill
from tests.services.verify.books import violations

from faktura.domain.deferral import DeferralPolicy
from faktura.flows.accounting_day import accounting_day_job
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.errors import FieldInvalid, OutOfRange, TooPrecise, TransitionRefused
from faktura.kernel.periods import Period
from faktura.kernel.terms import Chart, Slot
from faktura.services import deferrals
from faktura.services.deferral_policy import set_deferral
from faktura.services.period_locks import Locking, lock_period
from faktura.services.posting import set_account
from faktura.store.journal import JournalFilter, read_entries
from faktura.store.tenants import read_tenant

AUG_1, NOV_10 = date(2019, 8, 1), date(2019, 11, 10)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A company whose contracts change their minds."""
    made = open_world(database_url)
    yield made
    made.database.close()


def test_a_years_invoice_is_deferred_and_released_month_by_month(company: Company):
    """1,000.00 for 15.11.2026 to 14.11.2027: 956.16 on 30.11., then 84.93 and so on to 0.00."""
    deferring(company)
    invoice(company, "A-1")

    done = release(company, date(2027, 12, 1))

    assert (done.entries, done.drafts, done.through) == (13, 0, NOVEMBER.replace(year=2027))
    found = postings(company.database, company.tenant)
    assert found[:3] == [
        ("30.11.2026", "prap:RE-000001:accrue", "D 8400 956.16", "C 0990 956.16"),
        ("31.12.2026", "prap:RE-000001:202612", "C 8400 84.93", "D 0990 84.93"),
        ("31.01.2027", "prap:RE-000001:202701", "C 8400 84.93", "D 0990 84.93"),
    ]
    assert found[-1] == ("30.11.2027", "prap:RE-000001:202711", "C 8400 38.36", "D 0990 38.36")
    assert prap(company.database, company.tenant) == "0.00"
    with company.database.read(company.tenant.id) as tx:
        assert violations(tx) == []


@pytest.mark.parametrize(
    ("chart", "revenue", "deferred"), [(Chart.SKR03, "8400", "0990"), (Chart.SKR04, "4400", "3900")]
)
def test_an_upgrade_takes_the_year_back_and_defers_its_new_part(
    world: World, chart: Chart, revenue: str, deferred: str
):
    """365.00 for 366 days from 01.08.2019, doubled on 10.11.: reverse and rebill, each its own.

    RE-1 by 31.08. 31/366 = 30.92; the correction in November gives back what comes after it,
    365.00 - 121.67 = 243.33; of the rebill 01.08.-09.11. is over, 730.00 - 201.45 = 528.55 for the
    265 days from 10.11. on have 21 in November = 41.89.
    """
    policy = DeferralPolicy(DeferralMethod.DAY)
    world.with_tenant(chart=chart, deferral=policy)
    number = world.contract(
        billingInterval={"count": 1, "unit": "YEAR"},
        subscriptions=[{"items": [{"articleNumber": "YEARLY", "quantity": "1"}]}],
    )
    world.bill(AUG_1)
    pass_until(world, NOV_10)
    world.upgrade(
        number,
        NOV_10,
        date="2019-11-10",
        items=[{"currentArticleNumber": "YEARLY", "quantity": "2"}],
    )
    assert world.nets() == [("INVOICE", "365.00"), ("CORRECTION", "-365.00"), ("INVOICE", "629.27")]

    release(world, date(2020, 1, 15))

    r, p = revenue, deferred
    assert postings(world.database, world.tenant) == [
        ("31.08.2019", "prap:RE-000001:accrue", f"D {r} 334.08", f"C {p} 334.08"),
        ("30.09.2019", "prap:RE-000001:201909", f"C {r} 29.91", f"D {p} 29.91"),
        ("31.10.2019", "prap:RE-000001:201910", f"C {r} 30.92", f"D {p} 30.92"),
        ("30.11.2019", "prap:RE-000001:201911", f"C {r} 29.92", f"D {p} 29.92"),
        ("30.11.2019", "prap:RK-000001:accrue", f"C {r} 243.33", f"D {p} 243.33"),
        ("30.11.2019", "prap:RE-000002:accrue", f"D {r} 486.66", f"C {p} 486.66"),
        ("31.12.2019", "prap:RE-000001:201912", f"C {r} 30.91", f"D {p} 30.91"),
        ("31.12.2019", "prap:RK-000001:201912", f"D {r} 30.91", f"C {p} 30.91"),
        ("31.12.2019", "prap:RE-000002:201912", f"C {r} 61.83", f"D {p} 61.83"),
    ]
    # 486.66 - 61.83: only the new part is deferred.
    assert prap(world.database, world.tenant) == "424.83"
    assert world.violations() == []


def test_a_cancelled_invoice_leaves_nothing_deferred(world: World):
    """Taken back by another document with its own schedule; both go on and cancel out."""
    world.with_tenant(deferral=DeferralPolicy(DeferralMethod.DAY))
    world.contract(
        billingInterval={"count": 1, "unit": "YEAR"},
        subscriptions=[{"items": [{"articleNumber": "YEARLY", "quantity": "1"}]}],
    )
    world.bill(AUG_1)
    # A change of the policy does not part a correction from what it corrects.
    world.with_tenant(deferral=DeferralPolicy())
    world.cancel("RE-000001", date(2019, 8, 10))

    release(world, date(2019, 10, 1))

    assert [row[2:] for row in postings(world.database, world.tenant)] == [
        ("D 8400 334.08", "C 0990 334.08"),
        ("C 8400 334.08", "D 0990 334.08"),
        ("C 8400 29.91", "D 0990 29.91"),
        ("D 8400 29.91", "C 0990 29.91"),
    ]
    assert prap(world.database, world.tenant) == "0.00"
    assert world.violations() == []


def test_what_was_not_deferred_is_not_deferred_back(world: World):
    """A tenant that begins to defer: a correction of an older invoice just takes revenue back."""
    world.contract(
        billingInterval={"count": 1, "unit": "YEAR"},
        subscriptions=[{"items": [{"articleNumber": "YEARLY", "quantity": "1"}]}],
    )
    world.bill(AUG_1)
    world.with_tenant(deferral=DeferralPolicy(DeferralMethod.DAY))
    world.cancel("RE-000001", date(2019, 8, 10))

    assert rows(world.database, world.tenant) == []


def test_only_lines_that_later_months_earn_are_deferred(company: Company):
    """A month's service, a day's one-off, a line below the threshold and one before `since`."""
    deferring(company, threshold=Decimal("800.00"), since=date(2026, 11, 15))
    contract = company.contract(company.customer(), "A-1", start=NOVEMBER)
    company.one_off(contract, "A-4", service=Period(NOVEMBER, date(2026, 11, 2)))
    year = Period(date(2026, 11, 15), date(2027, 11, 15))
    company.one_off(contract, "A-4", service=year, unit_price=Decimal("799.99"))
    company.one_off(contract, "A-4", service=year, unit_price=Decimal("800.00"))
    bill(company.database, company.tenant, date(2026, 11, 15))
    late = company.contract(company.customer(), start=date(2026, 11, 14))
    early = date(2026, 11, 14)
    company.one_off(late, "A-4", service=year, unit_price=Decimal("800.00"), invoice_on=early)
    bill(company.database, company.tenant, early)

    assert [(row.net.minor, row.account) for row in rows(company.database, company.tenant)] == [
        (80_000, "8400")
    ]


def test_posting_again_posts_nothing(company: Company):
    """The month is moved on with its entries: twice is once."""
    deferring(company)
    invoice(company, "A-1")

    first = release(company, date(2027, 2, 1))
    second = release(company, date(2027, 2, 1))

    assert (first.entries, second.entries) == (3, 0)


@pytest.mark.parametrize("broken", ["move_on", "write_facts"])
def test_what_breaks_off_leaves_nothing_half_done(company: Company, monkeypatch, broken: str):
    """Neither entries without the next month, nor the next month without entries."""
    deferring(company)
    invoice(company, "A-1")

    def breaks(*_args: object) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(deferrals, broken, breaks)
        with pytest.raises(RuntimeError):
            release(company, date(2026, 12, 1))
    assert postings(company.database, company.tenant) == []
    with company.database.read(company.tenant.id) as tx:
        assert violations(tx) == []

    assert release(company, date(2026, 12, 1)).entries == 1


def test_batches_never_part_a_documents_lines(company: Company, monkeypatch):
    """Two documents of two lines, a line a batch: each document has one entry a month."""
    monkeypatch.setattr(deferrals, "_LINES_A_BATCH", 1)
    deferring(company)
    for _ in range(2):
        invoice(company, "A-1", "A-4")

    done = release(company, date(2027, 1, 1))

    assert done.entries == 4
    assert [row[1:] for row in postings(company.database, company.tenant)] == [
        ("prap:RE-000001:accrue", "D 8400 1912.32", "C 0990 1912.32"),
        ("prap:RE-000002:accrue", "D 8400 1912.32", "C 0990 1912.32"),
        ("prap:RE-000001:202612", "C 8400 169.86", "D 0990 169.86"),
        ("prap:RE-000002:202612", "C 8400 169.86", "D 0990 169.86"),
    ]


def test_a_locked_month_is_booked_in_the_first_open_one(company: Company):
    """The value date and the month of the service stay, the accounting date moves (P24)."""
    deferring(company)
    invoice(company, "A-1")
    pass_until(company, date(2027, 1, 5))
    with company.database.write(company.tenant.id) as tx:
        done = lock_period(tx, Locking(NOVEMBER, "USt", "mia", with_drafts=True))
    assert done.deferrals == 1

    release(company, date(2027, 1, 5))

    with company.database.read(company.tenant.id) as tx:
        accrued, released = [
            one for one in read_entries(tx, JournalFilter()) if one.key.startswith("prap:")
        ]
        assert violations(tx) == []
    assert (accrued.value_date, accrued.booked_on) == (date(2026, 11, 30), date(2026, 12, 1))
    assert accrued.service_month == NOVEMBER
    assert (released.value_date, released.booked_on) == (date(2026, 12, 31), date(2026, 12, 31))


def test_a_month_is_not_locked_before_its_deferrals_are_posted(company: Company):
    """Its revenue would be too high for good; October has none that is due."""
    deferring(company)
    invoice(company, "A-1")
    pass_until(company, date(2027, 1, 5))
    with company.database.write(company.tenant.id) as tx:
        assert lock_period(tx, Locking(date(2026, 10, 1), "USt", "mia")).deferrals == 0

    refused = "1 deferral is not posted up to 2026-11"
    with (
        pytest.raises(TransitionRefused, match=refused),
        company.database.write(company.tenant.id) as tx,
    ):
        lock_period(tx, Locking(NOVEMBER, "USt", "mia"))

    release(company, date(2027, 1, 5), NOVEMBER)
    with company.database.write(company.tenant.id) as tx:
        assert lock_period(tx, Locking(NOVEMBER, "USt", "mia")).deferrals == 0


def test_a_missing_account_waits_and_is_filled_for_all_months(company: Company):
    """16 % is in no chart: November waits as a draft, December is posted with the account (F106)."""
    deferring(company)
    invoice(company, "A-6")
    first = release(company, date(2026, 12, 1))
    assert (first.entries, first.drafts) == (0, 1)
    assert drafts_of(company)["prap:RE-000001:accrue"] == ("REVENUE:STANDARD:16",)

    with company.database.write(company.tenant.id) as tx:
        set_account(tx, "VAT:STANDARD:16", "1775")
        done = set_account(tx, "REVENUE@odd:STANDARD:16", "8410")
    second = release(company, date(2027, 1, 1))

    assert (done.posted, second.entries, second.drafts) == (2, 1, 0)
    assert [row.account for row in rows(company.database, company.tenant)] == ["8410"]
    assert postings(company.database, company.tenant) == [
        ("30.11.2026", "prap:RE-000001:accrue", "D 8410 956.16", "C 0990 956.16"),
        ("31.12.2026", "prap:RE-000001:202612", "C 8410 84.93", "D 0990 84.93"),
    ]
    with company.database.read(company.tenant.id) as tx:
        assert violations(tx) == []


def test_drafts_of_deferrals_count_in_the_proof(company: Company):
    """What waits for an account is planned and will be posted."""
    deferring(company)
    invoice(company, "A-6")
    release(company, date(2027, 1, 1))

    with company.database.read(company.tenant.id) as tx:
        assert violations(tx) == []


def test_a_contra_account_keeps_the_revenue_account_free(company: Company):
    """DEFERRAL_CONTRA: revenue times 19 % stays the VAT."""
    deferring(company)
    with company.database.write(company.tenant.id) as tx:
        set_account(tx, "DEFERRAL_CONTRA", "8200")
    invoice(company, "A-1")

    release(company, date(2026, 12, 1))

    ((_, _, revenue, deferred),) = postings(company.database, company.tenant)
    assert (revenue, deferred) == ("D 8200 956.16", "C 0990 956.16")
    with company.database.read(company.tenant.id) as tx:
        assert violations(tx) == []


def test_this_month_is_posted_only_on_its_last_day(company: Company):
    """Before it, a document of the month may still come; without a name only months that are over."""
    deferring(company)
    invoice(company, "A-1")
    with pytest.raises(OutOfRange, match="2026-11 is not over on 2026-11-29"):
        release(company, date(2026, 11, 29), NOVEMBER)

    assert release(company, date(2026, 11, 30)).entries == 0
    assert release(company, date(2026, 11, 30), NOVEMBER).entries == 1


def test_setting_the_policy_is_told_and_checked(company: Company):
    """Old and new stay on record; a threshold is an amount."""
    tenant = company.tenant
    policy = DeferralPolicy(DeferralMethod.MONTH, date(2026, 1, 1), Decimal(800))
    with company.database.write(tenant.id) as tx:
        set_deferral(tx, policy, by="mia")
        set_deferral(tx, policy, by="mia")
        assert read_tenant(tx).deferral == policy
        assert violations(tx) == []
    for threshold, error in ((Decimal(-1), FieldInvalid), (Decimal("0.001"), TooPrecise)):
        with pytest.raises(error), company.database.write(tenant.id) as tx:
            set_deferral(tx, replace(policy, threshold=threshold), by="mia")


def test_deferred_revenue_is_a_slot_of_both_charts(company: Company):
    """So nobody has to set it."""
    deferring(company)
    invoice(company, "A-1")
    release(company, date(2026, 12, 1))

    with company.database.read(company.tenant.id) as tx:
        (entry,) = [e for e in read_entries(tx, JournalFilter()) if e.key.startswith("prap:")]
    assert [leg.slot for leg in entry.legs] == [Slot.REVENUE, Slot.DEFERRED_REVENUE]


def test_the_daily_job_posts_what_is_over(company: Company):
    """Of every tenant, whatever its policy says by now; run again it finds nothing."""
    deferring(company)
    invoice(company, "A-1")
    deferring(company, DeferralMethod.NONE)
    pass_until(company, date(2026, 12, 1))
    context: Any = SimpleNamespace(database=company.database)

    accounting_day_job(context, company.tenant.id, {})
    accounting_day_job(context, company.tenant.id, {})

    assert [row[1] for row in postings(company.database, company.tenant)] == [
        "prap:RE-000001:accrue"
    ]
