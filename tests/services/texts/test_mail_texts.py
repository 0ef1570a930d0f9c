"""The texts of mails: those that ship, a tenant's own, and what is refused when they are saved (F128)."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from tests.services.company import Company

from faktura.domain.addresses import Address, ContactPerson
from faktura.kernel.errors import FieldInvalid, NotFound
from faktura.kernel.outbox_terms import MailUse
from faktura.kernel.template_errors import TemplateFailed, TemplateRefused
from faktura.services.level_texts import check_level_text, render_plain
from faktura.services.mail_samples import samples
from faktura.services.mail_texts import (
    MailText,
    drafted,
    list_texts,
    preview,
    rendered,
    reset_text,
    set_text,
    shown_text,
    text_for,
)
from faktura.services.mail_variables import VARIABLES, customer_values, seller_values
from faktura.services.text_shapes import Kind, Listing, Record, Shape
from faktura.store.tenants import create_tenant

OWN = MailText(
    MailUse.INVOICE, "de", "Rechnung {{ document.number }}", "Hallo {{ customer.name }}", ""
)
SHIPPED = [(use, language) for use in MailUse for language in ("de", "en")]


def absent(shape: Shape) -> object:
    """A value of the shape that says nothing."""
    match shape:
        case Record():
            return {name: absent(one) for name, one in shape.fields.items()} | {"name": "Nord"}
        case Listing():
            # A notice without a document does not exist.
            return [absent(shape.of)] if isinstance(shape.of, Record) else []
    return {Kind.NUMBER: 0, Kind.FLAG: False, Kind.DAY: None, Kind.MONEY: None}.get(shape.kind, "")


@pytest.fixture
def shipped(company):
    """The text that ships for a use in a language."""

    def found(use, language):
        with company.database.read(company.tenant.id) as tx:
            return text_for(tx, use, language)

    return found


def test_every_use_has_a_text_in_german_and_english_that_can_be_filled_in(shipped):
    """Also where everything that may be absent is: no empty heading, no sign of scripting is left."""
    for use, language in SHIPPED:
        text = shipped(use, language)
        nothing = absent(VARIABLES[use])
        assert isinstance(nothing, dict)
        if use is MailUse.PORTAL_ACCESS:
            # The link is what it is written for; there is none without.
            nothing["access"] = {**nothing["access"], "link": "https://billing.example/pay/sample"}
        for written in (preview(text), rendered(text, nothing)):
            assert written.subject == written.subject.strip() != ""
            assert not re.search(r"[{}]|None|\n\n\n", written.plain), (use, language)
            assert not re.search(r"[{}]|None|<dt>|BODY", written.html), (use, language)
            assert written.html.startswith("<!doctype html>")


def test_the_texts_that_ship_load_nothing_from_elsewhere(shipped):
    """No picture, no style sheet, no link but ours: nobody is told that a mail was read."""
    for use, language in SHIPPED:
        html = preview(shipped(use, language)).html
        assert not re.search(r"\bsrc=|@import|url\(|<link|<style", html), (use, language)
        links = set(re.findall(r'href="([^"]*)"', html))
        assert links <= {"https://billing.example/pay/sample"}, (use, language)


def test_a_customers_name_is_escaped_in_html_and_as_it_is_in_plain_text(shipped):
    """The sample customer is called “Müller & Söhne <Bau> KG”."""
    written = preview(shipped(MailUse.VAT_CHECK_FAILED, "de"))

    assert "Müller & Söhne <Bau> KG" in written.plain
    assert "Müller &amp; Söhne &lt;Bau&gt; KG" in written.html
    assert "<Bau>" not in written.html


def test_an_invoices_mail_says_how_much_is_to_be_paid_until_when(shipped):
    """1,071.00 EUR by transfer until 15 November; nothing to do where it is collected or paid."""
    text = shipped(MailUse.INVOICE, "de")
    values = samples(MailUse.INVOICE, "de")
    document = values["document"]
    assert isinstance(document, dict)

    open_one = rendered(text, values).plain
    collected = rendered(text, {**values, "document": {**document, "collected": True}}).plain
    paid = rendered(text, {**values, "document": {**document, "open": "0.00"}}).plain

    assert "Bitte zahlen Sie 1.071,00 EUR bis zum 15.11.2026 unter Angabe" in open_one
    assert "IBAN: DE02120300000000202051" in open_one
    assert "ziehen wir wie vereinbart ein" in collected
    assert "IBAN" not in collected
    assert "Es ist kein Betrag mehr offen" in paid


def test_a_dunning_mail_lists_documents_charges_and_the_levels_text(shipped):
    """F084: standard text and the text of the level; 1,190.00 + 5.00 + 40.00 + 3.21 = 1,238.21."""
    written = preview(shipped(MailUse.DUNNING, "de"))

    lines = written.plain.splitlines()
    assert written.subject == "1. Mahnung von Nordwind Energie GmbH"
    assert "- RE-000101, fällig am 15.10.2026: 1.071,00 EUR" in lines
    assert ("Mahngebühr: 5,00 EUR", "Verzugspauschale: 40,00 EUR") in pairwise(lines)
    assert "Zu zahlen: 1.238,21 EUR" in lines
    assert "Bitte gleichen Sie den offenen Betrag umgehend aus." in lines
    assert "Abzüglich" not in written.plain


def test_an_own_text_applies_to_its_use_language_and_tenant_alone(company: Company):
    """English, the other uses and the other tenant keep the texts that ship."""
    with company.database.write(company.tenant.id) as tx:
        other = create_tenant(tx, replace(company.tenant, key="other"))
        kept = set_text(tx, OWN)
        now = tx.now()

    with company.database.read(company.tenant.id) as tx:
        assert text_for(tx, MailUse.INVOICE, "de") == kept == replace(OWN, changed_at=now)
        assert text_for(tx, MailUse.INVOICE, "en").own is False
        assert text_for(tx, MailUse.CORRECTION, "de").own is False
        assert [(one.use, one.language) for one in list_texts(tx) if one.own] == [
            (MailUse.INVOICE, "de")
        ]
    with company.database.read(other.id) as tx:
        assert text_for(tx, MailUse.INVOICE, "de").own is False
    assert preview(kept).plain == "Hallo Müller & Söhne <Bau> KG"
    assert preview(kept).html == ""


def test_a_text_set_again_replaces_the_one_before_and_reset_forgets_it(company: Company):
    with company.database.write(company.tenant.id) as tx:
        set_text(tx, OWN)
        set_text(tx, drafted(text_for(tx, MailUse.INVOICE, "de"), "de", {"subject": "Neu"}))
        again = text_for(tx, MailUse.INVOICE, "de")
        applies = reset_text(tx, MailUse.INVOICE, "de")

        assert (again.subject, again.plain) == ("Neu", "Hallo {{ customer.name }}")
        assert applies.own is False
        with pytest.raises(NotFound):
            reset_text(tx, MailUse.INVOICE, "de")


def test_who_reads_another_language_gets_english_until_there_is_a_text_in_it(company: Company):
    """A French text is a tenant's own, or none; then the tenant's English one is taken."""
    with company.database.write(company.tenant.id) as tx:
        assert text_for(tx, MailUse.INVOICE, "fr").language == "en"
        with pytest.raises(NotFound):
            shown_text(tx, MailUse.INVOICE, "fr")
        set_text(tx, replace(OWN, language="en", subject="English"))
        assert text_for(tx, MailUse.INVOICE, "fr").subject == "English"

        set_text(tx, replace(OWN, language="fr", subject="Facture {{ document.gross }}"))

        assert preview(shown_text(tx, MailUse.INVOICE, "fr")).subject == "Facture EUR 1,071.00"
        assert ("fr", True) in [(one.language, one.own) for one in list_texts(tx)]


@pytest.mark.parametrize(
    ("changes", "error", "place"),
    [
        ({"subject": "{{ documnt.number }}"}, TemplateRefused, "subject"),
        ({"plain": "{{ notice.total }}"}, TemplateRefused, "plain"),
        ({"html": "<script>"}, TemplateRefused, "html"),
        ({"subject": " "}, FieldInvalid, "subject"),
        ({"plain": "{# nothing #}"}, FieldInvalid, "plain"),
        ({"language": "deutsch"}, FieldInvalid, "language"),
        ({"language": "DE"}, FieldInvalid, "language"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_when_it_is_saved(company, changes, error, place):
    """P49: by the name of its part; the one before stays."""
    with company.database.write(company.tenant.id) as tx:
        with pytest.raises(error) as refused:
            set_text(tx, replace(OWN, **changes))
        assert text_for(tx, MailUse.INVOICE, "de").own is False

    assert refused.value.place == place


def test_all_parts_that_are_wrong_are_told_at_once(company: Company):
    """Nobody mends a text three times."""
    broken = replace(OWN, subject="{{ a }}", plain="{{ b }}", html="{{ c }}")

    with company.database.write(company.tenant.id) as tx, pytest.raises(FieldInvalid) as refused:
        set_text(tx, broken)

    assert [part.place for part in refused.value.parts] == ["subject", "plain", "html"]


def test_a_mail_whose_values_are_incomplete_is_not_written(shipped):
    """The error names the value: the mail waits for a person."""
    values = samples(MailUse.INVOICE, "de")
    del values["customer"]

    with pytest.raises(TemplateFailed) as failed:
        rendered(shipped(MailUse.INVOICE, "de"), values)

    assert failed.value.problem == "the value “customer” is missing"


def test_samples_name_every_variable_of_their_use():
    """So a text that passes with them passes with a real mail."""
    for use, language in SHIPPED:
        assert samples(use, language).keys() >= VARIABLES[use].fields.keys()


def test_seller_and_customer_give_their_values(company: Company):
    """The trading name is shown before the legal one; empty lines of an address are left out."""
    seller = replace(
        company.tenant.seller,
        legal_name="Nord GmbH",
        trading_name="Nord",
        address=Address("Hafen 1", "24103", "Kiel"),
        contact=ContactPerson("Erika", "0431", "e@nord.example"),
    )
    customer = company.customer(contact=ContactPerson("Max"))

    values = seller_values(seller)
    assert (values["name"], values["accountHolder"]) == (
        "Nord",
        seller.account_holder or "Nord GmbH",
    )
    assert values["address"] == "Hafen 1\n24103 Kiel"
    assert (values["contact"], values["phone"]) == ("Erika", "0431")
    assert customer_values(customer)["contact"] == "Max"
    assert customer_values(replace(customer, contact=None))["contact"] == ""


def test_the_text_of_a_dunning_level_knows_the_notice():
    """F084, F128: the same scripting and checks as in mails."""
    text = (
        "Stufe {{ notice.level }}: {{ notice.total }} bis {{ notice.payBy }}, {{ customer.name }}"
    )
    check_level_text(text, field="texts.de")

    filled = render_plain(text, samples(MailUse.DUNNING, "de"), "de")

    assert filled == "Stufe 2: 1.238,21 EUR bis 08.12.2026, Müller & Söhne <Bau> KG"
    assert (
        render_plain("{{ notice.total }}", samples(MailUse.DUNNING, "en"), "en") == "EUR 1,238.21"
    )


def test_the_text_of_a_dunning_level_is_refused_with_line_and_column():
    """The text of the level itself is no variable of it."""
    with pytest.raises(TemplateRefused) as refused:
        check_level_text("a\n{{ notice.text }}", field="texts.de")

    assert (refused.value.place, refused.value.problem) == (
        "texts.de",
        "line 2, column 10: there is no “text”",
    )
