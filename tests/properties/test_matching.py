"""Laws of matching: only a number that stands in the text is found, and only its sum settles it."""

from hypothesis import assume, given
from hypothesis import strategies as st

from faktura.domain.matching import NumberIndex, OpenDocument, Outcome, decide, tight
from faktura.kernel.money import Money

NUMBERS = ("R-2026-00041", "R-2026-00042", "R-2026-000421", "202600042", "2026-4711", "A-1")
OPEN = {number: OpenDocument(number, Money(10_000 + n, "EUR")) for n, number in enumerate(NUMBERS)}
INDEX = NumberIndex.of(NUMBERS)

# Pieces of which numbers, dates, phone numbers and VAT ids are made: near misses are frequent.
PIECES = st.sampled_from(
    [
        "R",
        "r-",
        "2026",
        "00042",
        "00041",
        "4711",
        "1",
        "20",
        "26",
        "-",
        " ",
        ".",
        "/",
        "\n",
        "DE",
        "A",
        "ORDE",
        "Rechnung ",
        " vom ",
        "ü",
        "0361 ",
        "O",
        "ſ",
        "²",
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)


@given(st.text(max_size=200))
def test_any_text_at_all_is_read(text):
    """No text of a bank makes the search fail; what is found lies in the text, in order."""
    hits = INDEX.find(text)

    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert list(hits) == sorted(hits, key=lambda hit: hit.start)


@given(TEXTS)
def test_a_hit_spells_its_number(text):
    """Letter for letter, whatever separators lie between."""
    for hit in INDEX.find(text):
        assert tight(text[hit.start : hit.end]) == tight(hit.number)


@given(TEXTS)
def test_a_hit_is_no_part_of_a_longer_number(text):
    """No digit of the source touches a digit of the hit."""
    for hit in INDEX.find(text):
        before, after = text[: hit.start][-1:], text[hit.end :][:1]
        assert not (before.isdigit() and text[hit.start].isdigit())
        assert not (after.isdigit() and text[hit.end - 1].isdigit())


@given(TEXTS, st.integers(-50_000, 50_000))
def test_a_text_without_a_number_never_settles_anything(text, minor):
    """Amounts alone are no evidence."""
    assume(not any(tight(number) in tight(text) for number in NUMBERS))

    decision = decide(text, Money(minor, "EUR"), INDEX, OPEN)

    assert (decision.outcome, decision.hits, decision.documents) == (Outcome.OPEN, (), ())


@given(TEXTS, st.integers(-50_000, 50_000))
def test_a_full_match_is_exact_to_the_cent(text, minor):
    """F097: every named number is settled and their open amounts are the movement's."""
    decision = decide(text, Money(minor, "EUR"), INDEX, OPEN)

    if decision.outcome is Outcome.FULL:
        assert {hit.number for hit in decision.hits} == {d.number for d in decision.documents}
        assert sum(d.open.minor for d in decision.documents) == minor


@given(
    st.lists(st.sampled_from(NUMBERS[:3]), min_size=1, unique=True),
    st.sampled_from([" ", ", ", "\n", " und ", "; Rg. "]),
    st.integers(-2, 2),
)
def test_named_numbers_are_settled_by_their_sum_and_by_nothing_else(named, separator, off):
    """G6 for any choice of numbers, in any order."""
    minor = sum(OPEN[number].open.minor for number in named) + off

    decision = decide(separator.join(named), Money(minor, "EUR"), INDEX, OPEN)

    assert (decision.outcome is Outcome.FULL) is (off == 0)
    assert [hit.number for hit in decision.hits] == named
