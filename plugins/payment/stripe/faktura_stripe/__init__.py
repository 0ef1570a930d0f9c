"""Stripe as a payment provider of faktura: cards, SEPA debit and PayPal."""

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
        name="stripe", version="0.1.0", api_version=API_VERSION, families=(Family.PAYMENT,)
    )


@hookimpl
def register_payment_adapters() -> Sequence[type[PaymentAdapter]]:
    """The adapter that collects over an account at Stripe."""
    from faktura_stripe.adapter import StripeAdapter

    return (StripeAdapter,)


@hookimpl
def register_webhook_sources() -> Sequence[type[WebhookSource]]:
    """The reader of what Stripe delivers."""
    from faktura_stripe.webhooks import StripeWebhooks

    return (StripeWebhooks,)
