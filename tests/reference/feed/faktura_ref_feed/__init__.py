"""REFFEED, a bank feed, as a connector of faktura."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, BankFeed, Family, PluginManifest, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="ref-feed", version="0.1.0", api_version=API_VERSION, families=(Family.BANKING,)
    )


@hookimpl
def register_bank_feeds() -> Sequence[type[BankFeed]]:
    """The feed that asks REFFEED."""
    from faktura_ref_feed.adapter import RefBankFeed

    return (RefBankFeed,)
