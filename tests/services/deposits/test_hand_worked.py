"""Deposits and final invoices, worked out by hand (F061, P19).

October's invoices post VAT of their own on 1776: 5.70 + 47.50 = 53.20.
"""

from datetime import date
from decimal import Decimal

OCTOBER = Decimal("-53.20")


def amounts(document):
    """Net, VAT and gross of an issued document."""
    draft = document.draft
    return [str(amount.decimal) for amount in (draft.net, draft.tax, draft.gross)]


def test_a_deposit_of_100_net_posts_neither_revenue_nor_vat_when_it_is_asked_for(scene):
    """100.00 + 19.00 = 119.00: debtor to 1593, nothing else; it is open like any other."""
    document = scene.net("100.00")

    assert (document.number, document.draft.kind) == ("RE-000004", "DEPOSIT")
    assert amounts(document) == ["100.00", "19.00", "119.00"]
    assert scene.postings("dep:") == ["2026-10-01: D 1400 119.00, C 1593 119.00"]
    assert scene.open()["RE-000004"] == "119.00 EUR"
    assert scene.account_of(0)[-1].text == "Anzahlungsrechnung RE-000004"
    assert scene.balance("1776") == {"1776": OCTOBER}
    assert scene.violations() == []


def test_money_that_matches_a_deposit_makes_its_vat_due_on_the_value_date(scene):
    """119.00 of 3 November: 1593 to 1718 100.00 and 1776 19.00; the request is settled."""
    scene.net("100.00")

    scene.pay("119.00", "RE-000004", date(2026, 11, 3))

    assert scene.postings("rcv:") == ["2026-11-03: D 1593 119.00, C 1718 100.00, C 1776 19.00"]
    assert scene.balance("1593", "1718", "1776") == {
        "1593": Decimal(0),
        "1718": Decimal("-100.00"),
        "1776": OCTOBER - Decimal("19.00"),
    }
    assert "RE-000004" not in scene.open()
    assert scene.violations() == []


def test_a_deposit_of_a_gross_amount_has_its_net_computed_out_of_it(scene):
    """238.00 / 1.19 = 200.00; VAT is the rest, 38.00."""
    assert amounts(scene.gross("238.00")) == ["200.00", "38.00", "238.00"]


def test_a_gross_amount_that_is_no_net_plus_its_vat_keeps_its_gross(scene):
    """1190.47 / 1.19 = 1000.3950 is 1000.39, VAT 190.08; 19 % of it would be 190.07."""
    document = scene.gross("1190.47")

    assert amounts(document) == ["1000.39", "190.08", "1190.47"]
    assert scene.violations() == []


def test_two_gross_amounts_of_a_rate_are_computed_out_together(scene):
    """0.47 + 0.47 = 0.94: 0.7899 is 0.79 net, 0.15 VAT; the nets are 0.40 and 0.39."""
    position = {"articleNumber": "A-4", "gross": "0.47"}
    document = scene.request(position, position)

    assert amounts(document) == ["0.79", "0.15", "0.94"]
    assert [str(charge.net.decimal) for charge in document.draft.charges] == ["0.40", "0.39"]
    assert scene.violations() == []


def test_a_deposit_of_two_rates_is_received_by_rate(scene):
    """100.00 at 19 % and 50.00 at 7 %: 119.00 + 53.50 = 172.50; each rate has its accounts."""
    scene.request(
        {"articleNumber": "A-4", "net": "100.00"}, {"articleNumber": "A-2", "net": "50.00"}
    )

    scene.pay("172.50", "RE-000004")

    assert scene.postings("rcv:") == [
        "2026-11-03: D 1593 172.50, C 1718 100.00, C 1711 50.00, C 1776 19.00, C 1771 3.50"
    ]
    assert scene.violations() == []


def test_partial_payments_sum_to_the_vat_of_the_deposit(scene):
    """33.33, 33.33 and 52.34 of 119.00: VAT 5.32 + 5.32 + 8.36 = 19.00."""
    scene.net("100.00")
    for amount, day in (("33.33", 3), ("33.33", 4), ("52.34", 5)):
        scene.pay(amount, "Rate", date(2026, 11, day))
        scene.assign("RE-000004")

    assert scene.postings("rcv:") == [
        "2026-11-03: D 1593 33.33, C 1718 28.01, C 1776 5.32",
        "2026-11-04: D 1593 33.33, C 1718 28.01, C 1776 5.32",
        "2026-11-05: D 1593 52.34, C 1718 43.98, C 1776 8.36",
    ]
    assert scene.balance("1593", "1718") == {"1593": Decimal(0), "1718": Decimal("-100.00")}
    assert scene.violations() == []


def test_vat_of_a_service_with_two_deposits_is_owed_exactly_once(scene):
    """1000.00 + 190.00, less 119.00 and a receipt of 238.00: 19 + 38 + 133 = 190; open 833.00."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004", date(2026, 11, 3))
    scene.keep("238.00", date(2026, 11, 5))
    receipt = scene.from_receipt("238.00", "2026-11-05")
    assert amounts(receipt) == ["200.00", "38.00", "238.00"]

    final = scene.final_over("1000.00", date="2026-12-01")

    assert (final.number, final.draft.kind) == ("RE-000006", "FINAL")
    assert amounts(final) == ["1000.00", "190.00", "1190.00"]
    assert scene.postings("rcv:", "inv:RE-000006", "ded:") == [
        "2026-11-03: D 1593 119.00, C 1718 100.00, C 1776 19.00",
        "2026-11-05: D 1593 238.00, C 1718 200.00, C 1776 38.00",
        "2026-12-01: D 1400 1190.00, C 8400 1000.00, C 1776 190.00",
        "2026-12-01: D 1718 100.00, D 1776 19.00, C 1400 119.00",
        "2026-12-01: D 1718 200.00, D 1776 38.00, C 1400 238.00",
    ]
    assert scene.balance("1593", "1718", "1776") == {
        "1593": Decimal(0),
        "1718": Decimal(0),
        "1776": OCTOBER - Decimal("190.00"),
    }
    assert scene.open()["RE-000006"] == "833.00 EUR"
    account = [(posted.text, str(posted.amount)) for posted in scene.account_of(0)[-3:]]
    assert account == [
        ("Schlussrechnung RE-000006", "1190.00 EUR"),
        ("Abzug Anzahlung RE-000004", "-119.00 EUR"),
        ("Abzug Anzahlung RE-000005", "-238.00 EUR"),
    ]
    assert scene.violations() == []


def test_a_final_invoice_may_ask_for_nothing_more(scene):
    """P19: BT-115 may be 0. 100.00 + 19.00 less 119.00."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")

    final = scene.final_over("100.00")

    assert final.number not in scene.open()
    assert scene.balance("1593", "1718", "1776") == {
        "1593": Decimal(0),
        "1718": Decimal(0),
        "1776": OCTOBER - Decimal("19.00"),
    }
    assert scene.violations() == []
