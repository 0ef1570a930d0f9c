"""Uploading statement files: each movement once, all of a file or nothing, the account chosen."""

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO

import pytest
from tests.services.bank.statement_files import (
    IBAN,
    MAGIC,
    OTHER_IBAN,
    file_of,
    moved,
    statement,
)

from faktura.flows.statements import Bank, import_statements, match_open
from faktura.kernel.errors import (
    FieldInvalid,
    FileUnreadable,
    NotFound,
    PluginBroken,
    TooPrecise,
    WrongAccount,
)
from faktura.plugin import (
    Balance,
    BankTransaction,
    BookingStatus,
    StatementEnd,
    StatementStart,
)
from faktura.services.parsed_statements import ParsedStatement
from faktura.services.statements import store_statements
from faktura.store.statements import UploadRow

TWIN = moved("12.00", "Spende")


def parsed_of(movements: Iterable[BankTransaction]) -> ParsedStatement:
    """A statement as the spool hands it on, with movements that may end badly."""
    start = StatementStart(account_iban=IBAN, message_id="M", statement_id="S")
    return ParsedStatement(start, StatementEnd(entries=1), movements, 0, frozenset())


def test_an_import_reports_what_it_brought(scene):
    """Statements, entries, new, previews; only what is booked is kept."""
    preview = moved("5.00", "RE-000001", status=BookingStatus.PENDING)

    report = scene.upload(statement(moved("35.70", "RE-000001"), preview, TWIN)).imported

    assert (report.statements, report.entries) == (1, 3)
    assert (report.new, report.duplicates, report.previews) == (2, 0, 1)
    assert report.format == "test-lines"
    assert scene.count("bank_transaction") == 2


def test_the_same_file_again_is_a_no_op(scene):
    """The file's hash is known for the account."""
    scene.upload(statement(moved("1.00", "A"), sequence=1))

    report = scene.upload(statement(moved("1.00", "A"), sequence=1), name="renamed.txt").imported

    assert report.already_imported
    assert (report.statements, report.new, report.duplicates) == (0, 0, 0)
    assert scene.count("bank_statement") == 1


def test_the_same_file_for_its_other_account_brings_that_account(scene):
    """A file of two accounts is uploaded twice, once for each."""
    scene.add_account(OTHER_IBAN)
    both = statement(moved("1.00")), statement(moved("2.00"), iban=OTHER_IBAN)

    first = scene.upload(*both).imported
    second = scene.upload(*both, iban=OTHER_IBAN).imported

    assert (first.new, first.other_accounts) == (1, (OTHER_IBAN,))
    assert (second.new, second.other_accounts) == (1, (IBAN,))
    assert [m.bank_iban for m in scene.movements()] == [IBAN, OTHER_IBAN]


def test_overlapping_files_bring_each_movement_once(scene):
    """A monthly file repeats the daily ones."""
    daily = [moved(f"{no}.00", "A", source_ref=f"REF{no}") for no in range(1, 4)]
    without_reference = moved("9.00", "B", end_to_end_id="E9")
    scene.upload(statement(*daily[:2], without_reference, sequence=1))

    report = scene.upload(
        statement(*daily, without_reference, statement_id="MONTH", sequence=None), name="month.txt"
    ).imported

    assert (report.new, report.duplicates) == (1, 3)


def test_a_movement_that_stands_in_two_statements_of_one_file_is_kept_once(scene):
    """Cumulative intraday statements repeat what the earlier one said."""
    booking = moved("9.00", "B", source_ref="R9")

    report = scene.upload(
        statement(booking, TWIN, statement_id="A"), statement(booking, TWIN, statement_id="B")
    ).imported

    assert (report.new, report.duplicates) == (2, 2)


def test_identical_twins_survive(scene):
    """Two equal donations of one day are two; imported again they stay two (P40)."""
    report = scene.upload(statement(TWIN, TWIN, sequence=1)).imported
    again = scene.upload(statement(TWIN, TWIN, TWIN, sequence=1), name="again.txt").imported

    assert (report.new, report.duplicates) == (2, 0)
    assert (again.new, again.duplicates) == (1, 2)


def test_twins_on_two_pages_of_one_statement_survive(scene):
    """Pages share the statement's number, so the count goes on."""
    report = scene.upload(
        statement(TWIN, sequence=4, page=1, last_page=False), statement(TWIN, sequence=4, page=2)
    ).imported

    assert (report.statements, report.new) == (2, 2)


def test_a_reference_the_bank_repeats_does_not_swallow_a_movement(scene):
    """The same reference, day, amount and payer, but another text: the content decides."""
    one = moved("12.00", "Miete Haus 1", source_ref="0001")
    two = moved("12.00", "Miete Haus 2", source_ref="0001")

    report = scene.upload(statement(one, two, sequence=1)).imported
    again = scene.upload(statement(two, one, sequence=1), name="again.txt").imported

    assert report.new == 2
    assert (again.new, again.duplicates) == (0, 2)


def test_a_statement_of_another_account_is_refused(scene):
    """F099: the account is chosen at upload; nothing is stored."""
    with pytest.raises(WrongAccount) as refused:
        scene.upload(statement(moved("1.00"), iban=OTHER_IBAN, account_currency="EUR"))

    assert refused.value.place == "november.txt"
    assert refused.value.problem == f"the file is of {OTHER_IBAN} EUR, not of {IBAN}"
    assert scene.count("bank_upload") == 0


def test_a_statement_in_another_currency_is_of_another_account(scene):
    """Accounts of several currencies may share an IBAN."""
    with pytest.raises(WrongAccount, match="USD"):
        scene.upload(statement(account_currency="USD"))


def test_a_bank_that_gives_no_iban_is_known_by_bank_code_and_account(scene):
    """12030000/202051 is the account of DE02 1203 0000 0000 2020 51."""
    report = scene.upload(statement(moved("1.00"), iban=None, account_other="12030000/202051"))

    assert report.imported.new == 1


def test_an_unknown_account_is_not_found(scene):
    """The message names the accounts there are."""
    with pytest.raises(NotFound) as refused:
        scene.upload(statement(), iban=OTHER_IBAN)

    assert refused.value.mend == f"Known: {IBAN}"


def test_a_file_nobody_recognises_is_refused_with_the_enabled_formats(scene):
    """Nothing is guessed and nothing is kept."""
    with pytest.raises(FileUnreadable) as refused:
        import_statements(scene.bank, BytesIO(b"%PDF-1.7"), "letter.pdf", IBAN)

    assert (refused.value.place, refused.value.mend) == ("letter.pdf", "Enabled: test-lines")
    assert list(scene.folder.rglob("*")) == []


def test_without_a_plugin_the_message_says_how_to_enable_one(scene):
    """No parser is enabled at all."""

    class NoParsers:
        def parsers(self, tenant_id):
            return iter(())

    bank = Bank(scene.database, scene.bank.content, NoParsers(), scene.tenant)

    with pytest.raises(FileUnreadable) as refused:
        import_statements(bank, BytesIO(MAGIC), "a.txt", IBAN)

    assert refused.value.mend == "Enable a plugin in FAKTURA_PLUGINS"


def test_a_file_that_breaks_off_leaves_nothing_but_its_bytes(scene):
    """All or nothing: 30 good movements before the broken line are not stored; the file is kept."""
    whole = file_of(statement(*[moved("1.00", str(no)) for no in range(30)]))
    broken = b"".join(whole.splitlines(keepends=True)[:-1]) + b"BROKEN\n"

    with pytest.raises(FileUnreadable) as refused:
        import_statements(scene.bank, BytesIO(broken), "broken.txt", IBAN)

    assert refused.value.place == "broken.txt, line 33"
    assert scene.count("bank_transaction") == 0
    assert scene.bank.content.get(scene.tenant.id, sha256(broken).digest()) == broken


def test_a_file_is_imported_from_its_beginning(scene):
    """Whoever looked at it before; the parser reads the bytes that were kept."""
    content = file_of(statement(moved("35.70", "RE-000001")))
    source = BytesIO(content)
    source.read()

    report = import_statements(scene.bank, source, "november.txt", IBAN)

    assert (report.imported.new, report.matched.booked) == (1, 1)
    assert scene.bank.content.get(scene.tenant.id, sha256(content).digest()) == content


def test_an_amount_that_is_no_whole_number_of_cents_refuses_the_file(scene):
    """No rounding: 1.005 EUR is not money."""
    with pytest.raises(TooPrecise) as refused:
        scene.upload(statement(moved("1.00"), moved("1.005", place="entry 2")))

    assert refused.value.place == "november.txt, entry 2, amount"
    assert scene.count("bank_upload") == 0


def test_a_nul_character_refuses_the_file(scene):
    """PostgreSQL cannot store it; both databases refuse it the same way."""
    with pytest.raises(FieldInvalid, match="NUL"):
        scene.upload(statement(moved("1.00", "a\x00b")))


def test_a_file_without_statements_is_refused(scene):
    """An empty file is a mistake, not a month without movements."""
    with pytest.raises(FileUnreadable, match="no statement"):
        scene.upload()


@pytest.mark.parametrize(
    "records",
    [
        [moved("1.00")],
        statement(moved("1.00"))[:-1],
        [*statement()[:-1], *statement()],
        statement(iban=OTHER_IBAN)[:-1],
        [statement()[-1]],
    ],
)
def test_a_parser_that_breaks_its_contract_is_named(scene, records):
    """Movements stand between a statement's start and end."""
    with pytest.raises(PluginBroken):
        scene.upload(records)


def test_a_crash_inside_the_import_leaves_nothing(scene):
    """One transaction per upload: after 1,001 movements the process dies."""

    def dying():
        for no in range(1001):
            yield moved("1.00", str(no))
        raise KeyboardInterrupt

    parsed = parsed_of(dying())
    upload = UploadRow(scene.account.id, bytes(32), "a.txt", "test-lines")

    with pytest.raises(KeyboardInterrupt), scene.database.write(scene.tenant.id) as tx:
        store_statements(tx, scene.account, upload, [parsed], ())

    assert [scene.count(f"bank_{table}") for table in ("upload", "statement", "transaction")] == [
        0,
        0,
        0,
    ]


def test_a_process_killed_inside_the_import_leaves_nothing(scene):
    """The same by the hand of the system: the process ends without unwinding."""

    def killed():
        for no in range(1001):
            yield moved("1.00", str(no))
        os._exit(9)

    parsed = parsed_of(killed())
    upload = UploadRow(scene.account.id, bytes(32), "a.txt", "test-lines")
    scene.database.close()

    child = os.fork()
    if child == 0:
        with scene.database.write(scene.tenant.id) as tx:
            store_statements(tx, scene.account, upload, [parsed], ())
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 9
    assert scene.count("bank_upload") == 0
    assert scene.upload(statement(moved("1.00"))).imported.new == 1


def test_a_crash_between_import_and_matching_is_caught_up(scene):
    """The movements wait; the next run decides about them."""
    upload = UploadRow(scene.account.id, bytes(32), "a.txt", "test-lines")
    parsed = parsed_of([moved("35.70", "RE-000001")])
    with scene.database.write(scene.tenant.id) as tx:
        store_statements(tx, scene.account, upload, [parsed], ())
    assert scene.movements()[0].reason == "not decided yet: faktura bank match"

    seen: list[int] = []
    matched = match_open(scene.database, scene.tenant, progress=seen.append)

    assert (matched.booked, matched.open) == (1, 0)
    assert seen == [1]


def test_a_gap_in_the_statement_numbers_is_warned_of(scene):
    """217 was the last one: 218 is missing, later 220 to 222."""
    scene.upload(statement(sequence=217))

    one = scene.upload(statement(sequence=219), name="219.txt").imported
    more = scene.upload(statement(sequence=223), name="223.txt").imported
    late = scene.upload(statement(sequence=218), name="218.txt").imported

    assert one.warnings == ("statement 219: statement 218 is missing",)
    assert more.warnings == ("statement 223: statements 220 to 222 are missing",)
    assert late.warnings == ()


def test_statement_numbers_begin_anew_each_year(scene):
    """The first statement of 2027 misses nothing of 2026."""
    december = Balance(amount=Decimal(1), currency="EUR", on=date(2026, 12, 30))
    january = Balance(amount=Decimal(1), currency="EUR", on=date(2027, 1, 4))
    scene.upload(statement(sequence=300, closing=december))

    report = scene.upload(statement(sequence=2, closing=january), name="2.txt").imported

    assert report.warnings == ()


def test_warnings_of_the_parser_are_passed_on_with_the_statement(scene):
    """Also for a statement that has no day."""
    report = scene.upload(
        statement(warnings=("the bank sent no namespace",), sequence=1, created_at=None)
    ).imported
    page = scene.upload(
        statement(
            sequence=3, page=2, warnings=("odd",), created_at=datetime(2026, 1, 2, tzinfo=UTC)
        ),
        name="2.txt",
    ).imported

    assert report.warnings == ("statement 1: the bank sent no namespace",)
    assert page.warnings == (
        "statement 3 page 2: odd",
        "statement 3 page 2: its pages do not all lie here: its balances are not checked",
    )


def test_a_long_file_is_written_in_pieces_and_stays_whole(scene):
    """2,500 movements: three writes, one transaction; all of them are decided about."""
    movements = [moved("1.00", f"Nr {no}", end_to_end_id=f"E{no}") for no in range(2500)]

    report = scene.upload(statement(*movements))

    assert (report.imported.new, report.matched.open) == (2500, 2500)


def test_an_empty_file_is_refused_as_such(scene):
    """Not as a format nobody knows; nothing is kept of it."""
    with pytest.raises(FileUnreadable) as refused:
        import_statements(scene.bank, BytesIO(b""), "nothing.xml", IBAN)

    assert (refused.value.place, refused.value.problem) == ("nothing.xml", "the file is empty")
    assert scene.count("bank_upload") == 0
