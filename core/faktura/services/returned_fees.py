"""Fees of returned debits that the bank books apart: each to its return, once (F095, banking 2.4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self
from uuid import UUID

from faktura.domain.chargebacks import Chargeback
from faktura.domain.matches import Decision, Hit
from faktura.domain.movements import Movement, MovementClass, classify
from faktura.domain.return_fees import (
    BookedReturn,
    ReturnBook,
    days_before,
    decide_fee,
    names_something,
    words_of,
)
from faktura.domain.returns import as_told
from faktura.kernel.money import Money
from faktura.services.ledger import Ledger, Source
from faktura.services.movement_view import movement_of, record_from_text
from faktura.services.payments import keep_return_fee
from faktura.store.chargebacks import lock_chargeback, rewrite_chargeback
from faktura.store.returnable import ReturnRow, booked_returns, open_debits
from faktura.store.transaction import Tx

# How long after its return a fee may be booked that names it.
_NAMED_WITHIN = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class NamedFees:
    """What the fees of a chunk may belong to: `words` that may name a return, `days` to look at."""

    first: date | None = None
    days: frozenset[date] = frozenset()
    words: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tx: Tx, fees: Iterable[Movement]) -> Self:
        """Those of these fees; nothing is read where there is none."""
        found = list(fees)
        if not found:
            return cls()
        days = {
            day for one in found if not names_something(one) for day in days_before(one.booked_on)
        }
        words = {word for one in found for word in words_of(one) if any(map(str.isdigit, word))}
        named = cls(
            min(one.booked_on for one in found) - _NAMED_WITHIN, frozenset(days), frozenset(words)
        )
        rows = named.rows(tx)
        return replace(named, numbers=frozenset(n for row in rows for n in _numbers(row)))

    def rows(self, tx: Tx) -> list[ReturnRow]:
        """The booked returns that may be meant."""
        return [] if self.first is None else booked_returns(tx, self.first, self.days, self.words)


@dataclass(slots=True)
class FeeDesk:
    """The booked returns that the fees of a chunk may belong to."""

    ledger: Ledger
    book: ReturnBook
    rows: dict[UUID, ReturnRow]
    _booked: list[tuple[ReturnRow, str, Money]] = field(default_factory=list)

    @classmethod
    def of(cls, tx: Tx, ledger: Ledger, named: NamedFees) -> Self:
        """Read again under the locks of the ledger's customers."""
        book = ReturnBook()
        rows = {row.movement_id: row for row in named.rows(tx)}
        for row in rows.values():
            book.add(_booked_return(row))
        for one in open_debits(tx, named.days) if named.days else ():
            movement = movement_of(record_from_text(one.data))
            if classify(movement) is MovementClass.RETURN:
                told = as_told(movement)
                book.add(
                    BookedReturn(
                        one.movement_id,
                        one.bank_iban,
                        one.booked_on,
                        told.end_to_end_id,
                        told.mandate_id,
                        (),
                        is_booked=False,
                    )
                )
        return cls(ledger, book, rows)

    def decided(
        self, source: Source, movement: Movement, hits: tuple[Hit, ...]
    ) -> Decision[BookedReturn]:
        """Book a fee where it is certain whose it is."""
        decision = decide_fee(movement, source.bank_iban, self.book, hits)
        for one in decision.documents:
            row = self.rows[one.movement_id]
            fee = abs(movement.amount)
            keep_return_fee(self.ledger, source, _numbers(row)[0], fee)
            self.book.take(one)
            self._booked.append((row, source.booking_now, fee))
        return decision

    def follow(self, tx: Tx) -> None:
        """Keep with each return what its fee was; the ledger is written."""
        for row, booked_as, fee in self._booked:
            kept = lock_chargeback(tx, row.chargeback.id)
            rewrite_chargeback(tx, with_fee(kept, fee, booked_as))


def with_fee(kept: Chargeback, fee: Money, booked_as: str) -> Chargeback:
    """A chargeback with a fee of that name; no name where it has none of its own."""
    return replace(kept, fee=fee, course=replace(kept.course, fee_booked_as=booked_as))


def _booked_return(row: ReturnRow) -> BookedReturn:
    told = as_told(movement_of(record_from_text(row.data)))
    attempt = row.chargeback.attempt_id
    return BookedReturn(
        row.movement_id,
        row.bank_iban,
        row.booked_on,
        told.end_to_end_id or (None if attempt is None else attempt.hex),
        told.mandate_id,
        _numbers(row),
        has_fee=bool(row.chargeback.fee),
    )


def _numbers(row: ReturnRow) -> tuple[str, ...]:
    return tuple(number for number, _ in row.chargeback.course.documents)
