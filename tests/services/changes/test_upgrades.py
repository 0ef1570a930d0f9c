"""Up- and downgrades worked out by hand: what is taken back, what is billed again (F068-F073)."""

from datetime import date

import pytest
from tests.services.changes.world import World

from faktura.kernel.terms import ContractState

AUG_1, AUG_10 = date(2019, 8, 1), date(2019, 8, 10)


def _to(quantity: str, article: str = "MEMBER") -> list[dict[str, object]]:
    return [{"currentArticleNumber": article, "quantity": quantity}]


def test_a_downgrade_bills_less_for_the_rest_of_the_period(world: World):
    """Three seats at 12.50 become one on 16.09.: 15 of 30 days of 37.50, then 15 of 12.50."""
    number = world.contract(
        start="2019-09-01",
        subscriptions=[{"items": [{"articleNumber": "SEAT", "quantity": "3"}]}],
    )
    world.bill(date(2019, 9, 1))

    world.upgrade(number, date(2019, 9, 16), date="2019-09-16", items=_to("1", "SEAT"))

    assert [net for _, net in world.nets()] == ["37.50", "-37.50", "25.00"]
    assert world.lines(world.documents()[2]) == [
        ("01.09.2019", "15.09.2019", "18.75"),
        ("16.09.2019", "30.09.2019", "6.25"),
    ]


def test_months_billed_in_advance_are_billed_again(world: World):
    """P6: of a quarter 01.08.-31.10. at 30.00, September and October change with 10.09."""
    number = world.member(billingInterval={"count": 3, "unit": "MONTH"})
    world.bill(AUG_1)

    world.upgrade(number, date(2019, 9, 10), date="2019-09-10", items=_to("2"))

    assert world.nets() == [("INVOICE", "90.00"), ("CORRECTION", "-60.00"), ("INVOICE", "111.00")]
    assert world.lines(world.documents()[2]) == [
        ("01.09.2019", "09.09.2019", "9.00"),
        ("10.09.2019", "30.09.2019", "42.00"),
        ("01.10.2019", "31.10.2019", "60.00"),
    ]


def test_a_second_change_starts_from_the_then_full_value(world: World):
    """P6: two members since 10.08., three from 20.08.: -42.58; 19.35 and 34.84."""
    number = world.member()
    world.bill(AUG_1)
    world.upgrade(number, AUG_10, date="2019-08-10", items=_to("2"))

    world.upgrade(number, date(2019, 8, 20), date="2019-08-20", items=_to("3"))

    assert [net for _, net in world.nets()[3:]] == ["-42.58", "54.19"]
    assert world.lines(world.documents()[4]) == [
        ("10.08.2019", "19.08.2019", "19.35"),
        ("20.08.2019", "31.08.2019", "34.84"),
    ]


def test_a_second_change_on_the_same_day_replaces_the_first(world: World):
    """The item of the first change never runs: 90.00 less 9/31 of it = 63.87."""
    number = world.member()
    world.bill(AUG_1)
    world.upgrade(number, AUG_10, date="2019-08-10", items=_to("2"))

    world.upgrade(number, AUG_10, date="2019-08-10", items=_to("3"))

    assert [net for _, net in world.nets()[3:]] == ["-42.58", "63.87"]
    world.bill(date(2019, 9, 1))
    assert world.nets()[-1] == ("INVOICE", "90.00")
    assert world.violations() == []


def test_a_change_ahead_in_billed_time_is_billed_at_once(world: World):
    """F070: asked for on 05.08., effective 20.08.: 19/31 of 30.00 and 12/31 of 60.00."""
    number = world.member()
    world.bill(AUG_1)

    world.upgrade(number, date(2019, 8, 5), date="2019-08-20", items=_to("2"))

    assert world.lines(world.documents()[2]) == [
        ("01.08.2019", "19.08.2019", "18.39"),
        ("20.08.2019", "31.08.2019", "23.23"),
    ]


def test_a_change_beyond_billed_time_makes_no_document_until_it_is_due(world: World):
    """F070: from 15.10. on; October is billed as 14/31 of 30.00 and, from the 15th, 17/31 of 60.00."""
    number = world.member()
    world.bill(AUG_1)

    world.upgrade(number, AUG_10, date="2019-10-15", items=_to("2"))

    assert world.nets() == [("INVOICE", "30.00")]
    world.bill(date(2019, 9, 1))
    world.bill(date(2019, 10, 1))
    world.bill(date(2019, 10, 15))
    assert [net for _, net in world.nets()] == ["30.00", "30.00", "13.55", "32.90"]
    assert world.violations() == []


def test_another_article_takes_the_place_of_the_old_one(world: World):
    """MEMBER at 30.00 becomes BUNDLE at 99.00 on 16.08.: 14.52 and 51.10."""
    number = world.member()
    world.bill(AUG_1)

    world.upgrade(
        number,
        date(2019, 8, 16),
        date="2019-08-16",
        items=[{"currentArticleNumber": "MEMBER", "articleNumber": "BUNDLE"}],
    )

    _, _, rebill = world.documents()
    assert [(line.article_number, str(line.net.decimal)) for line in rebill.lines] == [
        ("MEMBER", "14.52"),
        ("BUNDLE", "51.10"),
    ]


def test_an_item_that_is_added_takes_nothing_back(world: World):
    """Two seats from 11.08.: 21/31 of 25.00."""
    number = world.member()
    world.bill(AUG_1)

    world.upgrade(
        number,
        date(2019, 8, 11),
        date="2019-08-11",
        add=[{"articleNumber": "SEAT", "quantity": "2"}],
    )

    assert world.nets() == [("INVOICE", "30.00"), ("INVOICE", "16.94")]
    world.bill(date(2019, 9, 1))
    assert world.nets()[-1] == ("INVOICE", "55.00")


def test_an_item_that_is_removed_is_credited_beyond_the_day(world: World):
    """Of 30.00 + 12.50 the seat ends on 21.08.: -12.50 (VAT 2.38), then 20/31 = 8.06 (1.53)."""
    number = world.contract(
        subscriptions=[
            {
                "items": [
                    {"articleNumber": "MEMBER", "quantity": "1"},
                    {"articleNumber": "SEAT", "quantity": "1"},
                ]
            }
        ]
    )
    world.bill(AUG_1)

    world.upgrade(
        number,
        date(2019, 8, 21),
        date="2019-08-21",
        items=[{"currentArticleNumber": "SEAT", "remove": True}],
    )

    invoice, correction, rebill = world.documents()
    assert [str(one.gross.decimal) for one in (invoice, correction, rebill)] == [
        "50.58",
        "-14.88",
        "9.59",
    ]
    # The credit lowers what is open of the invoice that it corrects.
    assert world.open_items() == {invoice.number: "35.70", rebill.number: "9.59"}
    assert world.balance() == "45.29"


def test_an_unbilled_period_in_arrears_is_billed_in_two_parts(world: World):
    """Nothing is taken back: 8.71 and 42.58 come with the invoice of the interval."""
    number = world.member(billInAdvance=False)

    world.upgrade(number, AUG_10, date="2019-08-10", items=_to("2"))
    assert world.nets() == []
    world.bill(date(2019, 9, 1))

    (invoice,) = world.documents()
    assert [str(line.net.decimal) for line in invoice.lines] == ["8.71", "42.58"]


def test_an_article_without_unit_is_cut_in_its_billing_interval(world: World):
    """F025: a quarter of 92 days at 4 x 9.99; five from 01.10.: 61/92 and 31/92."""
    number = world.contract(
        billingInterval={"count": 3, "unit": "MONTH"},
        subscriptions=[{"items": [{"articleNumber": "USER", "quantity": "4"}]}],
    )
    world.bill(AUG_1)

    world.upgrade(number, date(2019, 10, 1), date="2019-10-01", items=_to("5", "USER"))

    assert [net for _, net in world.nets()] == ["39.96", "-39.96", "43.33"]
    assert [str(line.net.decimal) for line in world.documents()[2].lines] == ["26.50", "16.83"]


def test_weeks_are_cut_in_sevenths(world: World):
    """7.00 a week from 05.08., three times from 08.08.: 3.00 and 12.00."""
    number = world.contract(
        start="2019-08-05",
        billingInterval={"count": 1, "unit": "WEEK"},
        subscriptions=[{"items": [{"articleNumber": "WEEKLY", "quantity": "1"}]}],
    )
    world.bill(date(2019, 8, 5))

    world.upgrade(number, date(2019, 8, 8), date="2019-08-08", items=_to("3", "WEEKLY"))

    assert [str(line.net.decimal) for line in world.documents()[2].lines] == ["3.00", "12.00"]


def test_a_period_from_the_end_of_a_month_has_its_own_days(world: World):
    """31.08. to 29.09. are 30 days: 15.00 and 30.00."""
    number = world.member(start="2019-08-31")
    world.bill(date(2019, 8, 31))

    world.upgrade(number, date(2019, 9, 15), date="2019-09-15", items=_to("2"))

    assert world.lines(world.documents()[2]) == [
        ("31.08.2019", "14.09.2019", "15.00"),
        ("15.09.2019", "29.09.2019", "30.00"),
    ]


def test_the_convention_of_the_contract_decides_the_part_of_a_year(world: World):
    """G2 under 30/360: 9 of 360 days of 365.00 = 9.13."""
    number = world.contract(
        billingInterval={"count": 1, "unit": "YEAR"},
        dayCount="THIRTY_360",
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

    assert [net for _, net in world.nets()] == ["365.00", "-365.00", "9.13", "99.00"]


def test_special_prices_go_along_only_with_the_very_same_article(world: World):
    """F073: the seat keeps 10.00, the bundle has its list price."""
    number = world.contract(
        subscriptions=[
            {
                "items": [
                    {
                        "articleNumber": "SEAT",
                        "quantity": "1",
                        "specialPrices": [{"unitPrice": "10.00"}],
                    },
                    {
                        "articleNumber": "MEMBER",
                        "quantity": "1",
                        "specialPrices": [{"unitPrice": "20.00"}],
                    },
                ]
            }
        ]
    )
    world.bill(AUG_1)

    world.upgrade(
        number,
        date(2019, 8, 1),
        date="2019-09-01",
        items=[
            {"currentArticleNumber": "SEAT", "quantity": "2"},
            {"currentArticleNumber": "MEMBER", "articleNumber": "BUNDLE"},
        ],
    )
    world.bill(date(2019, 9, 1))

    assert [net for _, net in world.nets()] == ["30.00", "119.00"]


def test_special_prices_can_be_left_behind(world: World):
    """F073 is an option: without it the list price counts again."""
    number = world.contract(
        subscriptions=[
            {
                "items": [
                    {
                        "articleNumber": "SEAT",
                        "quantity": "1",
                        "specialPrices": [{"unitPrice": "10.00"}],
                    }
                ]
            }
        ]
    )

    world.upgrade(
        number,
        AUG_1,
        date="2019-09-01",
        items=[{"currentArticleNumber": "SEAT", "quantity": "2", "inheritSpecialPrices": False}],
    )
    world.bill(date(2019, 9, 1))

    assert [net for _, net in world.nets()] == ["10.00", "25.00"]


def test_what_was_billed_for_nothing_is_billed_again_without_a_correction(world: World):
    """P17: a free month has no document to correct; two members cost 22/31 of 60.00."""
    number = world.contract(
        subscriptions=[
            {
                "items": [
                    {
                        "articleNumber": "MEMBER",
                        "quantity": "1",
                        "specialPrices": [{"unitPrice": "0.00"}],
                    }
                ]
            }
        ]
    )
    world.bill(AUG_1)

    world.upgrade(
        number,
        AUG_10,
        date="2019-08-10",
        items=[{"currentArticleNumber": "MEMBER", "quantity": "2", "inheritSpecialPrices": False}],
    )

    assert world.nets() == [("INVOICE", "42.58")]
    assert world.violations() == []


def test_a_cancelled_period_that_waits_is_billed_in_two_parts(world: World):
    """F064: it waits until the change on 10.08., which bills it again at once: 8.71 and 42.58."""
    number = world.member()
    world.bill(AUG_1)
    world.cancel("RE-000001", date(2019, 8, 5))

    world.upgrade(number, AUG_10, date="2019-08-10", items=_to("2"))

    assert [net for _, net in world.nets()] == ["30.00", "-30.00", "51.29"]
    assert world.lines(world.documents()[2]) == [
        ("01.08.2019", "09.08.2019", "8.71"),
        ("10.08.2019", "31.08.2019", "42.58"),
    ]
    world.bill(date(2019, 9, 1))
    assert world.nets()[-1] == ("INVOICE", "60.00")
    assert world.violations() == []


def test_the_successor_can_wait_for_a_review(world: World):
    """F074: it stays a draft, and a task asks a person to look at it; then it is billed."""
    number = world.member()
    world.bill(AUG_1)

    changed = world.upgrade_large(
        number,
        AUG_10,
        date="2019-09-01",
        billingInterval={"count": 3, "unit": "MONTH"},
        subscriptions=[{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
        activate=False,
    )

    assert changed.successor is not None
    assert changed.successor.state is ContractState.DRAFT
    assert world.read(number).state is ContractState.TERMINATED
    assert world.tasks() == [("REVIEW_SUCCESSOR", changed.successor.number)]
    assert world.nets() == [("INVOICE", "30.00")]


@pytest.mark.parametrize("on", [AUG_10, date(2019, 8, 25)])
def test_the_day_on_which_it_is_asked_for_dates_the_documents(world: World, on: date):
    """P5: invoice date = the day of the act, service date = the periods."""
    number = world.member()
    world.bill(AUG_1)

    world.upgrade(number, on, date="2019-08-10", items=_to("2"))

    assert [one.issued_on for one in world.documents()] == [AUG_1, on, on]


def test_no_correction_is_dated_before_what_it_corrects(world: World):
    """September was billed ahead on the 1st; asked for on 10.08., both new documents bear its date."""
    number = world.member()
    world.bill(AUG_1)
    world.bill(date(2019, 9, 1))

    world.upgrade(number, AUG_10, date="2019-09-16", items=_to("2"))

    _, september, correction, rebill = world.documents()
    assert (september.issued_on, correction.issued_on, rebill.issued_on) == (
        date(2019, 9, 1),
        date(2019, 9, 1),
        date(2019, 9, 1),
    )
    assert world.violations() == []
