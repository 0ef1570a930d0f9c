"""What cannot be exported rightly is refused by name; nothing is skipped."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import ExportRefused, SettingMissing
from faktura.kernel.terms import Chart
from faktura.plugin import AdapterSettings, ExportFile, JournalEntryData, Runtime
from faktura.testing.export_sources import GivenSource
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.proof import posted, prove
from faktura_datev.rows import rows_of

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Export = Callable[..., list[ExportFile]]

FUNCTIONS = Functions(Chart.SKR03)
CLIENT = Client(29098, 55003, FUNCTIONS)


@pytest.fixture
def invoice(leg: Leg, entry: Entry) -> Callable[..., JournalEntryData]:
    """An invoice of 100.00 at 19 % whose legs can be changed one by one."""

    def build(
        debtor: dict[str, object] | None = None,
        revenue: dict[str, object] | None = None,
        vat: dict[str, object] | None = None,
        **more: object,
    ) -> JournalEntryData:
        return entry(
            leg("1400", "RECEIVABLES", "D", "119.00", debtor="10001") | (debtor or {}),
            leg("8400", "REVENUE", "C", "100.00") | (revenue or {}),
            leg("1776", "VAT", "C", "19.00") | (vat or {}),
            **more,
        )

    return build


OTHER_RATE = {"tax_rate": Decimal(16)}


@pytest.mark.parametrize(
    ("changes", "place", "problem"),
    [
        ({"debtor": {"debtor": None}}, "account 1400", "a receivable without a debtor number"),
        ({"debtor": {"debtor": "1001"}}, "account 1001", "has 5 digits at this client"),
        ({"debtor": {"debtor": "1000A"}}, "account 1000A", "has 5 digits at this client"),
        ({"debtor": {"debtor": "70001"}}, "account 70001", "debtor numbers start with 1 to 6"),
        ({"debtor": {"amount": "119.001"}}, "account 1400", "119.001 is no whole amount of EUR"),
        ({"revenue": {"account": "84000"}}, "account 84000", "has 4 digits at this client"),
        ({"vat": {"account": "1775"}}, "account 1775", "DATEV collects 19 % on 1776"),
        ({"vat": OTHER_RATE}, "", "DATEV has no VAT account for 16 % in SKR03"),
        ({"revenue": {"account": "8300"}}, "account 8300",
         "DATEV taxes it at 7 % by itself, the entry has 19 %"),
        ({"revenue": {"account": "8340"}}, "account 8340",
         "DATEV taxes it at an unknown rate by itself, the entry has 19 %"),
        ({"revenue": OTHER_RATE}, "", "DATEV has no VAT account for 16 % in SKR03"),
        ({"revenue": {"tax_rate": Decimal(7), "account": "8300"}}, "account -",
         "1900 cents are not 19 % VAT of 0 cents net"),
        ({"revenue": {"amount": "120.00"}, "debtor": {"amount": "139.00"}}, "account 8400",
         "1900 cents are not 19 % VAT of 12000 cents net"),
        ({"revenue": {"tax_country": "AT"}}, "account 8400",
         "DATEV taxes it at no rate of another country (OSS)"),
        ({"revenue": {"tax_case": "OSS"}}, "account 8400", "VAT of another country (OSS) without"),
        ({"document_number": "RE 1001"}, "", "document number “RE 1001” has no place"),
        ({"debtor": {"amount": "119.01"}}, "account 10001", "0.01 EUR more than the journal"),
        ({"mandate": "M" * 36}, "", "line 3: column 105 SEPA-Mandatsreferenz cannot be"),
        ({"revenue": {"cost_centre": "Nord-Ost"}}, "", "line 3: column 37 KOST1"),
        ({"revenue": {"cost_centre": "Łódź"}}, "", "“Ł” does not exist in Windows-1252"),
    ],
)  # fmt: skip
def test_an_invoice_that_datev_would_book_otherwise_is_refused(
    invoice: Callable[..., JournalEntryData],
    export: Export,
    changes: dict[str, dict[str, object]],
    place: str,
    problem: str,
):
    """The error names the entry and the account."""
    with pytest.raises(ExportRefused) as refused:
        export(invoice(**changes))

    assert problem in refused.value.problem
    assert refused.value.place.startswith("entry inv:RE-1001")
    assert refused.value.place.endswith(place)


def test_a_rate_without_key_and_account_is_refused(
    leg: Leg, entry: Entry, export: Export, exporter, batch
):
    """A net so small that its VAT is 0 still needs a key for its rate: there is none for 5 %.

    Nor is there a VAT account in the charts, and naming one does not make a key.
    """
    low = entry(
        leg("1400", "RECEIVABLES", "D", "0.05", debtor="10001"),
        leg("8200", "REVENUE", "C", "0.05", tax_rate=Decimal(5)),
    )

    with pytest.raises(ExportRefused, match="DATEV has no VAT account for 5 % in SKR03"):
        export(low)
    own = exporter(vat_accounts={"5": "1773"})
    with pytest.raises(ExportRefused, match="there is no tax key for 5 %"):
        list(own.export(batch(), GivenSource([low])))


def test_an_intra_community_supply_without_vat_id_is_refused(
    leg: Leg, entry: Entry, export: Export
):
    """§ 18a UStG: it goes into the recapitulative statement."""
    supply = entry(
        leg("1400", "RECEIVABLES", "D", "10.00", debtor="10001"),
        leg("8125", "REVENUE", "C", "10.00", tax_case="INTRA_COMMUNITY", tax_rate=Decimal(0)),
    )

    with pytest.raises(ExportRefused, match="without the buyer's VAT id"):
        export(supply)


def test_services_to_eu_businesses_without_vat_id_are_found_by_the_reader(
    leg: Leg, entry: Entry, export: Export
):
    """Account 8336 is for the recapitulative statement; domestic reverse charge has 8337."""
    service = leg("8336", "REVENUE", "C", "10.00", tax_case="REVERSE_CHARGE", tax_rate=Decimal(0))
    owed = leg("1400", "RECEIVABLES", "D", "10.00", debtor="10001")

    with pytest.raises(ExportRefused, match="account 8336 needs the buyer's VAT id"):
        export(entry(owed, service))
    assert len(export(entry(owed, service | {"account": "8337"}))) == 1


def test_entries_without_a_single_contra_account_are_refused(
    leg: Leg, entry: Entry, export: Export
):
    """Two debtors in one invoice; several accounts on both sides and not one bank among them."""
    sale = leg("8195", "REVENUE", "C", "20.00", tax_case="SMALL_BUSINESS", tax_rate=Decimal(0))
    owed = [leg("1400", "RECEIVABLES", "D", "10.00", debtor=d) for d in ("10001", "10002")]
    paid = [leg(account, "BANK", "D", "10.00") for account in ("1200", "1210")]
    fees = [leg(account, "BANK_FEES", "D", "10.00") for account in ("4970", "4971")]
    settled = [leg("1400", "RECEIVABLES", "C", "10.00", debtor=d) for d in ("10001", "10002")]

    for legs, place in (
        ((*owed, sale), "10001, 10002"),
        ((*paid, *settled), "1200, 1210, 10001, 10002"),
        ((*fees, *settled), "4970, 4971, 10001, 10002"),
        ((sale,), "-"),
    ):
        with pytest.raises(ExportRefused, match="no single contra account") as refused:
            export(entry(*legs))
        assert refused.value.place == f"entry inv:RE-1001, account {place}"


def test_an_entry_that_moves_nothing_is_refused(leg: Leg, entry: Entry, export: Export):
    """Each entry must be in a file; one without rows would be missing silently."""
    nothing = entry(leg("1200", "BANK", "D", "5.00"), leg("1200", "BANK", "C", "5.00"))

    with pytest.raises(ExportRefused, match="the entry moves nothing"):
        export(nothing)


def test_foreign_currency_is_refused(invoice: Callable[..., JournalEntryData], export: Export):
    """Both a ledger and a single entry in another currency than EUR."""
    with pytest.raises(ExportRefused, match="a ledger in CHF"):
        export(invoice(currency="CHF"), currency="CHF")
    with pytest.raises(ExportRefused, match="an entry in CHF in a batch in EUR"):
        export(invoice(currency="CHF"))
    with pytest.raises(ExportRefused, match="entry inv:RE-1001, account -"):
        export(invoice(currency="CHF").model_copy(update={"legs": ()}))


def test_entries_outside_the_batch_are_refused(
    invoice: Callable[..., JournalEntryData], export: Export
):
    """A voucher date has no year: an entry of another year would land in this one."""
    for day in (date(2026, 10, 31), date(2026, 12, 1), date(2025, 11, 15)):
        with pytest.raises(ExportRefused, match=f"accounting date {day} lies outside"):
            export(invoice(booked_on=day))


def test_a_creation_time_without_zone_is_refused(
    invoice: Callable[..., JournalEntryData], export: Export
):
    """Its local time would depend on the machine."""
    with pytest.raises(ExportRefused, match="creation time has no time zone"):
        export(invoice(), created_at=datetime(2026, 12, 1, 8, 30))  # noqa: DTZ001


def test_settings_of_another_adapter_are_refused():
    """The hub builds adapters with their own Settings; anything else is a mistake."""
    with pytest.raises(SettingMissing, match="needs settings of its own"):
        DatevFileExporter(AdapterSettings(), runtime())


def runtime() -> Runtime:
    class NoState:
        def get(self, key: str) -> object | None:
            raise AssertionError(key)

        def put(self, key: str, value: object) -> None:
            raise AssertionError(key, value)

    clock = FixedClock(datetime.fromisoformat("2026-12-01T08:30:00+00:00"))
    return Runtime(clock, logging.getLogger("datev"), NoState())


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (b"119,00;", b"100,00;", "line 3 reads otherwise"),  # net instead of gross
        (b"119,00;", b"119,01;", "line 3 reads otherwise"),
        (b'8400;"";', b'8400;"0003";', "line 3: tax key 3 on the automatic account 8400"),
    ],
)
def test_a_file_that_reads_otherwise_than_meant_is_not_handed_over(
    invoice: Callable[..., JournalEntryData],
    export: Export,
    right: bytes,
    wrong: bytes,
    problem: str,
):
    """The proof compares what was read with what was meant, row by row."""
    (file,) = export(invoice())
    meant = [posted(invoice(), rows_of(invoice(), FUNCTIONS), FUNCTIONS)]

    with pytest.raises(ExportRefused) as refused:
        prove(file.content.replace(right, wrong), meant, CLIENT, lock=False)

    assert problem in refused.value.problem
    assert refused.value.place == "entry inv:RE-1001"


def test_missing_and_surplus_rows_are_found(
    invoice: Callable[..., JournalEntryData], export: Export
):
    """Every entry is in the file once, and nothing else is."""
    (file,) = export(invoice())
    once = posted(invoice(), rows_of(invoice(), FUNCTIONS), FUNCTIONS)

    with pytest.raises(ExportRefused, match="the row is not in the file"):
        prove(file.content, [once, once], CLIENT, lock=False)
    with pytest.raises(ExportRefused, match="holds what no entry meant: line 3 reads otherwise"):
        prove(file.content, [], CLIENT, lock=False)


def test_net_instead_of_gross_differs_from_the_journal(
    invoice: Callable[..., JournalEntryData], export: Export
):
    """Rows meant for another entry are read well, but book another VAT than this journal."""
    (file,) = export(invoice())
    rows = rows_of(invoice(), FUNCTIONS)
    doubled = invoice(vat={"amount": "18.99"}, debtor={"amount": "118.99"})

    with pytest.raises(ExportRefused, match=r"account 10001: DATEV would book 0\.01 EUR more"):
        prove(file.content, [posted(doubled, rows, FUNCTIONS)], CLIENT, lock=False)


def test_another_cost_centre_than_the_journals_differs_from_the_journal(
    invoice: Callable[..., JournalEntryData], export: Export
):
    """Revenue is compared per cost centre where the journal has one."""
    north, south = (invoice(revenue={"cost_centre": name}) for name in ("Nord", "Süd"))
    (file,) = export(north)

    with pytest.raises(ExportRefused) as refused:
        prove(
            file.content, [posted(south, rows_of(north, FUNCTIONS), FUNCTIONS)], CLIENT, lock=False
        )

    assert refused.value.place == "entry inv:RE-1001, account 8400 / Nord"
