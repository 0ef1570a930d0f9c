"""Entries without VAT: manual ones between any accounts, their reversals, and what has no rows."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from typing_extensions import override

from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import Chart
from faktura.plugin import ExportFile, JournalEntryData
from faktura.testing.export_sources import GivenSource
from faktura_datev.accounts import Functions
from faktura_datev.rows import rows_of

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Postings = Callable[..., list[str]]
Export = Callable[..., list[ExportFile]]
Records = Callable[[ExportFile], list[dict[str, str]]]


def test_a_manual_entry_and_its_reversal_are_rows_between_any_two_accounts(
    leg: Leg, entry: Entry, postings: Postings
):
    """Rent on 4210 out of the bank, and back."""
    manual = entry(
        leg("4210", "MANUAL", "D", "800.00"), leg("1200", "MANUAL", "C", "800.00"), kind="MANUAL"
    )
    reversal = entry(
        leg("4210", "MANUAL", "C", "800.00"),
        leg("1200", "MANUAL", "D", "800.00"),
        kind="REVERSAL",
        seq=2,
    )

    assert postings(manual, reversal) == ["800,00 S 4210/1200 -", "800,00 S 1200/4210 -"]


def test_one_account_against_many_is_a_row_for_each_of_the_many(
    leg: Leg, entry: Entry, postings: Postings
):
    """The account that stands alone on its side is the other account of every row."""
    manual = entry(
        leg("1360", "MANUAL", "D", "30.00"),
        leg("8200", "MANUAL", "C", "10.00"),
        leg("2742", "MANUAL", "C", "20.00"),
        kind="MANUAL",
    )

    assert postings(manual) == ["10,00 S 1360/8200 -", "20,00 S 1360/2742 -"]


def test_what_the_journal_says_nothing_of_is_not_taxed(leg: Leg, entry: Entry, postings: Postings):
    """A manual entry knows no VAT: automatic accounts are lifted, of whatever rate."""
    manual = entry(
        leg("8400", "MANUAL", "D", "10.00"), leg("8340", "MANUAL", "C", "10.00"), kind="MANUAL"
    )

    assert postings(manual) == ["10,00 S 8400/8340 0040"]


def test_a_manual_entry_may_name_a_debtor(leg: Leg, entry: Entry, postings: Postings):
    """The personal account stands for the collective one."""
    manual = entry(
        leg("1400", "MANUAL", "D", "5.00", debtor="10001"),
        leg("2742", "MANUAL", "C", "5.00"),
        kind="MANUAL",
    )

    assert postings(manual) == ["5,00 S 10001/2742 -"]


def test_many_against_many_is_refused_or_goes_over_the_clearing_account(
    leg: Leg, entry: Entry, exporter, batch, records: Records
):
    """A row has two accounts: who owes whom is not in the journal. The clearing account ends at 0."""
    manual = entry(
        leg("4210", "MANUAL", "D", "10.00"),
        leg("4240", "MANUAL", "D", "20.00"),
        leg("1700", "MANUAL", "C", "15.00"),
        leg("1701", "MANUAL", "C", "15.00"),
        kind="MANUAL",
    )

    with pytest.raises(ExportRefused) as refused:
        list(exporter().export(batch(), GivenSource([manual])))
    (file,) = exporter(clearing_account="1590").export(batch(), GivenSource([manual]))

    assert [
        (row["Umsatz (ohne Soll/Haben-Kz)"], row["Konto"], row["Gegenkonto (ohne BU-Schlüssel)"])
        for row in records(file)
    ] == [
        ("10,00", "4210", "1590"),
        ("20,00", "4240", "1590"),
        ("15,00", "1590", "1700"),
        ("15,00", "1590", "1701"),
    ]
    assert refused.value.problem == "several accounts on both sides have no single contra account"
    assert refused.value.place == "entry inv:RE-1001, account 4210, 4240, 1700, 1701"
    assert "`clearing_account`" in refused.value.mend


def test_two_accounts_of_two_cost_centres_are_two_rows(
    leg: Leg, entry: Entry, export: Export, records: Records
):
    """The account with cost centres is split, the other one is the contra of both rows."""
    manual = entry(
        leg("4970", "MANUAL", "D", "10.00", cost_centre="100"),
        leg("4970", "MANUAL", "D", "20.00", cost_centre="200"),
        leg("1200", "MANUAL", "C", "30.00"),
        kind="MANUAL",
    )

    (file,) = export(manual)

    assert [(row["Konto"], row["KOST1 - Kostenstelle"]) for row in records(file)] == [
        ("4970", "100"),
        ("4970", "200"),
    ]


@pytest.mark.parametrize("account", ["1776", "1771", "1576", "1400", "1768"])
def test_an_account_that_datev_fills_is_posted_only_where_the_adviser_agreed(
    leg: Leg, entry: Entry, exporter, batch, records: Records, account: str
):
    """VAT and collective accounts: refused by name, or named in `direct_accounts`."""
    manual = entry(
        leg(account, "MANUAL", "D", "5.00"), leg("1790", "MANUAL", "C", "5.00"), kind="MANUAL"
    )

    with pytest.raises(ExportRefused) as refused:
        list(exporter().export(batch(), GivenSource([manual])))
    (file,) = exporter(direct_accounts=[account]).export(batch(), GivenSource([manual]))

    assert refused.value.place == f"entry inv:RE-1001, account {account}"
    assert [row["Konto"] for row in records(file)] == [account]


def test_entries_out_of_order_are_a_fault_of_who_gave_them(leg: Leg, entry: Entry, exporter, batch):
    """Two files of one month would have one name."""
    late = entry(leg("1200", "BANK", "D", "1.00"), leg("1360", "BANK", "C", "1.00"))
    early = late.model_copy(update={"booked_on": date(2026, 11, 2), "key": "early"})

    class Unsorted(GivenSource):
        @override
        def entries(self) -> Iterator[JournalEntryData]:
            return iter((late, early))

    with pytest.raises(ExportRefused, match="entry early: the entries do not come by"):
        list(exporter().export(batch(), Unsorted()))


legs = st.lists(
    st.tuples(
        st.sampled_from(["1360", "8400", "8300", "0990", "4970", "8336"]),
        st.sampled_from(["", "100"]),
        st.integers(-1000, 1000).filter(bool),
    ),
    min_size=1,
    max_size=5,
)


@given(legs)
def test_whatever_rows_an_untaxed_entry_has_they_leave_its_balances(given_legs):
    """Debits and credits per account of the rows are those of the legs; or the entry is refused."""
    total = sum(cents for _, _, cents in given_legs)
    assume(total)
    fields = [
        {"account": account, "cost_centre": centre or None, "cents": cents}
        for account, centre, cents in [*given_legs, ("1200", "", -total)]
    ]
    entry = JournalEntryData.model_validate(
        {
            "seq": 1, "key": "k", "kind": "MANUAL", "value_date": date(2026, 11, 15),
            "booked_on": date(2026, 11, 15), "recorded_at": datetime(2026, 11, 15, tzinfo=UTC),
            "currency": "EUR", "text": "t",
            "legs": [
                {"no": n, "account": f["account"], "slot": "MANUAL", "cost_centre": f["cost_centre"],
                 "side": "D" if f["cents"] > 0 else "C", "amount": Decimal(abs(f["cents"])) / 100}
                for n, f in enumerate(fields, 1)
            ],
        }
    )  # fmt: skip
    journal = Counter[str]()
    for field in fields:
        journal[field["account"]] += field["cents"]

    try:
        rows = rows_of(entry, Functions(Chart.SKR03))
    except ExportRefused:
        return

    booked = Counter[str]()
    for row in rows:
        signed = row.amount if row.side == "S" else -row.amount
        booked[row.account] += signed
        booked[row.contra] -= signed
    automatic = {"8400", "8300", "8336"}
    assert +booked == +journal
    assert -booked == -journal
    assert all((row.key == "0040") == bool({row.account, row.contra} & automatic) for row in rows)
