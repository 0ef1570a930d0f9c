"""Closed vocabularies."""

import pytest

from faktura.kernel.errors import UnknownTerm
from faktura.kernel.terms import IntervalUnit, Side, term


def test_a_word_of_the_vocabulary_is_read():
    """The text is the member's value."""
    assert term(IntervalUnit, "MONTH") is IntervalUnit.MONTH


@pytest.mark.parametrize("text", ["month", "Monat", "", " MONTH"])
def test_any_other_word_is_refused_with_the_ones_that_would_do(text):
    """No guessing by case or language."""
    with pytest.raises(UnknownTerm) as caught:
        term(IntervalUnit, text, field="dueUnit")

    assert caught.value.place == "dueUnit"
    assert caught.value.mend == "dueUnit is one of DAY, WEEK, MONTH, YEAR"


def test_debit_and_credit_are_each_others_other_side():
    """A reversal swaps them."""
    assert Side.DEBIT.other is Side.CREDIT
    assert Side.CREDIT.other is Side.DEBIT
