"""Statements in a row, pages, archives: what adds up, what is missing, what came of each file (2.5)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import OTHER_IBAN, moved, statement

from faktura.plugin import Balance, StatementKind, StatementRecord


def eur(amount: str, on: date = date(2026, 11, 11)) -> Balance:
    """A balance."""
    return Balance(amount=Decimal(amount), currency="EUR", on=on)


def chained(
    sequence: int,
    opening: str | None,
    closing: str,
    on: date = date(2026, 11, 11),
    **fields: Any,
) -> list[StatementRecord]:
    """An empty statement between two balances."""
    return statement(
        sequence=sequence,
        opening=None if opening is None else eur(opening, on),
        closing=eur(closing, on),
        **fields,
    )


def warnings(scene: BankScene, *statements: list[StatementRecord]) -> tuple[str, ...]:
    """What is said of an upload of these."""
    name = f"{scene.count('bank_upload')}.txt"
    return scene.upload(*statements, name=name).imported.warnings


def test_a_statement_that_does_not_begin_where_the_last_one_ended_is_told_of(scene):
    """Both balances are named; it is a warning, for the bank may have been asked out of turn."""
    assert warnings(scene, chained(217, "10.00", "20.00")) == ()
    assert warnings(scene, chained(218, "20.00", "25.00")) == ()

    broken = warnings(scene, chained(219, "24.00", "30.00"))

    assert broken == (
        "statement 219: statement 218 ended with 25.00 EUR, this one begins with 24.00 EUR",
    )


def test_a_statement_that_comes_late_is_compared_with_the_next_one(scene):
    """218 after 219."""
    warnings(scene, chained(217, "10.00", "20.00"))
    assert warnings(scene, chained(219, "25.00", "30.00")) == (
        "statement 219: statement 218 is missing",
    )

    assert warnings(scene, chained(218, "20.00", "24.00")) == (
        "statement 218: this one ends with 24.00 EUR, statement 219 begins with 25.00 EUR",
    )


def test_the_first_statement_of_a_year_follows_the_last_of_the_year_before(scene):
    """Its number begins anew; its balance does not."""
    december, january = date(2026, 12, 30), date(2027, 1, 4)
    warnings(
        scene, chained(299, "5.00", "10.00", december), chained(300, "10.00", "20.00", december)
    )

    right = warnings(scene, chained(1, "20.00", "25.00", january))
    wrong = warnings(scene, chained(1, "21.00", "26.00", january))

    assert right == ()
    ended = "the last statement of the year before ended with 20.00 EUR"
    assert wrong == (f"statement 1: {ended}, this one begins with 21.00 EUR",)


def test_files_of_an_archive_may_stand_in_any_order(scene):
    """219 before 218: nothing is missing."""
    found = warnings(
        scene,
        chained(217, "10.00", "20.00"),
        chained(219, "25.00", "30.00"),
        chained(218, "20.00", "25.00"),
    )

    assert found == ()


def test_pages_without_balances_between_them_are_checked_over_all_of_them(scene):
    """1000.00 + 35.70 - 5.70 = 1030.00: then its movements may be booked."""
    one = statement(
        moved("35.70", "RE-000001"), sequence=7, page=1, last_page=False, opening=eur("1000.00")
    )
    two = statement(moved("-5.70", "Gebühr"), sequence=7, page=2, closing=eur("1030.00"))

    report = scene.upload(one, two)

    assert report.imported.warnings == ()
    assert report.matched.booked == 1


def test_pages_that_contradict_their_balances_are_not_booked_by_themselves(scene):
    """The second one says 1031.00: neither of them is believed."""
    one = statement(
        moved("35.70", "RE-000001"), sequence=7, page=1, last_page=False, opening=eur("1000.00")
    )
    two = statement(moved("-5.70", "Gebühr"), sequence=7, page=2, closing=eur("1031.00"))

    report = scene.upload(one, two)

    sums = "opening balance and all pages come to 1030.00 EUR, the closing balance is 1031.00 EUR"
    assert report.matched.booked == 0
    assert report.imported.warnings == (
        "statement 7 page 1: its balances do not add up: nothing of it is booked by itself",
        f"statement 7 page 2: {sums}",
        "statement 7 page 2: its balances do not add up: nothing of it is booked by itself",
    )


def test_a_page_that_is_uploaded_by_itself_goes_on_where_the_one_before_ended(scene):
    """Interim balances are compared over files."""
    first = chained(7, "10.00", "20.00", page=1, last_page=False, balanced=True)
    warnings(scene, first)

    found = warnings(scene, chained(7, "21.00", "25.00", page=2, balanced=True))

    assert found == (
        "statement 7 page 2: statement 7 page 1 ended with 20.00 EUR, this one begins with 21.00 EUR",
    )


def test_movements_in_two_currencies_prove_no_balance(scene):
    """Of pages as well."""
    one = statement(
        moved("1.00"), moved("1.00", currency="USD"), page=1, last_page=False, opening=eur("0.00")
    )
    two = statement(page=2, closing=eur("2.00"))

    found = scene.upload(one, two).imported.warnings

    assert "statement S-1 page 2: balances and entries are in several currencies" in found


def test_an_archive_is_reported_file_by_file(scene):
    """What is of another account is named with its file; what it all comes to stands above."""
    scene.add_account(OTHER_IBAN)

    report = scene.upload(
        statement(moved("1.00", "A"), file="a.xml", warnings=("odd",)),
        statement(moved("2.00", "B"), file="b.xml", iban=OTHER_IBAN),
        statement(moved("1.00", "A"), moved("3.00", "C"), file="c.xml", kind=StatementKind.REPORT),
    ).imported

    assert (report.statements, report.entries, report.new, report.duplicates) == (2, 3, 2, 1)
    assert (report.other_accounts, report.warnings) == ((OTHER_IBAN,), ("statement S-1: odd",))
    assert [(one.file, one.statements, one.new, one.duplicates) for one in report.files] == [
        ("a.xml", 1, 1, 0),
        ("b.xml", 0, 0, 0),
        ("c.xml", 1, 1, 1),
    ]
    assert report.files[1].other_accounts == (OTHER_IBAN,)
    assert report.files[0].warnings == ("statement S-1: odd",)


@pytest.mark.parametrize("kind", [StatementKind.REPORT, StatementKind.NOTIFICATION])
def test_balances_within_a_day_are_no_part_of_the_chain(scene, kind):
    """A report at noon ends with what the account had at noon."""
    warnings(scene, chained(217, "10.00", "20.00"))
    warnings(scene, chained(217, "10.00", "12.00", kind=kind))

    assert warnings(scene, chained(218, "20.00", "30.00")) == ()
