"""The proof of a decision: texts, spans and sums as they are kept (O6, P39)."""

from datetime import date
from uuid import UUID

from faktura.domain.match_proofs import proof_of, raw_texts
from faktura.domain.matches import (
    Decision,
    Hit,
    OpenDocument,
    Outcome,
    Proposal,
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


def full() -> Decision[OpenDocument]:
    documents = tuple(OpenDocument(number, part) for number, part in PARTS)
    return Decision(Outcome.FULL, "numbers-exact-sum", "2 named", HITS, documents)


def test_a_proof_holds_the_bank_s_text_the_hits_and_the_sum():
    """Version 2: the texts untouched, spans in them, amounts as decimals in one currency."""
    assert proof_of(MOVEMENT, full(), PARTS) == {
        "version": 2,
        "raw": {
            "remittance": "Rechnung RE-2026-000123\nund RE-2026-000124",
            "reference": "RF18 5390",
            "endToEndId": "",
        },
        "amount": "119.00",
        "currency": "EUR",
        "hits": [
            ["RE-2026-000123", "remittance", 9, 23, "written"],
            ["RE-2026-000124", "remittance", 28, 42, "written"],
        ],
        "documents": [["RE-2026-000123", "100.00"], ["RE-2026-000124", "19.00"]],
        "sum": "119.00",
        "rejected": [],
        "proposals": [],
    }


def test_a_proof_holds_what_was_rejected_what_is_proposed_and_more():
    """Customers are named by their numbers; one that is not known by none."""
    proposals = (
        Proposal("overpaid", "5.00 over", PARTS[:1], eur(1_900), eur(0), CUSTOMER),
        Proposal("underpaid", "short", PARTS[1:], eur(10_000), eur(250)),
        Proposal("named-exact", "it", PARTS, eur(0), eur(0), UUID(int=9)),
    )
    rejected = (Rejected("RE-2026-000124", "nothing is open"),)
    decision: Decision[object] = Decision(
        Outcome.PROPOSED, "overpaid", "5.00 over", HITS, (), proposals, rejected
    )

    proof = proof_of(MOVEMENT, decision, customers={CUSTOMER: "10007"}, fee="3.00")

    assert proof["rejected"] == [["RE-2026-000124", "nothing is open"]]
    assert proof["proposals"] == [
        {
            "rule": "overpaid",
            "reason": "5.00 over",
            "documents": [["RE-2026-000123", "100.00"]],
            "rest": "19.00",
            "givenUp": "0.00",
            "customer": "10007",
        },
        {
            "rule": "underpaid",
            "reason": "short",
            "documents": [["RE-2026-000124", "19.00"]],
            "rest": "100.00",
            "givenUp": "2.50",
            "customer": "",
        },
        {
            "rule": "named-exact",
            "reason": "it",
            "documents": [["RE-2026-000123", "100.00"], ["RE-2026-000124", "19.00"]],
            "rest": "0.00",
            "givenUp": "0.00",
            "customer": "",
        },
    ]
    assert proof["fee"] == "3.00"
    assert (proof["documents"], proof["sum"]) == ([], "0.00")


def test_the_raw_texts_are_the_bank_s_own():
    """Lines joined by line ends, the fields as they are; what is missing is empty (F092)."""
    bare = Movement(DAY, DAY, eur(100), end_to_end_id=" RE 1 ")

    assert raw_texts(bare) == {
        TextPart.REMITTANCE: "",
        TextPart.REFERENCE: "",
        TextPart.END_TO_END: " RE 1 ",
    }
