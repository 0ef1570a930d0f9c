"""What a dunning run writes, and to whom (F083, F084)."""

from dataclasses import replace
from datetime import date

import pytest
from tests.services.dunning.scene import LEVELS, Scene

from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.flows import dunning as flow
from faktura.kernel.dunning_terms import DunningHold, InterestRule
from faktura.kernel.errors import WriteRefused
from faktura.store import tables
from faktura.store.accounts import read_account, read_open_items
from faktura.store.documents import read_document
from faktura.store.dunning import run_failures
from faktura.store.tasks import TaskFilter, find_tasks


def test_three_levels_cost_what_the_law_says(scene: Scene):
    """§ 288 Abs. 2 BGB: 9 points over 1.27 %, day by day from the day after the due date."""
    owner = scene.customer()
    scene.owe(owner, "R-1", 11_900, date(2026, 3, 2))

    for on in (date(2026, 3, 8), date(2026, 3, 9), date(2026, 3, 23), date(2026, 4, 6)):
        scene.dun(on)

    # 11900 × 10.27 % × 21 / 365 = 70.31; for 14 days 46.88.
    assert scene.notices() == [
        ("K-1", 1, date(2026, 3, 9), 11_900, 0, 0, 0),
        ("K-1", 2, date(2026, 3, 23), 11_900, 500, 0, 70),
        ("K-1", 3, date(2026, 4, 6), 11_900, 0, 4_000, 47),
    ]
    assert [row[1:] for row in scene.items()] == [
        ("R-1", 1, 11_900, 0, None, None, 0),
        ("R-1", 2, 11_900, 70, date(2026, 3, 3), date(2026, 3, 23), 0),
        ("R-1", 3, 11_900, 47, date(2026, 3, 24), date(2026, 4, 6), 4_000),
    ]


def test_charges_are_a_document_that_is_owed_and_posted_without_vat(scene: Scene):
    """§ 1 Abs. 1 Nr. 1 UStG: damages are no price of a supply."""
    owner = scene.customer()
    scene.owe(owner, "R-1", 11_900, date(2026, 3, 2))

    scene.dun(date(2026, 3, 9))
    scene.dun(date(2026, 3, 23))

    with scene.database.read(scene.tenant.id) as tx:
        charges = read_document(tx, "MG-000001")
        account = read_account(tx, owner.id, "EUR")
        items = read_open_items(tx, customer_id=owner.id)
        legs = tx.connection.execute(
            tables.leg.select()
            .join(
                tables.journal_entry,
                (tables.journal_entry.c.seq == tables.leg.c.entry_seq)
                & (tables.journal_entry.c.tenant_id == tables.leg.c.tenant_id),
            )
            .where(tables.journal_entry.c.entry_key == "dun:MG-000001")
            .order_by(tables.leg.c.no)
        ).all()
    assert (charges.kind, charges.gross.minor, charges.tax.minor) == ("DUNNING", 570, 0)
    assert charges.due_on == date(2026, 3, 30)
    assert (account[-1].fact, account[-1].amount.minor) == ("DUNNING", 570)
    assert [(one.number, one.open.minor) for one in items] == [("R-1", 11_900), ("MG-000001", 570)]
    assert [(leg.account, leg.side, leg.minor) for leg in legs] == [
        ("1400", "D", 570),
        ("2700", "C", 500),
        ("2650", "C", 70),
    ]


def test_one_notice_a_customer_holds_all_that_is_overdue(scene: Scene):
    """The level of the notice is the highest that is reached with it; what waits stands as it is."""
    owner = scene.customer()
    scene.owe(owner, "R-1", 10_000, date(2026, 3, 2))
    scene.dun(date(2026, 3, 9))
    scene.owe(owner, "R-2", 5_000, date(2026, 3, 10))
    scene.owe(owner, "R-3", 2_000, date(2026, 3, 20))
    scene.owe(owner, "R-4", 3_000, date(2026, 4, 20))

    scene.dun(date(2026, 3, 23))

    assert [row[1:3] for row in scene.notices()] == [(1, date(2026, 3, 9)), (2, date(2026, 3, 23))]
    assert [row[1:4] for row in scene.items()] == [
        ("R-1", 1, 10_000),
        ("R-1", 2, 10_000),
        ("R-2", 1, 5_000),
        ("R-3", 0, 2_000),
    ]


def test_a_second_run_of_the_day_writes_nothing(scene: Scene):
    """Whoever got a notice of that day gets no other one of it."""
    owner = scene.customer()
    scene.owe(owner, "R-1", 10_000, date(2026, 3, 2))
    first = scene.dun(date(2026, 3, 9))

    again = scene.dun(date(2026, 3, 9))

    assert (first.totals.notices, first.resumed) == (1, False)
    assert (again.run_id, again.resumed, again.totals) == (first.run_id, True, first.totals)
    assert len(scene.notices()) == 1


def test_what_falls_due_on_a_weekend_is_overdue_after_the_next_working_day(scene: Scene):
    """§ 193 BGB: Saturday 28 February 2026 is paid in time on Monday 2 March."""
    policy = DunningPolicy((replace(LEVELS[0], days=1),))
    scene.set_policy(policy)
    scene.owe(scene.customer(), "R-1", 10_000, date(2026, 2, 28))

    early, late = scene.dun(date(2026, 3, 2)), scene.dun(date(2026, 3, 3))

    assert (early.totals.notices, late.totals.notices) == (0, 1)


def test_credit_that_covers_what_is_overdue_keeps_the_house_quiet(scene: Scene):
    """Money without a document and negative documents count; what they leave is asked for."""
    covered, partly = scene.customer(), scene.customer()
    scene.owe(covered, "R-1", 10_000, date(2026, 3, 2))
    scene.credit(covered, 4_000, date(2026, 3, 1))
    scene.owe(covered, "G-1", -6_000, date(2026, 3, 1))
    scene.owe(partly, "R-2", 10_000, date(2026, 3, 2))
    scene.credit(partly, 4_000, date(2026, 3, 1))

    receipt = scene.dun(date(2026, 3, 9))

    (notice,) = receipt.done.notices
    assert (notice.customer_id, notice.open, notice.credit, notice.total) == (
        partly.id,
        10_000,
        4_000,
        6_000,
    )
    assert receipt.done.holds == {DunningHold.CREDIT: 1}


def test_interest_follows_part_payments_by_value_date(scene: Scene):
    """Of the day on which money came the whole is owed, then the rest (§§ 187, 188 BGB)."""
    scene.owe(scene.customer(), "R-1", 100_000, date(2026, 3, 2))
    scene.dun(date(2026, 3, 9))
    scene.pay("R-1", 60_000, date(2026, 3, 12))

    scene.dun(date(2026, 3, 23))

    # 100000 × 10.27 % × 10 / 365 = 281.37 and 40000 × 10.27 % × 11 / 365 = 123.80.
    assert scene.items()[-1][3:5] == (40_000, 405)


def test_a_returned_payment_gives_time_before_dunning_goes_on(scene: Scene):
    """P33: a return reopens the document and blocks dunning for the grace time of 14 days."""
    scene.owe(scene.customer(), "R-1", 10_000, date(2026, 3, 2))
    scene.pay("R-1", 10_000, date(2026, 3, 2))
    scene.take_back("R-1", 10_000, date(2026, 3, 10))

    held, later = scene.dun(date(2026, 3, 23)), scene.dun(date(2026, 3, 24))

    assert held.done.holds == {DunningHold.GRACE: 1}
    assert later.totals.notices == 1


def test_a_consumer_owes_charges_only_where_the_document_told_so(scene: Scene):
    """§ 286 Abs. 3 BGB; 5 points by § 288 Abs. 1, and never the 40 EUR of Abs. 5.

    The reminder of 9 March puts the consumer in default, the due date alone does not.
    """
    untold = scene.customer(is_business=False)
    told = scene.customer(is_business=False)
    scene.owe(untold, "R-1", 100_000, date(2026, 3, 2))
    scene.owe(told, "R-2", 100_000, date(2026, 3, 2), told=True)

    for on in (date(2026, 3, 9), date(2026, 3, 23), date(2026, 4, 6)):
        scene.dun(on)

    # 100000 × 6.27 % × 14 / 365 = 240.49 from 10 to 23 March, and the same from then to 6 April.
    assert [row[4:] for row in scene.notices() if row[0] == "K-1"] == [(0, 0, 0)] * 3
    assert [row[4:] for row in scene.notices() if row[0] == "K-2"] == [
        (0, 0, 0),
        (500, 0, 240),
        (0, 0, 240),
    ]


def test_a_consumers_default_begins_with_the_first_notice_of_several(scene: Scene):
    """§ 286 Abs. 1 BGB: the second one, which charges no interest, does not begin it anew."""
    free = DunningLevel(days=14)
    scene.set_policy(
        DunningPolicy(
            (DunningLevel(days=7), free, DunningLevel(days=14, interest=InterestRule.LEGAL))
        )
    )
    told = scene.customer(is_business=False)
    scene.owe(told, "R-1", 100_000, date(2026, 3, 2), told=True)

    for on in (date(2026, 3, 9), date(2026, 3, 23), date(2026, 4, 6)):
        scene.dun(on)

    # 100000 × 6.27 % × 28 / 365 = 480.99 from 10 March to 6 April.
    assert [row[4:7] for row in scene.items()] == [
        (0, None, None),
        (0, None, None),
        (481, date(2026, 3, 10), date(2026, 4, 6)),
    ]


def test_a_missing_base_rate_keeps_one_customer_back_and_nobody_else(scene: Scene):
    """A rate is never guessed: the customer fails with what to add, the others get their notices."""
    business, consumer = scene.customer(), scene.customer(is_business=False)
    scene.owe(business, "R-1", 100_000, date(2026, 7, 6))
    scene.owe(consumer, "R-2", 100_000, date(2026, 7, 6))
    scene.dun(date(2026, 7, 13))

    failed = scene.dun(date(2026, 7, 27))
    scene.know_rate(date(2026, 7, 1), "1.27")
    mended = scene.dun(date(2026, 7, 27))

    ((customer_id, error),) = failed.done.failures
    assert (customer_id, error.code) == (business.id, "field_missing")
    assert str(error) == (
        "customer K-1, baseRates: no base rate of § 247 BGB is known from 2026-07-01."
        " Add the announced one: faktura dunning base-rates add 2026-07-01 PERCENT"
    )
    assert (failed.totals.notices, mended.totals.notices) == (1, 1)
    assert mended.run_id != failed.run_id


def test_a_foreign_currency_has_a_notice_of_its_own_without_fee_and_flat_sum(scene: Scene):
    """The fee is in our currency, the flat sum in euro; interest is in that of the document."""
    owner = scene.customer()
    scene.owe(owner, "R-1", 10_000, date(2026, 3, 2))
    scene.owe(owner, "R-2", 10_000, date(2026, 3, 2), currency="CHF")

    for on in (date(2026, 3, 9), date(2026, 3, 23), date(2026, 4, 6)):
        scene.dun(on)

    # 10000 × 10.27 % × 21 / 365 = 59.09 and × 14 / 365 = 39.39.
    assert [row[4:] for row in scene.notices()] == [
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 59),
        (500, 0, 59),
        (0, 0, 39),
        (0, 4_000, 39),
    ]


def test_behind_the_last_level_a_person_is_asked_once(scene: Scene):
    """No level follows: nobody is written to again for it."""
    scene.owe(scene.customer(), "R-1", 10_000, date(2026, 3, 2))
    for on in (date(2026, 3, 9), date(2026, 3, 23), date(2026, 4, 6), date(2026, 4, 14)):
        scene.dun(on)
    scene.dun(date(2026, 5, 4))

    with scene.database.read(scene.tenant.id) as tx:
        tasks = find_tasks(tx, TaskFilter())
    assert len(scene.notices()) == 3
    assert [(one.kind, one.subject) for one in tasks] == [("DUNNING_EXHAUSTED", "document R-1")]
    assert "overdue since 2026-03-02" in tasks[0].problem


def test_a_run_that_was_cut_off_among_the_customers_of_a_refused_chunk_goes_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    """Who failed before the cut is looked at again: it fails once a run, or gets its notice."""
    scene.owe(scene.customer(), "R-1", 100_000, date(2026, 7, 6))
    scene.dun(date(2026, 7, 13))
    with monkeypatch.context() as cut:
        cut.setattr(flow, "dun_chunk", _refused)
        cut.setattr(flow, "close_dunning", _killed)
        with pytest.raises(KeyboardInterrupt):
            scene.dun(date(2026, 7, 27))
    with monkeypatch.context() as cut:
        cut.setattr(flow, "close_dunning", _killed)
        cut.setattr(flow, "dun_chunk", _refused)
        with pytest.raises(KeyboardInterrupt):
            scene.dun(date(2026, 7, 27))
    scene.know_rate(date(2026, 7, 1), "1.27")

    receipt = scene.dun(date(2026, 7, 27))

    assert (receipt.resumed, receipt.totals.notices, receipt.totals.failed) == (True, 1, 0)
    with scene.database.read(scene.tenant.id) as tx:
        assert run_failures(tx, receipt.run_id) == []


def _refused(*_given: object) -> None:
    raise WriteRefused("the database refused", place="chunk")


def _killed(*_given: object) -> None:
    raise KeyboardInterrupt


def test_what_a_correction_took_off_never_bore_interest(scene: Scene):
    """It was never owed, though the correction came on 16 March: 600.00 × 10.27 % × 21 / 365."""
    owner = scene.customer()
    scene.owe(owner, "R-1", 100_000, date(2026, 3, 2))
    scene.dun(date(2026, 3, 9))
    scene.owe(owner, "C-1", -40_000, date(2026, 3, 16), issued_on=date(2026, 3, 16))
    scene.correct("R-1", by="C-1")

    scene.dun(date(2026, 3, 23))

    assert scene.items()[-1][3:5] == (60_000, 355)
