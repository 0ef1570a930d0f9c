"""Statements: their head, their balances, their pages, several in one file (2.2, 2.5)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from faktura.kernel.errors import (
    AmountUnreadable,
    DateUnreadable,
    FieldInvalid,
    FieldMissing,
    FileUnreadable,
)
from faktura.plugin import StatementEnd, StatementRecord, StatementStart

Build = Callable[..., str]
Records = Callable[..., list[StatementRecord]]
End = Callable[..., StatementEnd]


def test_the_head_of_a_statement_is_read(document: Build, statement: Build, parse: Records):
    """Account, bank, ids and time identify the statement within its bank."""
    head = "<ElctrncSeqNb>217</ElctrncSeqNb><CreDtTm>2026-11-12T05:01:02+01:00</CreDtTm>"
    content = document(statement(iban=" de02 1203 0000 0000 2020 51 ", head=head)).replace(
        "</Ccy>", "</Ccy><Svcr><FinInstnId><BICFI>BYLADEM1001</BICFI></FinInstnId></Svcr>"
    )

    start, _ = parse(content)

    assert start == StatementStart(
        account_iban="DE02120300000000202051",
        account_currency="EUR",
        account_bic="BYLADEM1001",
        message_id="MSG-1",
        statement_id="S1",
        sequence=217,
        created_at=datetime(2026, 11, 12, 5, 1, 2, tzinfo=timezone(timedelta(hours=1))),
    )


def test_an_account_without_iban_has_its_number(document: Build, statement: Build, parse: Records):
    """2.6: then the core compares account number and bank code."""
    content = document(statement()).replace(
        "<IBAN>DE02120300000000202051</IBAN>", "<IBAN> </IBAN><Othr><Id>0000202051</Id></Othr>"
    )

    start, _ = parse(content)

    assert isinstance(start, StatementStart)
    assert (start.account_iban, start.account_other) == (None, "0000202051")


@pytest.mark.parametrize(
    "gone",
    [
        "<MsgId>MSG-1</MsgId>",
        "<GrpHdr><MsgId>MSG-1</MsgId></GrpHdr>",
        "<Id>S1</Id>",
        "<IBAN>DE02120300000000202051</IBAN>",
    ],
)
def test_what_identifies_a_statement_is_mandatory(
    document: Build, statement: Build, parse: Records, gone: str
):
    """Without it, the same file could be booked twice or on the wrong account."""
    with pytest.raises(FieldMissing, match=r"s\.xml"):
        parse(document(statement()).replace(gone, ""))


def test_a_page_of_the_statement_wins_over_the_file_s(
    document: Build, statement: Build, parse: Records
):
    """2.1: MsgPgntn in .02, StmtPgntn since .08."""
    of_file = "<MsgPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></MsgPgntn>"
    of_statement = "<StmtPgntn><PgNb>2</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"

    new, _ = parse(document(statement(head=of_statement), header=of_file))
    old, _ = parse(document(statement(), header=of_file, version="02"))

    assert isinstance(new, StatementStart)
    assert isinstance(old, StatementStart)
    assert (new.page, new.last_page) == (2, False)
    assert (old.page, old.last_page) == (1, True)


@pytest.mark.parametrize(
    ("head", "error"),
    [
        ("<ElctrncSeqNb>2x</ElctrncSeqNb>", FieldInvalid),
        ("<CreDtTm>yesterday</CreDtTm>", DateUnreadable),
        ("<StmtPgntn><PgNb>1</PgNb><LastPgInd>no</LastPgInd></StmtPgntn>", FieldInvalid),
        ("<StmtPgntn><PgNb>-1</PgNb></StmtPgntn>", FieldInvalid),
    ],
)
def test_a_head_that_cannot_be_read_is_refused(
    document: Build, statement: Build, parse: Records, head: str, error: type[Exception]
):
    """With the place."""
    with pytest.raises(error, match=r"s\.xml, statement 1"):
        parse(document(statement(head=head)))


def test_balances_that_fit_are_said_to_fit(one: Build, entry: Build, balance: Build, end: End):
    """2.5: 1000.00 + 119.00 - 19.00 = 1100.00; German banks open with PRCD; previews do not count."""
    content = one(
        balance("PRCD", "1000.00", on="2026-11-10"),
        balance("CLAV", "900.00"),
        balance("CLBD", "1100.00"),
        entry(),
        entry("19.00", "DBIT"),
        entry("333.00", status="<Cd>PDNG</Cd>"),
    )

    found = end(content)

    assert (found.balanced, found.entries, found.warnings) == (True, 3, ())
    assert found.opening is not None
    assert found.closing is not None
    assert (found.opening.amount, found.opening.on) == (Decimal("1000.00"), date(2026, 11, 10))
    assert (found.closing.amount, found.closing.currency) == (Decimal("1100.00"), "EUR")


def test_a_debit_balance_is_negative(one: Build, entry: Build, balance: Build, end: End):
    """-10.00 + 119.00 = 109.00."""
    found = end(one(balance("OPBD", "10.00", "DBIT"), balance("CLBD", "109.00"), entry()))

    assert found.balanced is True
    assert found.opening is not None
    assert found.opening.amount == Decimal("-10.00")


def test_balances_that_do_not_fit_are_reported(one: Build, entry: Build, balance: Build, end: End):
    """2.5: a warning, and nothing is booked automatically; the file is not refused."""
    found = end(one(balance("OPBD", "1000.00"), balance("CLBD", "1999.00"), entry()))

    assert found.balanced is False
    assert found.warnings == (
        "opening balance 1000.00 + booked 119.00 = 1119.00, but the closing balance is 1999.00 EUR",
    )


def test_without_two_balances_nothing_is_said(one: Build, entry: Build, balance: Build, end: End):
    """Unknown is not the same as wrong."""
    found = end(one(balance("OPBD", "1000.00"), entry()))

    assert found.balanced is None
    assert found.warnings == ("the statement lacks an opening or closing balance: not checked",)


def test_several_currencies_do_not_balance(one: Build, entry: Build, balance: Build, end: End):
    """Amounts of two currencies are never added."""
    dollars = entry().replace('Ccy="EUR"', 'Ccy="USD"')

    found = end(one(balance("OPBD", "0.00"), balance("CLBD", "119.00"), dollars))

    assert found.balanced is False
    assert found.warnings == ("balances and entries are in several currencies: EUR, USD",)


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        ([("PRCD", "10.00"), ("ITBD", "129.00")], "10.00", "129.00"),
        ([("ITBD", "10.00"), ("ITBD", "50.00"), ("ITBD", "129.00")], "10.00", "129.00"),
        ([("ITBD", "10.00"), ("CLBD", "129.00")], "10.00", "129.00"),
    ],
)
def test_pages_are_checked_by_their_interim_balances(
    one: Build,
    entry: Build,
    balance: Build,
    end: End,
    balances: list[tuple[str, str]],
    opening: str,
    closing: str,
):
    """2.5: first, middle and last page each lead from one balance to the next."""
    found = end(one(*(balance(*each) for each in balances), entry()))

    assert found.balanced is True
    assert found.opening is not None
    assert found.closing is not None
    assert (str(found.opening.amount), str(found.closing.amount)) == (opening, closing)


def test_a_statement_of_several_days_goes_from_the_first_to_the_last(
    one: Build, entry: Build, balance: Build, end: End
):
    """Balances of each day may be listed, in any order."""
    found = end(
        one(
            balance("OPBD", "119.00", on="2026-11-12"),
            balance("OPBD", "0.00", on="2026-11-11"),
            balance("OPBD", "7.00", on="2026-11-13"),
            balance("CLBD", "238.00", on="2026-11-12"),
            balance("CLBD", "119.00", on="2026-11-11"),
            entry(),
            entry(),
        )
    )

    assert found.balanced is True


def test_a_balance_needs_amount_and_day(one: Build, balance: Build, end: End):
    """A balance that cannot be read is no reason to skip the check."""
    with pytest.raises(FieldMissing, match="Bal/Dt"):
        end(one(balance("OPBD", "1.00").replace("<Dt><Dt>2026-11-11</Dt></Dt>", "")))
    with pytest.raises(AmountUnreadable, match="statement 1"):
        end(one(balance("OPBD", "1,00")))


def test_several_accounts_stay_apart(
    document: Build, statement: Build, entry: Build, parse: Records
):
    """2.6: the core imports the matching statements and lists the others."""
    content = document(
        statement(entry("1.00")),
        statement(entry("2.00"), iban="DE02500105170137075030", number="B"),
    )

    records = parse(content)

    assert [record.record for record in records] == ["start", "transaction", "end"] * 2
    assert isinstance(records[3], StatementStart)
    assert (records[3].account_iban, records[3].statement_id) == ("DE02500105170137075030", "B")


@pytest.mark.parametrize(
    "content",
    [
        "<Ntry/>",
        "<Stmt><Id>x</Id></Stmt><Stmt><Ntry><Ntry/></Ntry></Stmt>",
        "<Rpt><Ntry/></Rpt>",
        "<Stmt><Stmt/></Stmt>",
        '<Stmt xmlns="urn:other"/>',
    ],
)
def test_parts_in_wrong_places_are_refused(document: Build, parse: Records, content: str):
    """What the schema does not know may be anything."""
    with pytest.raises((FileUnreadable, FieldMissing), match=r"s\.xml"):
        parse(document(content))


@pytest.mark.parametrize("tail", ["<Id>S2</Id>", "<Acct/>", "<Bal/>"])
def test_nothing_that_decides_may_stand_behind_the_entries(
    one: Build, entry: Build, end: End, tail: str
):
    """The start record has been handed over by then."""
    with pytest.raises(FileUnreadable, match="does not belong"):
        end(one(entry(), tail))
    with pytest.raises(FileUnreadable, match="does not belong"):
        end(one(entry(), tail, entry()))


def test_text_behind_the_entries_is_ignored(one: Build, entry: Build, end: End):
    """AddtlStmtInf is for people."""
    assert end(one(entry(), "<AddtlStmtInf>Danke</AddtlStmtInf>")).entries == 1


def test_a_nested_statement_is_refused(document: Build, statement: Build, entry: Build, end: End):
    """Two heads cannot hold for one entry."""
    with pytest.raises(FileUnreadable, match="does not belong"):
        end(document(statement(entry(), statement())))
    with pytest.raises(FileUnreadable, match="does not belong"):
        end(document(statement(entry(), entry(inside=entry()))))


def test_a_file_without_a_statement_is_refused(document: Build, end: End):
    """The user meant to upload one."""
    with pytest.raises(FileUnreadable, match="no statement"):
        end(document())
