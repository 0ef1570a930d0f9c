"""What most statement parsers need: lines with their places, and the sum that a closing balance proves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO, Self

from typing_extensions import override

from faktura.kernel.errors import BadInput, FileUnreadable, HostileFile
from faktura.plugin.statements import Balance, BankTransaction, BookingStatus, StatementEnd

# No honest bank's line is longer; without a limit one line could fill the memory.
_LONGEST_LINE = 4096


class TextLines(Iterator[str]):
    """The lines of a text file, one by one and without their ends; a byte order mark is left out.

    Raises HostileFile for a line of 4096 bytes or more, FileUnreadable for a byte that `encoding`
    does not have.
    """

    def __init__(self, source: BinaryIO, encoding: str = "utf-8") -> None:
        self._source = source
        self._encoding = encoding.removesuffix("-sig")
        self._number = 0
        self._is_cut = False

    @property
    def place(self) -> str:
        """Where the line stands that was read last, for messages to people: `line 7`."""
        return f"line {max(self._number, 1)}"

    @property
    def is_cut(self) -> bool:
        """Whether the line that was read last has no end: the file may be cut off in it."""
        return self._is_cut

    @contextmanager
    def located(self) -> Iterator[None]:
        """Have the errors of this block say the line that was read last, unless they name one."""
        try:
            yield
        except BadInput as error:
            if error.place.startswith("line "):
                raise
            raise error.at(self.place) from None

    @override
    def __iter__(self) -> Self:
        return self

    @override
    def __next__(self) -> str:
        raw = self._source.readline(_LONGEST_LINE)
        if not raw:
            raise StopIteration
        self._number += 1
        if len(raw) == _LONGEST_LINE:
            raise HostileFile(f"a line has more than {_LONGEST_LINE} bytes", place=self.place)
        try:
            line = raw.decode(self._encoding)
        except UnicodeDecodeError:
            raise FileUnreadable(
                f"a byte is none of {self._encoding}",
                place=self.place,
                mend="Fetch the file again from the bank",
            ) from None
        self._is_cut = not line.endswith("\n")
        return line.removeprefix("\ufeff" if self._number == 1 else "").rstrip("\r\n")


@dataclass(slots=True)
class StatementTally:
    """Adds up one statement while its movements are yielded; `entries` have been counted by now."""

    entries: int = 0
    _booked: Decimal = Decimal(0)
    _currencies: set[str] = field(default_factory=set)

    def counted(self, movement: BankTransaction) -> BankTransaction:
        """The movement, counted as an entry of its own; what is not booked is no money."""
        self.entries += 1
        if movement.status is BookingStatus.BOOKED:
            self._booked += movement.amount
            self._currencies.add(movement.currency)
        return movement

    def end(
        self, opening: Balance | None, closing: Balance | None, warnings: Sequence[str] = ()
    ) -> StatementEnd:
        """The statement's end: whether opening and booked are the closing balance, to the cent.

        Balances and movements of several currencies do not add up either.
        """
        balanced = None
        if opening is not None and closing is not None:
            is_one = len(self._currencies | {opening.currency, closing.currency}) == 1
            balanced = is_one and opening.amount + self._booked == closing.amount
        said = [*warnings]
        if balanced is False:
            said.append("opening balance and bookings do not add up to the closing balance")
        return StatementEnd(
            opening=opening,
            closing=closing,
            balanced=balanced,
            entries=self.entries,
            warnings=tuple(said),
        )
