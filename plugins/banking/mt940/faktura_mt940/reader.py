"""From file to records: the mt-940 library reads the tags, and whatever it overlooks is an error."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import InvalidOperation
from typing import Any, BinaryIO

from faktura.kernel.errors import (
    BadInput,
    FieldMissing,
    FileUnreadable,
    HostileFile,
    UnknownTerm,
    shortened,
)
from faktura.plugin import Balance, StatementRecord, StatementStart, StatementTally
from faktura_mt940.blocks import Block, encoding_of, statement_blocks
from faktura_mt940.mapping import checked_amount, checked_days, to_transaction

_BOOKING = re.compile(
    r":61:(?P<value>[0-9]{6})(?P<entry>[0-9]{4}|[ ]{4})?R?[DCdc][A-Za-z]?(?P<amount>[^A-Za-z]*)(?P<kind>.?)",
    re.ASCII,
)
_IBAN = re.compile(r"(?P<iban>[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}?)(?P<currency>[A-Z]{3})?", re.ASCII)
_NATIONAL = re.compile(r"(?P<account>[0-9]{8}/[0-9]{1,10})(?P<currency>[A-Z]{3})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
# A second one would begin another statement, perhaps of another account.
_ONCE = (":25:", ":28C:", ":60F:", ":60M:", ":62F:", ":62M:")
# The library holds all bookings of a statement; nobody's has more.
_MOST_BOOKINGS = 20_000
# The library cuts blanks off the end of lines; in German texts a line may end inside a word or not.
_BLANK_AT_END = re.compile(r" (?= *$)")
_KEPT_BLANK = "\ue000"
_READ_OTHERWISE = "the file is not UTF-8, it was read as Windows-1252"


def read_statements(source: BinaryIO) -> Iterator[StatementRecord]:
    """The records of a file, statement by statement.

    Raises FileUnreadable, HostileFile, AmountUnreadable, DateUnreadable, FieldMissing with the place.
    """
    encoding = encoding_of(source)
    number = 0
    for number, block in enumerate(statement_blocks(source, encoding), start=1):
        try:
            yield from _statement(block, encoding)
        except BadInput as error:
            place = f"statement {number}"
            has_line = error.place.startswith("line ")
            raise error.at(place if has_line else f"{place}, line {block.first_line}") from None
    if not number:
        raise FileUnreadable(
            "the file holds no statement", place="line 1", mend="Fetch it again from the bank"
        )


def _statement(block: Block, encoding: str) -> Iterator[StatementRecord]:
    bookings = _checked_bookings(block)
    parsed = _parsed(block)
    if len(parsed) != len(bookings):
        raise FileUnreadable(f"{len(bookings)} bookings stand there, {len(parsed)} could be read")
    opening, closing = _balances(parsed.data)
    start = _start(parsed.data, opening or closing)
    yield start
    currency = start.account_currency or ""
    tally = StatementTally()
    for index, (one, line) in enumerate(zip(parsed, bookings, strict=True)):
        yield tally.counted(to_transaction(_restored(one.data), currency, index, f"line {line}"))
    yield tally.end(opening, closing, [_READ_OTHERWISE] if encoding == "cp1252" else [])


def _checked_bookings(block: Block) -> list[int]:
    """The lines in which bookings begin; raises where one cannot be read, or there are too many."""
    _check_once(block)
    found: list[int] = []
    for number, line in enumerate(block.lines, start=block.first_line):
        if line.startswith(":61:"):
            match = _BOOKING.match(line)
            if match is None:
                raise FileUnreadable(f"“{shortened(line)}” is no booking", place=f"line {number}")
            checked_amount(match["amount"].strip(), place=f"line {number}")
            checked_days(match["value"], (match["entry"] or "").strip(), place=f"line {number}")
            if not match["kind"]:
                # Of a cut file: a digit of the amount may be missing.
                raise FileUnreadable("a booking ends at its amount", place=f"line {number}")
            found.append(number)
    if len(found) > _MOST_BOOKINGS:
        raise HostileFile(f"one statement has more than {_MOST_BOOKINGS} bookings")
    return found


def _check_once(block: Block) -> None:
    seen: set[str] = set()
    for number, line in enumerate(block.lines, start=block.first_line):
        name = next((name for name in _ONCE if line.startswith(name)), None)
        if name in seen:
            raise FileUnreadable(f"{name} stands twice in one statement", place=f"line {number}")
        if name is not None:
            seen.add(name)


def _parsed(block: Block) -> Any:
    from mt940.models import Transactions
    from mt940.options import Options

    text = "\n".join(_guarded(block.lines))
    parsed = Transactions(
        processors={"post_transaction_details": [], "post_statement": []}, options=Options.all()
    )
    try:
        parsed.parse(text)
    except (RuntimeError, ValueError, InvalidOperation, KeyError) as error:
        reason = str(error.args[0]) if error.args else type(error).__name__
        raise FileUnreadable(
            f"a field cannot be read: {shortened(reason)}", mend="Ask the bank for a correct file"
        ) from None
    return parsed


def _guarded(lines: list[str]) -> Iterator[str]:
    """The lines, with the blanks at the end of the payer's text guarded from the library."""
    is_text = False
    for line in lines:
        is_text = line.startswith(":86:") or (is_text and not line.startswith(":"))
        yield _BLANK_AT_END.sub(_KEPT_BLANK, line) if is_text else line


def _restored(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.replace(_KEPT_BLANK, " ") if isinstance(value, str) else value
        for key, value in data.items()
    }


def _start(data: dict[str, Any], balance: Balance | None) -> StatementStart:
    account = str(data.get("account_identification") or "").replace(" ", "").upper()
    if not account:
        raise FieldMissing("no account is named", place=":25:")
    if balance is None:
        raise FieldMissing("no balance is there, so nobody knows the currency", place=":60F:")
    iban, national = _IBAN.fullmatch(account), _NATIONAL.fullmatch(account)
    number, page = data.get("statement_number"), data.get("sequence_number")
    reference = str(data.get("transaction_reference") or "").strip()
    return StatementStart(
        account_iban=None if iban is None else iban["iban"],
        account_other=account
        if iban is None and national is None
        else national and national["account"],
        account_currency=balance.currency,
        message_id=reference,
        statement_id=f"{balance.on.year}-{number}" if number else reference,
        # Banks that do not count write 0.
        sequence=int(number) if number and int(number) else None,
        page=int(page) if page and int(page) else None,
        last_page="final_closing_balance" in data,
    )


def _balances(data: dict[str, Any]) -> tuple[Balance | None, Balance | None]:
    """Opening and closing balance, those of a page where the statement goes on."""
    opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    return _balance(opening), _balance(closing)


def _balance(found: Any) -> Balance | None:
    if found is None:
        return None
    amount, on = found.amount, found.date
    if not _CURRENCY.fullmatch(amount.currency):
        raise UnknownTerm(f"“{amount.currency}” is no currency", place="balance")
    return Balance(
        amount=amount.amount, currency=amount.currency, on=date(on.year, on.month, on.day)
    )
