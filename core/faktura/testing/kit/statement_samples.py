"""What a statement file is to say, and what was read of it: the words of the statement parsers' kit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique

from faktura.domain.movement_keys import StatementKeys, reference_key
from faktura.plugin import BankTransaction, StatementEnd, StatementRecord, StatementStart
from faktura.services.movement_view import movement_of

OWN_IBAN = "DE02120300000000202051"
OTHER_IBAN = "DE89370400440532013000"


@unique
class Carried(StrEnum):
    """What a format may be able to say; a parser's maker names what it cannot.

    CURRENCY is one of the file's own, BALANCES are those before and after its bookings, END a mark
    without which a file is known to be cut off, MANY several statements in one file.
    """

    CURRENCY = "CURRENCY"
    VALUE_DAY = "VALUE_DAY"
    PENDING = "PENDING"
    NAME = "NAME"
    IBAN = "IBAN"
    TEXT = "TEXT"
    END_TO_END = "END_TO_END"
    BANK_REFERENCE = "BANK_REFERENCE"
    BALANCES = "BALANCES"
    END = "END"
    MANY = "MANY"


@dataclass(frozen=True, slots=True)
class BookingSample:
    """A booking to write; `amount` is signed (`-3.50`), days are written 2026-11-02.

    The kit also asks for amounts, days and texts that are none: they are to be written all the same,
    turned into the format's spelling sign by sign.
    """

    amount: str = "119.00"
    booked_on: str = "2026-11-02"
    value_on: str = "2026-11-03"
    name: str = "Erika Muster"
    iban: str = "DE21500500001234567897"
    text: str = "RE-1001"
    end_to_end: str = ""
    bank_reference: str = ""
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class StatementSample:
    """A statement to write; balances are signed, that before the bookings and that after them."""

    bookings: tuple[BookingSample, ...]
    iban: str = OWN_IBAN
    currency: str = "EUR"
    number: int = 31
    opening: str = "1000.00"
    closing: str = "1000.00"


@dataclass(frozen=True, slots=True)
class Expected:
    """A movement as it must arrive: signed amount to the last digit, days as 2026-11-02.

    What is None is not looked at.
    """

    amount: str
    booked_on: str
    currency: str = "EUR"
    value_on: str | None = None
    text: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class FileSample:
    """A file as the bank sends it, and its movements in their order."""

    content: bytes
    movements: tuple[Expected, ...]
    filename: str = ""


@dataclass(slots=True)
class Read:
    """The records of a file, taken apart."""

    records: list[StatementRecord] = field(default_factory=list)

    @property
    def starts(self) -> list[StatementStart]:
        """The heads of its statements."""
        return [one for one in self.records if isinstance(one, StatementStart)]

    @property
    def movements(self) -> list[BankTransaction]:
        """Its movements."""
        return [one for one in self.records if isinstance(one, BankTransaction)]

    @property
    def ends(self) -> list[StatementEnd]:
        """The ends of its statements."""
        return [one for one in self.records if isinstance(one, StatementEnd)]

    @property
    def amounts(self) -> list[str]:
        """Its amounts, to the last digit."""
        return [str(one.amount) for one in self.movements]

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """Amount, currency and day of each movement."""
        return [
            (str(one.amount), one.currency, one.booked_on.isoformat()) for one in self.movements
        ]

    @property
    def identities(self) -> list[bytes]:
        """What the core recognises the movements of the one statement by (P40)."""
        found = [movement_of(one) for one in self.movements]
        used = Counter(key for one in found if (key := reference_key(one)) is not None)
        keys = StatementKeys(frozenset(key for key, times in used.items() if times > 1))
        return [keys.of(one) for one in found]


def seen_of(movement: BankTransaction, expected: Expected) -> Expected:
    """What the movement says of all that is expected."""
    return Expected(
        amount=str(movement.amount),
        booked_on=movement.booked_on.isoformat(),
        currency=movement.currency,
        value_on=None if expected.value_on is None else f"{movement.value_on}",
        text=None if expected.text is None else "".join(movement.remittance_lines),
        name=None if expected.name is None else f"{movement.counterparty_name}",
    )


def statement_of(*bookings: BookingSample, closing: str = "1000.00") -> StatementSample:
    """A statement of our account with these bookings."""
    return StatementSample(tuple(bookings), closing=closing)


def bookings_of(*amounts: str) -> Sequence[BookingSample]:
    """A booking of each amount, told apart by their texts."""
    return [BookingSample(amount, text=f"RE-{number}") for number, amount in enumerate(amounts)]
