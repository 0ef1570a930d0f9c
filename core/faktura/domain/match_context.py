"""What a movement is decided on: the documents its text names, and who pays by account or name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.bank_policies import BankPolicy
from faktura.domain.matches import Book, Hit, OpenDocument, Reading
from faktura.domain.movements import Movement, MovementClass, classify
from faktura.domain.number_index import Found
from faktura.domain.tight_text import tight
from faktura.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Payer:
    """Who may have paid: customers of the account, and customers of exactly this name."""

    by_iban: frozenset[UUID]
    by_name: frozenset[UUID]

    @classmethod
    def of(cls, movement: Movement, book: Book) -> "Payer":
        iban = (movement.counterparty_iban or "").replace(" ", "").upper()
        name = tight(movement.counterparty_name or "")
        return cls(frozenset(book.payers.get(iban, ())), frozenset(book.names.get(name, ())))

    @property
    def customers(self) -> frozenset[UUID]:
        """Everybody who may have paid."""
        return self.by_iban | self.by_name

    def vouches_for(self, documents: Iterable[OpenDocument]) -> bool:
        """Whether all these documents are his: by the account, or by a name that only one has."""
        sure = self.by_iban or (self.by_name if len(self.by_name) == 1 else frozenset())
        return all(document.customer_id in sure for document in documents)

    def speaks_against(self, documents: Iterable[OpenDocument]) -> bool:
        """Whether the account is known, and none of these documents is his."""
        owners = {document.customer_id for document in documents}
        return bool(self.by_iban) and owners.isdisjoint(self.customers)


@dataclass(frozen=True, slots=True)
class Case:
    """A movement with what its text names: `strong` and `named` are open, in the order of the text.

    `listed` stand behind commas, `likely` are weak hits; both are open. `settled` are named and have
    nothing open; `unknown` nobody has.
    """

    movement: Movement
    kind: MovementClass
    book: Book
    policy: BankPolicy
    payer: Payer
    found: Found
    strong: tuple[OpenDocument, ...]
    named: tuple[OpenDocument, ...]
    listed: tuple[OpenDocument, ...]
    likely: tuple[OpenDocument, ...]
    settled: tuple[str, ...]
    unknown: tuple[str, ...]

    @classmethod
    def of(cls, movement: Movement, found: Found, book: Book, policy: BankPolicy) -> "Case":
        said = found.hits + found.named
        numbers = dict.fromkeys(hit.number for hit in said)
        nobody = [one for one in numbers if one not in book.open and one not in book.settled]
        return cls(
            movement=movement,
            kind=classify(movement),
            book=book,
            policy=policy,
            payer=Payer.of(movement, book),
            found=found,
            strong=_open(found.hits, book),
            named=_open(found.named, book),
            listed=_open(found.listed, book),
            likely=_open(found.listed + found.weak, book),
            settled=tuple(number for number in numbers if number in book.settled),
            unknown=tuple(dict.fromkeys((*nobody, *found.unknown, *book.unknown))),
        )

    @property
    def amount(self) -> Money:
        """What the movement brought, signed."""
        return self.movement.amount

    @property
    def said(self) -> tuple[OpenDocument, ...]:
        """All open documents that the text clearly means."""
        return self.strong + self.named

    @property
    def paid_on(self) -> date:
        """The day that counts for a cash discount: the money's own, or the bank's if that is earlier."""
        return min(self.movement.booked_on, self.movement.value_on)

    def readings(self, documents: Iterable[OpenDocument]) -> frozenset[Reading]:
        """How these documents were read in the text."""
        numbers = {document.number for document in documents}
        return frozenset(hit.reading for hit in self.found.all if hit.number in numbers)

    def of_customer(self, customer_id: UUID) -> list[OpenDocument]:
        """What is open of a customer in the movement's currency, oldest due first."""
        found = [self.book.open.get(number) for number in self.book.own.get(customer_id, ())]
        return [one for one in found if one is not None and self.is_payable(one)]

    def is_payable(self, document: OpenDocument) -> bool:
        """Whether there is something open that money of this currency could settle."""
        return document.open.currency == self.amount.currency and bool(document.open)


def sum_of(documents: Sequence[OpenDocument]) -> int:
    """What is open of them, in minor units of their common currency."""
    return sum(document.open.minor for document in documents)


def _open(hits: Iterable[Hit], book: Book) -> tuple[OpenDocument, ...]:
    numbers = dict.fromkeys(hit.number for hit in hits)
    return tuple(book.open[number] for number in numbers if number in book.open)
