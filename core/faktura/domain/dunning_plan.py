"""Which documents of a case a notice reminds of, at which level, and what that costs (F084).

Who has a document that reached its next level gets one notice over all that is overdue in that
currency. Documents that are not yet at their next level stand on it as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from faktura.domain.base_rates import BaseRates
from faktura.domain.dunning import (
    Case,
    Debtor,
    Decision,
    Notice,
    NoticeItem,
    OverdueDocument,
    days_after,
)
from faktura.domain.dunning_interest import (
    BUSINESS_POINTS,
    CONSUMER_POINTS,
    Owed,
    RateOn,
    exact_interest,
    rounded,
)
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.kernel.dunning_terms import DunningHold, InterestRule

_DAY: Final = timedelta(days=1)
# 40 EUR by § 288 Abs. 5 BGB, once a document; no other currency has one.
FLAT_CURRENCY: Final = "EUR"
FLAT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run decides by: the tenant's policy, its currency, the base rates and the day."""

    policy: DunningPolicy
    currency: str
    rates: BaseRates
    on: date


def next_level(document: OverdueDocument, levels: Sequence[DunningLevel]) -> int | None:
    """The level that comes after the one it has; None behind the last one."""
    level = document.reached.level + 1
    return level if level <= len(levels) else None


def is_due(document: OverdueDocument, level: int, levels: Sequence[DunningLevel], on: date) -> bool:
    """Whether the days before that level are over, counted from the due date or the last notice."""
    since = document.in_time_until if level == 1 else document.reached.dunned_on
    return on >= days_after(since, levels[level - 1].days)


def raised(case: Case, rules: Rules) -> list[OverdueDocument]:
    """The documents that reach their next level now, as far as nothing holds them."""
    levels = rules.policy.levels
    return [
        document
        for document in case.documents
        if document.id not in case.holds
        and (level := next_level(document, levels)) is not None
        and is_due(document, level, levels, rules.on)
    ]


def decide(case: Case, rules: Rules) -> Decision:
    """What becomes of a case; raises FieldMissing where a base rate lacks that is needed.

    What the credit covers wholly is not raised: nothing would be asked for it.
    """
    free = [document for document in case.documents if document.id not in case.holds]
    exhausted = [document for document in free if _is_exhausted(document, rules)]
    covered = _covered(free, case.credit)
    reached = {document.id for document in raised(case, rules)}
    rising = {one.id for one in free if one.id in reached and covered[one.id] < one.open}
    hold = _held_as_a_whole(case, sum(one.open for one in free), rules) if reached else None
    if hold is not None or not rising:
        waiting = {
            one.id: hold or (DunningHold.CREDIT if one.id in reached else DunningHold.NOT_YET)
            for one in free
        }
        return Decision(None, dict(case.holds) | waiting, exhausted)
    items = tuple(
        _raised_item(case, document, covered[document.id], rules)
        if document.id in rising
        else NoticeItem(document, document.reached.level, is_raised=False)
        for document in free
    )
    return Decision(_notice(case, items, rules), dict(case.holds), exhausted)


def _is_exhausted(document: OverdueDocument, rules: Rules) -> bool:
    """Whether the time that its last notice gave is over and no level follows."""
    levels, reached = rules.policy.levels, document.reached
    if not levels or reached.level < len(levels):
        return False
    return rules.on > days_after(reached.dunned_on, levels[-1].pay_days)


def _held_as_a_whole(case: Case, owed: int, rules: Rules) -> DunningHold | None:
    """Why nobody writes at all: the credit covers it, or it is not worth a notice."""
    if case.credit >= owed:
        return DunningHold.CREDIT
    if case.currency == rules.currency and owed - case.credit < rules.policy.least:
        return DunningHold.SMALL
    return None


def _covered(documents: Sequence[OverdueDocument], credit: int) -> dict[UUID, int]:
    """How much of each document the credit would settle, the oldest first (§ 366 Abs. 2 BGB)."""
    found = {}
    for document in documents:
        found[document.id] = min(credit, document.open)
        credit -= found[document.id]
    return found


def _raised_item(case: Case, document: OverdueDocument, cover: int, rules: Rules) -> NoticeItem:
    level = document.reached.level + 1
    ruled = rules.policy.levels[level - 1]
    debtor = case.debtors.get(document.id)
    if debtor is None or not debtor.bears_charges:
        return NoticeItem(document, level, is_raised=True)
    has_flat = (
        ruled.flat
        and debtor.is_business
        and not document.reached.flat_charged
        and case.currency == FLAT_CURRENCY
    )
    flat = FLAT if has_flat else 0
    rate = _rate(ruled, debtor, rules.rates)
    if rate is None:
        return NoticeItem(document, level, is_raised=True, flat=flat)
    charged = document.reached.interest_until
    first = debtor.in_default_from(document) if charged is None else charged + _DAY
    if first > rules.on:
        return NoticeItem(document, level, is_raised=True, flat=flat)
    # What the credit covers bears no interest, though nobody has said yet what it counts for.
    owed = [Owed(step.since, step.minor - cover) for step in case.owed[document.id]]
    interest = rounded(exact_interest(owed, rate, first, rules.on))
    return NoticeItem(document, level, True, interest, first, rules.on, flat)  # noqa: FBT003 - fields in order


def _rate(level: DunningLevel, debtor: Debtor, rates: BaseRates) -> RateOn | None:
    """Percent a year on a day; None where the level charges no interest."""
    if level.interest is InterestRule.NONE:
        return None
    if level.interest is InterestRule.OWN:
        own = level.rate or Decimal(0)
        return lambda _day: own
    points = BUSINESS_POINTS if debtor.is_business else CONSUMER_POINTS
    return lambda day: rates.on(day) + points


def _notice(case: Case, items: tuple[NoticeItem, ...], rules: Rules) -> Notice:
    # The level of a notice is the highest that is reached with it: a document whose last level was
    # written before does not make a first reminder a last one.
    level = max(item.level for item in items if item.is_raised)
    ruled = rules.policy.levels[level - 1]
    return Notice(
        case.customer_id,
        case.currency,
        level,
        rules.on,
        days_after(rules.on, ruled.pay_days),
        items,
        ruled.fee if _bears_fee(case, items, level, rules) else 0,
        case.credit,
        case.charges,
    )


def _bears_fee(case: Case, items: Sequence[NoticeItem], level: int, rules: Rules) -> bool:
    """Whether the fee can be asked for: of a document at the notice's level, in our currency.

    Not beside the 40 EUR, which are set against what the reminder costs (§ 288 Abs. 5 Satz 3 BGB).
    """
    if case.currency != rules.currency:
        return False
    risen = [item for item in items if item.is_raised]
    if any(item.flat or item.document.reached.flat_charged for item in risen):
        return False
    return any(_is_charged(case, item.document, rules.on) for item in risen if item.level == level)


def _is_charged(case: Case, document: OverdueDocument, on: date) -> bool:
    """Whether a fee can be asked for the document: a reminder before default costs nothing."""
    debtor = case.debtors.get(document.id)
    return debtor is not None and debtor.bears_charges and debtor.in_default_from(document) <= on
