"""The journal as beancount text."""

import re
from collections.abc import Callable
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faktura.plugin import AccountBalanceData, AccountData, ExportFile, JournalEntryData
from faktura.testing.export_sources import GivenSource
from faktura_journal.beancount import BeancountExporter

Build = Callable[..., JournalEntryData]
Export = Callable[..., list[ExportFile]]
Balance = Callable[..., AccountBalanceData]

_QUOTED = r'"(?:[^"\\\n]|\\["\\])*"'
_ACCOUNT = r"(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+"
_AMOUNT = r"-?[0-9]+(?:\.[0-9]+)?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Every line that may stand in a file, by beancount's own description of its language.
_LINES = re.compile(
    "|".join(
        (
            r"; .*",
            rf'option "(?:title|operating_currency)" {_QUOTED}',
            rf"{_DAY} commodity [A-Z]{{3}}",
            rf"{_DAY} open {_ACCOUNT}",
            rf"{_DAY} balance {_ACCOUNT}  {_AMOUNT} ~ 0\.00 [A-Z]{{3}}",
            rf"{_DAY} \* {_QUOTED}(?: {_QUOTED}(?: \^[A-Za-z0-9/._-]+)?)?",
            r"  seq: [0-9]+",
            rf"  {_ACCOUNT}  {_AMOUNT} [A-Z]{{3}}",
            rf"  (?:  )?[a-z][a-z0-9-]+: {_QUOTED}",
            r"",
        )
    )
)


def test_an_entry_is_a_transaction_with_balances_on_the_morning_after(
    invoice: Build, balance: Balance, export: Export
):
    """A balance of beancount holds at the start of its day; each account is opened."""
    end = date(2026, 11, 30)
    source = GivenSource(
        [invoice()],
        accounts=[AccountData(number="8400", name='Erlöse "19 %"')],
        balances=[
            balance(date(2026, 10, 31), "1200", "50.00"),
            balance(date(2026, 10, 31), "9008", "-50.00"),
            balance(end, "1400", "1190.00", "10001"),
            balance(end, "8400", "-1000.00"),
        ],
    )

    (file,) = export(BeancountExporter, source)

    assert (
        file.content.decode()
        == """\
; Journal from 2026-11-01 to 2026-11-30, export 7
option "title" "Werk GmbH"
option "operating_currency" "EUR"
2026-10-31 commodity EUR
2026-10-31 open Assets:1200
2026-10-31 open Assets:1400:10001
2026-10-31 open Liabilities:1776
2026-10-31 open Income:8400
  name: "Erlöse \\"19 %\\""
2026-10-31 open Equity:9008

2026-10-31 * "Opening balances"
  Assets:1200  50.00 EUR
  Equity:9008  -50.00 EUR

2026-11-01 balance Assets:1200  50.00 ~ 0.00 EUR
2026-11-01 balance Equity:9008  -50.00 ~ 0.00 EUR

2026-11-15 * "Müller & Söhne GmbH" "Rechnung RE-1001" ^RE-1001
  seq: 1
  key: "inv:RE-1001"
  kind: "INVOICE"
  document: "RE-1001"
  customer: "K-1"
  Assets:1400:10001  1190.00 EUR
  Income:8400  -1000.00 EUR
    kost1: "100"
    kost2: "Nord"
    tax-case: "STANDARD"
    tax-rate: "19"
    tax-country: "DE"
  Liabilities:1776  -190.00 EUR
    tax-case: "STANDARD"
    tax-rate: "19"
    tax-country: "DE"

2026-12-01 balance Assets:1400:10001  1190.00 ~ 0.00 EUR
2026-12-01 balance Income:8400  -1000.00 ~ 0.00 EUR
"""
    )
    assert (file.name, file.entry_keys, file.notes) == (
        "journal_20261101-20261130.beancount",
        ("inv:RE-1001",),
        (),
    )


@given(text=st.text(), name=st.text(), number=st.text(min_size=1), centre=st.text(min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_text_says_every_line_is_one_that_may_stand_there(
    text: str, name: str, number: str, centre: str, leg, entry: Build, export: Export
):
    """No text of a customer becomes syntax; one transaction, two postings."""
    given = entry(
        leg("1200", "D", "2.00", cost_centre=centre),
        leg("0990", "C", "2.00"),
        text=text,
        customer_name=name,
        document_number=number,
    )

    (file,) = export(BeancountExporter, GivenSource([given]), {"company": name})

    lines = file.content.decode().split("\n")
    assert [line for line in lines if not _LINES.fullmatch(line)] == []
    assert sum(line.startswith("2026-11-15") for line in lines) == 1
    assert sum("  Assets:" in line or "  Liabilities:" in line for line in lines) == 2


def test_accounts_of_an_own_chart_belong_where_the_company_says(
    invoice: Build, balance: Balance, export: Export
):
    """What nobody says is Equity; a late entry, and what an export leaves out, say so."""
    late = invoice(value_date=date(2026, 10, 30), booked_on=date(2026, 11, 2))
    source = GivenSource(
        [late],
        balances=[
            balance(date(2026, 11, 30), "8400", "-900.00"),
            balance(date(2026, 11, 30), "1200", "-100.00"),
        ],
    )

    (file,) = export(
        BeancountExporter, source, {"chart": "OWN"}, account_roots={"8": "Income", "14": "Assets"}
    )

    text = file.content.decode()
    assert "Assets:1400:10001  1190.00 EUR" in text
    assert "Income:8400  -1000.00 EUR" in text
    assert "Equity:1776  -190.00 EUR" in text
    assert '  value-date: "2026-10-30"' in text
    assert (
        '2026-11-30 * "Entries that this export leaves out"\n'
        "  Equity:1200  -100.00 EUR\n  Income:8400  100.00 EUR\n"
    ) in text
    assert file.notes == ("2026-11-30: Entries that this export leaves out come to 2 amounts",)
