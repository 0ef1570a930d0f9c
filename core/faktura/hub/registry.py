"""What the enabled plugins offer: every class by the name people choose, each with its owner."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from faktura.kernel.errors import PluginMissing, shortened
from faktura.plugin import (
    AccountingExporter,
    AccountingLink,
    Adapter,
    BankFeed,
    ChargebackAction,
    DocumentFormat,
    DocumentReader,
    EventListener,
    PaymentAdapter,
    PluginManifest,
    StatementParser,
    VatIdChecker,
    WebhookSource,
)

A_co = TypeVar("A_co", bound=Adapter, covariant=True)


@dataclass(frozen=True, slots=True)
class Offer(Generic[A_co]):
    """A class that a plugin offers under an id; `plugin` is the owner's name."""

    id: str
    plugin: str
    adapter: type[A_co]


@dataclass(frozen=True, slots=True)
class Registry:
    """All offers of the enabled plugins; it never changes after the start.

    Parsers and formats are keyed by their `format_id`, readers by `reader_id`, exporters and
    links by `target`, listeners by `<plugin>.<class>`, payment adapters and webhook sources by
    `provider`, chargeback actions by `action`, bank feeds by `feed`, checkers of VAT ids
    by `checker`, in the order of the settings.
    """

    plugins: Mapping[str, PluginManifest] = field(default_factory=dict)
    parsers: Mapping[str, Offer[StatementParser]] = field(default_factory=dict)
    formats: Mapping[str, Offer[DocumentFormat]] = field(default_factory=dict)
    readers: Mapping[str, Offer[DocumentReader]] = field(default_factory=dict)
    exporters: Mapping[str, Offer[AccountingExporter]] = field(default_factory=dict)
    links: Mapping[str, Offer[AccountingLink]] = field(default_factory=dict)
    listeners: Mapping[str, Offer[EventListener]] = field(default_factory=dict)
    payments: Mapping[str, Offer[PaymentAdapter]] = field(default_factory=dict)
    webhooks: Mapping[str, Offer[WebhookSource]] = field(default_factory=dict)
    actions: Mapping[str, Offer[ChargebackAction]] = field(default_factory=dict)
    feeds: Mapping[str, Offer[BankFeed]] = field(default_factory=dict)
    checkers: Mapping[str, Offer[VatIdChecker]] = field(default_factory=dict)

    def offers_of(self, plugin: str) -> tuple[Offer[Adapter], ...]:
        """Everything one plugin offers."""
        families: tuple[Mapping[str, Offer[Adapter]], ...] = (
            self.parsers,
            self.formats,
            self.readers,
            self.exporters,
            self.links,
            self.listeners,
            self.payments,
            self.webhooks,
            self.actions,
            self.feeds,
            self.checkers,
        )
        return tuple(
            offer for family in families for offer in family.values() if offer.plugin == plugin
        )


A = TypeVar("A", bound=Adapter)


def chosen(offers: Mapping[str, Offer[A]], name: str, *, what: str) -> Offer[A]:
    """The offer of that id; raises PluginMissing with the ids that would do. `what` is the family."""
    if name not in offers:
        known = ", ".join(sorted(offers)) or "nothing; enable a plugin in FAKTURA_PLUGINS"
        raise PluginMissing(
            f"no enabled plugin offers the {what} “{shortened(name)}”", mend=f"Offered: {known}"
        )
    return offers[name]
