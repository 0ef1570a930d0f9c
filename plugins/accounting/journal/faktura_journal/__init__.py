"""faktura-journal: the journal as CSV, hledger and beancount text, and GoBD data carrier."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, AccountingExporter, Family, PluginManifest, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Say who the plugin is."""
    return PluginManifest(
        name="journal", version="0.1.0", api_version=API_VERSION, families=(Family.ACCOUNTING,)
    )


@hookimpl
def register_accounting_exporters() -> Sequence[type[AccountingExporter]]:
    """The exporters by target: journal-csv, hledger, beancount, gobd."""
    from faktura_journal.beancount import BeancountExporter
    from faktura_journal.gobd import GobdExporter
    from faktura_journal.hledger import HledgerExporter
    from faktura_journal.journal_csv import JournalCsvExporter

    return (JournalCsvExporter, HledgerExporter, BeancountExporter, GobdExporter)
