"""Proofs of decisions are verified without the rules that made them (O6, P39)."""

from datetime import date
from uuid import UUID

import pytest

from faktura.domain.match_proof_checks import Kept, proof_problems
from faktura.domain.match_proofs import proof_of
from faktura.domain.matches import (
    Decision,
    Hit,
    OpenDocument,
    Outcome,
    Reading,
    Rejected,
    TextPart,
)
from faktura.domain.movements import Movement
from faktura.kernel.money import Money

DAY = date(2026, 11, 9)
CUSTOMER = UUID(int=7)
LINES = ("Rechnung RE-2026-000123", "und RE-2026-000124")
MOVEMENT = Movement(
    DAY, DAY, Money(11_900, "EUR"), remittance_lines=LINES, structured_reference="RF18 5390"
)
HITS = (Hit("RE-2026-000123", 9, 23), Hit("RE-2026-000124", 28, 42))
PARTS = (("RE-2026-000123", Money(10_000, "EUR")), ("RE-2026-000124", Money(1_900, "EUR")))


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def full(rule="numbers-exact-sum", hits=HITS, rejected=()):
    documents = tuple(OpenDocument(number, part) for number, part in PARTS)
    return Decision(Outcome.FULL, rule, "2 named", hits, documents, (), rejected)


def kept(rule="numbers-exact-sum", amount="119.00", lines=LINES):
    texts = {"remittance": "\n".join(lines), "reference": "RF18 5390", "endToEndId": ""}
    return Kept(rule, amount, "EUR", texts)


def right():
    """A proof that holds, to be damaged."""
    return proof_of(MOVEMENT, full(), PARTS)


def test_a_right_proof_has_no_problem():
    """All is where it says, and the parts are the amount."""
    assert proof_problems(right(), kept()) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"hits": [["RE-2026-000123", "remittance", 9, 22, "written"], right()["hits"][1]]},
            "“RE-2026-000123” at 9 to 22 of remittance is not what stands there, read as written",
        ),
        (
            {"hits": [["RE-2026-000123", "remittance", 9, 99, "written"], right()["hits"][1]]},
            "“RE-2026-000123” at 9 to 99 of remittance lies outside of it",
        ),
        (
            {"hits": [["RE-2026-000123", "remittance", 9, 9, "written"], right()["hits"][1]]},
            "“RE-2026-000123” at 9 to 9 of remittance lies outside of it",
        ),
        ({"hits": right()["hits"][:1]}, "“RE-2026-000124” is settled and not named"),
        (
            {"documents": [["RE-2026-000123", "119.00"]]},
            "“RE-2026-000124” is named, but neither settled nor rejected",
        ),
        ({"sum": "118.99"}, "its parts are not 118.99"),
        ({"amount": "118.99"}, "it is about 118.99 EUR, not about this movement"),
        ({"currency": "CHF"}, "it is about 119.00 CHF, not about this movement"),
        (
            {
                "raw": {
                    **right()["raw"],
                    "remittance": "Rechnung RE-2026-000123\nund RE-2026-000124 ",
                }
            },
            "its remittance is not the one that the bank gave",
        ),
        (
            {"documents": [["RE-2026-000123", "100.00"], ["RE-2026-000123", "19.00"]]},
            "a document has two parts",
        ),
        (
            {
                "proposals": [
                    {"rule": "overpaid", "documents": [["RE-1", "118.00"]], "rest": "0.99"}
                ]
            },
            "a proposal by overpaid does not add up to 119.00",
        ),
    ],
)
def test_a_damaged_proof_is_told_what_is_wrong(changes, problem):
    """Each damage is found by itself: span, text, sum, hit, document, proposal."""
    assert problem in proof_problems({**right(), **changes}, kept())


def test_what_was_rejected_with_a_reason_need_not_be_settled():
    """A named document that is not taken says why; an empty reason is none."""
    one = {"documents": [["RE-2026-000123", "119.00"]]}
    said = {**right(), **one, "rejected": [["RE-2026-000124", "nothing is open"]]}
    unsaid = {**right(), **one, "rejected": [["RE-2026-000124", ""]]}

    assert proof_problems(said, kept()) == []
    assert proof_problems(unsaid, kept()) == [
        "“RE-2026-000124” is named, but neither settled nor rejected"
    ]


def test_the_parts_must_be_the_amount_to_the_cent():
    """One cent less than the movement is no exact sum (P38)."""
    less = {"documents": [["RE-2026-000123", "100.00"], ["RE-2026-000124", "18.99"]]}

    found = proof_problems({**right(), **less, "sum": "118.99"}, kept())

    assert found == ["its parts do not add up to 119.00"]


def test_a_decision_without_documents_proves_nothing():
    """FULL settles at least one document."""
    nothing = Movement(DAY, DAY, eur(0))
    texts = {"remittance": "", "reference": "", "endToEndId": ""}
    proof = proof_of(nothing, Decision(Outcome.FULL, "numbers-exact-sum", "none"))

    found = proof_problems(proof, Kept("numbers-exact-sum", "0.00", "EUR", texts))

    assert found == ["no document is settled"]


def _single(line, number, start, end, reading, rule):
    """Problems of a proof that settles one document of 119.00 by this hit."""
    movement = Movement(DAY, DAY, eur(11_900), remittance_lines=(line,))
    hits = (Hit(number, start, end, TextPart.REMITTANCE, reading),)
    proof = proof_of(movement, full(rule, hits), [(number, eur(11_900))])
    texts = {"remittance": line, "reference": "", "endToEndId": ""}
    return proof_problems(proof, Kept(rule, "119.00", "EUR", texts))


def test_a_number_inside_a_longer_one_is_refused():
    """A digit that touches makes it another number (P39)."""
    found = _single(
        "RE-2026-0001239", "RE-2026-000123", 0, 14, Reading.WRITTEN, "numbers-exact-sum"
    )

    assert found == ["“RE-2026-000123” at 0 to 14 of remittance is part of a longer number"]


def test_a_number_inside_an_account_number_is_refused():
    """Digits of an IBAN are none of ours, whatever word stands before."""
    line = "Rechnung DE89 3704 0044 0532 0130 00"
    found = _single(line, "0532", 24, 28, Reading.KEYWORD, "numbers-exact-sum")

    assert found == ["“0532” at 24 to 28 of remittance is part of an account number"]


@pytest.mark.parametrize(
    ("rule", "problems"),
    [
        ("shortened-exact-sum", []),
        ("numbers-exact-sum", ["“RE-2026-000347” is settled and not named"]),
        ("confused-payer-exact-sum", ["“RE-2026-000347” is settled and not named"]),
    ],
)
def test_a_weak_reading_counts_only_for_the_rule_that_may_rely_on_it(rule, problems):
    """Left out zeros are evidence for the rule of shortened numbers, not for others."""
    found = _single("RE-2026-347", "RE-2026-000347", 0, 11, Reading.SHORTENED, rule)

    assert found == problems


def test_a_weak_reading_does_not_begin_within_a_word():
    """Without its first letter the prefix is another one."""
    rule = "shortened-exact-sum"
    found = _single("RE-2026-347", "RE-2026-000347", 1, 11, Reading.SHORTENED, rule)

    assert found == ["“RE-2026-000347” at 1 to 11 of remittance begins within a word"]


def test_one_piece_is_not_read_as_two_documents():
    """Where a piece of the text may be two numbers nothing is certain (P39)."""
    movement = Movement(DAY, DAY, eur(11_900), remittance_lines=("Rechnung 4643",))
    hits = tuple(
        Hit(number, 9, 13, TextPart.REMITTANCE, Reading.SHORTENED)
        for number in ("2025/4643", "2026/4643")
    )
    parts = [("2025/4643", eur(10_000)), ("2026/4643", eur(1_900))]
    proof = proof_of(movement, full("list-exact-sum", hits), parts)
    texts = {"remittance": "Rechnung 4643", "reference": "", "endToEndId": ""}

    assert proof_problems(proof, Kept("list-exact-sum", "119.00", "EUR", texts)) == [
        "“2025/4643” at 9 to 13 of remittance is read as “2026/4643” as well",
        "“2026/4643” at 9 to 13 of remittance is read as “2025/4643” as well",
    ]


@pytest.mark.parametrize(
    ("rejected", "problems"),
    [
        ((), ["“2025/4643” at 9 to 13 of remittance is read as “2026/4643” as well"]),
        ((Rejected("2026/4643", "the sum differs"),), []),
    ],
)
def test_a_weak_reading_has_no_rival(rejected, problems):
    """A shortened number that may be two documents settles neither, unless one was rejected."""
    movement = Movement(DAY, DAY, eur(11_900), remittance_lines=("Rechnung 4643",))
    hits = tuple(
        Hit(number, 9, 13, TextPart.REMITTANCE, Reading.SHORTENED)
        for number in ("2025/4643", "2026/4643")
    )
    decision = full("shortened-exact-sum", hits, rejected)
    proof = proof_of(movement, decision, [("2025/4643", eur(11_900))])
    texts = {"remittance": "Rechnung 4643", "reference": "", "endToEndId": ""}

    assert proof_problems(proof, Kept("shortened-exact-sum", "119.00", "EUR", texts)) == problems


def test_a_number_said_twice_is_one_document():
    """The same number at two places, or under two readings, is no contradiction."""
    line = "RE-2026-000123 Rechnung RE-2026-000123"
    movement = Movement(DAY, DAY, eur(11_900), remittance_lines=(line,))
    hits = (
        Hit("RE-2026-000123", 0, 14),
        Hit("RE-2026-000123", 3, 14, TextPart.REMITTANCE, Reading.DIGITS),
        Hit("RE-2026-000123", 24, 38),
    )
    proof = proof_of(movement, full(hits=hits), [("RE-2026-000123", eur(11_900))])
    texts = {"remittance": line, "reference": "", "endToEndId": ""}

    assert proof_problems(proof, Kept("numbers-exact-sum", "119.00", "EUR", texts)) == []


@pytest.mark.parametrize(
    ("fee", "problems"),
    [
        ("3.00", []),
        ("2.99", ["its parts and fee are not -53.00"]),
        ("-3.00", ["its parts and fee are not -53.00"]),
    ],
)
def test_a_return_is_its_payments_and_the_fee(fee, problems):
    """Booked = original + fee, to the cent (F095)."""
    movement = Movement(DAY, DAY, eur(-5_300), remittance_lines=("RE-2026-000123",))
    decision: Decision[object] = Decision(Outcome.FULL, "return-of-payment", "gives back", HITS[:0])
    proof = proof_of(movement, decision, [("RE-2026-000123", eur(5_000))], fee=fee)
    texts = {"remittance": "RE-2026-000123", "reference": "", "endToEndId": ""}

    assert proof_problems(proof, Kept("return-of-payment", "-53.00", "EUR", texts)) == problems


def test_a_debit_of_ours_needs_no_number_in_the_text():
    """It is known by its end-to-end id: the rule says so, the text may be anything."""
    movement = Movement(DAY, DAY, eur(5_000), remittance_lines=("SAMMLER",))
    decision: Decision[object] = Decision(Outcome.FULL, "debit-credited", "names the debit")
    proof = proof_of(movement, decision, [("RE-2026-000123", eur(5_000))])
    texts = {"remittance": "SAMMLER", "reference": "", "endToEndId": ""}

    assert proof_problems(proof, Kept("debit-credited", "50.00", "EUR", texts)) == []


@pytest.mark.parametrize(
    ("number", "end_to_end_id", "problems"),
    [
        ("2026/4711", "20264711", []),
        (
            "4711",
            "4711",
            ["“4711” at 0 to 4 of endToEndId is not what stands there, read as keyword"],
        ),
        (
            "2026/4711",
            "20264711 A",
            ["“2026/4711” at 0 to 8 of endToEndId is not what stands there, read as keyword"],
        ),
    ],
)
def test_an_id_that_is_nothing_but_the_number_needs_no_word(number, end_to_end_id, problems):
    """Six digits or more that fill the field by themselves say as much as a word before them."""
    movement = Movement(DAY, DAY, eur(11_900), end_to_end_id=end_to_end_id)
    digits = "".join(sign for sign in number if sign.isdigit())
    hits = (Hit(number, 0, len(digits), TextPart.END_TO_END, Reading.KEYWORD),)
    proof = proof_of(movement, full(hits=hits), [(number, eur(11_900))])
    texts = {"remittance": "", "reference": "", "endToEndId": end_to_end_id}

    assert proof_problems(proof, Kept("numbers-exact-sum", "119.00", "EUR", texts)) == problems
