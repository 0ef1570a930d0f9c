"""The journal as hledger text, word by word; tests/journeys has hledger itself read it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from faktura.kernel.errors import ExportRefused
from faktura.plugin import (
    AccountBalanceData,
    AccountData,
    DebtorData,
    ExportFile,
    JournalEntryData,
)
from faktura.testing.export_sources import GivenSource
from faktura_journal.hledger import HledgerExporter

Build = Callable[..., JournalEntryData]
Export = Callable[..., list[ExportFile]]
Balance = Callable[..., AccountBalanceData]

OCTOBER_END, NOVEMBER_END = date(2026, 10, 31), date(2026, 11, 30)


@pytest.fixture
def november(balance: Balance) -> list[AccountBalanceData]:
    """The balances before and after the invoice of November."""
    return [
        balance(OCTOBER_END, "1200", "50.00"),
        balance(OCTOBER_END, "9008", "-50.00"),
        balance(NOVEMBER_END, "1200", "50.00"),
        balance(NOVEMBER_END, "9008", "-50.00"),
        balance(NOVEMBER_END, "1400", "1190.00"),
        balance(NOVEMBER_END, "1400", "1190.00", "10001"),
        balance(NOVEMBER_END, "1776", "-190.00"),
        balance(NOVEMBER_END, "8400", "-1000.00"),
    ]


def test_an_entry_is_a_transaction_between_opening_and_asserted_balances(
    invoice: Build, november: list[AccountBalanceData], export: Export
):
    """Accounts, currencies, tags, assertions at the month's end from the source."""
    source = GivenSource(
        [invoice()],
        accounts=[AccountData(number="1200", name="Bank"), AccountData(number="9999")],
        debtors=[DebtorData(account="10001", customer_number="K-1", company="Müller, Söhne")],
        balances=november,
    )

    (file,) = export(HledgerExporter, source)

    assert (
        file.content.decode()
        == """\
; Journal from 2026-11-01 to 2026-11-30, export 7
decimal-mark .
commodity 1000.00 EUR
account 1200  ; type:A
    ; name:Bank
account 1400  ; type:A
account 1400:10001  ; type:A
    ; name:Müller; Söhne
account 1776  ; type:L
account 8400  ; type:R
account 9008  ; type:E

2026-10-31 * Opening balances
    1200  50.00 EUR
    9008  -50.00 EUR

2026-10-31 * Balances
    1200  0.00 EUR =* 50.00 EUR
    9008  0.00 EUR =* -50.00 EUR

2026-11-15 * (1) Müller & Söhne GmbH | Rechnung RE-1001
    ; key:inv:RE-1001
    ; kind:INVOICE
    ; document:RE-1001
    ; customer:K-1
    1400:10001  1190.00 EUR
    8400  -1000.00 EUR  ; kost1:100, kost2:Nord, tax:STANDARD 19 DE
    1776  -190.00 EUR  ; tax:STANDARD 19 DE

2026-11-30 * Balances
    1200  0.00 EUR =* 50.00 EUR
    1400  0.00 EUR =* 1190.00 EUR
    1400:10001  0.00 EUR =* 1190.00 EUR
    1776  0.00 EUR =* -190.00 EUR
    8400  0.00 EUR =* -1000.00 EUR
    9008  0.00 EUR =* -50.00 EUR
"""
    )
    assert (file.name, file.rows, file.entry_keys) == (
        "journal_20261101-20261130.journal",
        1,
        ("inv:RE-1001",),
    )
    assert file.notes == (
        "account 1400:10001, name: “Müller, Söhne” is written as “Müller; Söhne”",
    )


def test_hostile_text_stays_text(leg, entry: Build, export: Export):
    """No name, text or cost centre becomes a date, a comment, a tag, a posting."""
    evil = "x\n2026-01-01 * (9) y\n    8400  1 EUR\r; date:2020-01-01 | [2020-01-01], key:other"
    given = entry(
        leg("1200", "D", "5.00", cost_centre="A [2020-01-01], kost2:B ; c"),
        leg("0990", "C", "5.00"),
        text=evil,
        customer_name="(!) * 2026-02-02 =2026-01-01\u2028\x00",
        customer_number=None,
    )

    (file,) = export(HledgerExporter, GivenSource([given]))

    assert file.content.decode().partition("\n\n")[2] == (
        "2026-11-15 * (1) (!) * 2026-02-02 =2026-01-01 ? | x 2026-01-01 * (9) y 8400 1 EUR , "
        "date:2020-01-01 / [2020-01-01], key:other\n"
        "    ; key:inv:RE-1001\n"
        "    ; kind:INVOICE\n"
        "    ; document:RE-1001\n"
        "    1200  5.00 EUR  ; kost1:A (2020-01-01); kost2:B ; c\n"
        "    0990  -5.00 EUR\n"
    )
    assert [note.split(":")[0] for note in file.notes] == ["entry inv", "entry inv"]


def test_a_rate_of_nothing_is_a_plain_0(leg, entry: Build, export: Export):
    """As the database gives it, with six decimals."""
    free = {"tax_case": "REVERSE_CHARGE", "tax_rate": Decimal("0.000000"), "tax_country": "AT"}
    given = entry(leg("1200", "D", "5.00"), leg("8336", "C", "5.00", **free))

    (file,) = export(HledgerExporter, GivenSource([given]))

    assert "    8336  -5.00 EUR  ; tax:REVERSE_CHARGE 0 AT\n" in file.content.decode()


def test_a_late_release_and_a_reversal_say_what_they_are(invoice: Build, export: Export):
    """Value date, service month and what is reversed are tags."""
    late = invoice(
        value_date=date(2026, 10, 30),
        booked_on=date(2026, 11, 1),
        service_month=date(2026, 10, 1),
        reverses_key="inv:RE-1000",
        text="",
        customer_name=None,
    )

    (file,) = export(HledgerExporter, GivenSource([late]))

    assert (
        "2026-11-01 * (1)\n    ; key:inv:RE-1001\n    ; kind:INVOICE\n    ; document:RE-1001\n"
        "    ; customer:K-1\n    ; value-date:2026-10-30\n    ; service-month:2026-10\n"
        "    ; reverses:inv:RE-1000\n"
    ) in file.content.decode()


def test_what_the_batch_leaves_out_is_carried_and_noted(
    invoice: Build, november: list[AccountBalanceData], balance: Balance, export: Export
):
    """An export without payments: 200.00 of them came from the debtor."""
    paid = [
        row.model_copy(update={"balance": row.balance + delta})
        for row in november
        if (delta := {"1400": -200, "1200": 200}.get(row.account, 0)) and row.on == NOVEMBER_END
    ]
    kept = [row for row in november if row.on == OCTOBER_END or row.account not in ("1200", "1400")]

    (file,) = export(HledgerExporter, GivenSource([invoice()], balances=kept + paid))

    assert (
        "2026-11-30 * Entries that this export leaves out\n"
        "    1200  200.00 EUR\n"
        "    1400:10001  -200.00 EUR\n"
    ) in file.content.decode()
    assert file.notes == ("2026-11-30: Entries that this export leaves out come to 2 amounts",)


def test_debtors_that_do_not_make_up_their_account_are_refused(
    invoice: Build, november: list[AccountBalanceData], export: Export
):
    """The sub-ledger must be the journal; the setting leaves the debtors out."""
    wrong = [
        row.model_copy(update={"balance": row.balance + 1}) if row.debtor else row
        for row in november
    ]
    source = GivenSource([invoice()], balances=wrong)

    with pytest.raises(
        ExportRefused, match=r"come to 1191\.00 EUR on 2026-11-30, the journal has 1190\.00 on"
    ):
        export(HledgerExporter, source)
    (file,) = export(HledgerExporter, source, assert_debtors=False)

    assert b"    1400  0.00 EUR =* 1190.00 EUR" in file.content
    assert b"    1400:10001  0.00" not in file.content


def test_a_debtor_without_movement_of_the_period_keeps_the_collective_account_whole(
    invoice: Build, balance: Balance, export: Export
):
    """A debtor that the source does not list any more counts with what the entries left."""
    source = GivenSource(
        [invoice()],
        balances=[
            balance(OCTOBER_END, "1400", "10.00"),
            balance(OCTOBER_END, "1400", "10.00", "10002"),
            balance(OCTOBER_END, "8400", "-10.00"),
            balance(NOVEMBER_END, "1400", "1200.00"),
            balance(NOVEMBER_END, "1400", "1190.00", "10001"),
        ],
    )

    (file,) = export(HledgerExporter, source)

    assert file.notes == ()


def test_entries_after_the_last_balance_are_written(
    invoice: Build, payment: Build, november: list[AccountBalanceData], export: Export
):
    """A batch need not end at a month's end."""
    source = GivenSource([payment(), invoice(), payment(seq=3, key="pay:2")], balances=november)

    (file,) = export(HledgerExporter, source, {"end": date(2026, 12, 15)})

    assert file.entry_keys == ("inv:RE-1001", "pay:1", "pay:2")
    assert file.content.decode().count("\n2026-12-02 * ") == 2


def test_a_company_that_does_not_want_its_customers_named_does_not_name_them(
    invoice: Build, export: Export
):
    """ExportOptions.debtors: master data only where it is asked for."""
    source = GivenSource(
        [invoice()],
        debtors=[
            DebtorData(account="10001", customer_number="K-1", first_name="Jo", last_name="M")
        ],
    )

    (named,) = export(HledgerExporter, source)
    (unnamed,) = export(HledgerExporter, source, {"options": {"debtors": False}})

    assert b"account 1400:10001  ; type:A\n    ; name:Jo M\n" in named.content
    assert b"name:" not in unnamed.content


def test_an_account_that_cannot_be_a_name_is_refused(leg, entry: Build, export: Export):
    """Two blanks would end the name, a colon would divide it."""
    given = entry(leg("12:00", "D", "1.00"), leg("8400", "C", "1.00"))

    with pytest.raises(ExportRefused, match="“12:00” cannot be the name of an account"):
        export(HledgerExporter, GivenSource([given]))
