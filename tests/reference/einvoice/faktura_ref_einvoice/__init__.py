"""Plain invoices as JSON, as a document format and a reader of faktura."""

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
    """Who this plugin is."""
    return PluginManifest(
        name="ref-einvoice", version="0.1.0", api_version=API_VERSION, families=(Family.EINVOICE,)
    )


@hookimpl
def register_document_formats() -> Sequence[type[DocumentFormat]]:
    """The format that writes the files."""
    from faktura_ref_einvoice.format import RefInvoiceFormat

    return (RefInvoiceFormat,)


@hookimpl
def register_document_readers() -> Sequence[type[DocumentReader]]:
    """The reader of the files."""
    from faktura_ref_einvoice.reader import RefInvoiceReader

    return (RefInvoiceReader,)
