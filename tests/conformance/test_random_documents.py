"""Any invoice document at all is refused by the pre-flight with a reason, or written validly.

Nothing in between: what `check` accepts is valid XML of its schema, breaks no official rule, is read
back into the same document, and has a page.
"""

from io import BytesIO

import pikepdf
import pytest
from hypothesis import HealthCheck, event, given, settings
from tests.conformance.formats import PROFILES, format_named, invoice_in, reader_of
from tests.conformance.official import OfficialRules, is_valid

from faktura.kernel.errors import RenderRefused
from faktura.plugin import DocumentFormat, InvoiceDocument, Severity
from faktura.testing.invoice_strategies import right_documents
from faktura.testing.wild_invoices import any_documents

XML = ("xrechnung-cii", "xrechnung-ubl")
# A document has hundreds of drawn parts: that is what is looked for, not a mistake of the strategy.
BIG = tuple(HealthCheck)


def errors(written_by: DocumentFormat, document: InvoiceDocument) -> list[str]:
    """The rules of severity ERROR; each finding says where, what and how to mend it."""
    findings = written_by.check(document)
    for finding in findings:
        assert finding.term.strip()
        assert finding.rule.strip()
        assert finding.message.strip()
        assert finding.mend.strip()
    return [finding.rule for finding in findings if finding.severity is Severity.ERROR]


def refused_or_whole(written_by: DocumentFormat, document: InvoiceDocument) -> bool:
    """Whether it was written; what was written is valid and read back into the same document."""
    if found := errors(written_by, document):
        with pytest.raises(RenderRefused) as refusal:
            written_by.render(document)
        assert all(rule in str(refusal.value) for rule in found)
        return False
    content = written_by.render(document)
    assert is_valid(invoice_in(content))
    read = reader_of(content).read(content)
    assert read.document == document.model_copy(update={"printed": None})
    assert read.unread == ()
    return True


@settings(suppress_health_check=BIG)
@given(any_documents())
def test_any_document_is_refused_by_name_or_written_validly_and_read_back(
    document: InvoiceDocument,
) -> None:
    """One to three fields of a right document say something else: in both syntaxes."""
    event(f"written: {[refused_or_whole(format_named(name), document) for name in XML]}")


@settings(suppress_health_check=BIG)
@given(right_documents())
def test_a_right_document_is_never_refused(document: InvoiceDocument) -> None:
    """The pre-flight stops no invoice that could have been sent: in both syntaxes."""
    for name in XML:
        assert errors(format_named(name), document) == []
        assert refused_or_whole(format_named(name), document)


def officially_right(document: InvoiceDocument, official: OfficialRules) -> None:
    """No fatal official rule in any format that accepts the document."""
    for name, profile in PROFILES.items():
        if not errors(format_named(name), document):
            broken = official.broken_by(invoice_in(format_named(name).render(document)), profile)
            # Factur-X leaves the severity of its fatal rules empty.
            fatal = {
                rule for rule, severity in broken.items() if severity in ("fatal", "error", "")
            }
            assert fatal == set()


@settings(suppress_health_check=BIG, max_examples=25)
@given(document=right_documents() | any_documents())
def test_an_accepted_document_breaks_no_official_rule(
    document: InvoiceDocument, official: OfficialRules
) -> None:
    """CEN, KoSIT and Factur-X: no fatal rule, in all formats."""
    officially_right(document, official)


@pytest.mark.nightly
@settings(suppress_health_check=BIG)
@given(document=right_documents() | any_documents())
def test_thousands_of_accepted_documents_break_no_official_rule(
    document: InvoiceDocument, official: OfficialRules
) -> None:
    """The same, all night."""
    officially_right(document, official)


def has_its_page(document: InvoiceDocument) -> None:
    """The page of an accepted document is a PDF with a page; glyphs no font has do not stop it."""
    written_by = format_named("pdf")
    if not errors(written_by, document):
        with pikepdf.open(BytesIO(written_by.render(document))) as pdf:
            assert len(pdf.pages) >= 1


@settings(suppress_health_check=BIG, max_examples=40)
@given(document=right_documents() | any_documents())
def test_every_accepted_document_has_a_page(document: InvoiceDocument) -> None:
    """Rendering never raises for what `check` accepted."""
    has_its_page(document)


@pytest.mark.nightly
@settings(suppress_health_check=BIG)
@given(document=right_documents() | any_documents())
def test_thousands_of_accepted_documents_have_a_page(document: InvoiceDocument) -> None:
    """The same, all night."""
    has_its_page(document)
