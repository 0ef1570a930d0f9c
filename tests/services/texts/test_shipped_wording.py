"""How the mails that ship are called, and how they close."""

import re
from itertools import product
from typing import cast

import pytest

from faktura.kernel.outbox_terms import MailUse
from faktura.services.mail_defaults import default_text
from faktura.services.mail_samples import samples
from faktura.services.mail_texts import SHIPPED, MailText, preview, rendered


def shipped(use: MailUse, language: str) -> MailText:
    """The text that ships."""
    return MailText(use, language, *default_text(use, language))


@pytest.mark.parametrize(
    ("level", "levels", "german", "english"),
    [
        (1, 3, "Zahlungserinnerung", "Payment reminder"),
        (1, 1, "Zahlungserinnerung", "Payment reminder"),
        (2, 2, "1. Mahnung", "First notice"),
        (2, 3, "1. Mahnung", "First notice"),
        (3, 3, "Letzte Mahnung", "Final notice"),
        (3, 4, "2. Mahnung", "Second notice"),
        (4, 5, "Mahnung", "Overdue notice"),
        (5, 5, "Letzte Mahnung", "Final notice"),
    ],
)
def test_a_dunning_mail_is_called_like_its_letter(
    level: int, levels: int, german: str, english: str
) -> None:
    """Level 1 is a reminder; of three levels or more the last says that it is. Mails do not count on."""
    for language, title, of in (("de", german, "von"), ("en", english, "from")):
        values = samples(MailUse.DUNNING, language)
        notice = {**cast("dict[str, object]", values["notice"]), "level": level, "levels": levels}

        written = rendered(shipped(MailUse.DUNNING, language), {**values, "notice": notice})

        assert written.subject == f"{title} {of} Nordwind Energie GmbH"
        assert f">{title}</h1>" in written.html


def test_who_writes_to_oneself_is_neither_greeted_nor_offered_answers() -> None:
    """The mails about a VAT id and about webhooks go to the tenant itself; all others close with both."""
    closing = {
        "de": ("Mit freundlichen Grüßen", "Fragen beantworten wir gern"),
        "en": ("Kind regards", "We are happy to answer questions"),
    }
    for use, language in product(MailUse, SHIPPED):
        written = preview(shipped(use, language))
        expected = use not in {MailUse.VAT_CHECK_FAILED, MailUse.WEBHOOK_DISABLED}
        for text in (written.plain, written.html):
            found = [words in text for words in closing[language]]
            assert found == [expected, expected], (use, language)
            assert not re.search("CUSTOMER|^END$", text, re.MULTILINE), (use, language)
            assert "Nordwind Energie GmbH" in text
