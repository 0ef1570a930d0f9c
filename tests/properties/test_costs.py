"""Laws of cost centres and objects: nothing is lost by splitting, and taking back takes back each share."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.test_corrections import ARTICLE, DAY, invoice, taken_after
from tests.unit.domain.builders import TENANT

from faktura.domain.charges import cost_amounts
from faktura.domain.corrections import Correctable, TakenBack, correction
from faktura.domain.costs import Costs, CostShare, checked_costs, split_minor
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry
from faktura.domain.posting import document_entry, reversing_entry
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind, EntryKind, Side, Slot

Sums = dict[tuple[str | None, str | None], int]


@st.composite
def shares(draw: st.DrawFn) -> Costs:
    """One to five shares of up to four decimals that make 100."""
    cuts = draw(st.sets(st.integers(1, 999_999), max_size=4))
    ends = [0, *sorted(cuts), 1_000_000]
    names = draw(
        st.lists(
            st.tuples(st.sampled_from("ABC"), st.sampled_from([None, "P 1", "P 2"])),
            min_size=len(ends) - 1,
            max_size=len(ends) - 1,
            unique=True,
        )
    )
    return checked_costs(
        [
            CostShare(centre, cost_object, Decimal(upto - start).scaleb(-4))
            for (centre, cost_object), start, upto in zip(names, ends, ends[1:], strict=False)
        ]
    )


lines = st.lists(
    st.tuples(
        st.integers(-100_000, 100_000).filter(bool),
        st.sampled_from([Decimal(19), Decimal(7)]),
        st.one_of(st.just(()), shares()),
    ),
    min_size=1,
    max_size=4,
)


def priced(given_lines: list[tuple[int, Decimal, Costs]]) -> Correctable:
    """An invoice of lines with these nets, rates and shares."""
    whole = invoice([(net, rate) for net, rate, _ in given_lines])
    costed = tuple(
        replace(line, costs=costs)
        for line, (_, _, costs) in zip(whole.record.lines, given_lines, strict=True)
    )
    return replace(whole, record=replace(whole.record, lines=costed))


def by_share(draft: DraftDocument) -> Sums:
    """Net by cost centre and object, as the draft's lines split."""
    sums: Sums = {}
    for charge in draft.charges:
        for share, minor in cost_amounts(charge):
            key = share.centre, share.object
            sums[key] = sums.get(key, 0) + minor
    return sums


def revenue(entry: Entry | None) -> Sums:
    """Credits minus debits of revenue by cost centre and object."""
    sums: Sums = {}
    for leg in entry.legs if entry else ():
        if leg.slot is Slot.REVENUE:
            key = leg.cost_centre, leg.cost_object
            sums[key] = sums.get(key, 0) + (leg.minor if leg.side is Side.CREDIT else -leg.minor)
    return sums


def nonzero(sums: Sums) -> Sums:
    """What is left of it."""
    return {key: minor for key, minor in sums.items() if minor}


def added(*several: Sums) -> Sums:
    """Sums of the same places."""
    found: Sums = {}
    for sums in several:
        for key, minor in sums.items():
            found[key] = found.get(key, 0) + minor
    return nonzero(found)


def charged(whole: Correctable) -> Sums:
    """What the invoice counted at each cost centre and object."""
    sums: Sums = {}
    for line in whole.record.lines:
        for share, minor in split_minor(line.net.minor, line.costs):
            key = share.centre, share.object
            sums[key] = sums.get(key, 0) + minor
    return nonzero(sums)


def posted(draft: DraftDocument) -> Entry | None:
    """The entry of a document."""
    return document_entry(TENANT, draft, document_id=UUID(int=9), number="RK-1")


@given(st.integers(-(10**12), 10**12), shares())
def test_shares_add_up_and_are_near_their_per_cent(minor: int, costs: Costs):
    """Invariant 6: each share is within a cent of its exact value, and none is lost."""
    parts = split_minor(minor, costs)

    assert [share for share, _ in parts] == list(costs)
    assert sum(part for _, part in parts) == minor
    for share, part in parts:
        assert abs(part - minor * share.percent / 100) <= 1


@given(lines)
def test_a_cancellation_leaves_nothing_at_any_share(given_lines: list[tuple[int, Decimal, Costs]]):
    """Invariant 7: by line and in the journal, for cost centres and cost objects alike."""
    whole = priced(given_lines)
    taken = [TakenBack(line, ARTICLE) for line in whole.record.lines]

    draft = correction(whole, taken, DAY, DocumentKind.CANCELLATION)

    assert added(charged(whole), by_share(draft)) == {}
    assert added(charged(whole), revenue(posted(draft))) == {}


@given(lines, st.data())
def test_corrections_in_parts_take_back_what_each_share_had(
    given_lines: list[tuple[int, Decimal, Costs]], data: st.DataObject
):
    """Whatever is taken back in whatever parts and order, each share gets back what it was given."""
    whole = left = priced(given_lines)
    taken: list[Sums] = []
    while not left.is_used_up:
        line = data.draw(st.sampled_from([one for one in left.record.lines if left.rest(one)]))
        rest = left.rest(line).minor
        part = data.draw(st.integers(1, abs(rest))) if len(taken) < 5 else abs(rest)
        amount = Money(part if rest > 0 else -part, "EUR")
        draft = correction(left, [TakenBack(line, ARTICLE, amount)], DAY, DocumentKind.CORRECTION)
        assert sum(by_share(draft).values()) == draft.net.minor
        taken.append(revenue(posted(draft)))
        left = taken_after(left, draft)

    assert added(charged(whole), *taken) == {}


@given(lines)
def test_an_entry_and_its_reversal_are_nothing(given_lines: list[tuple[int, Decimal, Costs]]):
    """Invariant 7: on every account, cost centre and cost object."""
    whole = priced(given_lines)
    taken = [TakenBack(line, ARTICLE) for line in whole.record.lines]
    entry = posted(correction(whole, taken, DAY, DocumentKind.CANCELLATION))
    if entry is None:
        return

    undone = reversing_entry(entry, "undo", DAY, EntryKind.RETURN, "zurück")

    assert added(revenue(entry), revenue(undone)) == {}
    assert {leg.cost_object for leg in undone.legs} == {leg.cost_object for leg in entry.legs}
