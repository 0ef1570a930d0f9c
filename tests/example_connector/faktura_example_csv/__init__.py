"""Bank statements as semicolon CSV: an example of a connector, written as a third party would."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, Family, PluginManifest, StatementParser, hookimpl
from faktura_example_csv.parser import CsvStatementParser


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="example-csv", version="0.1.0", api_version=API_VERSION, families=(Family.BANKING,)
    )


@hookimpl
def register_statement_parsers() -> Sequence[type[StatementParser]]:
    """The one class this plugin offers."""
    return (CsvStatementParser,)
