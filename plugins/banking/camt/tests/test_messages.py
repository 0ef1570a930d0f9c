"""The three messages of the family: reports of a day, statements, notifications (2.2, 2.5)."""

from collections.abc import Callable

import pytest

from faktura.kernel.errors import FieldInvalid, FileUnreadable
from faktura.plugin import (
    BankTransaction,
    BookingStatus,
    StatementEnd,
    StatementKind,
    StatementRecord,
    StatementStart,
)

Build = Callable[..., str]
Parse = Callable[..., list[StatementRecord]]
Read = Callable[..., list[BankTransaction]]

BATCH = "<Btch><MsgId>M-1</MsgId><PmtInfId>P-1</PmtInfId><NbOfTxs>{count}</NbOfTxs></Btch>{details}"
DETAIL = (
    "<TxDtls><Refs><EndToEndId>{name}</EndToEndId></Refs>"
    '<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>'
)


def start_of(records: list[StatementRecord]) -> StatementStart:
    """The start of the only statement."""
    (found,) = [one for one in records if isinstance(one, StatementStart)]
    return found


@pytest.mark.parametrize("version", ["02", "04", "08"])
@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("052", StatementKind.REPORT),
        ("053", StatementKind.STATEMENT),
        ("054", StatementKind.NOTIFICATION),
    ],
)
def test_each_message_gives_the_same_movements_and_says_what_it_is(
    document: Build,
    statement: Build,
    entry: Build,
    parse: Parse,
    message: str,
    kind: StatementKind,
    version: str,
):
    """The entries of the three are built alike; what may be booked of them is not the parser's."""
    status = "BOOK" if version in ("02", "04") else "<Cd>BOOK</Cd>"
    body = statement(entry("12.50", status=status), head="<ElctrncSeqNb>7</ElctrncSeqNb>")

    records = parse(document(body, message=message, version=version))

    first = start_of(records)
    assert (first.kind, first.sequence, first.file) == (kind, 7, "")
    (moved,) = [one for one in records if isinstance(one, BankTransaction)]
    assert (str(moved.amount), moved.status) == ("12.50", BookingStatus.BOOKED)


@pytest.mark.parametrize(
    ("message", "warnings"),
    [
        ("052", ()),
        ("053", ("the statement lacks an opening or closing balance: not checked",)),
        ("054", ()),
    ],
)
def test_only_a_statement_must_say_its_balances(
    document: Build, statement: Build, entry: Build, parse: Parse, message: str, warnings: object
):
    """camt.054 has none and camt.052 may have none."""
    end = parse(document(statement(entry()), message=message))[-1]

    assert isinstance(end, StatementEnd)
    assert (end.balanced, end.warnings) == (None, warnings)


def test_a_report_with_both_balances_is_checked_all_the_same(
    document: Build, statement: Build, entry: Build, balance: Build, parse: Parse
):
    """100.00 and 119.00 are not 200.00."""
    balances = balance("OPBD", "100.00", "CRDT", "2026-11-11"), balance("CLBD", "200.00")

    end = parse(document(statement(*balances, entry()), message="052"))[-1]

    assert isinstance(end, StatementEnd)
    assert end.balanced is False


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
def test_what_a_report_only_announces_is_no_booking(
    document: Build, statement: Build, entry: Build, transactions: Read, status: str
):
    """2.5: only BOOK is."""
    (found,) = transactions(document(statement(entry(status=f"<Cd>{status}</Cd>")), message="052"))

    assert found.status is not BookingStatus.BOOKED


@pytest.mark.parametrize(
    ("message", "other"),
    [("053", "BkToCstmrAcctRpt"), ("054", "BkToCstmrStmt"), ("052", "BkToCstmrDbtCdtNtfctn")],
)
def test_a_namespace_that_names_another_message_than_the_file_is_refused(
    document: Build, statement: Build, entry: Build, parse: Parse, message: str, other: str
):
    """Which of the two is meant decides whether it is booked."""
    whole = document(statement(entry()), message="053")
    wrong = whole.replace("camt.053", f"camt.{message}").replace("BkToCstmrStmt", other)
    if message == "053":
        wrong = wrong.replace("<Stmt>", "<Rpt>").replace("</Stmt>", "</Rpt>")

    with pytest.raises(FileUnreadable, match=r"outside of a statement"):
        parse(wrong)


def test_a_part_of_another_message_is_refused(
    document: Build, statement: Build, entry: Build, parse: Parse
):
    """Rpt stands in camt.052 only."""
    content = (
        document(statement(entry()))
        .replace("Stmt>", "Rpt>")
        .replace("BkToCstmrRpt", "BkToCstmrStmt")
    )

    with pytest.raises(FileUnreadable, match="outside of a statement"):
        parse(content)


@pytest.mark.parametrize("message", ["052", "054"])
def test_without_a_namespace_the_outermost_element_names_the_message(
    document: Build, statement: Build, entry: Build, parse: Parse, message: str
):
    """Lenient only."""
    content = document(statement(entry()), message=message)
    bare = content.replace(f' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.08"', "")

    records = parse(bare, lenient=True)

    kinds = {"052": StatementKind.REPORT, "054": StatementKind.NOTIFICATION}
    assert start_of(records).kind is kinds[message]


def test_a_batch_says_how_many_it_has(
    document: Build, statement: Build, entry: Build, transactions: Read
):
    """With details or without: what comes in another message is found by ids, sum and count."""
    details = DETAIL.format(name="E-1", amount="50.00") + DETAIL.format(name="E-2", amount="100.00")
    alone = entry("150.00", details=BATCH.format(count=2, details=""))
    split = entry("150.00", details=BATCH.format(count=2, details=details))

    (whole,) = transactions(document(statement(alone)))
    parts = transactions(document(statement(split), message="054"))

    assert (whole.batch_message_id, whole.batch_payment_id, whole.batch_count) == ("M-1", "P-1", 2)
    assert [(part.end_to_end_id, str(part.amount)) for part in parts] == [
        ("E-1", "50.00"),
        ("E-2", "100.00"),
    ]
    assert [part.batch_count for part in parts] == [2, 2]


def test_a_count_that_is_none_is_refused(
    document: Build, statement: Build, entry: Build, transactions: Read
):
    """With its place."""
    content = document(statement(entry(details=BATCH.format(count="two", details=""))))

    with pytest.raises(FieldInvalid, match=r"s\.xml, statement 1, entry 1.*NbOfTxs"):
        transactions(content)


def test_a_member_of_an_archive_is_named(
    document: Build, statement: Build, entry: Build, parse: Parse, zipped: Callable[..., bytes]
):
    """So that a person can be told what came of each file."""
    files = {
        "20261111_C52.xml": document(statement(entry()), message="052").encode(),
        "20261111_C53.xml": document(statement(entry()), message="053").encode(),
    }

    starts = [one for one in parse(zipped(files)) if isinstance(one, StatementStart)]

    assert [(one.file, one.kind) for one in starts] == [
        ("20261111_C52.xml", StatementKind.REPORT),
        ("20261111_C53.xml", StatementKind.STATEMENT),
    ]


def test_two_messages_in_one_file_are_refused(
    document: Build, statement: Build, entry: Build, parse: Parse
):
    """A document is one message."""
    content = document(statement(entry()))
    second = f"<BkToCstmrAcctRpt><GrpHdr><MsgId>X</MsgId></GrpHdr><Rpt>{entry()}</Rpt></BkToCstmrAcctRpt>"

    with pytest.raises(FileUnreadable, match="outside of a statement"):
        parse(content.replace("</Document>", f"{second}</Document>"))
