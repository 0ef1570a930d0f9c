"""Matching bank movements with open documents: an index of 50,000, then one pass over each text."""

from datetime import date
from uuid import UUID

from figure import Figure, at_most, below, run_alone

from faktura.domain.bank_policies import BankPolicy
from faktura.domain.matches import Book, OpenDocument, Outcome
from faktura.domain.matching import decide
from faktura.domain.movements import Movement
from faktura.domain.number_index import NumberIndex
from faktura.kernel.money import Money

_DOCUMENTS = 50_000
_MOVEMENTS = 10_000
_OF_A_CUSTOMER = 10
_DAY = date(2026, 11, 10)
_CPU_SECONDS = 30.0
_MEMORY_MB = 300.0
_LINEAR = 1.3


def measure() -> list[Figure]:
    """10,000 movements against 50,000 documents; how time and memory grow from 1,000 to 100,000."""
    alone = run_alone("matching", "match", str(_DOCUMENTS), str(_MOVEMENTS))
    few, many, most = (_each_ms(count) for count in (1_000, 10_000, 100_000))
    return [
        below("matching_10k_of_50k", alone.cpu_seconds, "s", _CPU_SECONDS),
        below("matching_memory", alone.above_imports_mb, "MB", _MEMORY_MB),
        at_most("matching_growth_10k", many, "ms", few, _LINEAR),
        at_most("matching_growth_100k", most, "ms", many, _LINEAR),
    ]


def _each_ms(count: int) -> float:
    """CPU milliseconds a movement, without the index."""
    alone = run_alone("matching", "match", str(_DOCUMENTS), str(count))
    index = run_alone("matching", "match", str(_DOCUMENTS), "0")
    return (alone.cpu_seconds - index.cpu_seconds) * 1000 / count


def match(documents: str, movements: str) -> None:
    """Build the index and decide about that many movements, taking out what they settle."""
    count = int(documents)
    items = _documents(count)
    index = NumberIndex.of(items)
    book = _book(items)
    settled = sum(_settles(index, book, movement_of(n, items)) for n in range(int(movements)))
    assert settled >= int(movements) // 4 or int(movements) > count, settled


def _settles(index: NumberIndex, book: Book, movement: Movement) -> bool:
    decision = decide(movement, index.find(movement), book, BankPolicy())
    for document in decision.documents:
        del book.open[document.number]
        book.settled[document.number] = document.customer_id
    return decision.outcome is Outcome.FULL


def _documents(count: int) -> list[OpenDocument]:
    return [
        OpenDocument(
            f"RE-2026-{n:06d}",
            Money(1_000 + n * 7919 % 490_000, "EUR"),
            UUID(int=n // _OF_A_CUSTOMER),
            _DAY,
            _DAY,
        )
        for n in range(count)
    ]


def _book(items: list[OpenDocument]) -> Book:
    own: dict[UUID, list[str]] = {}
    for one in items:
        own.setdefault(UUID(int=_customer(one)), []).append(one.number)
    payers = {f"DE{customer.int:020d}": [customer] for customer in own}
    return Book({one.number: one for one in items}, payers=payers, own=own)


def _customer(document: OpenDocument) -> int:
    return document.customer_id.int if document.customer_id is not None else 0


def movement_of(number: int, items: list[OpenDocument]) -> Movement:
    """Of ten movements five name their document whole, and each of the others is less certain."""
    one = items[number * 37 % len(items)]
    text, amount = _said(number, one)
    return Movement(
        _DAY,
        _DAY,
        amount,
        end_to_end_id=f"{number:032x}",
        counterparty_iban=f"DE{_customer(one):020d}",
        counterparty_name="Muster GmbH",
        remittance_lines=(text[:27], text[27:]),
    )


def _said(number: int, one: OpenDocument) -> tuple[str, Money]:
    cent = Money(1, "EUR")
    match number % 10:
        case 5:
            return f"Rechnung {one.number[3:]} abzgl. Skonto Tel. 0361/20264711", one.open - cent
        case 6:
            return f"Zahlung zu {one.number[:-2]} KdNr 10023 vom 12.10.2026", one.open
        case 7:
            return "Miete November 2026, vielen Dank und Gruesse aus Erfurt", one.open + cent
        case 8:
            return f"Rechnung RE-2O26-{one.number[8:].replace('0', 'O')} Danke", one.open
        case 9:
            return f"{one.number}/{one.number[-3:]} und weitere Rechnungen", one.open + cent
        case _:
            return f"Rechnung {one.number} vom 12.10.2026 Kundennr. 10023", one.open
