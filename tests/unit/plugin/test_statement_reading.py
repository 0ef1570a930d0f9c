"""What parsers are given to read with: lines that know where they stand, and the sum of a statement."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from faktura.kernel.errors import AmountUnreadable, FileUnreadable, HostileFile
from faktura.plugin import Balance, BankTransaction, BookingStatus, StatementTally, TextLines

DAY = date(2026, 11, 30)


def balance(amount: str, currency: str = "EUR") -> Balance:
    """A balance of that day."""
    return Balance(amount=Decimal(amount), currency=currency, on=DAY)


def movement(
    amount: str, status: BookingStatus = BookingStatus.BOOKED, currency: str = "EUR"
) -> BankTransaction:
    """A movement of that day."""
    return BankTransaction(
        entry_index=0,
        place="line 2",
        status=status,
        booked_on=DAY,
        amount=Decimal(amount),
        currency=currency,
    )


def test_lines_come_without_their_ends_and_say_where_they_stand():
    """Either end of a line, a byte order mark in front, and nothing behind the last line."""
    lines = TextLines(BytesIO(b"\xef\xbb\xbfone\r\n\nthree\xc3\xa9"))

    found = [(line, lines.place, lines.is_cut) for line in lines]

    assert found == [
        ("one", "line 1", False),
        ("", "line 2", False),
        ("three\N{LATIN SMALL LETTER E WITH ACUTE}", "line 3", True),
    ]


def test_a_line_without_measure_is_refused_before_it_is_read():
    """A file of one line fills no memory: 4095 bytes with their end are the most."""
    source = BytesIO(b"x" * 4094 + b"\n" + b"y" * 3_000_000)
    lines = TextLines(source)

    assert next(lines) == "x" * 4094
    with pytest.raises(HostileFile, match="line 2: a line has more than 4096 bytes"):
        next(lines)
    assert source.tell() == 4095 + 4096


def test_a_byte_that_the_encoding_lacks_is_named_with_its_line():
    """It is not replaced in silence."""
    lines = TextLines(BytesIO(b"one\n\xfc\n"))

    assert next(lines) == "one"
    with pytest.raises(FileUnreadable, match="line 2: a byte is none of utf-8"):
        next(lines)


def test_an_error_says_the_line_that_was_read_last():
    """Unless it names one itself; of a file without lines it is the first."""
    lines = TextLines(BytesIO(b"one\ntwo\n"))
    list(lines)

    with pytest.raises(AmountUnreadable, match=r"^line 2, amount: no number"), lines.located():
        raise AmountUnreadable("no number", place="amount")
    with pytest.raises(AmountUnreadable, match=r"^line 1: no number"), lines.located():
        raise AmountUnreadable("no number", place="line 1")
    assert TextLines(BytesIO()).place == "line 1"


@pytest.mark.parametrize(
    ("closing", "balanced", "warnings"),
    [
        (balance("1115.50"), True, ("of the file",)),
        (
            balance("1115.51"),
            False,
            (
                "of the file",
                "opening balance and bookings do not add up to the closing balance",
            ),
        ),
        (
            balance("1115.50", "CHF"),
            False,
            (
                "of the file",
                "opening balance and bookings do not add up to the closing balance",
            ),
        ),
        (None, None, ("of the file",)),
    ],
)
def test_what_is_booked_leads_from_one_balance_to_the_other(
    closing: Balance | None, balanced: bool | None, warnings: tuple[str, ...]
):
    """One cent or another currency is off; what is only announced is an entry and no money."""
    tally = StatementTally()
    announced = movement("7.00", BookingStatus.PENDING)
    for one in (movement("119.00"), announced, movement("-3.50")):
        assert tally.counted(one) is one

    end = tally.end(balance("1000.00"), closing, ["of the file"])

    assert (end.balanced, end.entries, end.warnings) == (balanced, 3, warnings)


def test_movements_of_another_currency_do_not_add_up():
    """Nobody adds francs to euros, even where the digits would fit."""
    tally = StatementTally()
    tally.counted(movement("5.00", currency="CHF"))

    assert tally.end(balance("1.00"), balance("6.00")).balanced is False
