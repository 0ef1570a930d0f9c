"""faktura templates: from a file to contracts that are made from it (F014)."""

import json

import pytest
from tests.unit.cli.test_master_data import company, filled, shown

from faktura.kernel.errors import NotFound
from faktura.services.imports.findings import FieldsRefused

__all__ = ["company", "filled"]

TEMPLATES = """[{"key": "starter", "name": "Starter", "billingInterval": {"unit": "MONTH"},
  "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}]}]"""


@pytest.fixture
def stocked(filled, tmp_path):
    """The shell, after the import of a template too."""
    (tmp_path / "templates.json").write_text(TEMPLATES)
    assert filled("templates", "import", "templates.json").output == "1 templates are imported.\n"
    return filled


def test_templates_are_imported_listed_and_shown(stocked):
    """What `show` prints can be imported again under another key."""
    listed = shown(stocked, "templates", "list")
    found = json.loads(stocked("templates", "show", "starter").output)

    assert listed == [{"key": "starter", "name": "Starter", "project": None, "interval": "1 MONTH"}]
    assert found["subscriptions"][0]["items"][0]["articleNumber"] == "WEB-M"
    assert "Starter" in stocked("templates", "list").output


def test_a_rehearsal_writes_no_template(filled, tmp_path):
    """--dry-run."""
    (tmp_path / "templates.json").write_text(TEMPLATES)

    found = shown(filled, "templates", "import", "templates.json", "--dry-run")

    assert found == {"dryRun": True, "keys": ["starter"]}
    assert shown(filled, "templates", "list") == []


def test_a_contract_is_made_from_a_template(stocked):
    """F010, F014: a draft, or active at once."""
    use = ("templates", "use", "starter", "--customer", "K-000001", "--start", "2027-01-01")

    draft = stocked(*use)
    active = shown(stocked, *use, "--number", "V-9", "--aligned-to", "2027-02-01", "--activate")

    assert draft.output == "Made: V-000002, DRAFT.\n"
    assert active == {"contractNumber": "V-9", "state": "ACTIVE"}
    assert shown(stocked, "contracts", "show", "V-9")["nextDueOn"] == "2027-01-01"


def test_what_cannot_be_made_is_named(stocked):
    """An unknown template, a day that is none."""
    unknown = stocked("templates", "use", "nix", "--customer", "K-000001", "--start", "2027-01-01")
    undated = stocked("templates", "use", "starter", "--customer", "K-000001", "--start", "heute")

    assert isinstance(unknown.exception, NotFound)
    assert isinstance(undated.exception, FieldsRefused)
