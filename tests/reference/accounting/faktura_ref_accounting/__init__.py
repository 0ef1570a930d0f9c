"""The journal as CSV, as an accounting exporter of faktura."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, AccountingExporter, Family, PluginManifest, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="ref-accounting",
        version="0.1.0",
        api_version=API_VERSION,
        families=(Family.ACCOUNTING,),
    )


@hookimpl
def register_accounting_exporters() -> Sequence[type[AccountingExporter]]:
    """The exporter of the journal."""
    from faktura_ref_accounting.exporter import RefAccountingExporter

    return (RefAccountingExporter,)
