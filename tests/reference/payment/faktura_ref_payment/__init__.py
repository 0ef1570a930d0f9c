"""Refpay as a payment provider of faktura: cards, at a provider that exists in tests only."""

from collections.abc import Sequence

import faktura.plugin as api

_FAMILIES = (api.Family.PAYMENT,)


@api.hookimpl
def describe_plugin() -> api.PluginManifest:
    """Who this plugin is."""
    return api.PluginManifest(
        name="ref-payment", version="0.1.0", api_version=api.API_VERSION, families=_FAMILIES
    )


@api.hookimpl
def register_payment_adapters() -> Sequence[type[api.PaymentAdapter]]:
    """The adapter that collects over an account at Refpay."""
    from faktura_ref_payment.adapter import RefPaymentAdapter

    return (RefPaymentAdapter,)


@api.hookimpl
def register_webhook_sources() -> Sequence[type[api.WebhookSource]]:
    """The reader of what Refpay delivers."""
    from faktura_ref_payment.webhooks import RefPaymentWebhooks

    return (RefPaymentWebhooks,)
