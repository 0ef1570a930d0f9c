"""What the plugin registers, and its settings."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

import faktura_journal
from faktura.kernel.errors import SettingMissing
from faktura.plugin import (
    API_VERSION,
    AccountingExporter,
    AdapterSettings,
    ExportFile,
    Family,
    PluginManifest,
)
from faktura.testing.export_sources import GivenSource
from faktura_journal.beancount import BeancountExporter
from faktura_journal.gobd import GobdExporter
from faktura_journal.hledger import HledgerExporter
from faktura_journal.journal_csv import JournalCsvExporter
from faktura_journal.settings import JournalCsvSettings

EXPORTERS = (JournalCsvExporter, HledgerExporter, BeancountExporter, GobdExporter)


def test_the_plugin_says_who_it_is_and_registers_four_exporters():
    """House rule: hooks take nothing and return classes."""
    assert faktura_journal.describe_plugin() == PluginManifest(
        name="journal", version="0.1.0", api_version=API_VERSION, families=(Family.ACCOUNTING,)
    )
    assert faktura_journal.register_accounting_exporters() == EXPORTERS
    assert [one.target for one in EXPORTERS] == ["journal-csv", "hledger", "beancount", "gobd"]


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_no_entries_are_no_file(
    exporter: type[AccountingExporter], export: Callable[..., list[ExportFile]]
):
    """An empty file would look like a month in which nothing happened."""
    assert export(exporter, GivenSource()) == []


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_an_exporter_needs_settings_of_its_own(exporter: type[AccountingExporter], runtime):
    """They come from the hub; other settings are a mistake of who built it."""
    with pytest.raises(SettingMissing):
        exporter(AdapterSettings(), runtime)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"columns": ["key", "colour"]}, "there is no column “colour”; there are key, seq, leg,"),
        ({"columns": ["key", "key"]}, "a column is named twice"),
        ({"columns": []}, "at least 1 item"),
        ({"encoding": "latin-1"}, "encoding"),
        ({"delimiter": "x"}, "delimiter"),
        ({"decimal_mark": ";"}, "decimal_mark"),
    ],
)
def test_settings_that_make_no_file_are_refused(wrong: dict[str, object], message: str):
    """An unknown column is answered with those that there are."""
    with pytest.raises(ValidationError, match=message):
        JournalCsvSettings.model_validate(wrong)
