"""XRechnung for faktura: the German profile of EN 16931, written and read as CII and as UBL."""

from collections.abc import Sequence

from faktura.plugin import (
    API_VERSION,
    DocumentFormat,
    DocumentReader,
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
    """XRechnung in both syntaxes."""
    from faktura_xrechnung.formats import XRechnungCii, XRechnungUbl

    return (XRechnungCii, XRechnungUbl)


@hookimpl
def register_document_readers() -> Sequence[type[DocumentReader]]:
    """The reader of XML invoices."""
    from faktura_xrechnung.reader import XRechnungReader

    return (XRechnungReader,)
