"""What stands of a document's allocations (P25)."""

from faktura.domain.standing_allocations import standing_numbers


def test_a_payment_that_came_back_does_not_stand():
    """1 is undone by 2, 3 is another payment."""
    assert standing_numbers([(1, None), (2, 1), (3, None)]) == {2, 3}


def test_a_payment_whose_return_was_undone_stands_again():
    """3 undoes 2, so nothing undoes 1."""
    assert standing_numbers([(1, None), (2, 1), (3, 2)]) == {1, 3}


def test_a_payment_that_came_back_once_more_does_not_stand():
    """In whatever order they are given: 4 undoes 1 after 3 undid 2."""
    assert standing_numbers([(4, 1), (3, 2), (2, 1), (1, None)]) == {3, 4}
