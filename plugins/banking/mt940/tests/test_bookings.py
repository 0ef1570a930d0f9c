"""Bookings: amounts, days, the German field 86 and SEPA's words in it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from faktura.kernel.errors import AmountUnreadable, DateUnreadable, FileUnreadable
from faktura.plugin import BankTransaction, BookingStatus

Build = Callable[..., str]
Booked = Callable[[str | bytes], list[BankTransaction]]


def test_a_transfer_is_read_whole(statement: Build, transfer: str, booked: Booked):
    """Every field of the booking that the German form has."""
    (one,) = booked(statement(transfer))

    assert one == BankTransaction(
        entry_index=0,
        place="line 5",
        status=BookingStatus.BOOKED,
        booked_on=date(2026, 11, 2),
        value_on=date(2026, 11, 2),
        amount=Decimal("119.00"),
        currency="EUR",
        source_ref="POS-1",
        counterparty_name="Erika Mustermann",
        counterparty_iban="DE89370400440532013000",
        counterparty_bic="GENODEF1XXX",
        ultimate_name="Otto Sonnen",
        remittance_lines=("Zahlung Rg. RE-2026-000012 vielen Dank ",),
        gvc="166",
        booking_text="GUTSCHRIFT",
    )


def test_the_payers_lines_keep_their_blanks(statement: Build, booked: Booked):
    """A blank at the end of a line stands between two words: the text is kept byte for byte (F092)."""
    booking = ":61:2611021102C119,00N166NONREF\r\n:86:166?20Rechnung  \r\n?21 RE-1 "

    (one,) = booked(statement(booking))

    assert one.remittance_lines == ("Rechnung  ", " RE-1 ")


def test_the_payers_text_is_what_stands_behind_svwz(statement: Build, booked: Booked):
    """It begins and ends at SEPA's words; a field that is not full ends a line."""
    booking = (
        ":61:2611021102C119,00N166NONREF\r\n:86:166?20KREF+X-1?21SVWZ+RE-2026-000012 und?22"
        "0123456789 0123456789 01234?23567?24Danke?25ABWE+Otto"
    )

    (one,) = booked(statement(booking))

    assert one.remittance_lines == (
        "RE-2026-000012 und",
        "0123456789 0123456789 01234567",
        "Danke",
    )


def test_a_line_break_inside_a_word_is_none(statement: Build, booked: Booked):
    """Field 86 is cut every 65 characters, wherever that is."""
    booking = ":61:2611021102C119,00N166NONREF\r\n:86:166?20SVWZ+RE-2026-\r\n000012?32Erika"

    (one,) = booked(statement(booking))

    assert one.remittance_lines == ("RE-2026-000012",)
    assert one.counterparty_name == "Erika"


@pytest.mark.parametrize(
    ("mark", "amount", "reversal"),
    [
        ("C", "119.00", False),
        ("D", "-119.00", False),
        ("RC", "-119.00", True),
        ("RD", "119.00", True),
    ],
)
def test_the_mark_gives_the_sign(
    mark: str, amount: str, *, reversal: bool, statement: Build, booked: Booked
):
    """A reversed credit takes money away, a reversed debit brings it back."""
    (one,) = booked(statement(f":61:2611021102{mark}119,00N166NONREF\r\n:86:166?20x"))

    assert (one.amount, one.reversal) == (Decimal(amount), reversal)


def test_the_day_of_booking_may_be_in_another_year(statement: Build, booked: Booked):
    """Field 61 has the value date with its year and the day of booking without."""
    (one,) = booked(statement(":61:2612311231C1,N166NONREF\r\n:86:166?20a"))
    (other,) = booked(statement(":61:2612310102C1,N166NONREF\r\n:86:166?20a"))
    (third,) = booked(statement(":61:261231C1,N166NONREF\r\n:86:166?20a"))

    assert (one.booked_on, one.value_on) == (date(2026, 12, 31), date(2026, 12, 31))
    assert (other.booked_on, other.value_on) == (date(2027, 1, 2), date(2026, 12, 31))
    assert third.booked_on == date(2026, 12, 31)


def test_a_returned_debit_tells_original_and_charges(statement: Build, booked: Booked):
    """Field 61 has them behind the references: 53.00 is 50.00 and 3.00 (banking 2.4)."""
    booking = (
        ":61:2611111111D53,00N109NONREF//R-1\r\n/OCMT/EUR50,00//CHGS/EUR3,00/\r\n"
        ":86:109?00RETOURE?20EREF+E2E-130?21MREF+M-2024-0001?22CRED+DE98ZZZ09999999999"
        "?23SVWZ+RUECKLASTSCHRIFT AM04?31DE89370400440532013000"
    )

    (one,) = booked(statement(booking))

    assert (one.amount, one.instructed, one.charges) == (
        Decimal("-53.00"),
        Decimal("50.00"),
        Decimal("3.00"),
    )
    assert (one.instructed_currency, one.gvc) == ("EUR", "109")
    assert (one.end_to_end_id, one.mandate_id, one.creditor_id) == (
        "E2E-130",
        "M-2024-0001",
        "DE98ZZZ09999999999",
    )


def test_older_banks_tell_original_and_charges_in_the_purpose(statement: Build, booked: Booked):
    """OAMT+ and COAM+ are the same two amounts."""
    booking = ":61:2611111111D53,00N109NONREF\r\n:86:109?20EREF+E2E-130?21COAM+3,00?22OAMT+50,00"

    (one,) = booked(statement(booking))

    assert (one.instructed, one.charges) == (Decimal("50.00"), Decimal("3.00"))


def test_a_free_field_86_is_the_purpose(statement: Build, booked: Booked):
    """Other countries' banks have no German structure: the lines are the payer's text."""
    booking = ":61:2611021102C119,00NTRFNONREF\r\n:86:INVOICE RE-2026-000012\r\nTHANK YOU"

    (one,) = booked(statement(booking))

    assert one.remittance_lines == ("INVOICE RE-2026-000012", "THANK YOU")
    assert (one.gvc, one.counterparty_iban, one.counterparty_name) == (None, None, None)


def test_an_account_without_iban_is_kept(statement: Build, booked: Booked):
    """Field ?31 is an account number where the payer's bank knows no IBAN; SEPA's IBAN+ wins."""
    first = ":61:2611021102C1,00N166NONREF\r\n:86:166?20x?30WELADEDDXXX?311234567"
    second = ":61:2611021102C1,00N166NONREF\r\n:86:166?20IBAN+ DE89370400440532013000"

    one, other = booked(statement(first, second))

    assert (one.counterparty_iban, one.counterparty_bic) == ("1234567", "WELADEDDXXX")
    assert (other.counterparty_iban, other.counterparty_bic) == ("DE89370400440532013000", None)


def test_a_booking_without_field_86_is_one(statement: Build, booked: Booked):
    """The closing of an account often has none."""
    (one,) = booked(statement(":61:2611021102D4,50NCHGNONREF"))

    assert (one.amount, one.remittance_lines) == (Decimal("-4.50"), ())


@pytest.mark.parametrize(
    "amount", ["119.00", "1.190,00", "119,00,1", "١١٩,00", "119", ",50", "NaN"]
)
def test_an_amount_that_nobody_can_read_is_an_error(amount: str, statement: Build, booked: Booked):
    """Digits, a comma, digits; whatever else stands there may have been another amount."""
    with pytest.raises((AmountUnreadable, FileUnreadable)) as caught:
        booked(statement(f":61:2611021102C{amount}N166NONREF\r\n:86:166?20x"))

    assert "line 5" in caught.value.place


@pytest.mark.parametrize(
    "line", [":61:nonsense", ":61:2611021102X119,00N166NONREF", ":61:2613021102C119,00N166NONREF"]
)
def test_a_booking_that_cannot_be_read_is_an_error(line: str, statement: Build, booked: Booked):
    """Nothing is left out silently, no month is 13."""
    with pytest.raises((FileUnreadable, DateUnreadable)):
        booked(statement(line))
