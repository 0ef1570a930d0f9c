"""Documents people like to read: PDF/A-3b, and ZUGFeRD, the same page with its invoice inside."""

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
        name="zugferd", version="0.1.0", api_version=API_VERSION, families=(Family.EINVOICE,)
    )


@hookimpl
def register_document_formats() -> Sequence[type[DocumentFormat]]:
    """The plain page and the hybrid."""
    from faktura_zugferd.formats import Pdf, Zugferd

    return (Pdf, Zugferd)


@hookimpl
def register_document_readers() -> Sequence[type[DocumentReader]]:
    """The reader of hybrids."""
    from faktura_zugferd.hybrid_reader import ZugferdReader

    return (ZugferdReader,)
