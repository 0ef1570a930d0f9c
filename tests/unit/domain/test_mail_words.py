"""Words of mails in German and English."""

import pytest

from faktura.domain.mail_words import method_words, reason_words


@pytest.mark.parametrize(
    ("reason", "german", "english"),
    [
        ("GENERAL", "", ""),
        (
            "NO_FUNDS",
            "Das Konto war nicht ausreichend gedeckt.",
            "The account did not have sufficient funds.",
        ),
        (
            "EXPIRED",
            "Das hinterlegte Zahlungsmittel ist abgelaufen.",
            "The stored means of payment has expired.",
        ),
    ],
)
def test_a_reason_is_a_sentence_or_nothing(reason: str, german: str, english: str):
    """What concerns nobody is not told; who reads neither language reads English."""
    assert reason_words(reason, "de") == german
    assert (reason_words(reason, "en"), reason_words(reason, "fr")) == (english, english)


def test_a_method_is_called_as_people_call_it():
    """In running text."""
    assert [method_words(one, "de") for one in ("TRANSFER", "SEPA_DEBIT", "CARD", "PAYPAL")] == [
        "Überweisung", "SEPA-Lastschrift", "Kreditkarte", "PayPal",
    ]  # fmt: skip
    assert method_words("SEPA_DEBIT", "en") == "SEPA direct debit"
