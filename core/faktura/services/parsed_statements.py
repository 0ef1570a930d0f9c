"""Statements that were read to their end, with what their pages come to together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from faktura.domain.statement_chains import Chained, PageFacts, chained
from faktura.kernel.money import Money
from faktura.plugin import Balance, BankTransaction, StatementEnd, StatementStart


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """A statement that was read to its end; the previews are only counted.

    `booked` can be read more than once where its movements are streamed. Pages of one statement
    share their `group`, and with it `repeated`: the bank references that stand for more than one of
    its movements. `booked_sum` is None where its movements are in several currencies.
    """

    start: StatementStart
    end: StatementEnd
    booked: Iterable[BankTransaction]
    previews: int
    repeated: frozenset[bytes]
    group: int = 0
    booked_sum: Money | None = None

    @property
    def ends_on(self) -> date | None:
        """The day it is of: its closing balance's, else the one it was made on."""
        if self.end.closing is not None:
            return self.end.closing.on
        made = self.start.created_at
        return None if made is None else made.date()

    @property
    def label(self) -> str:
        """The statement in words for people."""
        start = self.start
        number = start.statement_id if start.sequence is None else str(start.sequence)
        page = "" if start.page is None else f" page {start.page}"
        return f"statement {number}{page}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement with the verdict over all its pages; only one of them tells the problem."""

    statement: ParsedStatement
    balanced: bool | None
    problem: str = ""


def checked(statements: Sequence[ParsedStatement]) -> list[Checked]:
    """Each statement in its order, with whether its pages lead from one balance to the other."""
    groups: dict[int, list[ParsedStatement]] = {}
    for one in statements:
        groups.setdefault(one.group, []).append(one)
    verdicts = {group: _verdict(pages) for group, pages in groups.items()}
    return [
        Checked(
            one,
            verdicts[one.group].balanced,
            verdicts[one.group].problem if one is groups[one.group][-1] else "",
        )
        for one in statements
    ]


def _verdict(pages: Sequence[ParsedStatement]) -> Chained:
    # A statement that comes whole was checked by its parser, which knows its format.
    if len(pages) == 1:
        return Chained(balanced=pages[0].end.balanced)
    return chained([_facts(page) for page in pages])


def _facts(page: ParsedStatement) -> PageFacts:
    start, end = page.start, page.end
    return PageFacts(
        start.page,
        start.last_page,
        money_of(end.opening),
        money_of(end.closing),
        page.booked_sum,
        end.balanced,
    )


def money_of(balance: Balance | None) -> Money | None:
    """A stated balance as money; raises TooPrecise and UnknownTerm."""
    if balance is None:
        return None
    return Money.from_decimal(balance.amount, balance.currency, field="balance")
