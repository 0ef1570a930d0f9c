"""Bank statements in camt.052, .053 and .054 (ISO 20022), as XML or ZIP."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, Family, PluginManifest, StatementParser, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Say who the plugin is."""
    return PluginManifest(
        name="camt", version="0.1.0", api_version=API_VERSION, families=(Family.BANKING,)
    )


@hookimpl
def register_statement_parsers() -> Sequence[type[StatementParser]]:
    """The one parser of this plugin."""
    from faktura_camt.parser import CamtStatementParser

    return (CamtStatementParser,)
