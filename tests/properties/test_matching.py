"""Laws of matching: only a number that stands in the text is found, and only its sum settles it."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from faktura.domain.bank_policies import BankPolicy
from faktura.domain.matches import Book, Decision, Hit, OpenDocument, Outcome, Reading
from faktura.domain.matching import decide
from faktura.domain.movements import Movement
from faktura.domain.number_index import NumberIndex
from faktura.domain.subset_sums import subsets
from faktura.domain.tight_text import tight
from faktura.kernel.money import Money

NUMBERS = (
    "R-2026-00041",
    "R-2026-00042",
    "R-2026-000421",
    "202600042",
    "2026-4711",
    "47110",
    "A-1",
)
DAY = date(2026, 11, 10)
OWNERS = [UUID(int=1), UUID(int=2)]
IBANS = ["DE89370400440532013000", "DE02120300000000202051", None]
ITEMS = {
    number: OpenDocument(number, Money(10_000 + 7 * n * n, "EUR"), OWNERS[n % 2], DAY, DAY)
    for n, number in enumerate(NUMBERS)
}
INDEX = NumberIndex.of(ITEMS.values())
POLICY = BankPolicy()

# Pieces of which numbers, dates, phone numbers and VAT ids are made: near misses are frequent.
PIECES = st.sampled_from(
    [
        "R",
        "r-",
        "2026",
        "00042",
        "00041",
        "4711",
        "42",
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
        "SVWZ+",
        "RF18",
        "R-2026-00041",
        " und ",
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)
AMOUNTS = st.one_of(
    st.integers(-50_000, 50_000),
    st.lists(st.sampled_from([one.open.minor for one in ITEMS.values()]), max_size=4).map(sum),
)


def movement(text: str, minor: int, iban: str | None = None) -> Movement:
    return Movement(
        DAY,
        DAY,
        Money(minor, "EUR"),
        remittance_lines=tuple(text.split("\n")),
        counterparty_iban=iban,
    )


def book() -> Book:
    return Book(
        open=dict(ITEMS),
        payers={iban: [owner] for iban, owner in zip(IBANS, OWNERS, strict=False) if iban},
        own={
            owner: [one.number for one in ITEMS.values() if one.customer_id == owner]
            for owner in OWNERS
        },
    )


def settle(one: Movement, state: Book) -> Decision[OpenDocument]:
    """Decide and take the settled out, as a run does."""
    decision = decide(one, INDEX.find(one), state, POLICY)
    for document in decision.documents:
        state.open.pop(document.number)
        state.settled[document.number] = document.customer_id
    return decision


def spelled(text: str, hit: Hit) -> str:
    return tight(text[hit.start : hit.end])


@given(st.text(max_size=200))
def test_any_text_at_all_is_read(text):
    """No text of a bank makes the search fail; what is found lies in the text."""
    found = INDEX.find(movement(text, 10_000))

    assert all(0 <= hit.start < hit.end <= len(text) for hit in found.all)
    assert list(found.hits) == sorted(found.hits, key=lambda hit: hit.start)


@given(TEXTS)
def test_a_hit_spells_its_number(text):
    """Letter for letter, or its digits, or a part of them, whatever separators lie between."""
    for hit in INDEX.find(movement(text, 10_000)).all:
        key = tight(hit.number)
        digits = "".join(char for char in key if char.isdigit())
        said = spelled(text, hit)
        if hit.reading is Reading.WRITTEN:
            assert said == key
        elif hit.reading in (Reading.DIGITS, Reading.KEYWORD):
            assert said == digits
        elif hit.reading is Reading.TRUNCATED:
            assert key.startswith(said)
        elif hit.reading is Reading.CONFUSED:
            assert len(said) == len(key)
            assert said != key
        elif hit.reading is Reading.SHORTENED:
            counter = re.findall("[0-9]+", text[hit.start : hit.end])[-1].lstrip("0")
            assert digits.endswith(counter)


@given(TEXTS)
def test_a_strong_hit_is_no_part_of_a_longer_number(text):
    """No digit of the source touches a digit of the hit."""
    for hit in INDEX.find(movement(text, 10_000)).hits:
        before, after = text[: hit.start][-1:], text[hit.end :][:1]
        assert not (before.isdigit() and text[hit.start].isdigit())
        assert not (after.isdigit() and text[hit.end - 1].isdigit())


@given(TEXTS, AMOUNTS, st.sampled_from(IBANS))
def test_a_text_without_a_number_never_settles_anything(text, minor, iban):
    """Amounts alone are no evidence, nor is the payer: no digits of any number, no booking."""
    key = tight(text)
    assume(not any(part in key for part in ("41", "42", "4711", "A1")))

    decision = decide(
        movement(text, minor, iban), INDEX.find(movement(text, minor, iban)), book(), POLICY
    )

    assert decision.outcome is not Outcome.FULL
    assert decision.documents == ()
    if iban is None:
        assert decision.proposals == ()


@given(
    st.text(alphabet=st.characters(exclude_categories=["Nd", "No", "Nl"]), max_size=120), AMOUNTS
)
def test_a_text_without_digits_is_never_settled(text, minor):
    """Whatever the words say."""
    one = movement(text, minor, IBANS[0])

    assert decide(one, INDEX.find(one), book(), POLICY).outcome is not Outcome.FULL


@given(TEXTS, AMOUNTS, st.sampled_from(IBANS))
def test_a_full_match_is_exact_and_takes_everything_that_is_named(text, minor, iban):
    """F097: every strong number is settled, and the open amounts are the movement's to the cent."""
    one = movement(text, minor, iban)
    found = INDEX.find(one)

    decision = decide(one, found, book(), POLICY)

    if decision.outcome is Outcome.FULL:
        settled = {document.number for document in decision.documents}
        assert {hit.number for hit in found.hits + found.named} <= settled
        assert settled <= found.numbers
        assert sum(document.open.minor for document in decision.documents) == minor
        assert found.unknown == ()


@given(TEXTS, AMOUNTS, st.sampled_from(IBANS))
def test_parts_and_rest_of_a_proposal_are_the_movement(text, minor, iban):
    """And no part is more than what is open."""
    one = movement(text, minor, iban)

    for proposal in decide(one, INDEX.find(one), book(), POLICY).proposals:
        assert sum(part.minor for _, part in proposal.parts) + proposal.rest.minor == minor
        assert all(0 < part.minor <= ITEMS[number].open.minor for number, part in proposal.parts)
        assert proposal.rest.minor >= 0


@given(
    st.lists(st.sampled_from(NUMBERS[:3]), min_size=1, unique=True),
    st.sampled_from([" ", ", ", "\n", " und ", "; Rg. "]),
    st.integers(-2, 2),
)
def test_named_numbers_are_settled_by_their_sum_and_by_nothing_else(named, separator, off):
    """G6 for any choice of numbers, in any order."""
    minor = sum(ITEMS[number].open.minor for number in named) + off
    one = movement(separator.join(named), minor)

    decision = decide(one, INDEX.find(one), book(), POLICY)

    assert (decision.outcome is Outcome.FULL) is (off == 0)
    assert {hit.number for hit in decision.hits} == set(named)


@given(
    st.permutations(list(NUMBERS[:5])),
    st.lists(st.integers(0, 1), min_size=5, max_size=5),
)
def test_the_order_of_unrelated_movements_does_not_matter(order, offs):
    """Each names a document of its own: it is settled or not, whatever came before."""
    wanted = {
        number: movement(f"Rechnung {number}", ITEMS[number].open.minor + offs[place])
        for place, number in enumerate(NUMBERS[:5])
    }
    state = book()

    outcomes = {number: settle(wanted[number], state).outcome for number in order}

    assert outcomes == {
        number: Outcome.PROPOSED if offs[place] else Outcome.FULL
        for place, number in enumerate(NUMBERS[:5])
    }


@given(st.lists(st.tuples(TEXTS, AMOUNTS, st.sampled_from(IBANS)), max_size=6))
def test_movements_that_come_twice_settle_nothing_twice(given_movements):
    """Within a run a settled document is settled: its second transfer is a person's."""
    state = book()
    movements = [movement(*one) for one in given_movements]

    settled = [
        document.number
        for one in movements + movements
        for document in settle(one, state).documents
    ]

    assert len(settled) == len(set(settled))


@given(TEXTS, AMOUNTS)
def test_a_number_that_was_learned_settled_never_makes_more_certain(text, minor):
    """A text that names a settled document is no full match, and one that does not is as before."""
    one = movement(text, minor)
    known = decide(one, INDEX.find(one), book(), POLICY)
    index = NumberIndex.of(ITEMS.values())
    index.add("R-2026-00001")
    state = replace(book(), settled={"R-2026-00001": OWNERS[0]})

    again = decide(one, index.find(one), state, POLICY)

    if again.outcome is Outcome.FULL:
        assert known.documents == again.documents


@given(st.lists(st.integers(-1000, 1000), max_size=9), st.integers(-2000, 2000))
def test_subsets_are_those_that_add_up(amounts, target):
    """Against trying all: as many as there are, two at most, and each adds up."""
    everything = [
        [place for place in range(len(amounts)) if mask >> place & 1]
        for mask in range(1, 1 << len(amounts))
    ]
    fitting = [way for way in everything if sum(amounts[place] for place in way) == target]

    found = subsets(amounts, target)

    assert len(found) == min(2, len(fitting))
    assert all(list(way) in fitting for way in found)
