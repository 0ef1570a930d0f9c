"""What the parser makes of a good file."""

from datetime import date
from decimal import Decimal

from faktura.plugin import (
    API_VERSION,
    BankTransaction,
    BookingStatus,
    Family,
    StatementEnd,
    StatementStart,
)
from faktura_example_csv import describe_plugin, register_statement_parsers
from faktura_example_csv.parser import CsvStatementParser

HEADER = "account;date;amount;name;iban;remittance;end-to-end id\n"
ACCOUNT = "DE02100100109307118603"
OTHER = "DE02120300000000202051"


def test_the_plugin_says_who_it_is_and_offers_one_parser():
    """The name is the one of the entry point; the version of the contract is the core's."""
    manifest = describe_plugin()

    assert (manifest.name, manifest.api_version) == ("example-csv", API_VERSION)
    assert manifest.families == (Family.BANKING,)
    assert register_statement_parsers() == (CsvStatementParser,)


def test_a_file_becomes_a_statement_with_its_movements(parse):
    """Credits are positive, debits negative; the place is the line in the file."""
    records = parse(
        HEADER
        + f"{ACCOUNT};2026-11-02;119.00;Muster GmbH;DE89370400440532013000;RE-1001;E2E-7\n"
        + f"{ACCOUNT};2026-11-03;-3.50;;;Return fee;\n"
    )

    assert records == [
        StatementStart(
            account_iban=ACCOUNT,
            account_currency="EUR",
            message_id="november.csv",
            statement_id=ACCOUNT,
        ),
        BankTransaction(
            entry_index=0,
            place="line 2",
            status=BookingStatus.BOOKED,
            booked_on=date(2026, 11, 2),
            amount=Decimal("119.00"),
            currency="EUR",
            end_to_end_id="E2E-7",
            counterparty_name="Muster GmbH",
            counterparty_iban="DE89370400440532013000",
            remittance_lines=("RE-1001",),
        ),
        BankTransaction(
            entry_index=1,
            place="line 3",
            status=BookingStatus.BOOKED,
            booked_on=date(2026, 11, 3),
            amount=Decimal("-3.50"),
            currency="EUR",
            remittance_lines=("Return fee",),
        ),
        StatementEnd(entries=2),
    ]


def test_each_account_is_a_statement_of_its_own(parse):
    """The movements of an account stand between its start and its end, counted from 0."""
    records = parse(
        HEADER
        + f"{ACCOUNT};2026-11-02;1.00;;;;\n"
        + f"{OTHER};2026-11-02;2.00;;;;\n"
        + f"{OTHER};2026-11-02;3.00;;;;\n"
    )

    assert [record.record for record in records] == [
        "start", "transaction", "end", "start", "transaction", "transaction", "end",
    ]  # fmt: skip
    assert [record.entry_index for record in records if record.record == "transaction"] == [0, 0, 1]


def test_ibans_are_normalised(parse):
    """Upper case and without blanks, as the core compares them."""
    start, movement, _ = parse(
        HEADER + "de02 1001 0010 9307 1186 03;2026-11-02;1.00;A;de89 3704 0044 0532 0130 00;;\n"
    )

    assert start.account_iban == "DE02100100109307118603"
    assert movement.counterparty_iban == "DE89370400440532013000"


def test_a_text_in_quotation_marks_may_hold_the_delimiter(parse):
    """As CSV has it; blank lines are no rows."""
    _, movement, _ = parse(HEADER + f'\n{ACCOUNT};2026-11-02;1.00;"A; B";;"said ""yes""";\n\n')

    assert movement.counterparty_name == "A; B"
    assert movement.remittance_lines == ('said "yes"',)


def test_delimiter_encoding_and_currency_are_settings(parse):
    """A bank that writes commas and cp1252 needs no code."""
    content = (HEADER + f"{ACCOUNT};2026-11-02;100;Jürgen Groß €;;;\n").replace(";", ",")

    _, movement, _ = parse(
        content.encode("cp1252"), delimiter=",", encoding="cp1252", currency="JPY"
    )

    assert movement.counterparty_name == "Jürgen Groß €"
    assert (movement.amount, movement.currency) == (Decimal(100), "JPY")


def test_a_byte_order_mark_does_not_matter(parse):
    """Spreadsheets write one."""
    content = (HEADER + f"{ACCOUNT};2026-11-02;1.00;;;;\n").encode("utf-8-sig")

    assert [record.record for record in parse(content)] == ["start", "transaction", "end"]


def test_a_file_without_movements_has_no_statement(parse):
    """The header alone is a readable file."""
    assert parse(HEADER) == []


def test_a_file_is_recognised_by_its_header(build):
    """Other files are left to other parsers, whatever bytes they hold."""
    parser = build()

    assert parser.recognises(HEADER.encode() + b"anything", "a.csv")
    assert parser.recognises(HEADER.replace("\n", "\r\n").encode("utf-8-sig"), "a.csv")
    assert not parser.recognises(b"<?xml version='1.0'?>", "a.csv")
    assert not parser.recognises(b"\xff\xfe\x00\x81", "a.csv")
    assert not parser.recognises(b"", "a.csv")
