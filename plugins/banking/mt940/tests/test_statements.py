"""Statements: head, balances, pages, several in one file, and files that are none."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from faktura.kernel.errors import (
    BadInput,
    FieldMissing,
    FileUnreadable,
    HostileFile,
    UnknownTerm,
)
from faktura.plugin import Balance, StatementEnd, StatementRecord, StatementStart
from faktura_mt940 import blocks
from faktura_mt940.parser import Mt940StatementParser

Build = Callable[..., str]
Records = Callable[[str | bytes], list[StatementRecord]]


def test_the_head_and_the_balances_are_read(statement: Build, transfer: str, parse: Records):
    """The statement's number counts within its year; its balances fit its booking."""
    start, _, end = parse(statement(transfer))

    assert start == StatementStart(
        account_iban="DE02120300000000202051",
        account_currency="EUR",
        message_id="STARTUMSE",
        statement_id="2026-00031",
        sequence=31,
        page=1,
    )
    assert end == StatementEnd(
        opening=Balance(amount=Decimal("1000.00"), currency="EUR", on=date(2026, 11, 1)),
        closing=Balance(amount=Decimal("1119.00"), currency="EUR", on=date(2026, 11, 2)),
        balanced=True,
        entries=1,
    )


@pytest.mark.parametrize(
    ("written", "iban", "other"),
    [
        ("DE02120300000000202051EUR", "DE02120300000000202051", None),
        ("12030000/202051", None, "12030000/202051"),
        ("12030000/202051EUR", None, "12030000/202051"),
        ("SOMETHING ELSE", None, "SOMETHINGELSE"),
    ],
)
def test_an_account_is_written_in_several_ways(
    written: str, iban: str | None, other: str | None, statement: Build, parse: Records
):
    """IBAN, or bank code and number, each with or without the currency."""
    start = parse(statement(account=written, closing="C261102EUR1000,00"))[0]

    assert isinstance(start, StatementStart)
    assert (start.account_iban, start.account_other) == (iban, other)


def test_a_statement_that_does_not_add_up_says_so(statement: Build, transfer: str, parse: Records):
    """The core books nothing of it by itself."""
    end = parse(statement(transfer, closing="C261102EUR1119,01"))[-1]

    assert isinstance(end, StatementEnd)
    assert end.balanced is False
    assert end.warnings == ("opening balance and bookings do not add up to the closing balance",)


def test_a_payer_who_writes_a_tag_does_not_balance(statement: Build, parse: Records):
    """A purpose cut before “:61:” would be a booking of its own: the balances give it away."""
    booking = (
        ":61:2611021102C119,00N166NONREF\r\n:86:166?20x\r\n:61:2611021102C9999,00N166NONREF\r\n"
        ":86:166?20RE-2026-000012"
    )

    end = parse(statement(booking))[-1]

    assert isinstance(end, StatementEnd)
    assert (end.entries, end.balanced) == (2, False)


def test_a_debit_balance_is_negative(statement: Build, transfer: str, parse: Records):
    """D in front of a balance is an overdraft."""
    end = parse(statement(transfer, opening="D261101EUR19,00", closing="C261102EUR100,00"))[-1]

    assert isinstance(end, StatementEnd)
    assert end.opening is not None
    assert (end.opening.amount, end.balanced) == (Decimal("-19.00"), True)


def test_pages_of_one_statement_have_its_number(statement: Build, transfer: str, parse: Records):
    """60M and 62M are the balances between pages."""
    page = statement(transfer, number="31/1").replace(":62F:", ":62M:")

    start, _, end = parse(page)

    assert isinstance(start, StatementStart)
    assert isinstance(end, StatementEnd)
    assert (start.sequence, start.page, start.last_page) == (31, 1, False)
    assert end.balanced is True


def test_a_bank_that_does_not_count_has_no_number(statement: Build, parse: Records):
    """0 is not a number: its reference is all there is."""
    start = parse(statement(number="0", closing="C261102EUR1000,00"))[0]

    assert isinstance(start, StatementStart)
    assert (start.sequence, start.page) == (None, None)


def test_without_number_the_reference_identifies_the_statement(statement: Build, parse: Records):
    """Field 28C may be missing."""
    content = statement(closing="C261102EUR1000,00").replace(":28C:00031/001\r\n", "")

    start = parse(content)[0]

    assert isinstance(start, StatementStart)
    assert (start.statement_id, start.sequence) == ("STARTUMSE", None)


def test_several_statements_stand_in_one_file(statement: Build, transfer: str, parse: Records):
    """Each has its own account, envelope and balances."""
    other = statement(account="DE89370400440532013000", closing="C261102EUR1000,00")
    content = "{1:F01X}{4:\r\n" + statement(transfer) + "-}{5:}\r\n{1:F01X}{4:\r\n" + other + "-}"

    records = parse(content)

    assert [record.record for record in records] == ["start", "transaction", "end", "start", "end"]


def test_what_is_not_utf8_is_read_as_windows(statement: Build, parse: Records):
    """German banks wrote it without saying so."""
    booking = ":61:2611021102C119,00N166NONREF\r\n:86:166?20Grüße – Müller"

    records = parse(statement(booking).encode("cp1252"))

    assert records[1].remittance_lines == ("Grüße – Müller",)  # type: ignore[union-attr] # the booking
    assert records[2].warnings == ("the file is not UTF-8, it was read as Windows-1252",)  # type: ignore[union-attr] # the end


def test_a_byte_that_windows_lacks_is_an_error(statement: Build, transfer: str, parse: Records):
    """Five bytes have no meaning there."""
    content = statement(transfer).encode() + b"\x81\r\n"

    with pytest.raises(FileUnreadable) as caught:
        parse(content)

    assert "line 11" in caught.value.place


def test_a_byte_order_mark_is_no_text(statement: Build, transfer: str, parse: Records):
    """Editors put it there."""
    records = parse("\ufeff" + statement(transfer))

    assert len(records) == 3


@pytest.mark.parametrize("content", ["", "\r\n\r\n", "no statement"])
def test_a_file_without_statement_is_refused(content: str, parse: Records):
    """An empty export is not a day without movements."""
    with pytest.raises(FileUnreadable):
        parse(content)


def test_a_statement_without_account_or_balance_is_refused(statement: Build, parse: Records):
    """Nobody could say whose it is, or in which currency."""
    content = statement(closing="C261102EUR1000,00")
    no_balance = "\r\n".join(
        line for line in content.split("\r\n") if line[:3] not in (":60", ":62")
    )

    with pytest.raises(FieldMissing):
        parse(content.replace(":25:DE02120300000000202051\r\n", ""))
    with pytest.raises(FieldMissing):
        parse(no_balance)


def test_one_balance_alone_proves_nothing(statement: Build, transfer: str, parse: Records):
    """Without an opening balance nobody can add up."""
    content = statement(transfer).replace(":60F:C261101EUR1000,00\r\n", "")

    end = parse(content)[-1]

    assert isinstance(end, StatementEnd)
    assert (end.opening, end.balanced) == (None, None)


@pytest.mark.parametrize(
    "balance", ["C261101EUR", "C261101EUR1,2,3", "X261101EUR1,00", "C261301EUR1,00"]
)
def test_a_balance_that_cannot_be_read_is_an_error(balance: str, statement: Build, parse: Records):
    """No amount, no mark, no month."""
    with pytest.raises(FileUnreadable):
        parse(statement(opening=balance))


def test_a_currency_is_three_letters(statement: Build, parse: Records):
    """Else it is a shifted field."""
    with pytest.raises(UnknownTerm):
        parse(statement(opening="C26110112E1000,00"))


def test_hostile_lengths_are_refused(
    statement: Build, parse: Records, monkeypatch: pytest.MonkeyPatch
):
    """Neither a line nor a statement fills the memory."""
    monkeypatch.setattr(blocks, "_MOST_CHARACTERS", 500)
    many = [":61:2611021102C1,00N166NONREF"] * 30

    with pytest.raises(HostileFile):
        parse(statement(*many))
    with pytest.raises(HostileFile):
        parse(statement(":86:" + "x" * 5000))


def test_a_truncated_file_has_no_closing_balance(
    statement: Build, transfer: str, parser: Mt940StatementParser
):
    """What is cut off within a booking is an error or does not balance; nothing books itself."""
    content = statement(transfer).encode()

    for cut in range(content.index(b":61:"), len(content) - 5):
        try:
            records = list(parser.parse(io.BytesIO(content[:cut]), "s.sta"))
        except BadInput:
            continue
        end = records[-1]
        assert isinstance(end, StatementEnd)
        assert end.balanced is not True or end.closing == Balance(
            amount=Decimal("1119.00"), currency="EUR", on=date(2026, 11, 2)
        )


@pytest.mark.parametrize(
    "again", [":25:DE02500105170137075030", ":60F:C261101EUR5,00", ":62F:C261102EUR5,00"]
)
def test_what_belongs_to_another_statement_is_refused(
    again: str, statement: Build, transfer: str, parse: Records
):
    """Without its field 20 it would be read as part of this one, perhaps of another account."""
    with pytest.raises(FileUnreadable) as refused:
        parse(statement(f"{transfer}\r\n{again}\r\n{transfer}"))

    assert f"{again.split(':')[1]}: stands twice in one statement" in str(refused.value)
    assert "line " in refused.value.place


@pytest.mark.parametrize(
    ("filling", "problem"),
    [
        (":61:261102CR1,00N166NONREF\r\n" * 20_001, "more than 20000 bookings"),
        (":99:x\r\n" * 200_001, "more than 16 MB or 200000 lines"),
    ],
)
def test_a_statement_beyond_all_measure_is_refused(
    filling: str, problem: str, statement: Build, parse: Records
):
    """The library would hold all of it."""
    with pytest.raises(HostileFile, match=problem):
        parse(statement(filling))
