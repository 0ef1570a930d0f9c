"""How a person's money is spread over the documents they name: oldest due first (P36, P37)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from faktura.kernel.money import Money, total


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document a person names: what is open of it, negative for credit, and since when."""

    number: str
    open: Money
    due_on: date


@dataclass(frozen=True, slots=True)
class Spread:
    """What each document gets, signed as what is open of it, and what is left of the amount."""

    parts: tuple[tuple[str, Money], ...]
    rest: Money


def spread(amount: Money, documents: Iterable[DueDocument]) -> Spread:
    """Settle the documents with `amount`, oldest due date first, until it is used up.

    A credit among invoices (an invoice among credits) is set off as far as the others need it.
    """
    oldest_first = sorted(documents, key=lambda document: (document.due_on, document.number))
    same = [d for d in oldest_first if d.open and (d.open.minor > 0) == (amount.minor > 0)]
    against = [d for d in oldest_first if d.open and d not in same]
    owed = total([abs(document.open) for document in same], amount.currency)
    available = abs(amount)
    parts: list[tuple[str, Money]] = []
    for document in against:
        lacking = owed - available
        part = min(lacking, abs(document.open))
        if part.minor > 0:
            parts.append((document.number, part if document.open.minor > 0 else -part))
            available += part
    for document in same:
        part = min(available, abs(document.open))
        if part:
            parts.append((document.number, part if document.open.minor > 0 else -part))
            available -= part
    return Spread(tuple(parts), available if amount.minor > 0 else -available)
