"""XRechnung for faktura: the German profile of EN 16931, written as CII."""

from collections.abc import Sequence

from faktura.plugin import (
    API_VERSION,
    DocumentFormat,
    Family,
    PluginManifest,
    hookimpl,
)


@hookimpl
def describe_plugin() -> PluginManifest:
    """Say who the plugin is."""
    return PluginManifest(
        name="xrechnung", version="0.1.0", api_version=API_VERSION, families=(Family.EINVOICE,)
    )


@hookimpl
def register_document_formats() -> Sequence[type[DocumentFormat]]:
    """XRechnung as CII."""
    from faktura_xrechnung.formats import XRechnungCii

    return (XRechnungCii,)
