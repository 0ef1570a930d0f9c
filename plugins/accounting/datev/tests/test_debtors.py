"""The customers of a batch as DATEV's personal accounts: fields, notes, refusals."""

import csv
from collections.abc import Callable

import pytest

from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import Chart
from faktura.plugin import DebtorData, ExportBatch, ExportFile, ExportOptions
from faktura.testing.export_sources import GivenSource
from faktura_datev.accounts import Functions
from faktura_datev.batch_file import Limits
from faktura_datev.client import Client
from faktura_datev.debtor_file import prove_debtors
from faktura_datev.debtor_record import DebtorRecord
from faktura_datev.exporter import DatevFileExporter

CLIENT = Client(29098, 55003, Functions(Chart.SKR03))
COMPANY = DebtorData(
    account="10001",
    customer_number="K-1",
    company="Möbel Huber GmbH",
    first_name="Eva",
    last_name="Huber",
    street="Nelkenweg 5",
    additional="Hinterhaus",
    postcode="90482",
    city="Nürnberg",
    country="DE",
    vat_id="DE133546770",
    email="info@huber.example",
    phone="+49 911 1234",
    iban="DE02120300000000202051",
    bic="BYLADEM1001",
    account_holder="Eva Huber",
    mandate="MND-1",
    due_days=14,
)
PERSON = DebtorData(account="10002", customer_number="K-2", first_name="Hans", last_name="Maier")

Written = Callable[..., list[ExportFile]]


@pytest.fixture
def written(
    exporter: Callable[..., DatevFileExporter], batch: Callable[..., ExportBatch]
) -> Written:
    """Export customers without any entry."""

    def run(*debtors: DebtorData, **more: object) -> list[ExportFile]:
        return list(exporter().export(batch(**more), GivenSource(debtors=debtors)))

    return run


def fields(file: ExportFile) -> list[dict[str, str]]:
    lines = file.content.decode("cp1252").split("\r\n")[1:-1]
    return [
        {heading: value for heading, value in row.items() if value}
        for row in csv.DictReader(lines, delimiter=";")
    ]


def test_a_company_and_a_person_have_their_names_in_their_own_columns(written: Written):
    """Adressattyp decides: 2 is a company, 1 a person; the VAT id is parted into land and number."""
    (file,) = written(PERSON, COMPANY)

    assert (file.name, file.rows, file.entry_keys, file.notes) == (
        "EXTF_Debitoren_202611.csv",
        2,
        (),
        (),
    )
    assert fields(file) == [
        {
            "Konto": "10001",
            "Name (Adressattyp Unternehmen)": "Möbel Huber GmbH",
            "Adressattyp": "2",
            "EU-Land": "DE",
            "EU-UStID": "133546770",
            "Adressart": "STR",
            "Straße": "Nelkenweg 5",
            "Postleitzahl": "90482",
            "Ort": "Nürnberg",
            "Land": "DE",
            "Adresszusatz": "Hinterhaus",
            "Kennz. Korrespondenzadresse": "1",
            "Telefon": "+49 911 1234",
            "E-Mail": "info@huber.example",
            "Länderkennzeichen 1": "DE",
            "IBAN-Nr. 1": "DE02120300000000202051",
            "SWIFT-Code 1": "BYLADEM1001",
            "Abw. Kontoinhaber 1": "Eva Huber",
            "Kennz. Hauptbankverb. 1": "1",
            "Kunden-/Lief.-Nr.": "K-1",
            "Ansprechpartner": "Eva Huber",
            "Fälligkeit in Tagen (Debitor)": "14",
            "SEPA-Mandatsreferenz 1": "MND-1",
        },
        {
            "Konto": "10002",
            "Name (Adressattyp natürl. Person)": "Maier",
            "Vorname (Adressattyp natürl. Person)": "Hans",
            "Adressattyp": "1",
            "Kennz. Korrespondenzadresse": "1",
            "Kunden-/Lief.-Nr.": "K-2",
        },
    ]


def test_the_header_of_master_data_has_no_days(written: Written):
    """Category 16, version 5; fields 15, 16, 19 to 21 empty."""
    (file,) = written(COMPANY)

    assert file.content.split(b"\r\n")[0].decode() == (
        '"EXTF";700;16;"Debitoren/Kreditoren";5;20261201093015123;;"FA";"faktura";"";29098;55003;'
        '20260101;4;;;"";"";;;;"";;"";;;"03";;;"";"7"'
    )


def test_customers_come_before_the_postings_that_use_them_and_only_where_asked(
    written: Written, exporter, batch, leg, entry
):
    """A batch that names unknown accounts imports, but without names."""
    payment = entry(
        leg("1200", "BANK", "D", "1.00"), leg("1400", "RECEIVABLES", "C", "1.00", debtor="10001")
    )
    source = GivenSource([payment], debtors=[COMPANY])
    without = ExportOptions(debtors=False)

    assert [file.name for file in exporter().export(batch(), source)] == [
        "EXTF_Debitoren_202611.csv",
        "EXTF_Buchungsstapel_202611.csv",
    ]
    assert [file.name for file in exporter().export(batch(options=without), source)] == [
        "EXTF_Buchungsstapel_202611.csv"
    ]
    assert written() == []


def test_what_does_not_fit_is_cut_or_left_out_and_named(written: Written):
    """Names are cut with an ellipsis; half a number or a foreign id would be wrong, so none is."""
    odd = DebtorData(
        account="10003",
        customer_number="KUNDE-2026-000017",
        company="x" * 51,
        city="Łódź",
        country="Polska",
        vat_id="CHE123456789",
        email=f"{'a' * 60}@b.example",
        mandate="東京",
        due_days=1000,
    )

    (file,) = written(odd)

    assert fields(file) == [
        {
            "Konto": "10003",
            "Name (Adressattyp Unternehmen)": "x" * 49 + "…",
            "Adressattyp": "2",
            "Ort": "Lódz",
            "Kennz. Korrespondenzadresse": "1",
        }
    ]
    assert [note.split("” is ")[1] for note in file.notes] == [
        f"written as “{'x' * 49}…”",
        "written as “Lódz”",
        "left out: it has no place there",
        "left out: it has no place there",
        "left out: it has no place there",
        "left out: it is none of the EU",
        "left out: it is too long",
        "left out: it has no place there",
    ]
    assert file.notes[0].startswith("debtor 10003, Name (Adressattyp Unternehmen): “xxx")


def test_a_customer_without_a_name_is_called_by_number_and_greece_is_el(written: Written):
    """Adressattyp 0: no statement."""
    (file,) = written(DebtorData(account="10004", customer_number="K-4", vat_id="GR123456789"))

    assert fields(file) == [
        {
            "Konto": "10004",
            "Name (Adressattyp keine Angabe)": "K-4",
            "Adressattyp": "0",
            "EU-Land": "EL",
            "EU-UStID": "123456789",
            "Kennz. Korrespondenzadresse": "1",
            "Kunden-/Lief.-Nr.": "K-4",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "place", "problem"),
    [
        ({"account": "1001"}, "customer K-1, account 1001", "has 5 digits at this client"),
        ({"account": "70001"}, "customer K-1, account 70001", "debtor numbers start with 1 to 6"),
        ({"iban": "DE12"}, "account 10001", "column 45 IBAN-Nr. 1 cannot be"),
        ({"iban": "DEЖ2120300000000202051"}, "account 10001", "does not exist in Windows-1252"),
        ({"vat_id": "DE1 2"}, "account 10001", "column 10 EU-UStID cannot be"),
    ],
)
def test_a_customer_that_datev_would_not_read_is_refused(
    written: Written, changes: dict[str, object], place: str, problem: str
):
    """The error names the account and the field."""
    with pytest.raises(ExportRefused) as refused:
        written(COMPANY.model_copy(update=changes))

    assert problem in refused.value.problem
    assert refused.value.place == place


def test_an_account_of_two_customers_is_refused(written: Written):
    """DATEV would keep the last one only."""
    with pytest.raises(ExportRefused, match="personal account 10001 is in the file already"):
        written(COMPANY, COMPANY.model_copy(update={"customer_number": "K-9"}))


def test_a_file_that_holds_more_than_meant_is_refused(written: Written):
    """Every record read must be one that was meant."""
    (file,) = written(COMPANY, PERSON)

    with pytest.raises(ExportRefused, match="holds what no customer meant: line 4"):
        prove_debtors(file.content, [DebtorRecord(COMPANY)], CLIENT)


class SmallFiles(DatevFileExporter):
    """One customer a file."""

    limits = Limits(rows=1)


def test_customers_beyond_the_limits_are_numbered_files(exporter, batch):
    """99,999 a file; here one."""
    given = exporter()
    small = SmallFiles(given.settings, given.runtime)

    files = list(small.export(batch(), GivenSource(debtors=[COMPANY, PERSON])))

    assert [(file.name, file.rows) for file in files] == [
        ("EXTF_Debitoren_202611_1.csv", 1),
        ("EXTF_Debitoren_202611_2.csv", 1),
    ]
