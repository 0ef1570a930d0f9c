"""Money at a provider where the books are special: fees told late, locked months, deposits, write-offs."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.services.payments.taken_back import TakenBackScene

from faktura.services.period_locks import Locking, lock_period
from faktura.store import tables
from faktura.store.database import Database


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> TakenBackScene:
    """Three invoices, none paid."""
    return TakenBackScene(database, tmp_path / "content")


def test_a_fee_that_is_told_later_than_the_payment_is_booked_once(scene: TakenBackScene) -> None:
    """The first answer has none, as with captures that are settled afterwards."""
    attempt = scene.paid("RE-000001")
    scene.posted()

    scene.succeed(attempt)
    scene.succeed(attempt, fee="0.78")
    scene.succeed(attempt, fee="0.78")
    scene.succeed(attempt, fee="0.99")

    assert scene.posted() == ["PROVIDER_FEE: S 4970 0.78, H 1360 0.78"]
    assert scene.owes() == "0.00 EUR"
    assert scene.violations() == []


def test_what_is_taken_back_in_a_locked_month_is_booked_on_the_first_open_day(
    scene: TakenBackScene,
) -> None:
    """Value date 10 November, locked since; chargeback, fee and what is won are of 1 December."""
    attempt = scene.paid("RE-000001")
    scene.clock.advance(timedelta(days=40))
    with scene.database.write(scene.tenant.id) as tx:
        lock_period(tx, Locking(date(2026, 11, 1), "Abschluss", "Test"))

    scene.dispute(attempt, fee="15.00")
    scene.won(attempt)

    e = tables.journal_entry.c
    with scene.database.read(scene.tenant.id) as tx:
        rows = tx.connection.execute(
            select(e.kind, e.value_date, e.booked_on).order_by(e.seq.desc()).limit(3)
        ).all()
    assert [tuple(map(str, row)) for row in rows[::-1]] == [
        ("CHARGEBACK", "2026-11-10", "2026-12-01"),
        ("PROVIDER_FEE", "2026-11-10", "2026-12-01"),
        ("PAYMENT", "2026-11-10", "2026-12-01"),
    ]
    assert scene.violations() == []


def test_the_vat_of_a_deposit_goes_and_comes_with_its_money(scene: TakenBackScene) -> None:
    """119.00 paid; 19.00 taken back are 15.97 and 3.03, the other 100.00 are 84.03 and 15.97."""
    deposit = scene.gross("119.00").number
    attempt = scene.paid(deposit)
    scene.posted()

    scene.dispute(attempt, "double:dp_1", "19.00")
    scene.dispute(attempt, "double:dp_2", "100.00")
    scene.won(attempt, "double:dp_2")

    assert scene.posted() == [
        "CHARGEBACK: S 1400 19.00, H 1360 19.00",
        "DEPOSIT_RECEIVED: H 1593 19.00, S 1718 15.97, S 1776 3.03",
        "CHARGEBACK: S 1400 100.00, H 1360 100.00",
        "DEPOSIT_RECEIVED: H 1593 100.00, S 1718 84.03, S 1776 15.97",
        "PAYMENT: S 1360 100.00, H 1400 100.00",
        "DEPOSIT_RECEIVED: S 1593 100.00, H 1718 84.03, H 1776 15.97",
    ]
    assert scene.open()[deposit] == "19.00 EUR"
    assert scene.violations() == []


def test_what_was_written_off_stays_so_when_the_rest_is_taken_back(scene: TakenBackScene) -> None:
    """100.00 of 297.50 paid, 197.50 given up: 100.00 are open again, and paid again once won."""
    attempt = scene.paid("RE-000003", "100.00")
    scene.write_off("RE-000003")

    scene.dispute(attempt)
    assert scene.open()["RE-000003"] == "100.00 EUR"

    scene.won(attempt)
    assert "RE-000003" not in scene.open()
    assert scene.owes(2) == "0.00 EUR"
    assert scene.violations() == []
