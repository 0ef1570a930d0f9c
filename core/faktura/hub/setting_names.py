"""The settings of a plugin by name: those of all its adapters together."""

from faktura.hub.registry import Registry
from faktura.hub.settings import bytes_fields, secret_fields


def setting_names(registry: Registry, plugin: str) -> list[str]:
    """The settings of all adapters of a plugin, in order of their names."""
    return sorted(
        {
            name
            for offer in registry.offers_of(plugin)
            for name in offer.adapter.Settings.model_fields
        }
    )


def is_secret(registry: Registry, plugin: str, name: str) -> bool:
    """Whether a setting of any of the plugin's adapters is a secret."""
    return any(
        name in secret_fields(offer.adapter.Settings) for offer in registry.offers_of(plugin)
    )


def is_bytes(registry: Registry, plugin: str, name: str) -> bool:
    """Whether a setting of any of the plugin's adapters is bytes, which JSON carries as base64."""
    return any(name in bytes_fields(offer.adapter.Settings) for offer in registry.offers_of(plugin))
