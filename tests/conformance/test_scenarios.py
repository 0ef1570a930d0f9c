"""Every scenario in every format: valid by the official rules, exact to the cent, read back whole."""

import pytest
from tests.conformance.formats import PROFILES, format_named, invoice_in, reader_of
from tests.conformance.official import OfficialRules
from tests.conformance.places import stated_in

from faktura.testing.invoice_scenarios import SCENARIOS
from faktura.testing.scenario import Scenario

SPOKEN_OF = {
    # Nothing was supplied yet, so there is no day of it (§ 14 (5) UStG); CII demands the group
    # that then stands empty.
    "deposit": {"BR-DE-TMP-32", "PEPPOL-EN16931-R008"},
    # The rule counts the names of all attachments of a document together.
    "attachments, a file and a link": {"CII-SR-475"},
}
"""Warnings of the official rules that nothing can be done about, by scenario."""

CASES = [
    pytest.param(scenario, format_id, id=f"{scenario.name}-{format_id}")
    for scenario in SCENARIOS.values()
    for format_id in PROFILES
]


@pytest.mark.parametrize(("scenario", "format_id"), CASES)
def test_every_scenario_is_valid_exact_and_read_back_in_every_format(
    scenario: Scenario, format_id: str, official: OfficialRules
) -> None:
    """XSD, CEN, KoSIT or Factur-X: silence. “Valid” alone lets pass a VAT amount 0.99 wrong.

    Our own check of the file (`faktura einvoice check`, with PDF/A-3b) is as silent.
    """
    written_by = format_named(format_id)
    allowed = SPOKEN_OF.get(scenario.name, set())

    findings = written_by.check(scenario.document)
    content = written_by.render(scenario.document)

    xml = invoice_in(content)
    reader = reader_of(content)
    read = reader.read(content)
    assert {finding.rule for finding in findings} <= allowed
    assert set(official.broken_by(xml, PROFILES[format_id])) <= allowed
    assert stated_in(xml) == scenario.stated
    assert read.document == scenario.document.model_copy(update={"printed": None})
    assert read.unread == ()
    assert {finding.rule for finding in reader.check(content).findings} <= allowed
