"""Builds adapters: one object per (tenant, instance, class), from its settings and a runtime."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, TypeVar, cast

from faktura.hub.abilities import check_methods
from faktura.hub.registry import Offer, Registry, chosen
from faktura.hub.setting_names import setting_names
from faktura.hub.settings import Sources, settings_for
from faktura.kernel.clock import Clock
from faktura.kernel.errors import SettingMissing
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    AccountingExporter,
    AccountingLink,
    Adapter,
    AdapterSettings,
    BankFeed,
    ChargebackAction,
    DocumentFormat,
    DocumentReader,
    EventListener,
    Http,
    NoHttp,
    PaymentAdapter,
    Runtime,
    SelfChecking,
    StatementParser,
    StateStore,
    VatIdChecker,
    WebhookSource,
)

A = TypeVar("A", bound=Adapter)
_OF_ACCOUNTS = (PaymentAdapter, WebhookSource, ChargebackAction, BankFeed, VatIdChecker)


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


Outgoing = Callable[[int, str, type[Adapter]], Http]
"""The way out of a tenant's instance, for an adapter of this class."""


def _no_way_out(_tenant_id: int, _instance: str, _adapter: type[Adapter]) -> Http:
    return NoHttp()


class Adapters:
    """Hands out adapters; an object lives as long as this one, settings are read when it is built.

    `instance` is the key of a set of settings; it defaults to the name of the plugin.
    """

    def __init__(
        self,
        registry: Registry,
        kept: Kept,
        clock: Clock,
        installation: Installation,
        outgoing: Outgoing = _no_way_out,
    ) -> None:
        self._registry = registry
        self._kept = kept
        self._clock = clock
        self._installation = installation
        self._outgoing = outgoing
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

    def readers(self, tenant_id: int) -> Iterator[DocumentReader]:
        """All readers of e-invoices, for a file that somebody brings."""
        for offer in self._registry.readers.values():
            yield self._adapter(tenant_id, offer, None)

    def format_ids(self) -> frozenset[str]:
        """The ids of all document formats the enabled plugins offer."""
        return frozenset(self._registry.formats)

    def exporter(
        self, tenant_id: int, target: str, instance: str | None = None
    ) -> AccountingExporter:
        """The exporter for that target; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.exporters, target, what="accounting export")
        return self._adapter(tenant_id, offer, instance)

    def link(self, tenant_id: int, target: str, instance: str | None = None) -> AccountingLink:
        """The link to that target; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.links, target, what="accounting link")
        return self._adapter(tenant_id, offer, instance)

    def link_targets(self) -> tuple[str, ...]:
        """The targets of all links the enabled plugins offer."""
        return tuple(sorted(self._registry.links))

    def export_targets(self) -> tuple[str, ...]:
        """The targets of all accounting exporters the enabled plugins offer."""
        return tuple(sorted(self._registry.exporters))

    def listener(self, tenant_id: int, name: str, instance: str | None = None) -> EventListener:
        """The event listener `<plugin>.<class>`; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.listeners, name, what="event listener")
        return self._adapter(tenant_id, offer, instance)

    def payment(self, tenant_id: int, provider: str, instance: str | None = None) -> PaymentAdapter:
        """The payment adapter of that provider; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.payments, provider, what="payment provider")
        return self._adapter(tenant_id, offer, instance)

    def webhook_source(
        self, tenant_id: int, provider: str, instance: str | None = None
    ) -> WebhookSource:
        """Who reads that provider's deliveries; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.webhooks, provider, what="webhook source")
        return self._adapter(tenant_id, offer, instance)

    def chargeback_action(self, tenant_id: int, action: str) -> ChargebackAction:
        """The chargeback action; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.actions, action, what="chargeback action")
        return self._adapter(tenant_id, offer, None)

    def bank_feed(self, tenant_id: int, feed: str, instance: str | None = None) -> BankFeed:
        """The bank feed of that name; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.feeds, feed, what="bank feed")
        return self._adapter(tenant_id, offer, instance)

    def feed_names(self) -> tuple[str, ...]:
        """The bank feeds that the enabled plugins offer."""
        return tuple(sorted(self._registry.feeds))

    def vat_checker(self, tenant_id: int, checker: str) -> VatIdChecker:
        """The checker of VAT ids; raises PluginMissing, SettingMissing, FieldInvalid."""
        offer = chosen(self._registry.checkers, checker, what="VAT-id checker")
        return self._adapter(tenant_id, offer, None)

    def vat_checkers(self) -> tuple[str, ...]:
        """The checkers of VAT ids that the enabled plugins offer."""
        return tuple(sorted(self._registry.checkers))

    def settings(self, tenant_id: int, offer: Offer[Adapter], instance: str) -> AdapterSettings:
        """The settings an adapter would be built with, read afresh."""
        also_known = setting_names(self._registry, offer.plugin)
        sources = self.sources(tenant_id, instance)
        return settings_for(offer.adapter.Settings, instance, sources, also_known)

    def sources(self, tenant_id: int, instance: str) -> Sources:
        """What each source says about an instance, read afresh."""
        return Sources(
            tenant=self._kept.settings(tenant_id, instance),
            secrets=self._kept.secrets(tenant_id, instance),
            environment=self._installation.environment,
            file=self._installation.file.get(instance, {}),
        )

    def check(self, tenant_id: int) -> None:
        """Raise SettingMissing or FieldInvalid for the first adapter that cannot be built.

        Adapters of payments and bank feeds are left out: a tenant uses those that it has an account, a
        policy or a connection for, under that one's settings (`check_payment`, `check_action`).
        """
        for plugin in self._registry.plugins:
            for offer in self._registry.offers_of(plugin):
                if not issubclass(offer.adapter, _OF_ACCOUNTS):
                    self.settings(tenant_id, offer, plugin)

    def check_payment(
        self, tenant_id: int, provider: str, instance: str, methods: Iterable[PaymentMethod] = ()
    ) -> None:
        """Raise PluginMissing, SettingMissing, FieldInvalid where an account could not be used.

        `methods` are those that it is set up for: Misconfigured where the adapter lacks one (O18).
        """
        own = chosen(self._registry.payments, provider, what="payment provider")
        offers: list[Offer[Adapter]] = [own]
        # A provider that is only polled has no deliveries to read.
        offers += [one for name, one in self._registry.webhooks.items() if name == provider]
        for offer in offers:
            self.settings(tenant_id, offer, instance)
        if wanted := frozenset(methods):
            check_methods(own, self._adapter(tenant_id, own, instance), instance, wanted)

    def check_action(self, tenant_id: int, action: str) -> None:
        """Raise PluginMissing, SettingMissing, FieldInvalid where an action could not be done."""
        offer = chosen(self._registry.actions, action, what="chargeback action")
        self.settings(tenant_id, offer, offer.plugin)

    def providers(self) -> tuple[str, ...]:
        """The payment providers that the enabled plugins offer."""
        return tuple(sorted(self._registry.payments))

    def with_kept(self, kept: Kept) -> "Adapters":
        """The same adapters on other settings, none of them built yet."""
        return Adapters(self._registry, kept, self._clock, self._installation, self._outgoing)

    def try_settings(self, tenant_id: int, plugin: str, instance: str) -> None:
        """Have every adapter of a plugin that can do so try the instance's settings out.

        Raises what it refuses them with: FieldInvalid, Misconfigured. One that lacks a setting
        cannot be tried yet: it is named when the installation starts.
        """
        for offer in self._registry.offers_of(plugin):
            if issubclass(offer.adapter, SelfChecking):
                with suppress(SettingMissing):
                    adapter = self._adapter(tenant_id, offer, instance)
                    cast("SelfChecking", adapter).check_settings()

    def _adapter(self, tenant_id: int, offer: Offer[A], instance: str | None) -> A:
        name = instance or offer.plugin
        key = (tenant_id, name, offer.adapter)
        # Two threads that ask at once must get the same object: it may hold a connection.
        with self._lock:
            built = self._built.get(key)
            if not isinstance(built, offer.adapter):
                built = offer.adapter(
                    self.settings(tenant_id, offer, name),
                    self._runtime(tenant_id, name, offer.adapter),
                )
                self._built[key] = built
        return built

    def _runtime(self, tenant_id: int, instance: str, adapter: type[Adapter]) -> Runtime:
        log = logging.getLogger(f"faktura.adapter.{instance}")
        return Runtime(
            self._clock,
            log,
            self._kept.state(tenant_id, instance),
            self._outgoing(tenant_id, instance, adapter),
        )


@dataclass(frozen=True, slots=True)
class TenantFormats:
    """The document formats one tenant can use."""

    adapters: Adapters
    tenant_id: int

    def format_of(self, format_id: str) -> DocumentFormat:
        """The format of that id; raises PluginMissing, SettingMissing, FieldInvalid."""
        return self.adapters.document_format(self.tenant_id, format_id)

    @property
    def offered(self) -> frozenset[str]:
        """The ids of the formats there are."""
        return self.adapters.format_ids()
