"""Our own files, broken in one place each, are refused: by rule or term, in all formats."""

from io import BytesIO

import pikepdf
import pytest
from tests.conformance.breaking import Damage, broken
from tests.conformance.damages import CODES, DAMAGES, WARNED
from tests.conformance.formats import format_named, invoice_in, reader_of, strict_reader

from faktura.kernel.errors import FileUnreadable, HostileFile
from faktura.plugin import Finding, Severity
from faktura.testing.invoice_scenarios import SCENARIOS
from faktura_en16931.syntax import Syntax

XML = [("xrechnung-cii", Syntax.CII), ("xrechnung-ubl", Syntax.UBL)]


def named(damages: tuple[Damage, ...]) -> list[object]:
    return [pytest.param(damage, id=damage.name) for damage in damages]


def written(format_id: str, damage: Damage) -> bytes:
    return format_named(format_id).render(SCENARIOS[damage.scenario].document)


def told(findings: tuple[Finding, ...], severity: Severity) -> set[str]:
    """The rules and terms of the findings of that severity."""
    entries = [entry for entry in findings if entry.severity is severity]
    return {name for entry in entries for name in (entry.rule, entry.term)}


@pytest.mark.parametrize("damage", named(DAMAGES))
@pytest.mark.parametrize(("format_id", "syntax"), XML)
def test_a_broken_xml_file_is_refused_by_its_rule(
    damage: Damage, format_id: str, syntax: Syntax
) -> None:
    """No damage of the table passes, and its rule or its term is named."""
    xml = broken(written(format_id, damage), damage, syntax)

    found = told(strict_reader().check(xml).findings, Severity.ERROR)

    assert found.intersection(damage.expected), found


@pytest.mark.parametrize("damage", named(CODES))
@pytest.mark.parametrize(("format_id", "syntax"), XML)
def test_a_wrong_code_is_told_and_refused_where_the_official_rules_are_set_up(
    damage: Damage, format_id: str, syntax: Syntax
) -> None:
    """Our tables are parts of the lists: without the official rules a code may only be unknown."""
    xml = broken(written(format_id, damage), damage, syntax)

    told_by_us = reader_of(xml).check(xml).findings
    told_officially = strict_reader().check(xml).findings

    everything = told(told_by_us, Severity.ERROR) | told(told_by_us, Severity.WARNING)
    assert everything.intersection(damage.expected), everything
    assert told(told_officially, Severity.ERROR).intersection(damage.expected)


@pytest.mark.parametrize("damage", named(WARNED))
@pytest.mark.parametrize(("format_id", "syntax"), XML)
def test_what_is_only_warned_of_officially_is_told(
    damage: Damage, format_id: str, syntax: Syntax
) -> None:
    """A file of somebody else is judged as its other receivers judge it."""
    xml = broken(written(format_id, damage), damage, syntax)

    findings = strict_reader().check(xml).findings

    assert told(findings, Severity.WARNING).intersection(damage.expected)
    assert told(findings, Severity.ERROR) == set()


def holding(hybrid: bytes, xml: bytes) -> bytes:
    """The same PDF with another invoice in it."""
    made = BytesIO()
    with pikepdf.open(BytesIO(hybrid)) as pdf:
        pdf.attachments["factur-x.xml"].obj.EF.F.write(xml)
        pdf.save(made)
    return made.getvalue()


@pytest.mark.parametrize("damage", named(tuple(one for one in DAMAGES if not one.german)))
def test_a_hybrid_with_a_broken_invoice_is_refused_by_its_rule(damage: Damage) -> None:
    """The page stays, the invoice inside is broken; what only XRechnung asks for is left out."""
    hybrid = written("zugferd", damage)
    copy = holding(hybrid, broken(invoice_in(hybrid), damage, Syntax.CII))

    found = told(reader_of(copy).check(copy).findings, Severity.ERROR)

    assert found.intersection(damage.expected), found


@pytest.mark.parametrize(("format_id", "_syntax"), XML)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"?>\n<", b'?><!DOCTYPE a [<!ENTITY b "c">]><', id="entity"),
        pytest.param(b"?>\n<", b'?><!DOCTYPE a SYSTEM "file:///etc/passwd"><', id="external"),
    ],
)
def test_a_file_with_a_dtd_is_hostile(
    format_id: str, _syntax: Syntax, before: bytes, after: bytes
) -> None:
    """No invoice needs one, every attack does."""
    xml = format_named(format_id).render(SCENARIOS["one line"].document)
    assert before in xml

    with pytest.raises(HostileFile):
        reader_of(xml).check(xml.replace(before, after, 1))


@pytest.mark.parametrize(("format_id", "_syntax"), XML)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"Invoice", b"Letter", id="another root"),
        pytest.param(b"urn:", b"uri:", id="other namespaces"),
        pytest.param(b"</", b"</ ", id="not well-formed"),
        pytest.param(b"UTF-8", b"UTF-16", id="another encoding than it says"),
    ],
)
def test_a_file_that_is_no_invoice_is_unreadable(
    format_id: str, _syntax: Syntax, before: bytes, after: bytes
) -> None:
    """It is not called an invoice with errors, and never a valid one."""
    xml = format_named(format_id).render(SCENARIOS["one line"].document)
    assert before in xml

    with pytest.raises(FileUnreadable):
        reader_of(xml).check(xml.replace(before, after))


def test_a_credit_note_under_the_root_of_an_invoice_is_refused_in_ubl() -> None:
    """381 is another root element in UBL (BR-CL-01)."""
    xml = format_named("xrechnung-ubl").render(SCENARIOS["one line"].document)

    copy = xml.replace(b">380<", b">381<")

    found = told(strict_reader().check(copy).findings, Severity.ERROR)
    assert "BR-CL-01" in found
