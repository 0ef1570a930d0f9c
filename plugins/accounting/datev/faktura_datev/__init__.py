"""faktura-datev: booking batches in the DATEV format (EXTF)."""

from collections.abc import Sequence

from faktura.plugin import (
    API_VERSION,
    AccountingExporter,
    AccountingLink,
    Family,
    PluginManifest,
    hookimpl,
)


@hookimpl
def describe_plugin() -> PluginManifest:
    """Say who the plugin is."""
    return PluginManifest(
        name="datev", version="0.1.0", api_version=API_VERSION, families=(Family.ACCOUNTING,)
    )


@hookimpl
def register_accounting_exporters() -> Sequence[type[AccountingExporter]]:
    """The exporter of booking batches as files."""
    from faktura_datev.exporter import DatevFileExporter

    return (DatevFileExporter,)


@hookimpl
def register_accounting_links() -> Sequence[type[AccountingLink]]:
    """The link to DATEV's Buchungsdatenservice."""
    from faktura_datev.link import DatevLink

    return (DatevLink,)
