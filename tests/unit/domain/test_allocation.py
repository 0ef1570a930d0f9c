"""A person's money over the documents they name: oldest first, credit set off as needed."""

from datetime import date

import pytest
from tests.unit.domain.builders import eur

from faktura.domain.allocation import DueDocument, spread

OLD, NEW = date(2026, 10, 1), date(2026, 11, 1)


def spread_over(amount, documents):
    plan = spread(
        eur(amount), [DueDocument(number, eur(open_), due) for number, open_, due in documents]
    )
    return {number: str(part.decimal) for number, part in plan.parts}, str(plan.rest.decimal)


@pytest.mark.parametrize(
    ("amount", "documents", "parts", "rest"),
    [
        ("100.00", [("A", "100.00", OLD)], {"A": "100.00"}, "0.00"),
        ("60.00", [("B", "50.00", NEW), ("A", "40.00", OLD)], {"A": "40.00", "B": "20.00"}, "0.00"),
        ("30.00", [("A", "40.00", OLD), ("B", "50.00", NEW)], {"A": "30.00"}, "0.00"),
        ("120.00", [("A", "100.00", OLD)], {"A": "100.00"}, "20.00"),
        ("35.00", [("A", "0.00", OLD)], {}, "35.00"),
        # Credit makes up for what is lacking, and no more.
        (
            "80.00",
            [("A", "100.00", OLD), ("G", "-20.00", NEW)],
            {"A": "100.00", "G": "-20.00"},
            "0.00",
        ),
        (
            "90.00",
            [("A", "100.00", OLD), ("G", "-20.00", NEW)],
            {"A": "100.00", "G": "-10.00"},
            "0.00",
        ),
        ("100.00", [("A", "100.00", OLD), ("G", "-20.00", NEW)], {"A": "100.00"}, "0.00"),
        # Money going out settles credit; an invoice is set off against it.
        ("-50.00", [("G", "-80.00", OLD)], {"G": "-50.00"}, "0.00"),
        (
            "-50.00",
            [("G", "-80.00", OLD), ("A", "30.00", NEW)],
            {"G": "-80.00", "A": "30.00"},
            "0.00",
        ),
        ("-50.00", [("G", "-20.00", OLD)], {"G": "-20.00"}, "-30.00"),
    ],
)
def test_the_amount_goes_to_the_oldest_documents_first(amount, documents, parts, rest):
    """Parts and rest add up to the amount, signed."""
    assert spread_over(amount, documents) == (parts, rest)
