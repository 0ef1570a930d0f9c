"""Builds adapters: one object per (tenant, instance, class), from its settings and a runtime."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, TypeVar

from faktura.hub.registry import Offer, Registry, chosen
from faktura.hub.settings import Sources, secret_fields, settings_for
from faktura.kernel.clock import Clock
from faktura.plugin import (
    AccountingExporter,
    Adapter,
    AdapterSettings,
    DocumentFormat,
    EventListener,
    Runtime,
    StatementParser,
    StateStore,
)

A = TypeVar("A", bound=Adapter)


class Kept(Protocol):
    """What the core keeps for an instance of a tenant; the store fulfils it."""

    def settings(self, tenant_id: int, instance: str) -> Mapping[str, object]:
        """The tenant's own settings of the instance, empty where there are none."""
        ...

    def secrets(self, tenant_id: int, instance: str) -> Mapping[str, str]:
        """The instance's secrets in clear, by field."""
        ...

    def state(self, tenant_id: int, instance: str) -> StateStore:
        """Where the instance keeps its small state."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Installation:
    """What applies to all tenants: environment variables and the tables of faktura.toml."""

    environment: Mapping[str, str] = field(default_factory=dict)
    file: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


class Adapters:
    """Hands out adapters; an object lives as long as this one, settings are read when it is built.

    `instance` is the key of a set of settings; it defaults to the name of the plugin.
    """

    def __init__(
        self, registry: Registry, kept: Kept, clock: Clock, installation: Installation
    ) -> None:
        self._registry = registry
        self._kept = kept
        self._clock = clock
        self._installation = installation
        self._built: dict[tuple[int, str, type[Adapter]], Adapter] = {}
        self._lock = Lock()

    def parser(
        self, tenant_id: int, format_id: str, instance: str | None = None
    ) -> StatementParser:
        """The statement parser of that format; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.parsers, format_id, what="statement format")
        return self._adapter(tenant_id, offer, instance)

    def parsers(self, tenant_id: int) -> Iterator[StatementParser]:
        """All statement parsers, for a file whose format nobody named."""
        for offer in self._registry.parsers.values():
            yield self._adapter(tenant_id, offer, None)

    def document_format(
        self, tenant_id: int, format_id: str, instance: str | None = None
    ) -> DocumentFormat:
        """The document format of that id; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.formats, format_id, what="document format")
        return self._adapter(tenant_id, offer, instance)

    def formats(self, tenant_id: int) -> "TenantFormats":
        """The document formats of one tenant, for a service that knows no plugins."""
        return TenantFormats(self, tenant_id)

    def exporter(
        self, tenant_id: int, target: str, instance: str | None = None
    ) -> AccountingExporter:
        """The exporter for that target; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.exporters, target, what="accounting export")
        return self._adapter(tenant_id, offer, instance)

    def listener(self, tenant_id: int, name: str, instance: str | None = None) -> EventListener:
        """The event listener `<plugin>.<class>`; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.listeners, name, what="event listener")
        return self._adapter(tenant_id, offer, instance)

    def settings(self, tenant_id: int, offer: Offer[Adapter], instance: str) -> AdapterSettings:
        """The settings an adapter would be built with, read afresh."""
        also_known = setting_names(self._registry, offer.plugin)
        sources = Sources(
            tenant=self._kept.settings(tenant_id, instance),
            secrets=self._kept.secrets(tenant_id, instance),
            environment=self._installation.environment,
            file=self._installation.file.get(instance, {}),
        )
        return settings_for(offer.adapter.Settings, instance, sources, also_known)

    def check(self, tenant_id: int) -> None:
        """Raise SettingMissing or FieldInvalid for the first adapter that cannot be built."""
        for plugin in self._registry.plugins:
            for offer in self._registry.offers_of(plugin):
                self.settings(tenant_id, offer, plugin)

    def _adapter(self, tenant_id: int, offer: Offer[A], instance: str | None) -> A:
        name = instance or offer.plugin
        key = (tenant_id, name, offer.adapter)
        # Two threads that ask at once must get the same object: it may hold a connection.
        with self._lock:
            built = self._built.get(key)
            if not isinstance(built, offer.adapter):
                built = offer.adapter(
                    self.settings(tenant_id, offer, name), self._runtime(tenant_id, name)
                )
                self._built[key] = built
        return built

    def _runtime(self, tenant_id: int, instance: str) -> Runtime:
        log = logging.getLogger(f"faktura.adapter.{instance}")
        return Runtime(self._clock, log, self._kept.state(tenant_id, instance))


@dataclass(frozen=True, slots=True)
class TenantFormats:
    """The document formats one tenant can use."""

    adapters: Adapters
    tenant_id: int

    def format_of(self, format_id: str) -> DocumentFormat:
        """The format of that id; raises PluginMissing, SettingMissing, FieldInvalid."""
        return self.adapters.document_format(self.tenant_id, format_id)


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
