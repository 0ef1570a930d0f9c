"""Changes of mind under discounts: nothing is granted twice, nothing is lost (F071, F076, F077, P15)."""

from datetime import date

from tests.services.changes.world import World

AUG_1, AUG_10, SEP_1 = date(2019, 8, 1), date(2019, 8, 10), date(2019, 9, 1)
TWO = [{"currentArticleNumber": "MEMBER", "quantity": "2"}]


def test_what_stands_of_a_fixed_amount_is_not_granted_again(world: World):
    """9.00 for a quarter of 3 x 30.00: 3.00 a line, 81.00; from September on two members.

    September and October are taken back with their share: -27.00 each; billed again: 60.00 each
    less the 6.00 that do not stand on August any more: 57.00 each.
    """
    number = world.member(
        billingInterval={"count": 3, "unit": "MONTH"}, discounts=[{"amount": "9.00"}]
    )
    world.bill(AUG_1)

    world.upgrade(number, SEP_1, date="2019-09-01", items=TWO)

    assert world.nets() == [("INVOICE", "81.00"), ("CORRECTION", "-54.00"), ("INVOICE", "114.00")]
    _, correction, rebill = world.documents()
    assert world.lines(correction) == [
        ("01.09.2019", "30.09.2019", "-27.00"),
        ("01.10.2019", "31.10.2019", "-27.00"),
    ]
    assert [str(line.discount.decimal) for line in rebill.lines] == ["3.00", "3.00"]
    assert world.violations() == []


def test_a_discount_for_the_next_invoice_is_on_what_is_billed_again(world: World):
    """50 % of August: 15.00; on 10.08. one member becomes two.

    9 days 8.71 less 4.36 (4.355) = 4.35; 22 days 42.58 less 30.00 - 8.71 = 21.29: 21.29; together
    25.64. September bears it no more: 60.00.
    """
    number = world.member(discounts=[{"percent": "50", "nextInvoice": True}])
    world.bill(AUG_1)

    world.upgrade(number, AUG_10, date="2019-08-10", items=TWO)
    world.bill(SEP_1)

    assert world.nets() == [
        ("INVOICE", "15.00"),
        ("CORRECTION", "-15.00"),
        ("INVOICE", "25.64"),
        ("INVOICE", "60.00"),
    ]
    assert world.lines(world.documents()[2]) == [
        ("01.08.2019", "09.08.2019", "4.35"),
        ("10.08.2019", "31.08.2019", "21.29"),
    ]
    assert world.violations() == []
