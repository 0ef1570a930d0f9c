"""Statements in a row: pages add up, one begins where the last one ended, none is missing (2.5)."""

from dataclasses import replace

import pytest

from faktura.domain.statement_chains import (
    Chained,
    PageFacts,
    StatedBalances,
    chain_problems,
    chained,
    missing_sequences,
)
from faktura.kernel.money import Money


def eur(minor):
    return None if minor is None else Money(minor, "EUR")


def page(number, opening, booked, closing, *, last=False, balanced=None):
    return PageFacts(number, last, eur(opening), eur(closing), Money(booked, "EUR"), balanced)


def test_pages_without_balances_between_them_are_checked_together():
    """1000.00 + 745.00 - 31.00 = 1714.00."""
    pages = [page(2, None, -3100, 171400, last=True), page(1, 100000, 74500, None)]

    assert chained(pages) == Chained(balanced=True)


def test_pages_that_do_not_add_up_are_named_with_both_balances():
    """1000.00 + 745.00 - 31.00 is not 1715.00."""
    pages = [page(1, 100000, 74500, None), page(2, None, -3100, 171500, last=True)]

    assert chained(pages) == Chained(
        balanced=False,
        problem="opening balance and all pages come to 1714.00 EUR, the closing balance is 1715.00 EUR",
    )


def test_each_page_may_be_balanced_and_still_not_follow_the_other():
    """The interim balance is the same on both sides."""
    pages = [
        page(1, 100000, 74500, 174500, balanced=True),
        page(2, 174000, -3100, 170900, last=True, balanced=True),
    ]

    assert chained(pages) == Chained(
        balanced=False, problem="page 1 ends with 1745.00 EUR, page 2 begins with 1740.00 EUR"
    )


def test_pages_that_are_each_balanced_and_follow_one_another_are_balanced():
    """ITBD between them."""
    pages = [
        page(1, 100000, 74500, 174500, balanced=True),
        page(2, 174500, -3100, 171400, last=True, balanced=True),
    ]

    assert chained(pages) == Chained(balanced=True)


def test_a_page_that_contradicts_itself_decides_for_all():
    """Which of them is wrong nobody knows."""
    pages = [page(1, 0, 100, 100, balanced=True), page(2, 100, 1, 5, balanced=False)]

    assert chained(pages) == Chained(balanced=False)


@pytest.mark.parametrize(
    "pages",
    [
        [page(1, 100000, 74500, None)],
        [page(2, None, -3100, 171400, last=True)],
        [page(1, 100000, 74500, None), page(3, None, -3100, 171400, last=True)],
        [page(1, None, 74500, None), page(2, None, -3100, 171400, last=True)],
        [page(1, 100000, 74500, None), page(2, None, -3100, None, last=True)],
    ],
)
def test_pages_of_which_a_part_is_missing_prove_nothing(pages):
    """Neither right nor wrong."""
    assert chained(pages) == Chained(balanced=None)


def test_a_statement_without_pages_is_its_own_chain():
    """Its own verdict counts."""
    assert chained([page(None, 0, 100, 100, last=True, balanced=True)]) == Chained(balanced=True)
    assert chained([page(None, None, 100, 100, last=True)]) == Chained(balanced=None)


def test_pages_in_two_currencies_do_not_add_up():
    """Dollars are no euros."""
    first = page(1, 100000, 74500, None)
    second = page(2, None, 0, 171400, last=True)
    dollars = replace(second, booked=Money(-3100, "USD"))
    mixed = replace(second, booked=None)

    for other in (dollars, mixed):
        assert chained([first, other]) == Chained(
            balanced=False, problem="balances and entries are in several currencies"
        )


def stated(sequence, page, opening, closing):
    return StatedBalances(sequence, page, eur(opening), eur(closing))


def test_a_statement_begins_with_the_closing_balance_of_the_last():
    """PRCD(n) = CLBD(n-1); the last page of the last statement counts."""
    last = [stated(217, 1, 0, 5000), stated(217, 2, 5000, 10000)]

    assert chain_problems(stated(218, None, 10000, 12000), last) == []
    assert chain_problems(stated(218, None, 9000, 12000), last) == [
        "statement 217 page 2 ended with 100.00 EUR, this one begins with 90.00 EUR"
    ]


def test_a_statement_that_comes_late_ends_where_the_next_one_begins():
    """Statements arrive in any order."""
    following = [stated(219, None, 12500, 13000)]

    assert chain_problems(stated(218, None, 10000, 12500), following) == []
    assert chain_problems(stated(218, None, 10000, 12000), following) == [
        "this one ends with 120.00 EUR, statement 219 begins with 125.00 EUR"
    ]


def test_the_first_statement_of_a_year_follows_the_last_of_the_year_before():
    """Banks count from 1 each year: what was before is number 0."""
    assert chain_problems(stated(1, None, 9000, 12000), [stated(0, None, 0, 10000)]) == [
        "the last statement of the year before ended with 100.00 EUR, this one begins with 90.00 EUR"
    ]


def test_a_page_goes_on_where_the_page_before_it_ended():
    """Also when it is uploaded by itself."""
    pages = [stated(218, 1, 10000, 11000)]

    assert chain_problems(stated(218, 2, 11500, 12000), pages) == [
        "statement 218 page 1 ended with 110.00 EUR, this one begins with 115.00 EUR"
    ]


def test_nothing_is_said_of_balances_that_nobody_stated():
    """Nor of the statement itself, uploaded in another file."""
    own = stated(218, None, None, None)

    assert chain_problems(own, [stated(217, None, 0, 100), stated(219, None, 200, 300)]) == []
    assert chain_problems(stated(218, None, 0, 100), [stated(218, None, 5, 6)]) == []
    assert chain_problems(stated(218, None, 0, 100), [stated(218, 2, 5, 6)]) == []
    assert chain_problems(stated(218, 2, 0, 100), [stated(218, None, 5, 6)]) == []
    assert chain_problems(stated(218, None, 0, 100), []) == []


@pytest.mark.parametrize(
    ("known", "sequence", "missing"),
    [
        ([217], 219, [218]),
        ([1, 217], 221, [218, 219, 220]),
        ([217], 218, []),
        ([217, 219], 218, []),
        ([], 5, []),
        ([9], 5, []),
    ],
)
def test_statement_numbers_between_the_last_known_and_this_are_missing(known, sequence, missing):
    """Nothing is missing before the first known one."""
    assert list(missing_sequences(known, sequence)) == missing
