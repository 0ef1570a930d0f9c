"""finAPI as a bank feed of faktura: Access V2 and Web Form 2.0."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, BankFeed, Family, PluginManifest, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="finapi", version="0.1.0", api_version=API_VERSION, families=(Family.BANKING,)
    )


@hookimpl
def register_bank_feeds() -> Sequence[type[BankFeed]]:
    """The feed that asks finAPI."""
    from faktura_finapi.adapter import FinapiFeed

    return (FinapiFeed,)
