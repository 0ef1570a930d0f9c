"""A reminder of what is overdue: which documents, how much, until when; nothing changes."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from tests.services.company import bill

from faktura.kernel.errors import NotFound, OutOfRange, PluginMissing, TransitionRefused
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.issuing import Desk
from faktura.store.tables import account_transaction, document, event, open_item
from faktura_xrechnung.formats import XRechnungCii


def test_it_lists_what_was_due_before_the_day_and_is_open(scene):
    """71.40 of 1 October, due on the 15th, of which 10.00 are paid: 61.40."""
    reminder = scene.reminder("K-1", "2026-10-16")

    assert reminder["items"] == [
        {
            "number": "RE-000001",
            "issued_on": "2026-10-01",
            "due_on": "2026-10-15",
            "gross": "71.40",
            "open": "61.40",
            "level": None,
            "interest": "0",
        }
    ]
    assert (reminder["level"], reminder["total"], reminder["pay_by"]) == (
        0,
        "61.40",
        "2026-10-23",
    )
    assert (reminder["fee"], reminder["interest"], reminder["text"]) == ("0", "0", None)
    assert reminder["transfers"] == [
        {"iban": "DE02120300000000202051", "holder": "Werk GmbH", "bic": None}
    ]
    head = reminder["head"]
    assert (head["written_on"], head["language"], head["currency"]) == ("2026-10-16", "de", "EUR")
    assert (head["customer"]["name"], head["customer_number"]) == ("Kunde 1 GmbH", "K-1")


def test_on_the_due_date_itself_nothing_is_overdue(scene):
    """§ 286 (2) BGB: until the end of 15 October it is paid in time."""
    with pytest.raises(TransitionRefused, match="nothing that is overdue on 2026-10-15"):
        scene.reminder("K-1", "2026-10-15")


def test_several_are_summed_oldest_first(scene):
    """61.40 of October and 71.40 of November: 132.80."""
    bill(scene.database, scene.tenant, date(2026, 11, 1))

    reminder = scene.reminder("K-1", "2026-11-16", level=2, pay_by=date(2026, 11, 30))

    assert [(one["number"], one["open"]) for one in reminder["items"]] == [
        ("RE-000001", "61.40"),
        ("RE-000003", "71.40"),
    ]
    assert (reminder["level"], reminder["total"], reminder["pay_by"]) == (
        2,
        "132.80",
        "2026-11-30",
    )


def test_what_is_paid_or_taken_back_is_not_asked_for(scene):
    """RE-000001 is paid, RE-000003 cancelled: only December is left."""
    for on in (date(2026, 11, 1), date(2026, 12, 1)):
        bill(scene.database, scene.tenant, on)
    scene.settle("RE-000001", 6_140)
    with scene.database.write(scene.tenant.id) as tx:
        given = Cancelling(date(2026, 12, 1), bill_again=False)
        cancel_invoice(tx, Desk(scene.tenant, scene.formats), "RE-000003", given)

    reminder = scene.reminder("K-1", "2026-12-31")

    assert [one["number"] for one in reminder["items"]] == ["RE-000005"]
    assert reminder["total"] == "71.40"


def test_writing_one_changes_nothing(scene):
    """No fee, no level, no event: as many rows as before."""

    def counted():
        with scene.database.read(scene.tenant.id) as tx:
            return [
                tx.connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (account_transaction, document, event, open_item)
            ]

    before = counted()

    scene.reminder("K-1", "2026-10-16", level=3)

    assert counted() == before


def test_no_list_is_cut_off(scene, monkeypatch):
    """Three overdue documents, looked at one at a time."""
    monkeypatch.setattr("faktura.services.reminders._ROWS_A_LOOK", 1)
    for on in (date(2026, 11, 1), date(2026, 12, 1)):
        bill(scene.database, scene.tenant, on)

    reminder = scene.reminder("K-1", "2026-12-31")

    assert [one["number"] for one in reminder["items"]] == ["RE-000001", "RE-000003", "RE-000005"]
    # 61.40 + 71.40 + 71.40
    assert Decimal(reminder["total"]) == Decimal("204.20")


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"level": 4}, "4 is no level"),
        ({"level": -1}, "-1 is no level"),
        ({"pay_by": date(2026, 10, 15)}, "2026-10-15 is before the letter's day, 2026-10-16"),
    ],
)
def test_a_level_or_day_that_cannot_be_meant_is_named(scene, more, problem):
    with pytest.raises(OutOfRange, match=problem):
        scene.reminder("K-1", "2026-10-16", **more)


def test_nobody_of_that_number_and_no_currency_of_that_name(scene):
    with pytest.raises(NotFound, match="K-99"):
        scene.reminder("K-99", "2026-10-16")
    with pytest.raises(NotFound, match="nothing in USD"):
        scene.reminder("K-1", "2026-10-16", currency="USD")


def test_a_format_that_writes_no_letters_is_named_with_the_mend(scene):
    """`pdf` of a plugin that renders documents only."""
    letters = scene.formats.only
    scene.formats.only = XRechnungCii(letters.settings, letters.runtime)

    with pytest.raises(PluginMissing, match="writes no letters") as missing:
        scene.reminder("K-1", "2026-10-16")

    assert "zugferd" in missing.value.mend
