"""Whether statements go on where the last one ended, and their pages add up (banking 2.5, F099)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from faktura.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A statement, or one page of it; `booked` sums up its booked movements.

    `booked` is None where they are in several currencies. `balanced` is what the page alone shows,
    None where it has no two balances.
    """

    number: int | None
    is_last: bool
    opening: Money | None
    closing: Money | None
    booked: Money | None
    balanced: bool | None


@dataclass(frozen=True, slots=True)
class Chained:
    """What the pages of one statement come to together, and what to tell a person of it."""

    balanced: bool | None
    problem: str = ""


def chained(pages: Sequence[PageFacts]) -> Chained:
    """Whether the pages lead from the first opening balance to the last closing one.

    A page that contradicts itself decides for all; pages of which one is missing prove nothing.
    """
    if any(page.balanced is False for page in pages):
        return Chained(balanced=False)
    ordered = sorted(pages, key=lambda page: page.number or 0)
    for before, after in pairwise(ordered):
        if broken := _broken(before, after):
            return Chained(balanced=False, problem=broken)
    if all(page.balanced for page in pages):
        return Chained(balanced=True)
    return _over_all(ordered) if _is_whole(ordered) else Chained(balanced=None)


def _broken(before: PageFacts, after: PageFacts) -> str:
    if before.closing is None or after.opening is None or before.closing == after.opening:
        return ""
    return (
        f"page {before.number} ends with {before.closing},"
        f" page {after.number} begins with {after.opening}"
    )


def _is_whole(ordered: Sequence[PageFacts]) -> bool:
    numbers = [page.number or 1 for page in ordered]
    return ordered[-1].is_last and numbers == list(range(1, len(ordered) + 1))


def _over_all(ordered: Sequence[PageFacts]) -> Chained:
    opening, closing = ordered[0].opening, ordered[-1].closing
    if opening is None or closing is None:
        return Chained(balanced=None)
    sums = [page.booked for page in ordered if page.booked is not None]
    if len(sums) < len(ordered) or {one.currency for one in (*sums, closing)} != {opening.currency}:
        return Chained(balanced=False, problem="balances and entries are in several currencies")
    booked = sum(one.minor for one in sums)
    if opening.minor + booked == closing.minor:
        return Chained(balanced=True)
    expected = Money(opening.minor + booked, opening.currency)
    return Chained(
        balanced=False,
        problem=f"opening balance and all pages come to {expected}, the closing balance is {closing}",
    )


@dataclass(frozen=True, slots=True)
class StatedBalances:
    """What a statement, or a page of it, begins and ends with; number 0 is the year before's last."""

    sequence: int
    page: int | None
    opening: Money | None
    closing: Money | None


def chain_problems(own: StatedBalances, others: Iterable[StatedBalances]) -> list[str]:
    """What to tell a person where a statement does not go on where the one before it ended.

    `others` are the pages of the same statement, of the last and of the next one, as far as known.
    """
    known = sorted((one for one in others if not _is_whole_of(own, one)), key=_place)
    before = [one for one in known if _place(one) < _place(own)]
    after = [one for one in known if _place(one) > _place(own)]
    problems = []
    if before and _differ(before[-1].closing, own.opening):
        problems.append(
            f"{_named(before[-1])} ended with {before[-1].closing}, this one begins with {own.opening}"
        )
    if after and _differ(own.closing, after[0].opening):
        problems.append(
            f"this one ends with {own.closing}, {_named(after[0])} begins with {after[0].opening}"
        )
    return problems


def _is_whole_of(own: StatedBalances, other: StatedBalances) -> bool:
    """Whether one is the whole statement that the other is a page of, or is again."""
    return own.sequence == other.sequence and None in (own.page, other.page)


def _place(stated: StatedBalances) -> tuple[int, int]:
    return stated.sequence, stated.page or 1


def _differ(one: Money | None, other: Money | None) -> bool:
    return one is not None and other is not None and one != other


def _named(stated: StatedBalances) -> str:
    if not stated.sequence:
        return "the last statement of the year before"
    page = "" if stated.page is None else f" page {stated.page}"
    return f"statement {stated.sequence}{page}"


def missing_sequences(known: Iterable[int], sequence: int) -> range:
    """Statement numbers between the last known one before `sequence` and itself.

    Empty when nothing earlier is known: then nobody can tell what is missing.
    """
    before = max((number for number in known if number < sequence), default=sequence)
    return range(before + 1, sequence)
