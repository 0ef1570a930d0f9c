"""Errors: code, place and mend."""

import pickle

from faktura.kernel.errors import AmountUnreadable, BadInput, FakturaError, shortened


def test_an_error_says_where_what_and_how_to_mend():
    """One line for a person; the parts for a program."""
    error = AmountUnreadable("“x” is not a number", place="line 3", mend="Write digits")

    assert str(error) == "line 3: “x” is not a number. Write digits"
    assert error.as_dict() == {
        "code": "amount_unreadable",
        "problem": "“x” is not a number",
        "place": "line 3",
        "mend": "Write digits",
    }
    assert isinstance(error, BadInput)


def test_an_error_without_place_and_mend_is_just_its_problem():
    """No dangling colon or point."""
    assert str(FakturaError("no rows")) == "no rows"


def test_an_outer_caller_adds_where_it_was():
    """The file knows the line, the caller knows the file."""
    error = BadInput("odd", place="amount").at("line 3").at("november.csv")

    assert error.place == "november.csv, line 3, amount"
    assert BadInput("odd").at("line 3").place == "line 3"


def test_an_error_survives_the_way_between_processes():
    """Workers hand errors to their parent."""
    error = pickle.loads(pickle.dumps(AmountUnreadable("odd", place="line 3", mend="Mend")))  # noqa: S301 - our own bytes

    assert error.as_dict() == AmountUnreadable("odd", place="line 3", mend="Mend").as_dict()


def test_a_long_value_is_shortened_to_one_line_of_60():
    """A message never holds a whole file."""
    assert shortened("a\n b\t c") == "a b c"
    assert shortened("x" * 60) == "x" * 60
    assert shortened("x" * 61) == "x" * 59 + "…"
    assert shortened(17) == "17"
