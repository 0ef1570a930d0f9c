"""What a consumer's invoice says about default is frozen when it is issued (§ 286 Abs. 3 BGB)."""

from contextlib import closing
from dataclasses import replace

import pytest
from tests.services.company import TENANT, Company, XRechnung, bill, fill, opened

from faktura.domain.dunning_policies import DunningPolicy
from faktura.services.documents import check_document
from faktura.services.dunning_policies import change_dunning_policy
from faktura.services.invoice_view import invoice_document
from faktura.store.document_lists import list_documents
from faktura.store.documents import read_document
from faktura.store.tenants import read_tenant

NOTICE = "Sie kommen 30 Tage nach Fälligkeit und Zugang dieser Rechnung in Verzug."
ENGLISH = "You are in default 30 days after this invoice is due."


def told_by(database, company, texts):
    """The notice of each document of K-1 (a business), K-2 (German), K-10 (French) by customer."""
    company.tenant = replace(company.tenant, dunning=DunningPolicy(consumer_notice=texts))
    fill(company)
    company.contract(company.customer(is_business=False, language="fr", name="Ève"), "A-1")
    bill(database, company.tenant)
    with database.read(company.tenant.id) as tx:
        rows = list_documents(tx)
        records = {row.customer_number: read_document(tx, row.number) for row in rows}
    return {key: records[key] for key in ("K-1", "K-2", "K-10")}


@pytest.fixture
def database(database_url):
    """An empty database with its schema."""
    with closing(opened(database_url)) as database:
        yield database


def test_consumers_are_told_in_their_language_and_businesses_not(database):
    """French documents are English: that text it is."""
    records = told_by(database, Company(database), {"de": NOTICE, "en": ENGLISH})

    assert {key: one.snapshot.get("consumerNotice") for key, one in records.items()} == {
        "K-1": None,
        "K-2": NOTICE,
        "K-10": ENGLISH,
    }
    assert "consumerNotice" not in records["K-1"].snapshot


def test_a_notice_in_the_tenants_language_alone_is_printed_for_everybody(database):
    """Better told in German than not at all: without it no interest is owed."""
    records = told_by(database, Company(database), {"de": NOTICE})

    assert records["K-10"].snapshot["consumerNotice"] == NOTICE


def test_without_a_notice_snapshots_are_as_they_always_were(database):
    """Not even an empty key."""
    records = told_by(database, Company(database), {})

    assert [key for key, one in records.items() if "consumerNotice" in one.snapshot] == []


def test_it_is_printed_below_the_lines_and_a_note_of_the_e_invoice(database):
    """BG-1; the rules of XRechnung find nothing wrong with it."""
    record = told_by(database, Company(database), {"de": NOTICE})["K-2"]

    document = invoice_document(record)

    assert document.printed is not None
    assert document.printed.footer_texts == (NOTICE,)
    assert [note.text for note in document.notes] == [NOTICE]
    with database.read(1) as tx:
        assert check_document(tx, XRechnung().cii, record.number) == ()


def test_issued_invoices_keep_what_they_say(database):
    """Taken away afterwards, the notice stays on what was issued with it."""
    company = Company(database, TENANT)
    with database.write(company.tenant.id) as tx:
        change_dunning_policy(tx, {"consumerNotice": {"de": NOTICE}}, by="mia")
        company.tenant = read_tenant(tx)
    company.contract(company.customer(is_business=False), "A-1")
    bill(database, company.tenant)

    with database.write(company.tenant.id) as tx:
        change_dunning_policy(tx, {"consumerNotice": {"de": None}}, by="mia")

    with database.read(company.tenant.id) as tx:
        assert read_tenant(tx).dunning.consumer_notice == {}
        assert read_document(tx, "RE-000001").snapshot["consumerNotice"] == NOTICE
