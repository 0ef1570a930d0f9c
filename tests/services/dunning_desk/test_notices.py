"""Notices as people ask for them, the level on the invoice, and what a mail may name (F083, F084)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.services.dunning.scene import LEVELS

from faktura.domain.dunning_policies import DunningPolicy
from faktura.kernel.errors import Conflict, NotFound
from faktura.kernel.money import Money
from faktura.services.dunning_notices import charges_number, notice_letter, notice_variables
from faktura.services.dunning_waivers import waive_charges
from faktura.store.document_lists import list_documents
from faktura.store.dunning_notices import NoticeFilter, dunning_levels, list_notices, read_notice
from faktura.store.invoice_details import invoice_details

_ALL = NoticeFilter()
FIRST, SECOND, THIRD = date(2026, 9, 10), date(2026, 9, 25), date(2026, 10, 10)
TEXT = "{{ customer.name }}: {{ notice.total }} bis {{ notice.payBy }}, Stufe {{ notice.level }}."


@pytest.fixture
def dunned(scene):
    """K-1 owes A-1, 1,000.00 since 1 September, and A-2, 50.00 since 20 September; level 2 is reached.

    The base rate of the half year is 1.00: 10 % between businesses. K-2 was never dunned.
    """
    scene.know_rate(date(2026, 7, 1), "1.00")
    levels = (LEVELS[0], replace(LEVELS[1], texts={"de": TEXT}), LEVELS[2])
    scene.set_policy(DunningPolicy(levels))
    customer = scene.customer()
    scene.owe(customer, "A-1", 100_000, date(2026, 9, 1))
    scene.owe(customer, "A-2", 5_000, date(2026, 9, 21))
    scene.owe(scene.customer(), "B-1", 1_000, date(2026, 12, 1))
    scene.dun(FIRST)
    scene.dun(SECOND)
    return scene


def notices(scene, wanted=_ALL):
    with scene.database.read(scene.tenant.id) as tx:
        return list_notices(tx, wanted)


def test_notices_are_listed_newest_first_with_what_they_ask_for(dunned):
    """Interest of 2 to 25 September: 24 days of 1,000.00 at 10 % are 6.58; the fee is 5.00."""
    second, first = notices(dunned)

    assert (first.dunned_on, first.level, first.charges) == (FIRST, 1, None)
    assert (first.open, first.total) == (Money(100_000, "EUR"), Money(100_000, "EUR"))
    assert (second.dunned_on, second.level) == (SECOND, 2)
    assert (second.fee, second.flat, second.interest) == (
        Money(500, "EUR"),
        Money(0, "EUR"),
        Money(658, "EUR"),
    )
    # 1,000.00 and 50.00 are overdue: 1,050.00 + 5.00 + 6.58.
    assert (second.open, second.total) == (Money(105_000, "EUR"), Money(106_158, "EUR"))
    assert (second.charges, second.charges_open) == ("MG-000001", Money(1_158, "EUR"))


def test_a_list_is_narrowed_by_customer_document_and_run(dunned):
    """A-2 was overdue by the second notice only."""
    second, first = notices(dunned)

    assert notices(dunned, NoticeFilter(customer_number="K-1")) == [second, first]
    assert notices(dunned, NoticeFilter(customer_number="K-2")) == []
    assert notices(dunned, NoticeFilter(document_number="A-1")) == [second, first]
    assert notices(dunned, NoticeFilter(document_number="A-2")) == [second]
    assert notices(dunned, NoticeFilter(run_id=first.run_id)) == [first]


def test_a_list_goes_on_behind_an_id(dunned):
    """Page by page."""
    second, first = notices(dunned)

    with dunned.database.read(dunned.tenant.id) as tx:
        assert list_notices(tx, NoticeFilter(), limit=1) == [second]
        assert list_notices(tx, NoticeFilter(), after=second.id, limit=1) == [first]


def test_a_notice_keeps_what_was_open_then(dunned):
    """Paid later, A-1 stands on it with 1,000.00 still; of the charges today's rest is told."""
    (second, _first) = notices(dunned)
    dunned.pay("A-1", 100_000, date(2026, 9, 26))
    dunned.pay("MG-000001", 158, date(2026, 9, 26))

    with dunned.database.read(dunned.tenant.id) as tx:
        found = read_notice(tx, second.id)
    assert [(one.number, one.open.minor, one.level) for one in found.items] == [
        ("A-1", 100_000, 2),
        ("A-2", 5_000, 0),
    ]
    assert found.charges_open == Money(1_000, "EUR")


def test_the_level_stands_on_the_invoice_in_lists_and_alone(dunned):
    """F083: 2 on A-1; 0 on what was never dunned; it stays when the invoice is paid."""
    dunned.pay("A-1", 100_000, date(2026, 9, 26))

    with dunned.database.read(dunned.tenant.id) as tx:
        rows = {row.number: row for row in list_documents(tx)}
        levels = dunning_levels(tx, [row.id for row in rows.values()])
        alone = invoice_details(tx, "A-1", None), invoice_details(tx, "B-1", None)
    assert {number: row.dunning_level for number, row in rows.items()} == {
        "A-1": 2,
        "A-2": 0,
        "B-1": 0,
        "MG-000001": 0,
    }
    assert levels == {rows["A-1"].id: 2}
    assert [one.dunning_level for one in alone] == [2, 0]


def test_a_mail_may_name_all_that_the_notice_says(dunned):
    """F084: amounts as decimal text, days as ISO text; the level's text is written already."""
    (second, _first) = notices(dunned)

    with dunned.database.read(dunned.tenant.id) as tx:
        named = notice_variables(tx, second.id)

    invoices: Any = named.pop("invoices")
    assert named == {
        "level": 2,
        "levels": 3,
        "dunnedOn": "2026-09-25",
        "payBy": "2026-10-02",
        "currency": "EUR",
        "open": "1050.00",
        "credit": "0.00",
        "fee": "5.00",
        "flat": "0.00",
        "interest": "6.58",
        "total": "1061.58",
        "charges": "MG-000001",
        "text": "Kunde 1 GmbH: 1.061,58 EUR bis 02.10.2026, Stufe 2.",
        "payLink": "",
    }
    assert invoices[0] == {
        "number": "A-1",
        "issuedOn": "2026-02-02",
        "dueOn": "2026-09-01",
        "level": 2,
        "gross": "1000.00",
        "open": "1000.00",
        "interest": "6.58",
        "flat": "0.00",
    }


def test_the_first_letter_is_a_reminder_and_the_last_of_three_says_so(dunned):
    """Level 1 writes for the first time; the flat sum of 40.00 comes with the third."""
    dunned.dun(THIRD)

    third, second, first = (notice_letter(one) for one in notices(dunned))

    assert [(one.level, one.is_last) for one in (first, second, third)] == [
        (0, False),
        (1, False),
        (2, True),
    ]
    assert (first.more, first.charges) == (None, None)
    assert second.more == "Kunde 1 GmbH: 1.061,58 EUR bis 02.10.2026, Stufe 2."
    assert third.flat == Decimal("40.00")
    assert [(one.number, one.open) for one in third.earlier] == [("MG-000001", Decimal("11.58"))]
    assert third.numbers == ("A-1", "A-2", "MG-000002")


def test_the_letter_says_what_was_frozen_and_adds_up(dunned):
    """Whoever the seller is called by now."""
    (second, _first) = notices(dunned)

    letter = notice_letter(second)

    assert (letter.head.customer.name, letter.head.customer_number) == ("Kunde 1 GmbH", "K-1")
    assert (letter.head.written_on, letter.pay_by) == (SECOND, date(2026, 10, 2))
    still_open = sum((item.open for item in letter.items), Decimal(0))
    assert letter.total == still_open + letter.fee + letter.flat + letter.interest
    assert letter.transfers[0].iban == "DE02120300000000202051"


def test_charges_are_waived_under_their_number_and_the_notice_tells(dunned):
    """Reversed, never deleted: the notice stays, nothing is open of its charges."""
    second, first = notices(dunned)

    with dunned.database.write(dunned.tenant.id) as tx:
        waived = waive_charges(tx, dunned.tenant, charges_number(second), reason="Kulanz", by="mia")

    assert waived == Money(1_158, "EUR")
    (now, _first) = notices(dunned)
    assert (now.charges, now.charges_open, now.fee) == (
        "MG-000001",
        Money(0, "EUR"),
        Money(500, "EUR"),
    )
    with pytest.raises(Conflict, match="the notice charges nothing"):
        charges_number(first)


def test_another_tenant_has_none_of_them(dunned):
    """Neither in a list nor by id."""
    (second, _first) = notices(dunned)

    with dunned.database.read(dunned.tenant.id + 1) as tx:
        assert list_notices(tx, NoticeFilter()) == []
        with pytest.raises(NotFound, match="there is no dunning notice"):
            read_notice(tx, second.id)
