"""Wrong and hostile customer files: each is refused by name, with the place and without guessing."""

import json

import pytest

from faktura.services.imports.customers import read_customer_file
from faktura.services.imports.entries import ImportFile
from faktura.services.imports.findings import ImportRefused

GOOD = {"name": "Anna Beck", "isBusiness": False, "billingAddress": {"country": "DE"}}


def refusals(name, content):
    """Code and place of everything that is wrong with a file."""
    try:
        errors = read_customer_file(ImportFile(name, content)).findings.errors
    except ImportRefused as refused:
        errors = list(refused.parts)
    assert all(error.place.startswith(name) for error in errors)
    assert all(error.problem for error in errors)
    return [(error.code, error.place.removeprefix(name).removeprefix(", ")) for error in errors]


def entry(changes):
    """A file with one customer that would be good without these changes; None removes a field."""
    return json.dumps([{**GOOD, **changes}]).encode()


HERE = "line 1, entry 1"

FIELDS = [
    ({"name": None}, "field_missing", "name"),
    ({"name": "  "}, "field_missing", "name"),
    ({"name": 7}, "field_invalid", "name"),
    ({"name": "A" * 201}, "out_of_range", "name"),
    ({"name": "Anna\x00Beck"}, "field_invalid", "name"),
    ({"name": "Anna\nBeck"}, "field_invalid", "name"),
    ({"name": "Anna\x1b[2JBeck"}, "field_invalid", "name"),
    ({"name": "Anna\u202ekceB"}, "field_invalid", "name"),
    ({"name": "Anna\ufffeBeck"}, "field_invalid", "name"),
    ({"name": "Anna \ud800"}, "field_invalid", "name"),
    ({"isBusiness": "true"}, "field_invalid", "isBusiness"),
    ({"isBusiness": 1}, "field_invalid", "isBusiness"),
    ({"isBusiness": None}, "field_missing", "isBusiness"),
    ({"billingAddress": None}, "field_missing", "billingAddress"),
    ({"billingAddress": {}}, "field_missing", "billingAddress.country"),
    ({"billingAddress": {"country": "de"}}, "field_invalid", "billingAddress.country"),
    ({"billingAddress": {"country": "XX"}}, "field_invalid", "billingAddress.country"),
    ({"billingAddress": "Kiel"}, "field_invalid", "billingAddress"),
    (
        {"billingAddress": {"country": "DE", "zip": "24103"}},
        "field_unknown",
        "billingAddress.zip",
    ),
    ({"nmae": "Anna"}, "field_unknown", "nmae"),
    ({"customerNumber": "K 1"}, "field_invalid", "customerNumber"),
    ({"customerNumber": "../etc"}, "field_invalid", "customerNumber"),
    ({"customerNumber": "K" * 37}, "field_invalid", "customerNumber"),
    ({"customerNumber": 1001}, "field_invalid", "customerNumber"),
    ({"debtorAccount": "D10001"}, "field_invalid", "debtorAccount"),
    ({"debtorAccount": "70001"}, "field_invalid", "debtorAccount"),
    ({"debtorAccount": "999"}, "field_invalid", "debtorAccount"),
    ({"email": "anna@home"}, "field_invalid", "email"),
    ({"email": "anna beck@home.example"}, "field_invalid", "email"),
    ({"email": "a@b.example, c@d.example"}, "field_invalid", "email"),
    ({"email": "jö@home.example"}, "field_invalid", "email"),
    ({"email": "anna..beck@home.example"}, "field_invalid", "email"),
    ({"email": "anna@straße.example"}, "field_invalid", "email"),
    ({"recipients": [{"email": "a@b_c.example"}]}, "field_invalid", "recipients.1.email"),
    ({"email": f"{'a' * 190}@{'b' * 70}.example"}, "out_of_range", "email"),
    ({"recipients": "a@b.example"}, "field_invalid", "recipients"),
    ({"recipients": [{"email": "x"}]}, "field_invalid", "recipients.1.email"),
    ({"recipients": [{"email": "a@b.example", "use": "SPAM"}]}, "unknown_term", "recipients.1.use"),
    ({"euTaxId": "GR123456789"}, "field_invalid", "euTaxId"),
    ({"euTaxId": "DE12345678"}, "field_invalid", "euTaxId"),
    ({"euTaxId": "CHE123456789"}, "field_invalid", "euTaxId"),
    ({"euTaxId": "DE१२३४५६७८९"}, "field_invalid", "euTaxId"),
    ({"leitwegId": "4011000/12345"}, "field_invalid", "leitwegId"),
    ({"language": "german"}, "field_invalid", "language"),
    ({"paymentMethod": "CASH"}, "unknown_term", "paymentMethod"),
    ({"paymentMethod": ["TRANSFER"]}, "unknown_term", "paymentMethod"),
    ({"duePeriod": 14}, "field_missing", "dueUnit"),
    ({"dueUnit": "DAY"}, "field_missing", "duePeriod"),
    ({"duePeriod": "14", "dueUnit": "DAY"}, "field_invalid", "duePeriod"),
    ({"duePeriod": -1, "dueUnit": "DAY"}, "out_of_range", "duePeriod"),
    ({"duePeriod": 1001, "dueUnit": "DAY"}, "out_of_range", "duePeriod"),
    ({"documentFormat": "XRechnung"}, "field_invalid", "documentFormat"),
    ({"mandate": {"reference": "M1"}}, "field_missing", "mandate.iban"),
]
MANDATES = [
    ({"reference": "M//1"}, "field_invalid", "mandate.reference"),
    ({"reference": "/M1"}, "field_invalid", "mandate.reference"),
    ({"reference": "Mändat"}, "field_invalid", "mandate.reference"),
    ({"reference": "M" * 36}, "field_invalid", "mandate.reference"),
    ({"iban": "DE02120300000000202052"}, "field_invalid", "mandate.iban"),
    ({"iban": "DE0212030000000020205"}, "field_invalid", "mandate.iban"),
    ({"iban": "0212030000000020205"}, "field_invalid", "mandate.iban"),
    ({"signedOn": "01.05.2024"}, "date_unreadable", "mandate.signedOn"),
    ({"signedOn": "2024-02-30"}, "date_unreadable", "mandate.signedOn"),
    ({"signedOn": 20240501}, "date_unreadable", "mandate.signedOn"),
    ({"signedOn": "0024-05-01"}, "out_of_range", "mandate.signedOn"),
]
MANDATE = {"reference": "M1", "iban": "DE02120300000000202051", "signedOn": "2024-05-01"}


@pytest.mark.parametrize(("changes", "code", "field"), FIELDS)
def test_a_field_that_cannot_be_used_is_named(changes, code, field):
    """No value is converted, cut or guessed: the field is refused with its code."""
    found = refusals("customers.json", entry(changes))

    assert (code, f"{HERE}, {field}") in found


@pytest.mark.parametrize(("changes", "code", "field"), MANDATES)
def test_a_mandate_that_cannot_be_collected_is_named(changes, code, field):
    """F103: references keep to SEPA's characters; an IBAN's check digits are right."""
    found = refusals("customers.json", entry({"mandate": {**MANDATE, **changes}}))

    assert found == [(code, f"{HERE}, {field}")]


JSON_FILES = [
    ("wrong.txt", b"[]", "file_unreadable", ""),
    ("empty.json", b"", "file_unreadable", ""),
    ("blank.json", b" \n ", "file_unreadable", ""),
    ("utf16.json", '[{"name": "Käte"}]'.encode("utf-16"), "file_unreadable", "line 1"),
    ("latin.json", b'[\n{"name": "K\xe4te"}]', "file_unreadable", "line 2"),
    ("object.json", b'{"name": "Anna"}', "file_unreadable", "line 1, column 1"),
    ("cut.json", b'[{"name": "Anna"', "file_unreadable", "line 1, column 17"),
    ("open.json", b"[", "file_unreadable", "line 1, column 2"),
    ("comma.json", b"[1,]", "file_unreadable", "line 1, entry 1"),
    ("words.json", b'["Anna"]', "file_unreadable", "line 1, entry 1"),
    ("rest.json", b"[] []", "file_unreadable", "line 1, column 4"),
    ("nan.json", b'[{"duePeriod": NaN}]', "file_unreadable", "line 1, entry 1"),
    ("twice.json", b'[\n\n{"name": "A", "name": "B"}]', "field_invalid", "line 3, entry 1, name"),
    ("deep.json", b"[" * 200_000, "hostile_file", "line 1, entry 1"),
    ("long.json", b'[{"duePeriod": ' + b"9" * 5_000 + b"}]", "hostile_file", "line 1, entry 1"),
]
CSV_HEAD = b"name;isBusiness;billingAddress.country"
CSV_FILES = [
    ("mixed.csv", b"name;isBusiness,email\n", "file_unreadable", "line 1"),
    ("tabs.csv", b"name\tisBusiness\n", "field_unknown", "line 1, name isBusiness"),
    ("unknown.csv", b"name;isBuisness\nAnna;false\n", "field_unknown", "line 1, isBuisness"),
    ("twice.csv", b"name;name\nAnna;Otto\n", "field_invalid", "line 1, name"),
    ("short.csv", CSV_HEAD + b"\nAnna;false\n", "file_unreadable", "line 2"),
    ("long.csv", CSV_HEAD + b"\nAnna;false;DE;x\n", "file_unreadable", "line 2"),
    ("blank.csv", CSV_HEAD + b"\nAnna;false;DE\n;;\n", "file_unreadable", "line 3"),
    ("quote.csv", CSV_HEAD + b'\n"Anna;false;DE\n', "file_unreadable", "line 2"),
    ("yes.csv", CSV_HEAD + b"\nAnna;vielleicht;DE\n", "field_invalid", "line 2, isBusiness"),
    ("late.csv", CSV_HEAD + b'\n"A\nB";false;DE\nC;false;DE\n', "field_invalid", "line 2, name"),
    ("lost.csv", CSV_HEAD + b"\nAnna;false;\n", "field_missing", "line 2, billingAddress"),
    ("nul.csv", CSV_HEAD + b"\nAn\x00na;false;DE\n", "field_invalid", "line 2, name"),
]


@pytest.mark.parametrize(("name", "content", "code", "place"), JSON_FILES + CSV_FILES)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(name, content, code, place):
    """A broken or hostile file is an error with a place, never a crash or an empty import."""
    assert refusals(name, content) == [(code, place)]


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    """A file of gigabytes may not take the machine's memory with it."""
    monkeypatch.setattr("faktura.services.imports.entries.MOST_BYTES", 10)

    assert refusals("big.json", b"[          ]") == [("hostile_file", "")]


def test_a_line_is_named_after_a_text_of_several_lines():
    """In CSV an entry may fill several lines; the next one's line is still right."""
    content = b'name;billingAddress.extra;isBusiness\nA;"x\ny";true\nB;z;false\n'

    found = refusals("lines.csv", content)

    assert found == [
        ("field_missing", "line 2, billingAddress.country"),
        ("field_invalid", "line 2, billingAddress.extra"),
        ("field_missing", "line 4, billingAddress.country"),
    ]


def test_lines_may_end_as_on_any_system():
    """Old Macs end lines with a carriage return; an empty line holds nothing."""
    assert refusals("mac.csv", b'name;isBusiness;billingAddress.country\r"A, B";true;DE\r\r') == []


def test_all_errors_of_a_file_are_told_at_once():
    """Mending one error after the other would take a run each."""
    content = json.dumps(
        [{**GOOD, "name": "", "email": "x"}, GOOD, {**GOOD, "paymentMethod": "CASH"}], indent=1
    ).encode()

    assert refusals("many.json", content) == [
        ("field_missing", "line 2, entry 1, name"),
        ("field_invalid", "line 2, entry 1, email"),
        ("unknown_term", "line 17, entry 3, paymentMethod"),
    ]


def test_an_error_says_what_to_do():
    """The advice names the field that was probably meant."""
    with pytest.raises(ImportRefused) as refused:
        read_customer_file(ImportFile("c.csv", b"name;billingAddres.zipCode\n"))

    error = refused.value.parts[0]
    assert error.mend == "Did you mean billingAddress.zipCode?"
    assert str(refused.value) == (
        "c.csv: 1 error, nothing was imported. Mend the file, import again"
    )
    assert str(error) == (
        "c.csv, line 1, billingAddres.zipCode: there is no field “billingAddres.zipCode”. "
        "Did you mean billingAddress.zipCode?"
    )


def test_a_field_like_no_other_is_told_which_fields_there_are():
    """No guess is better than a far one."""
    errors = read_customer_file(ImportFile("c.json", entry({"qqq": 1}))).findings.errors

    assert errors[0].mend.startswith("Fields are billingAddress.careOf, billingAddress.city, ")
    assert errors[0].mend.endswith(", recipients.1.use, registerNumber, taxNumber")


def test_an_unknown_word_is_answered_with_the_field_and_its_words():
    """A person knows paymentMethod and TRANSFER, not what a programmer called them."""
    errors = read_customer_file(
        ImportFile(
            "c.json",
            entry({"paymentMethod": "CASH", "recipients": [{"email": "a@b.example", "use": "x"}]}),
        )
    ).findings.errors

    assert [(error.problem, error.mend) for error in errors] == [
        ("“x” is none of its words", "use is one of INVOICE, DUNNING, PAYMENT"),
        (
            "“CASH” is none of its words",
            "paymentMethod is one of TRANSFER, SEPA_DEBIT, CARD, PAYPAL",
        ),
    ]


@pytest.mark.parametrize("number", ["8401", "84.5"])
def test_a_number_where_text_belongs_is_shown_in_quotes(number):
    """A reader would drop the zeros of a number that is none."""
    content = entry({}).replace(b'"Anna Beck"', number.encode())

    (error,) = read_customer_file(ImportFile("c.json", content)).findings.errors

    assert error.problem == f"“{number}” is not text"
    assert error.mend == f'Write "{number}" in quotes'


@pytest.mark.parametrize(
    ("written", "meant"),
    [(word, True) for word in ("true", "TRUE", "WAHR", "ja", "Yes", "1", " wahr ")]
    + [(word, False) for word in ("false", "FALSE", "FALSCH", "nein", "NO", "0")],
)
def test_truth_in_csv_is_what_a_spreadsheet_saves(written, meant):
    """Excel writes WAHR where it is German, TRUE elsewhere; JSON has truth values of its own."""
    sheet = read_customer_file(ImportFile("c.csv", CSV_HEAD + f"\nAnna;{written};DE\n".encode()))
    in_json = refusals("c.json", entry({"isBusiness": written}))

    assert [one.fields.is_business for one in sheet.entries] == [meant]
    assert in_json == [("field_invalid", f"{HERE}, isBusiness")]


def test_a_value_in_a_message_cannot_steer_the_terminal():
    """What a file says is shown shortened and printable."""
    errors = read_customer_file(
        ImportFile("c.json", entry({"paymentMethod": "\x1b]0;owned\x07" + "x" * 99}))
    ).findings.errors

    assert errors[0].problem == f"“�]0;owned�{'x' * 49}…” is none of its words"
