"""One document as a file: stored bytes, rendered first where nobody asked before."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
from tests.services.company import Company, XRechnung, bill
from typing_extensions import override

from faktura.flows.document_file import DocumentFile, document_file
from faktura.flows.documents import Documents
from faktura.kernel.errors import (
    FieldMissing,
    IntegrityBroken,
    NotFound,
    PluginMissing,
    RenderRefused,
    UnknownTerm,
)
from faktura.plugin import DocumentFormat, InvoiceDocument
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.documents import read_document, read_renderings
from faktura_xrechnung.formats import XRechnungCii


class Stubborn(XRechnungCii):
    """A format that refuses every document."""

    format_id = "stubborn"

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        raise RenderRefused("not today", place=f"document {document.number}")


class Counted(XRechnungCii):
    """A format of newer rules that counts how often it worked."""

    rule_set = "xrechnung-9.9.9"
    worked = 0

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        self.worked += 1
        return super().render(document) + b"<!-- newer -->"


@dataclass
class Enabled:
    """The formats that are enabled, by id."""

    formats: dict[str, DocumentFormat] = field(default_factory=dict)

    @property
    def offered(self) -> frozenset[str]:
        return frozenset(self.formats)

    def format_of(self, format_id: str) -> DocumentFormat:
        if format_id not in self.formats:
            raise PluginMissing(f"no {format_id}", mend=f"Offered: {', '.join(self.formats)}")
        return self.formats[format_id]


@pytest.fixture
def documents(database: Database, tmp_path: Path) -> Documents:
    """A company with one invoice, RE-000001, issued for XRechnung."""
    company = Company(database)
    company.contract(company.customer(), "A-1")
    bill(database, company.tenant)
    cii = XRechnung().cii
    formats = Enabled({cii.format_id: cii, "stubborn": Stubborn(cii.settings, cii.runtime)})
    return Documents(database, DirectoryStore(tmp_path / "content"), formats, company.tenant)


def fetch(
    documents: Documents, format_id: str | None = None, projects: set[UUID] | None = None
) -> DocumentFile:
    """The file of RE-000001."""
    return document_file(documents, "RE-000001", format_id, projects)


def stored(documents: Documents) -> int:
    """How many renderings of RE-000001 are recorded."""
    with documents.database.read(documents.tenant.id) as tx:
        return len(read_renderings(tx, [read_document(tx, "RE-000001").id]))


def test_a_file_that_nobody_asked_for_yet_is_rendered_and_kept(documents):
    """What is handed out is what is stored."""
    file = fetch(documents, "xrechnung-cii")

    assert (file.name, file.rendering.media_type) == ("RE-000001.xml", "application/xml")
    assert file.content.startswith(b"<?xml")
    assert b"RE-000001" in file.content
    assert len(file.content) == file.rendering.size
    assert stored(documents) == 1


def test_asking_again_gives_the_stored_bytes(documents):
    """What was sent stays what is handed out, whatever rules the format has learned meanwhile."""
    first = fetch(documents)
    cii = XRechnung().cii
    newer = Counted(cii.settings, cii.runtime)

    again = fetch(replace(documents, formats=Enabled({"xrechnung-cii": newer})))

    assert again == first
    assert (newer.worked, stored(documents)) == (0, 1)


def test_without_a_format_it_is_the_one_the_document_was_issued_for(documents):
    """Frozen with it: the tenant's format of today does not count."""
    changed = replace(documents, tenant=replace(documents.tenant, document_format="stubborn"))

    assert fetch(changed).rendering.format == "xrechnung-cii"


def test_a_document_issued_for_no_format_is_given_in_the_tenants(database, tmp_path):
    """Where there is none either, one must be named."""
    company = Company(
        database, replace(Company(database).tenant, key="plain", document_format=None)
    )
    company.contract(company.customer(), "A-1")
    bill(database, company.tenant)
    plain = Documents(database, DirectoryStore(tmp_path), XRechnung(), company.tenant)

    with pytest.raises(FieldMissing, match="no format is named") as refused:
        fetch(plain)

    assert refused.value.place == "format"
    assert fetch(plain, "xrechnung-cii").name == "RE-000001.xml"
    chosen = replace(company.tenant, document_format="xrechnung-cii")
    assert fetch(replace(plain, tenant=chosen)).name == "RE-000001.xml"


def test_a_format_that_is_not_enabled_is_refused_with_those_that_are(documents):
    """The caller's mistake; a format that was disabled before anything was stored is the operator's."""
    with pytest.raises(UnknownTerm) as refused:
        fetch(documents, "fax")
    with pytest.raises(PluginMissing):
        fetch(replace(documents, formats=Enabled()))

    assert str(refused.value) == "format: no fax. Offered: xrechnung-cii, stubborn"


def test_stored_bytes_are_given_though_their_format_is_disabled(documents):
    """Sending again sends the stored bytes; they need no plugin, named or not."""
    first = fetch(documents)
    disabled = replace(documents, formats=Enabled())

    assert fetch(disabled) == first
    assert fetch(disabled, "xrechnung-cii") == first
    assert first.name == "RE-000001.xml"


def test_a_refused_document_says_why(documents):
    """Nothing is recorded."""
    with pytest.raises(RenderRefused, match="not today"):
        fetch(documents, "stubborn")

    assert stored(documents) == 0


def test_a_document_outside_the_reach_does_not_exist(documents):
    """In the same words."""
    with pytest.raises(NotFound, match="there is no document RE-000001"):
        fetch(documents, projects={documents.database.new_id()})


def test_bytes_that_have_changed_are_not_handed_out(documents, tmp_path):
    """The hash is recorded with the document."""
    fetch(documents)
    (path,) = (path for path in (tmp_path / "content").rglob("*") if path.is_file())
    path.chmod(0o600)
    path.write_bytes(b"other")

    with pytest.raises(IntegrityBroken):
        fetch(documents)


def test_two_that_ask_first_get_the_same_file(documents):
    """Rendered by both perhaps, recorded once."""
    with ThreadPoolExecutor(4) as asking:
        files = list(asking.map(lambda _: fetch(documents), range(8)))

    assert files == [files[0]] * 8
    assert stored(documents) == 1
