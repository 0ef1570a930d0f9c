"""The GiroCode against EPC069-12 version 002; both matrices were read back by an outside decoder."""

import hashlib
from decimal import Decimal

import pytest

from faktura.plugin import CreditTransfer, Payee, PaymentInstructions, Reminder
from faktura.testing.invoices import changed, sample_invoice
from faktura_zugferd.giro_code import (
    giro_code,
    giro_code_of_reminder,
    payload,
    reference_of_reminder,
)
from faktura_zugferd.samples import sample_reminder

_IBAN = "DE02120300000000202051"


def _payload(amount: str = "119.00", **changes: str) -> str:
    fields = {"iban": _IBAN, "holder": "Wattwerk Beispiel GmbH", "reference": "R-1"} | changes
    reference = fields.pop("reference")
    transfer = CreditTransfer.model_validate(fields)
    return payload(transfer, "Seller", Decimal(amount), reference)


def test_the_payload_is_what_banks_expect_line_by_line() -> None:
    """EPC069-12, 2.2: service tag, version, UTF-8, SCT, no BIC, name, IBAN, amount, reference."""
    assert _payload() == (
        "BCD\n002\n1\nSCT\n\nWattwerk Beispiel GmbH\nDE02120300000000202051\nEUR119.00\n\n\nR-1"
    )


def test_a_known_bic_is_given() -> None:
    """Optional in version 002."""
    assert _payload(bic="BYLADEM1001").split("\n")[4] == "BYLADEM1001"


def test_the_whole_code_is_the_one_a_decoder_has_read() -> None:
    """Version 6 has 41 modules a side; the hash is of the matrix OpenCV decoded to the payload."""
    rows = giro_code(sample_invoice())

    assert (len(rows), {len(row) for row in rows}) == (41, {41})
    assert rows[0].startswith("11111110")
    assert hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16] == "cf5668ea330f73f7"


@pytest.mark.parametrize(
    ("amount", "line"), [("0.01", "EUR0.01"), ("999999999.99", "EUR999999999.99")]
)
def test_the_least_and_the_most_amount(amount: str, line: str) -> None:
    """EPC069-12: 0.01 to 999999999.99."""
    assert _payload(amount).split("\n")[7] == line


@pytest.mark.parametrize("amount", ["0", "-1.00", "1000000000.00"])
def test_other_amounts_have_no_code(amount: str) -> None:
    """Nothing to transfer, or more than the code can say."""
    assert _payload(amount) == ""


def test_names_and_references_are_cut_and_stay_in_their_line() -> None:
    """At most 70 and 140 signs; a line feed inside would move every field behind it."""
    lines = _payload(holder="A\nB" + "x" * 100, reference="R\r\n1" + "y" * 200).split("\n")

    assert lines[5] == "A B" + "x" * 67
    assert lines[10] == "R 1" + "y" * 137
    assert len(lines) == 11


def test_a_payload_that_is_too_long_in_bytes_has_no_code() -> None:
    """331 bytes at most: 70 signs of four bytes and 140 of two do not fit."""
    assert _payload(holder="\U0001f600" * 70, reference="ä" * 140) == ""


def test_without_a_right_iban_there_is_no_code() -> None:
    """A code with a wrong account would send money astray."""
    assert _payload(iban="DE03120300000000202051") == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("currency", "CHF"),
        ("type_code", "381"),
        ("type_code", "389"),
        ("payment", PaymentInstructions(means_code="59")),
        ("payment", PaymentInstructions(means_code="58")),
        ("totals.due", Decimal(0)),
        ("totals.due", Decimal("-5.00")),
    ],
)
def test_only_a_due_transfer_in_euro_has_a_code(path: str, value: object) -> None:
    """No code for other currencies, credit notes, self-billing, direct debits, nothing due."""
    assert giro_code(changed(sample_invoice(), path, value)) == ()


def test_the_payee_is_paid_where_there_is_one() -> None:
    """BT-59 stands for the seller when the account names no holder."""
    invoice = changed(sample_invoice(), "payment.transfers.0.holder", None)

    with_payee = changed(invoice, "payee", Payee(name="Factoring AG"))

    assert giro_code(with_payee) != giro_code(invoice)


def test_the_language_of_the_document_does_not_matter() -> None:
    """The code is read by machines."""
    english = changed(sample_invoice(), "printed.language", "en")

    assert giro_code(english) == giro_code(sample_invoice())


def test_a_reminder_asks_for_its_whole_sum() -> None:
    """Open amounts, fee and interest, by the documents' numbers."""
    reminder = sample_reminder()

    assert len(giro_code_of_reminder(reminder)) == 37
    assert giro_code_of_reminder(_in_francs(reminder)) == ()
    assert giro_code_of_reminder(reminder.model_copy(update={"transfers": ()})) == ()


def _in_francs(reminder: Reminder) -> Reminder:
    head = reminder.head.model_copy(update={"currency": "CHF"})
    return reminder.model_copy(update={"head": head})


def test_a_letter_of_more_documents_than_a_transfer_can_name_says_who_pays() -> None:
    """A reference has room for 140 signs: cut off, it would name neither the rest nor the charges."""
    letter = sample_reminder()
    (item, *_) = letter.items
    many = tuple(item.model_copy(update={"number": f"RE-{no:06}"}) for no in range(13))
    head = letter.head.model_copy(update={"customer_number": "K-7"})
    of_many = letter.model_copy(update={"items": many, "head": head, "charges": "MG-000001"})
    of_few = of_many.model_copy(update={"items": many[:2]})

    assert reference_of_reminder(of_few) == "RE-000000, RE-000001, MG-000001"
    assert reference_of_reminder(of_many) == "K-7, MG-000001"
    assert reference_of_reminder(of_many.model_copy(update={"charges": None})) == "K-7"
