"""Proofs of version 1 are still verified; what is no proof is a problem, never an error (O6)."""

from typing import Any

import pytest

from faktura.domain.match_proof_checks import Kept, documents_of, proof_problems, thousandths

KEPT = Kept(
    "numbers-exact-sum",
    "119.00",
    "EUR",
    {
        "remittance": "Rechnung RE-2026-000123\nund RE-2026-000124",
        "reference": "5390",
        "endToEndId": "",
    },
)
NEW: dict[str, Any] = {
    "version": 2,
    "raw": KEPT.texts,
    "amount": "119.00",
    "currency": "EUR",
    "hits": [["RE-2026-000123", "remittance", 9, 23, "written"]],
    "documents": [["RE-2026-000123", "119.00"]],
    "sum": "119.00",
    "rejected": [],
    "proposals": [],
}
OLD: dict[str, Any] = {
    "text": "Rechnung RE-2026-000123\nund RE-2026-000124\n5390",
    "hits": [["RE-2026-000123", 9, 23], ["RE-2026-000124", 28, 42]],
    "documents": [["RE-2026-000123", "100.00 EUR"], ["RE-2026-000124", "19.00 EUR"]],
}


def test_a_proof_of_version_1_is_understood():
    """What was decided before the texts were kept apart can still be verified."""
    assert proof_problems(OLD, KEPT) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"text": "Miete" + OLD["text"]}, "its text is not the one that the bank gave"),
        (
            {"hits": [["RE-2026-000123", 9, 22], OLD["hits"][1]]},
            "“RE-2026-000123” at 9 to 22 of text is not what stands there",
        ),
        ({"hits": OLD["hits"][:1]}, "“RE-2026-000124” is settled and not named"),
        ({"documents": OLD["documents"][:1]}, "its parts do not add up to 119.00"),
    ],
)
def test_a_damaged_proof_of_version_1_is_told_what_is_wrong(changes, problem):
    """The same damages are found in it."""
    assert problem in proof_problems({**OLD, **changes}, KEPT)


@pytest.mark.parametrize(
    "proof",
    [
        {},
        {"version": 2},
        {**OLD, "hits": [["RE-1", 0]]},
        {**OLD, "documents": [["RE-1", "1,00"]]},
        {**NEW, "sum": None},
        {**NEW, "hits": [["RE-1", "subject", 0, 4, "written"]]},
        [],
        "proof",
        7,
    ],
)
def test_what_has_not_the_shape_of_a_proof_is_a_problem(proof):
    """A reader of damaged rows must not break off."""
    assert proof_problems(proof, KEPT) == ["it is not shaped like a proof"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("119.00", 119_000), ("-31.81 EUR", -31_810), ("7", 7_000), ("1.234", 1_234), ("0.5", 500)],
)
def test_amounts_are_whole_thousandths(text, value):
    """Enough for every currency (ISO 4217)."""
    assert thousandths(text) == value


@pytest.mark.parametrize("text", ["", "1.2345", "1,00", "1.00 euro", "NaN", "+1"])
def test_what_is_no_amount_is_refused(text):
    """Never a made-up value."""
    with pytest.raises(ValueError, match="is no amount"):
        thousandths(text)


def test_documents_of_a_proof_are_read_by_number():
    """For whoever compares them with the accounts."""
    assert documents_of(OLD) == {"RE-2026-000123": 100_000, "RE-2026-000124": 19_000}
    assert documents_of({"text": ""}) == {}
