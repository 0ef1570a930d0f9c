"""Bank statements in MT940 (SWIFT), as German banks wrote them until 2025 and some still do."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, Family, PluginManifest, StatementParser, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Say who the plugin is."""
    return PluginManifest(
        name="mt940", version="0.1.0", api_version=API_VERSION, families=(Family.BANKING,)
    )


@hookimpl
def register_statement_parsers() -> Sequence[type[StatementParser]]:
    """The one parser of this plugin."""
    from faktura_mt940.parser import Mt940StatementParser

    return (Mt940StatementParser,)
