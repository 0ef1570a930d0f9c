"""What cannot be read is refused with the line and the column; no amount is ever guessed."""

import pytest
from pydantic import ValidationError

from faktura.kernel.errors import (
    AmountUnreadable,
    DateUnreadable,
    FieldInvalid,
    FieldMissing,
    FileUnreadable,
    HostileFile,
    TooPrecise,
)

HEADER = "account;date;amount;name;iban;remittance;end-to-end id\n"
ACCOUNT = "DE02100100109307118603"
GOOD = f"{ACCOUNT};2026-11-02;1.00;;;;\n"


@pytest.mark.parametrize(
    ("row", "error", "place"),
    [
        (f"{ACCOUNT};2026-11-02;1.234,56;;;;", AmountUnreadable, "line 3, amount"),
        (f"{ACCOUNT};2026-11-02;1e3;;;;", AmountUnreadable, "line 3, amount"),
        (f"{ACCOUNT};2026-11-02;1.005;;;;", TooPrecise, "line 3, amount"),
        (f"{ACCOUNT};2026-11-02;;;;;", FieldMissing, "line 3, amount"),
        (f"{ACCOUNT};02.11.2026;1.00;;;;", DateUnreadable, "line 3, date"),
        (f"{ACCOUNT};2026-02-29;1.00;;;;", DateUnreadable, "line 3, date"),
        (";2026-11-02;1.00;;;;", FieldMissing, "line 3, account"),
        ("1234567;2026-11-02;1.00;;;;", FieldInvalid, "line 3, account"),
        (f"{ACCOUNT};2026-11-02;1.00;;;", FileUnreadable, "line 3"),
        (f"{ACCOUNT};2026-11-02;1.00;A; B;;;", FileUnreadable, "line 3"),
        (f'{ACCOUNT};2026-11-02;1.00;"A;;;', FileUnreadable, "line 3"),
        (f"{ACCOUNT};2026-11-02;1.00;{'x' * 20_000};;;", HostileFile, "line 3"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column(parse, row, error, place):
    """The person who uploads finds the cell without counting."""
    with pytest.raises(error) as caught:
        parse(HEADER + GOOD + row + "\n")

    assert caught.value.place == place


def test_an_account_that_comes_back_is_refused(parse):
    """Two statements of one account in a file could not be told apart."""
    other = GOOD.replace(ACCOUNT, "DE02120300000000202051")

    with pytest.raises(FileUnreadable) as caught:
        parse(HEADER + GOOD + other + GOOD)

    assert str(caught.value) == (
        "line 4: account DE02100100109307118603 comes back after another one."
        " Sort the file by account"
    )


@pytest.mark.parametrize("content", ["", "account;date\n", "<?xml version='1.0'?>\n"])
def test_a_file_without_the_header_is_refused(parse, content):
    """Columns are never guessed from their place."""
    with pytest.raises(FileUnreadable, match="line 1: the header is"):
        parse(content)


def test_a_wrong_encoding_is_named_with_its_line(parse):
    """`ü` in cp1252 is no UTF-8: the setting is wrong, not the file."""
    with pytest.raises(FileUnreadable, match="line 3: not written in utf-8-sig"):
        parse((HEADER + GOOD + GOOD.replace(";;;;", ";Jürgen;;;")).encode("cp1252"))


@pytest.mark.parametrize(
    "settings", [{"delimiter": ";;"}, {"delimiter": ""}, {"encoding": "utf-7"}, {"separator": ";"}]
)
def test_a_wrong_setting_stops_the_start(build, settings):
    """Unknown or impossible settings are refused before a file is read."""
    with pytest.raises(ValidationError):
        build(**settings)
