"""Braintree as a payment provider of faktura: cards and PayPal."""

from collections.abc import Sequence

from faktura.plugin import (
    API_VERSION,
    Family,
    PaymentAdapter,
    PluginManifest,
    WebhookSource,
    hookimpl,
)


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="braintree", version="0.1.0", api_version=API_VERSION, families=(Family.PAYMENT,)
    )


@hookimpl
def register_payment_adapters() -> Sequence[type[PaymentAdapter]]:
    """The adapter that collects over Braintree."""
    from faktura_braintree.adapter import BraintreeAdapter

    return (BraintreeAdapter,)


@hookimpl
def register_webhook_sources() -> Sequence[type[WebhookSource]]:
    """Who reads Braintree's webhooks."""
    from faktura_braintree.webhooks import BraintreeWebhooks

    return (BraintreeWebhooks,)
