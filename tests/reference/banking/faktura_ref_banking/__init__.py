"""REFBANK, a tabbed statement file, as a connector of faktura."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, Family, PluginManifest, StatementParser, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="ref-banking", version="0.1.0", api_version=API_VERSION, families=(Family.BANKING,)
    )


@hookimpl
def register_statement_parsers() -> Sequence[type[StatementParser]]:
    """The parser of REFBANK files."""
    from faktura_ref_banking.parser import RefStatementParser

    return (RefStatementParser,)
