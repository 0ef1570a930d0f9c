"""The worked examples of the requirements, to the cent (G1 to G4)."""

from datetime import date

from tests.services.changes.world import World

AUG_1, AUG_10 = date(2019, 8, 1), date(2019, 8, 10)


def test_a_small_upgrade_takes_the_period_back_and_bills_both_parts(world: World):
    """G1: 30.00 a month, one member becomes two on 10.08.: -30.00, 8.71 and 42.58; +21.29 due."""
    number = world.member()
    world.bill(AUG_1)

    world.upgrade(
        number,
        AUG_10,
        date="2019-08-10",
        items=[{"currentArticleNumber": "MEMBER", "quantity": "2"}],
    )

    invoice, correction, rebill = world.documents()
    assert world.nets() == [("INVOICE", "30.00"), ("CORRECTION", "-30.00"), ("INVOICE", "51.29")]
    assert world.lines(correction) == [("01.08.2019", "31.08.2019", "-30.00")]
    assert world.lines(rebill) == [
        ("01.08.2019", "09.08.2019", "8.71"),
        ("10.08.2019", "31.08.2019", "42.58"),
    ]
    # 30.00 + 5.70; its credit pays it, so that the rebill of 51.29 + 9.75 stays open whole.
    assert (str(invoice.gross.decimal), str(correction.gross.decimal)) == ("35.70", "-35.70")
    assert world.balance() == "61.04"
    assert world.open_items() == {rebill.number: "61.04"}
    assert world.violations() == []


def test_with_equal_quantity_the_parts_sum_to_the_whole(world: World):
    """G1's identity: 8.71 + 21.29 = 30.00."""
    number = world.member()
    world.bill(AUG_1)

    world.upgrade(
        number,
        AUG_10,
        date="2019-08-10",
        items=[{"currentArticleNumber": "MEMBER", "quantity": "1"}],
    )

    assert [net for _, net in world.nets()] == ["30.00", "-30.00", "30.00"]
    assert world.lines(world.documents()[2]) == [
        ("01.08.2019", "09.08.2019", "8.71"),
        ("10.08.2019", "31.08.2019", "21.29"),
    ]


def test_a_large_upgrade_ends_the_year_and_begins_the_month(world: World):
    """G2: a year of 365.00 with 366 days: 9 days = 8.98; then 22/31 of the month's 99.00."""
    number = world.contract(
        billingInterval={"count": 1, "unit": "YEAR"},
        subscriptions=[{"items": [{"articleNumber": "YEARLY", "quantity": "1"}]}],
    )
    world.bill(AUG_1)

    changed = world.upgrade_large(
        number,
        AUG_10,
        date="2019-08-10",
        billingInterval={"count": 1, "unit": "MONTH"},
        subscriptions=[{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
        inheritContractStart=True,
    )

    # 99.00 x 22/31 = 70.258...
    assert world.nets() == [
        ("INVOICE", "365.00"),
        ("CORRECTION", "-365.00"),
        ("INVOICE", "8.98"),
        ("INVOICE", "70.26"),
    ]
    _, _, year, month = world.documents()
    assert world.lines(year) == [("01.08.2019", "09.08.2019", "8.98")]
    assert world.lines(month) == [("10.08.2019", "31.08.2019", "70.26")]
    old, successor = world.read(number), changed.successor
    assert old.end == AUG_10
    assert successor is not None
    assert successor.predecessor_id == old.id
    assert successor.start == AUG_1
    assert world.violations() == []


def test_without_the_old_start_the_successors_first_period_is_whole(world: World):
    """domain.md: it starts at D, 10.08. to 09.09., at its whole price."""
    number = world.contract(
        billingInterval={"count": 1, "unit": "YEAR"},
        subscriptions=[{"items": [{"articleNumber": "YEARLY", "quantity": "1"}]}],
    )
    world.bill(AUG_1)

    world.upgrade_large(
        number,
        AUG_10,
        date="2019-08-10",
        billingInterval={"count": 1, "unit": "MONTH"},
        subscriptions=[{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
    )

    assert [net for _, net in world.nets()] == ["365.00", "-365.00", "8.98", "99.00"]
    assert world.lines(world.documents()[3]) == [("10.08.2019", "09.09.2019", "99.00")]


def test_an_alignment_of_billed_time_bills_the_stub_and_the_new_month(world: World):
    """G3: 15.05. to 14.06. billed, aligned to 01.06.: -30.00, then 17/31 = 16.45 and 30.00."""
    number = world.member(start="2019-05-15")
    world.bill(date(2019, 5, 15))

    world.align(
        number,
        date(2019, 5, 20),
        startOfNewServicePeriod="2019-06-01",
        text="Umstellung auf den Monatsersten",
    )

    invoice, correction, rebill = world.documents()
    assert [str(one.net.decimal) for one in (invoice, correction, rebill)] == [
        "30.00",
        "-30.00",
        "46.45",
    ]
    assert world.lines(rebill) == [
        ("15.05.2019", "31.05.2019", "16.45"),
        ("01.06.2019", "30.06.2019", "30.00"),
    ]
    assert "Umstellung auf den Monatsersten" in rebill.lines[0].description
    assert world.read(number).billing_anchor == date(2019, 6, 1)
    assert world.violations() == []


def test_a_cycle_aligned_before_anything_is_billed_bills_the_stub_first(world: World):
    """F029: 15.05. to 31.05. is 17/31 of 30.00, then June whole."""
    number = world.member(start="2019-05-15")

    world.align(number, date(2019, 5, 15), startOfNewServicePeriod="2019-06-01")
    world.bill(date(2019, 6, 1))

    assert [net for _, net in world.nets()] == ["16.45", "30.00"]
    assert world.violations() == []


def test_aligning_one_item_leaves_the_billing_intervals_where_they_are(world: World):
    """F029: 14/31 of 30.00 are 13.55 beside the seat's 12.50; the new month is due when it begins."""
    seat = {"articleNumber": "SEAT", "quantity": "1"}
    number = world.contract(
        subscriptions=[{"items": [{"articleNumber": "MEMBER", "quantity": "1"}, seat]}]
    )

    world.align(
        number,
        AUG_1,
        startOfNewServicePeriod="2019-08-15",
        itemIds=[str(world.item_ids(number)[0])],
    )
    for day in (AUG_1, date(2019, 8, 15), date(2019, 9, 1)):
        world.bill(day)

    assert world.read(number).billing_anchor == AUG_1
    assert [net for _, net in world.nets()] == ["26.05", "30.00", "42.50"]
    assert world.violations() == []


def test_an_item_that_begins_later_is_aligned_with_the_others(world: World):
    """F029: aligned to 15.08., the seat from 01.10. has 14/30 of 12.50 until 14.10., then months."""
    seat = {"articleNumber": "SEAT", "quantity": "1", "from": "2019-10-01"}
    number = world.contract(
        subscriptions=[{"items": [{"articleNumber": "MEMBER", "quantity": "1"}, seat]}]
    )
    world.bill(AUG_1)

    world.align(number, AUG_10, startOfNewServicePeriod="2019-08-15")
    for day in (date(2019, 9, 15), date(2019, 10, 1), date(2019, 10, 15)):
        world.bill(day)

    assert [net for _, net in world.nets()] == [
        "30.00",
        "-30.00",
        "43.55",
        "30.00",
        "5.83",
        "42.50",
    ]
    assert world.lines(world.documents()[4]) == [("01.10.2019", "14.10.2019", "5.83")]
    assert world.read(number).billing_anchor == date(2019, 8, 15)
    assert world.violations() == []


def test_billed_until_is_the_first_day_that_is_billed(world: World):
    """G4: billed until 01.01.: the rest of 15.12. to 14.01. is 14/31 of 30.00."""
    world.contract(
        start="2019-05-15",
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "1", "billedUntil": "2020-01-01"}]}
        ],
    )

    world.bill(date(2020, 1, 1))

    (invoice,) = world.documents()
    assert world.lines(invoice) == [("01.01.2020", "14.01.2020", "13.55")]
