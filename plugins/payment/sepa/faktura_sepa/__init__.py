"""House-bank SEPA as a payment provider of faktura."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, Family, PaymentAdapter, PluginManifest, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="sepa", version="0.1.0", api_version=API_VERSION, families=(Family.PAYMENT,)
    )


@hookimpl
def register_payment_adapters() -> Sequence[type[PaymentAdapter]]:
    """The adapter whose debits go to the bank as files."""
    from faktura_sepa.adapter import SepaAdapter

    return (SepaAdapter,)
